"""How far off a pick of a probability is: measured on held-out records and kept with the model.

A model folder's ``config.json`` may have a section ``calibration``; ``quakeview models calibrate`` writes it. Without
one, or with one that was measured with other weights, a pick has no uncertainty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.model_folders import read_config, weights_digest

SECTION = "calibration"
ONE_SIGMA = 0.683
_PICKS_PER_BIN = 16
_MOST_BINS = 8


@dataclass(frozen=True)
class UncertaintyCurve:
    """Seconds by probability: piecewise linear between the points, constant beyond them.

    Attributes:
        probability: of the points, rising.
        seconds: half-width that holds 68 % of the picks of that probability, falling.
        picks: how many it was measured with.
    """

    probability: tuple[float, ...]
    seconds: tuple[float, ...]
    picks: int

    def __call__(self, probability: float) -> float:
        """Seconds, one standard deviation."""
        return round(float(np.interp(probability, self.probability, self.seconds)), 3)

    @classmethod
    def fit(cls, residuals: NDArray[np.floating], probabilities: NDArray[np.floating]) -> Self | None:
        """From picks minus labels (n,) in seconds and the probabilities (n,); None if there are fewer than 16.

        Bins of equal numbers of picks, of each the 68.3 % quantile of the absolute residuals, which a few outliers do
        not move; neighbouring bins in which a higher probability is less exact are merged.
        """
        count = min(len(residuals) // _PICKS_PER_BIN, _MOST_BINS)
        if not count:
            return None
        bins = np.array_split(np.argsort(probabilities, kind="stable"), count)
        merged: list[NDArray[np.intp]] = []
        for picks in bins:
            merged.append(picks)
            while len(merged) > 1 and _half_width(residuals[merged[-1]]) >= _half_width(residuals[merged[-2]]):
                last = merged.pop()
                merged[-1] = np.concatenate([merged[-1], last])
        return cls(
            tuple(round(float(probabilities[picks].mean()), 4) for picks in merged),
            tuple(round(_half_width(residuals[picks]), 4) for picks in merged),
            len(residuals),
        )


def read_calibration(folder: Path) -> dict[str, UncertaintyCurve]:
    """The curves of a model by phase; a phase that was not measured with these weights is not there."""
    try:
        section = read_config(folder)[SECTION]
        if section["weights"] != weights_digest(folder):
            return {}
        return {phase: _read_curve(section[phase]) for phase in "PS" if section.get(phase)}
    except (QuakeViewError, OSError, ValueError, KeyError, TypeError):
        return {}


def curve_table(curve: UncertaintyCurve) -> dict[str, Any]:
    """For JSON."""
    return {"probability": list(curve.probability), "seconds": list(curve.seconds), "picks": curve.picks}


def _read_curve(table: dict[str, Any]) -> UncertaintyCurve:
    probability, seconds = _numbers(table["probability"]), _numbers(table["seconds"])
    if not probability or len(probability) != len(seconds) or min(seconds) <= 0:
        raise ValueError("not a curve")
    return UncertaintyCurve(probability, seconds, int(table["picks"]))


def _numbers(values: Sequence[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _half_width(residuals: NDArray[np.floating]) -> float:
    return float(np.quantile(np.abs(residuals), ONE_SIGMA))
