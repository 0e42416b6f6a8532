"""Fine-tuning the shipped picker on about a hundred real earthquakes of one source, and what it gains on held-out ones.

Needs the folder named by QUAKEVIEW_SHARED (in its ``data``: ``real_picks`` and ``real_picks_2`` in SeisBench layout).
Learnt from are the ``train`` earthquakes of the source; its ``dev`` earthquakes choose the step; scored are its
``test`` earthquakes, which neither the shipped picker nor the run has seen. The shipped picker did learn from the
``train`` ones, among many others: what is gained is what a network's own data add to a model that knows them already.
The settings are those that the wizard suggests. The peer is the picker before.
"""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.monitoring.picker import load_picker
from quakeview.registry import PICKING, find_model
from quakeview.training.config import read_run
from quakeview.training.datasets import RecordSet, open_seisbench
from quakeview.training.engine import train
from quakeview.training.planning.sample import SHIPPED_PICKER, fine_tuning_plan
from quakeview.training.reports.bootstrap import Estimate, EventBootstrap
from quakeview.training.reports.picking import f1, f1_counts
from quakeview.training.reports.readings import NetworkReader, ReadRecord, read_records
from quakeview.training.scores import TOLERANCES
from tests.shared import SHARED

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class DataSource:
    """Records of one network in the shared data: the folder, and what their ``source_repo`` holds."""

    folder: str
    repository: str


SOURCES = {
    "NCEDC": DataSource("real_picks", "NCEDC"),
    "Martinique": DataSource("real_picks_2", "GET_apprentissage"),
    "VUW": DataSource("real_picks", "VUW"),
}


def run(quick: bool, sources: Sequence[str] = ()) -> dict[str, object]:
    """Fine-tune on each source, or on those that are named; ``quick`` makes a few steps, to see that it works."""
    if not SHARED.is_dir():
        print("skipped: set QUAKEVIEW_SHARED to a folder with labelled records")
        return {"skipped": "no labelled records"}
    with tempfile.TemporaryDirectory() as folder:
        return {name: fine_tuned(name, Path(folder) / name, quick) for name in sources or SOURCES}


def fine_tuned(name: str, folder: Path, quick: bool) -> dict[str, object]:
    """Figures of one source."""
    source = SOURCES[name]
    gather(source, folder / "records")
    run_file = folder / "run.toml"
    run_file.write_text(run_text(name, folder / "records", quick))
    result = train(read_run(run_file))
    readers = named_readers({BEFORE: SHIPPED_PICKER, AFTER: str(result.model_folder)})
    own = read_records(readers, partial(part_of, folder / "records", "test"))
    others = [record for each in ("real_picks", "real_picks_2") for record in foreign(readers, each, source)]
    print(f"{name}: {result.minutes:.1f} minutes, step {result.best_step} of {result.step} is the best on dev")
    return {
        "minutes": round(result.minutes, 2),
        "best_step": result.best_step,
        "own": figures("held-out earthquakes of the source", own),
        "others": figures("held-out clear records of all other sources", others),
    }


def gather(source: DataSource, target: Path) -> None:
    """The records of one source as a data set of its own; the waveforms are linked."""
    target.mkdir(parents=True)
    folder = SHARED / "data" / source.folder
    (target / "waveforms.hdf5").symlink_to(folder / "waveforms.hdf5")
    with (folder / "metadata.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if source.repository in row["source_repo"]]
    with (target / "metadata.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def run_text(name: str, records: Path, quick: bool) -> str:
    """The run file that the wizard would write."""
    number = len(part_of(records, "train", 100.0))
    plan = fine_tuning_plan(name, records, number)
    if quick:
        plan = replace(plan, settings=replace(plan.training, max_steps=4, validate_every=2))
    return plan.run_toml()


def part_of(folder: Path, split: str, sampling_rate: float) -> RecordSet:
    return open_seisbench(folder, sampling_rate).select(lambda row, _: row["split"] == split)


def foreign(readers: Sequence[NetworkReader], folder: str, source: DataSource) -> list[ReadRecord]:
    """What is read of the clear test records of all other sources in a folder."""

    def chosen(sampling_rate: float) -> RecordSet:
        return part_of(SHARED / "data" / folder, "test", sampling_rate).select(
            lambda row, _: row["eval_clean"] == "True" and source.repository not in row["source_repo"]
        )

    return read_records(readers, chosen)


def named_readers(models: dict[str, str]) -> list[NetworkReader]:
    readers = []
    for name, model in models.items():
        reader = NetworkReader(load_picker(find_model(model, PICKING), "cpu"))
        reader.name = name
        readers.append(reader)
    return readers


def figures(what: str, records: Sequence[ReadRecord]) -> dict[str, object]:
    """F1 before and after and their difference with its interval, drawn by earthquake; printed too."""
    bootstrap = EventBootstrap([record.event for record in records])
    print(f"  {what}: {len(records)} records of {bootstrap.events} earthquakes")
    found: dict[str, object] = {"records": len(records), "events": bootstrap.events}
    for phase in "PS":
        for tolerance in TOLERANCES:
            both = np.concatenate([f1_counts(records, name, phase, tolerance) for name in (BEFORE, AFTER)], axis=1)
            change = bootstrap.of(both, gained)
            before, after = (float(f1(each.sum(axis=0))) for each in (both[:, :3], both[:, 3:]))
            found[f"{phase}_f1@{tolerance}"] = [before, after, change.value, change.low, change.high]
            print(f"    {phase} F1 within {tolerance} s: {before:.3f} -> {after:.3f}, {text(change)}")
    every = np.concatenate([counts_of_all(records, name) for name in (BEFORE, AFTER)], axis=1)
    change = bootstrap.of(every, mean_gained)
    found["mean_f1"] = [change.value, change.low, change.high]
    print(f"    mean of P and S within 0.1 and 0.3 s: {text(change)}")
    return found


def text(change: Estimate) -> str:
    return f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"


def gained(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return f1(sums[..., 3:]) - f1(sums[..., :3])


def counts_of_all(records: Sequence[ReadRecord], name: str) -> NDArray[np.float64]:
    """(n, 12): hits, picks and labels of P and S within 0.1 and 0.3 s, as the score that chooses the step."""
    return np.concatenate([f1_counts(records, name, phase, t) for phase in "PS" for t in TOLERANCES[:2]], axis=1)


def mean_gained(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    before, after = (
        np.mean([f1(sums[..., start : start + 3]) for start in range(first, first + 12, 3)], axis=0)
        for first in (0, 12)
    )
    return after - before
