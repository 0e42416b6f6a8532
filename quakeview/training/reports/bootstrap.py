"""Intervals of scores by drawing whole events anew: records of one earthquake are not independent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From sums (..., k) to values (...)."""

_DRAWS = 2000
_TAILS = 2.5, 97.5
FEWEST_EVENTS = 5
"""Events below which an interval would say nothing."""


@dataclass(frozen=True)
class Estimate:
    """A score with its 95 % interval; both ends are NaN where there are too few events for one."""

    value: float
    low: float = float("nan")
    high: float = float("nan")

    @property
    def has_interval(self) -> bool:
        """Whether the interval is known."""
        return self.low == self.low


class EventBootstrap:
    """Draws the events of some records with replacement, always the same draws (Efron & Tibshirani 1993, ch. 6).

    Args:
        events: name of the event of each record, (n,).
    """

    def __init__(self, events: Sequence[str], seed: int = 0) -> None:
        self._names, self._event_of = np.unique(np.asarray(events, dtype=str), return_inverse=True)
        self._seed = seed

    @property
    def events(self) -> int:
        """How many there are."""
        return len(self._names)

    @cached_property
    def _times_drawn(self) -> NDArray[np.float64]:
        """(draws, events)."""
        share = np.full(self.events, 1 / self.events)
        return np.random.default_rng(self._seed).multinomial(self.events, share, _DRAWS).astype(np.float64)

    def of(self, counts: NDArray[np.floating], statistic: Statistic) -> Estimate:
        """Estimate a statistic of sums over records.

        Args:
            counts: (n, k) of each record, such as hits, picks and labels.
            statistic: from their sums to the score, such as F1.
        """
        by_event = np.zeros((self.events, counts.shape[1]))
        np.add.at(by_event, self._event_of, counts)
        value = float(statistic(by_event.sum(axis=0)))
        taking_part = int((by_event != 0).any(axis=1).sum())
        if taking_part < FEWEST_EVENTS:
            return Estimate(value)
        return Estimate(value, *_interval(statistic(self._times_drawn @ by_event)))

    def median(self, values: NDArray[np.floating]) -> Estimate:
        """Estimate the median of values (n,) of the records; NaN are left out."""
        known = np.flatnonzero(~np.isnan(values))
        if not len(known):
            return Estimate(float("nan"))
        value = float(np.median(values[known]))
        if len(np.unique(self._event_of[known])) < FEWEST_EVENTS:
            return Estimate(value)
        order = known[np.argsort(values[known], kind="stable")]
        weights = self._times_drawn[:, self._event_of[order]].cumsum(axis=1)
        middle = (weights < weights[:, -1:] / 2).sum(axis=1)
        drawn = values[order][np.minimum(middle, len(order) - 1)]
        return Estimate(value, *_interval(drawn[weights[:, -1] > 0]))


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.percentile(values, _TAILS)
    return float(low), float(high)
