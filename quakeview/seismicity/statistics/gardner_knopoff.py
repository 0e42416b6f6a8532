"""Declustering by windows in space and time around large earthquakes (Gardner and Knopoff 1974)."""

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.epicentres import epicentres, squared_distance
from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]

_LARGE = 6.5


def window_distance(magnitude: Floats) -> Floats:
    """Return how far the window of an earthquake reaches, m (van Stiphout, Zhuang and Marsan 2012, equation 1)."""
    reach: Floats = 1e3 * 10 ** (0.1238 * magnitude + 0.983)
    return reach


def window_time(magnitude: Floats) -> Floats:
    """Return how long the window of an earthquake lasts, s (the same)."""
    days = np.where(magnitude >= _LARGE, 10 ** (0.032 * magnitude + 2.7389), 10 ** (0.5409 * magnitude - 0.547))
    lasts: Floats = days * DAY
    return lasts


def gardner_knopoff(catalogue: Catalogue) -> NDArray[np.int64]:
    """Return the number of the mainshock of each earthquake, (n,); its own if it is one.

    From the largest on, each earthquake that belongs to no larger one takes those within its window: aftershocks after
    it, and foreshocks for as long before it.
    """
    magnitude = catalogue.magnitude
    order = np.argsort(-magnitude, kind="stable")
    return _take(order, catalogue.time, epicentres(catalogue), window_distance(magnitude), window_time(magnitude))


@kernel
def _take(
    order: NDArray[np.int64], time: Floats, place: Floats, distance: Floats, duration: Floats
) -> NDArray[np.int64]:
    mainshock = np.full(len(order), -1)
    for large in order:
        if mainshock[large] >= 0:
            continue
        first = np.searchsorted(time, time[large] - duration[large])
        last = np.searchsorted(time, time[large] + duration[large])
        farthest = distance[large] ** 2
        for other in range(first, last):
            if mainshock[other] < 0 and squared_distance(place, other, large) <= farthest:
                mainshock[other] = large
        mainshock[large] = large
    return mainshock
