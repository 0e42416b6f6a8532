"""Put both sets of labelled real records into one SeisBench folder, with a column that marks the regional ones.

python models/SeisMoLLM-S/gather_records.py FOLDER-WITH-THE-DATA models/SeisMoLLM-S/all
"""

import csv
import sys
from pathlib import Path

REGIONAL = 12.0
"""Seconds between P and S from which a record counts as regional."""


def gather(source: Path, target: Path) -> None:
    """Link the waveforms of ``real_picks`` and ``real_picks_2`` as chunks and write their tables."""
    target.mkdir(parents=True)
    names = ("real_picks", "real_picks_2")
    for name in names:
        (target / f"waveforms{name}.hdf5").symlink_to((source / name / "waveforms.hdf5").resolve())
        with (source / name / "metadata.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        with (target / f"metadata{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0], "regional"])
            writer.writeheader()
            writer.writerows({**row, "regional": is_regional(row)} for row in rows)
    (target / "chunks").write_text("\n".join(names))


def is_regional(row: dict[str, str]) -> bool:
    """Whether both onsets are known and at least ``REGIONAL`` seconds apart."""
    p, s = row["trace_p_arrival_sample"], row["trace_s_arrival_sample"]
    return bool(p and s) and (float(s) - float(p)) / float(row["trace_sampling_rate_hz"]) >= REGIONAL


if __name__ == "__main__":
    gather(Path(sys.argv[1]), Path(sys.argv[2]))
