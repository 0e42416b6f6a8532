"""Declustering by linking earthquakes that interact in space and time (Reasenberg 1985)."""

import math

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.epicentres import epicentres, squared_distance
from quakeview.seismicity.statistics.groups import largest_of_each
from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]

SHORTEST, LONGEST = 1.0, 10.0
"""How long one waits for the next earthquake of a cluster, days."""
PROBABILITY = 0.95
"""To see it in that time."""
RAISED = 0.5
"""Part of the largest magnitude by which completeness is raised while a cluster is on."""
FACTOR = 10.0
"""Radii of the source that the last earthquake of a cluster reaches; the largest reaches one."""
FARTHEST = 30e3
"""About the thickness of the crust, m."""


def source_radius(magnitude: Floats) -> Floats:
    """Return the radius of an earthquake's source for a stress drop of 3 MPa (Kanamori and Anderson 1975), m."""
    radius: Floats = 11.0 * 10 ** (0.4 * magnitude)
    return radius


def reasenberg(catalogue: Catalogue, completeness: float) -> NDArray[np.int64]:
    """Return the number of the largest earthquake of the cluster of each, (n,); its own if it is that or alone.

    Args:
        catalogue: without unknown magnitudes.
        completeness: the magnitude from which the catalogue is complete.
    """
    radius = source_radius(catalogue.magnitude)
    reach = np.minimum(np.column_stack((FACTOR * radius, radius)), FARTHEST)
    cluster = _link(catalogue.time / DAY, epicentres(catalogue), catalogue.magnitude, reach, completeness)
    return largest_of_each(cluster, catalogue.magnitude)


@kernel
def _root(parent: NDArray[np.int64], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


@kernel
def _look_ahead(since_largest: float, magnitude: float, completeness: float) -> float:
    """Days in which the next earthquake of a cluster is seen with ``PROBABILITY`` (Reasenberg 1985, equation 14)."""
    above = max((1 - RAISED) * magnitude - completeness, 0.0)
    days = -math.log(1 - PROBABILITY) * since_largest / 10 ** (2 / 3 * (above - 1))
    return min(max(days, SHORTEST), LONGEST)


@kernel
def _link(time: Floats, place: Floats, magnitude: Floats, reach: Floats, completeness: float) -> NDArray[np.int64]:
    """Number of the cluster of each; ``time`` is in days."""
    parent = np.arange(len(time))
    largest = np.arange(len(time))  # of the cluster, at its root
    for number in range(len(time)):
        root = _root(parent, number)
        main = largest[root]
        wait = SHORTEST
        if main != number:
            wait = _look_ahead(time[number] - time[main], magnitude[main], completeness)
        last = np.searchsorted(time, time[number] + wait)
        for other in range(number + 1, last):
            if (
                squared_distance(place, other, number) > reach[number, 0] ** 2
                and squared_distance(place, other, main) > reach[main, 1] ** 2
            ):
                continue
            here, there = _root(parent, number), _root(parent, other)
            if here != there:
                greater = largest[here]
                if magnitude[largest[there]] > magnitude[greater]:
                    greater = largest[there]
                parent[max(here, there)] = min(here, there)
                largest[min(here, there)] = greater
    for number in range(len(time)):
        parent[number] = _root(parent, number)
    return parent
