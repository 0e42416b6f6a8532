"""How good the variants of a list are on the same held-out data, each with an interval by event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.seismollm_folder import load_model
from quakeview.registry import SEISMICITY
from quakeview.toml_files import read_table
from quakeview.training.characterisation import BackAzimuthTask, CharacterisationTask, PolarityTask
from quakeview.training.config import RunConfig
from quakeview.training.datasets import RecordSet
from quakeview.training.forecasting import ForecastingTask, one_shot_scores
from quakeview.training.labels import PHASES
from quakeview.training.members import Members
from quakeview.training.picking import THRESHOLD, PickingTask, TorchCurves, probability_curves
from quakeview.training.record_config import SourceConfig
from quakeview.training.reports.bootstrap import Estimate, EventBootstrap, Statistic
from quakeview.training.scores import top_pick, wrapped
from quakeview.training.seismicity.ablation import LearnsFromDays, measured_days
from quakeview.training.sources import open_records
from quakeview.training.tasks import Task
from quakeview.training.wavefields import read_events
from quakeview.wavefield.forecasting.model_files import load_members
from quakeview.wavefield.scenarios.scenario import Scenario

TOLERANCE = 0.3
"""Seconds within which a pick is right."""
UNITS = {"distance": ", km", "back_azimuth": ", °"}
"""Of errors, by task."""
CPU = torch.device("cpu")
Counts = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Scenarios:
    """A ``[[test]]`` table of forecasters: the folder of a data set, and which of its events."""

    path: Path
    split: str = "test"

    def events(self) -> list[Path]:
        """Their files.

        Raises:
            QuakeViewError: if there are none.
        """
        return read_events(self.path, self.split)


@dataclass(frozen=True)
class Measured:
    """What one model said of held-out examples.

    Attributes:
        events: of each example, (n,); of days the block that they are drawn with.
        counts: by the name of a score, (n, k) of each example.
        statistics: by the same names, from sums of the counts to the score.
    """

    events: list[str]
    counts: Counts
    statistics: Mapping[str, Statistic]


def measure(
    task: Task, config: RunConfig, model: Path, tests: Sequence[dict[str, Any]], progress: Progress
) -> Measured:
    """Let a trained model say what it says of held-out data.

    Args:
        tests: tables as in ``[data.validation]``, ``path`` and ``split`` of scenarios, or days of a catalogue.

    Raises:
        QuakeViewError: if model or data cannot be read, or the list of variants cannot score such a task.
    """
    if isinstance(task, ForecastingTask):
        scenarios = [read_table(Scenarios, test, "[[test]]", config.base) for test in tests]
        return _forecasts(task, model, [path for each in scenarios for path in each.events()], progress)
    if config.task == SEISMICITY:
        days = measured_days(cast(LearnsFromDays, task), config, model, tests, progress)
        return Measured(days.blocks, days.counts, dict.fromkeys(days.counts, _mean))
    if not isinstance(task, PickingTask | CharacterisationTask):
        raise QuakeViewError(f"A list of variants cannot score {config.task}; choose another task.")
    sources = [read_table(SourceConfig, test, "[[test]]", config.base) for test in tests]
    sets = [open_records(source, task.network.sampling_rate, validation=True) for source in sources]
    score = _picks if isinstance(task, PickingTask) else _values
    parts = [score(cast(Any, task), model, records, progress) for records in sets]
    counts = {name: np.concatenate([part.counts[name] for part in parts]) for name in parts[0].counts}
    return Measured([event for part in parts for event in part.events], counts, parts[0].statistics)


def estimates(seeds: Sequence[Measured]) -> dict[str, Estimate]:
    """The scores of a variant over its seeds: the mean over them of what each counted, events drawn anew."""
    first = seeds[0]
    draws = EventBootstrap(first.events)
    return {
        name: draws.of(np.mean([each.counts[name] for each in seeds], axis=0), statistic)
        for name, statistic in first.statistics.items()
    }


def _picks(task: PickingTask, model: Path, records: RecordSet, progress: Progress) -> Measured:
    """Hits, picks and labels of one pick per phase and record."""
    network = task.network
    curves = TorchCurves(load_model(model), network.sampling_rate, network.window_samples, CPU)
    counts = {f"{phase} F1 at {TOLERANCE} s": np.zeros((len(records), 3)) for phase in PHASES}
    for number, record in enumerate(records):
        progress.advance(number, len(records), "scoring")
        for phase, curve, found in zip(PHASES, probability_curves(curves, record), counts.values(), strict=True):
            pick, label = top_pick(curve, THRESHOLD), record.first(phase)
            near = pick is not None and label is not None and abs(pick - label) <= TOLERANCE * record.sampling_rate
            found[number] = near, pick is not None and (label is not None or record.complete), label is not None
    return Measured([entry.event_id for entry in records.entries], counts, dict.fromkeys(counts, _f1))


def _values(task: CharacterisationTask, model: Path, records: RecordSet, progress: Progress) -> Measured:
    """Absolute errors, km, degrees or magnitudes; of first motions how many are right."""
    known = task.known(records)
    with torch.inference_mode():
        said, true = task.estimated(load_model(model), known, CPU, progress)
    off = wrapped(said - true) if isinstance(task, BackAzimuthTask) else said - true
    right = isinstance(task, PolarityTask)
    each = (off == 0).astype(float) if right else np.abs(off)
    name = "share right" if right else f"mean absolute error{UNITS.get(task.config.task, '')}"
    return Measured([entry.event_id for entry in known.entries], {name: _with_ones(each)}, {name: _mean})


def _forecasts(task: ForecastingTask, model: Path, paths: Sequence[Path], progress: Progress) -> Measured:
    """ACC and RFNE of all that follows the input, all nodes known."""
    network = Members(load_members(model)[0])
    scores = []
    where = torch.ones(1, *network.config.frame)
    for number, path in enumerate(paths):
        progress.advance(number, len(paths), "scoring")
        with Scenario.open(path) as scenario, torch.inference_mode():
            frames = torch.from_numpy(scenario.frames(0, scenario.n_frames))[None]
            scores.append(one_shot_scores(network, frames, where, task.data.windows.input_frames))
    counts = {
        name: _with_ones(np.array(values))
        for name, values in zip(("ACC", "RFNE"), zip(*scores, strict=True), strict=True)
    }
    return Measured([str(path) for path in paths], counts, dict.fromkeys(counts, _mean))


def _with_ones(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([values, np.ones(len(values))], axis=1)


def _mean(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return sums[..., 0] / np.maximum(sums[..., 1], 1e-12)


def _f1(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * sums[..., 0] / np.maximum(sums[..., 1] + sums[..., 2], 1e-12)
