"""How well forecasts sort cells: ROC, average precision and Molchan's diagram, from histograms of the forecast.

Cells of all days are sorted by what is expected of them. A histogram with steps of 1 % of the expected number, for each
block of days, holds all that is needed of millions of cells.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.blocks import Estimate, estimate

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

_LOWEST, _HIGHEST, _STEPS = -12.0, 3.0, 200
"""Decades of the expected number, and steps of each."""
_BINS = round((_HIGHEST - _LOWEST) * _STEPS)
_DRAWS = 300
_OfTwo = Callable[[Floats, Floats], Floats]
WHAT_AUC_IS_WORTH = (
    "AUC says almost nothing of a forecast of earthquakes: nearly all cells are quiet, and knowing which ones takes a "
    "map of the past. A forecast that expects thousands of times too many earthquakes can have the same AUC, and a map "
    "that has seen the days it is tested on has a higher one than any honest forecast. Average precision depends on "
    "the forecast's few highest cells, and on how many cells had earthquakes at all."
)


class Ranks:
    """Fills the histograms day by day.

    Args:
        blocks: of days.
    """

    def __init__(self, blocks: int) -> None:
        self._cells, self._active, self._events, self._reference = np.zeros((4, blocks, _BINS))

    def add(self, block: int, expected: Floats, cells: Integers, numbers: Integers, reference: Floats) -> None:
        """Add a day.

        Args:
            expected: (cells,).
            cells, numbers: where earthquakes came, each cell once, and how many.
            reference: (cells,) expected by the forecast that alarms are measured by.
        """
        with np.errstate(divide="ignore"):
            steps = (np.log10(expected) - _LOWEST) * _STEPS
        bins = np.clip(steps, 0, _BINS - 1).astype(np.int64)
        self._cells[block] += np.bincount(bins, minlength=_BINS)
        self._reference[block] += np.bincount(bins, reference, _BINS)
        np.add.at(self._active[block], bins[cells], 1)
        np.add.at(self._events[block], bins[cells], numbers)

    def auc(self) -> Estimate:
        """Return the area under the ROC curve of cells with and without earthquakes; .5 sorts nothing."""
        return self._estimate(self._active, self._cells, lambda active, cells: _area(cells - active, active))

    def average_precision(self) -> Estimate:
        """Return the mean, over cells with earthquakes, of the part of cells expected as high that had one."""
        return self._estimate(self._active, self._cells, _average_precision)

    def molchan(self, by_reference: bool) -> Estimate:
        """Return the area skill score: 1 less the area below Molchan's diagram; .5 knows nothing.

        Args:
            by_reference: alarms cost what the reference expects there (Zechar & Jordan 2008), instead of their area.
        """
        cost = self._reference if by_reference else self._cells
        return self._estimate(self._events, cost, lambda events, cost: _area(cost, events))

    def molchan_curve(self, by_reference: bool = False) -> "MolchanCurve":
        """Return the diagram over all days, for drawing."""
        cost = (self._reference if by_reference else self._cells).sum(axis=0)[::-1]
        events = self._events.sum(axis=0)[::-1]
        used = (cost > 0) | (events > 0)
        alarm = np.concatenate(([0.0], np.cumsum(cost[used]) / max(cost.sum(), 1e-300)))
        missed = 1 - np.concatenate(([0.0], np.cumsum(events[used]) / max(events.sum(), 1)))
        return MolchanCurve(alarm, missed)

    def _estimate(self, first: Floats, second: Floats, statistic: _OfTwo) -> Estimate:
        """Of two histograms; bins that no day fills are left out."""
        used = np.flatnonzero((first.sum(axis=0) > 0) | (second.sum(axis=0) > 0))
        if not first.any():
            return Estimate(float("nan"))
        sums = np.hstack((first[:, used], second[:, used]))
        return estimate(sums, lambda both: statistic(*np.split(both, 2, axis=-1)), draws=_DRAWS)


@dataclass(frozen=True)
class MolchanCurve:
    """Molchan's diagram.

    Attributes:
        alarm: part of cells and days, or of what the reference expects, that is under alarm.
        missed: part of the earthquakes outside.
    """

    alarm: Floats
    missed: Floats


def weighted_auc(expected: Floats, active: Floats, quiet: Floats) -> float:
    """Return the area under the ROC curve of a forecast that never changes.

    Args:
        expected: (cells,).
        active, quiet: (cells,) days with and without earthquakes.
    """
    _, ranks = np.unique(expected, return_inverse=True)
    return float(_area(_sums(ranks, quiet), _sums(ranks, active)))


def weighted_average_precision(expected: Floats, active: Floats, quiet: Floats) -> float:
    """Return the average precision of a forecast that never changes; see ``weighted_auc``."""
    _, ranks = np.unique(expected, return_inverse=True)
    return float(_average_precision(_sums(ranks, active), _sums(ranks, active + quiet)))


def _sums(ranks: Integers, weights: Floats) -> Floats:
    return np.bincount(ranks, weights).astype(np.float64)


def _area(cost: Floats, hits: Floats) -> Floats:
    """Area under hits over cost, each from the highest bin downwards, ties half; (..., bins) from the lowest."""
    below = np.cumsum(cost, axis=-1) - cost / 2
    area: Floats = (hits * below).sum(axis=-1) / (hits.sum(axis=-1) * cost.sum(axis=-1))
    return area


def _average_precision(active: Floats, cells: Floats) -> Floats:
    """(..., bins) from the lowest: cells with an earthquake, and all cells."""
    found = np.cumsum(active[..., ::-1], axis=-1)
    precision = found / np.maximum(np.cumsum(cells[..., ::-1], axis=-1), 1)
    mean: Floats = (active[..., ::-1] * precision).sum(axis=-1) / active.sum(axis=-1)
    return mean
