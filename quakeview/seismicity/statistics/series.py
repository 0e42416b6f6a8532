"""The course of a catalogue in time: how many earthquakes there have been, and how long from one to the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.texts import counted

Floats = NDArray[np.float64]

_FEWEST = 2
_PER_DECADE, _SHORTEST = 6, -3
"""Bins, and log10 of the days from where they begin."""


def cumulative_number(catalogue: Catalogue) -> tuple[Floats, Floats]:
    """Return times, seconds since 1970 UTC, and how many earthquakes there have been by then, (n,) each."""
    return catalogue.time, np.arange(1.0, len(catalogue) + 1)


@dataclass(frozen=True, eq=False)
class InterEventTimes:
    """How long it takes from one earthquake to the next.

    Attributes:
        days: (bins,) middle of each bin, which are of equal length in log(days), from a thousandth of a day on.
        density: (bins,) of probability, a day.
        mean: days.
        variation: standard deviation over mean: 1 if earthquakes know nothing of each other, more if they cluster.
    """

    days: Floats
    density: Floats
    mean: float
    variation: float

    @property
    def random(self) -> Floats:
        """The density if earthquakes knew nothing of each other, (bins,), a day."""
        expected: Floats = np.exp(-self.days / self.mean) / self.mean
        return expected


def inter_event_times(catalogue: Catalogue) -> InterEventTimes:
    """Count the times between earthquakes that follow one another.

    Raises:
        QuakeViewError: if there are fewer than two that are not zero.
    """
    days = np.diff(catalogue.time) / DAY
    apart = days[days > 0]
    if len(apart) < _FEWEST:
        raise QuakeViewError(
            f"There is no distribution of times between {counted(len(catalogue), 'earthquake')}; "
            "choose a lower magnitude or more years."
        )
    first, last = max(np.floor(np.log10(apart.min())), _SHORTEST), np.ceil(np.log10(apart.max()))
    edges = np.logspace(first, last, max(round((last - first) * _PER_DECADE), 1) + 1)
    numbers, _ = np.histogram(apart, edges)
    filled = numbers > 0
    density = numbers[filled] / np.diff(edges)[filled] / len(days)
    middle = np.sqrt(edges[1:] * edges[:-1])[filled]
    return InterEventTimes(middle, density, float(days.mean()), float(days.std() / days.mean()))
