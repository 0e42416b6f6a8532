import shutil
import tomllib
from pathlib import Path

import h5py
import numpy as np
import pytest

from quakeview import paths
from quakeview.simulation.records.geothermal_field import GeothermalField
from quakeview.training.datasets import RecordSet, open_seisbench
from quakeview.training.samples import sample_records

ROOT = Path(__file__).resolve().parents[2]
SPLITS = ("train", "dev", "test")


@pytest.fixture(scope="module")
def records() -> RecordSet:
    return open_seisbench(sample_records(), 100.0)


def test_no_earthquake_is_in_two_parts(records: RecordSet) -> None:
    parts = {split: {row["source_id"] for row in records.rows if row["split"] == split} for split in SPLITS}
    assert all(parts.values())
    assert sum(map(len, parts.values())) == len(set().union(*parts.values()))


def test_every_label_lies_where_the_record_gets_louder(records: RecordSet) -> None:
    """The labels belong to the waveforms beside them: of another record's they would not."""
    for phase, share in (("P", 0.8), ("S", 0.9)):
        louder = []
        for index in range(0, len(records), 3):
            record, at = records[index], records.entries[index].first(phase)
            if at is not None:
                before, after = record.data[:, int(at) - 50 : int(at)], record.data[:, int(at) : int(at) + 50]
                louder.append((after.std(axis=1) > before.std(axis=1)).any())
        assert np.mean(louder) > share, phase


def test_records_without_earthquake_have_no_labels(records: RecordSet) -> None:
    quiet = [
        entry for row, entry in zip(records.rows, records.entries, strict=True) if row["trace_category"] == "noise"
    ]
    assert len(quiet) > 20
    assert all(entry.complete and not entry.picks for entry in quiet)


def test_the_generator_makes_the_shipped_records() -> None:
    """A count may round the other way with another version of NumPy or SciPy."""
    made = [record.counts for record in GeothermalField().records(0)]
    with h5py.File(sample_records() / "waveforms.hdf5") as file:
        shipped = file["data/records"][: len(made)]
    assert np.abs(np.stack(made).astype(int) - shipped).max() <= 1


def test_the_wheel_holds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Laid out as the wheel is, the records are found inside the package and can be read."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    package = tmp_path / "quakeview"
    records = ROOT / "resources" / "records"
    target = tmp_path / build["force-include"]["resources"] / "records"
    shutil.copytree(records, target)
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert sample_records().is_relative_to(package)
    assert np.ptp(open_seisbench(sample_records(), 100.0)[0].data) > 0


def test_they_are_small(records: RecordSet) -> None:
    assert sum(file.stat().st_size for file in sample_records().iterdir()) < 3e6
    assert len(records) > 300
