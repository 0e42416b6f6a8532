"""The curves of runs: what goes into one plot, over which steps, and smoothed."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.training.runs.metrics import Line, numbers
from quakeview.training.runs.run_folder import RunFolder

Floats = NDArray[np.float64]
Curve = tuple[Floats, Floats]
"""Steps (n,) and values (n,); NaN where a value is no number."""

LOSS, RATE, NORM, SCORE = "loss", "learning_rate", "gradient_norm", "score"


@dataclass(frozen=True, eq=False)
class RunCurves:
    """The numbers of a run over its steps, by name.

    Attributes:
        train: of the steps, each a mean over the steps since the line before.
        validation: of the averaged weights on held-out data.
    """

    path: Path
    name: str
    train: dict[str, Curve] = field(default_factory=dict)
    validation: dict[str, Curve] = field(default_factory=dict)

    def curve(self, name: str) -> Curve | None:
        """The curve of this name; those of validations come first."""
        return self.validation.get(name) or self.train.get(name)


def curves_of(run: RunFolder, name: str) -> RunCurves:
    """Read what has come, and return all curves of a run under a name."""
    run.metrics.refresh()
    return RunCurves(run.path, name, _by_name(run.metrics.train), _by_name(run.metrics.validation))


def scores_in(runs: Iterable[RunCurves]) -> list[str]:
    """The names of the scores in any of the runs, the one that chooses the weights first."""
    names = dict.fromkeys(name for run in runs for name in run.validation)
    return sorted(names, key=lambda name: name != SCORE)


def smoothed(values: Floats, weight: float) -> Floats:
    """An exponential running mean: m <- weight m + (1 - weight) value, without the pull of a start at zero.

    Args:
        values: (n,); NaN is left out of the mean and stays NaN.
        weight: 0 (nothing is smoothed) to below 1.
    """
    finite = np.isfinite(values)
    means, mean = [], 0.0
    for value in values[finite].tolist():
        mean = weight * mean + (1 - weight) * value
        means.append(mean)
    result = np.full(len(values), np.nan)
    result[finite] = np.array(means) / (1 - weight ** np.arange(1, len(means) + 1))
    return result


def curves_csv(runs: Sequence[RunCurves]) -> str:
    """All numbers as a table: run, what was computed, step, name, value."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["run", "of", "step", "name", "value"])
    for run in runs:
        for kind, curves in (("training", run.train), ("validation", run.validation)):
            for name, (steps, values) in curves.items():
                rows = zip(steps, values, strict=True)
                writer.writerows([run.name, kind, int(step), name, value] for step, value in rows)
    return file.getvalue()


def _by_name(lines: Sequence[Line]) -> dict[str, Curve]:
    names = dict.fromkeys(name for line in lines for name in numbers(line))
    steps = np.array([line["step"] for line in lines], float)
    return {name: (steps, np.array([_number(line.get(name)) for line in lines])) for name in names}


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")
