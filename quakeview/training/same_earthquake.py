"""Which origins are of one earthquake, although catalogues give it different names."""

import numpy as np
from numpy.typing import NDArray

from quakeview.events.event import SAME_EVENT

Numbers = NDArray[np.float64]

WITHIN_METRES = 20_000.0
MOST_TOGETHER = 1000
"""Origins within seconds of each other that are compared; more have no time of day."""
_DEGREE = 111_195.0
"""Metres of a degree of latitude on a sphere of 6371 km."""


def same_earthquakes(
    time: Numbers, latitude: Numbers, longitude: Numbers, within: tuple[float, float] = (SAME_EVENT, WITHIN_METRES)
) -> NDArray[np.int64]:
    """Pairs (k, 2) of origins within seconds and metres of each other, the earlier place in the list first.

    Args:
        time: (n,), s; NaN where it is not known: such an origin is like no other.
        latitude, longitude: (n,), degrees.
    """
    known = np.flatnonzero(np.isfinite(time) & np.isfinite(latitude) & np.isfinite(longitude))
    order = known[np.argsort(time[known], kind="stable")]
    pairs: list[NDArray[np.int64]] = []
    for ahead in range(1, min(len(order), MOST_TOGETHER)):
        first, second = order[:-ahead], order[ahead:]
        close = time[second] - time[first] <= within[0]
        if not close.any():
            break
        near = close & (distances(latitude, longitude, first, second) <= within[1])
        pairs.append(np.stack([first[near], second[near]], axis=1))
    if not pairs:
        return np.empty((0, 2), np.int64)
    return np.sort(np.concatenate(pairs), axis=1)


def distances(latitude: Numbers, longitude: Numbers, first: NDArray[np.int64], second: NDArray[np.int64]) -> Numbers:
    """Metres (k,) between places that are near each other."""
    north = latitude[second] - latitude[first]
    east = (longitude[second] - longitude[first] + 180) % 360 - 180
    middle = np.radians((latitude[second] + latitude[first]) / 2)
    return _DEGREE * np.hypot(north, east * np.cos(middle))


def joined(count: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The group (count,) of each of ``count`` things, of which those in ``pairs`` (k, 2) belong together."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return connected_components(links, directed=False)[1].astype(np.int64)
