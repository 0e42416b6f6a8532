"""The nearest neighbour in space, time and magnitude, without trying all pairs.

Earthquakes of about one size that lie together are a box. Its earlier earthquakes are tried from the latest on, and no
further than where even the largest, at the edge of the box that is nearest, could not be nearer than one already found.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

LEAST_DISTANCE, LEAST_TIME = 0.1, 1.0 / (365.25 * 86400.0)
"""km and years that are taken for places and times closer than they are known to be."""
_IN_A_BOX = 200
_SIZES = 10.0
"""Factor between the weights of one box."""


def nearest_parents(time: Floats, place: Floats, weight: Floats, dimension: float) -> tuple[Numbers, Floats]:
    """Return the earlier earthquake with the least t r^D w for each, and that proximity.

    Args:
        time: (n,) ascending, years.
        place: (n, 3) km.
        weight: (n,) of the earlier earthquake, small for large ones.
        dimension: D.

    Returns:
        parents: (n,) numbers; -1 for the first earthquake.
        proximities: (n,) infinite for the first.
    """
    if not len(time):
        return np.zeros(0, np.int64), np.zeros(0)
    boxes = list(_boxes(place, weight))
    members = np.concatenate(boxes)
    starts = np.concatenate(([0], np.cumsum([len(box) for box in boxes])))
    box_of = np.empty(len(time), np.int64)
    box_of[members] = np.repeat(np.arange(len(boxes)), np.diff(starts))
    edges = np.array([(place[box].min(axis=0), place[box].max(axis=0)) for box in boxes])
    lightest = np.array([weight[box].min() for box in boxes])
    points = np.column_stack((place, time, weight))
    parents, least = _search(points, members, starts, box_of, edges, lightest, dimension)
    return parents, np.where(parents >= 0, least, np.inf)


def _boxes(place: Floats, weight: Floats) -> Iterator[Numbers]:
    """Yield the members of each box, ascending; large earthquakes first."""
    size = np.floor(np.log(weight / weight.min()) / np.log(_SIZES)).astype(np.int64)
    for each in np.unique(size):
        yield from _split(place, np.flatnonzero(size == each))


def _split(place: Floats, members: Numbers) -> Iterator[Numbers]:
    """Yield halves of halves, cut across where they are longest."""
    if len(members) <= _IN_A_BOX:
        yield np.sort(members)
        return
    axis = int(np.ptp(place[members], axis=0).argmax())
    order, middle = np.argpartition(place[members, axis], len(members) // 2), len(members) // 2
    yield from _split(place, members[order[:middle]])
    yield from _split(place, members[order[middle:]])


@kernel
def _search(
    points: Floats,
    members: Numbers,
    starts: Numbers,
    box_of: Numbers,
    edges: Floats,
    lightest: Floats,
    dimension: float,
) -> tuple[Numbers, Floats]:
    power, nearest = dimension / 2, LEAST_DISTANCE**2
    parents = np.full(len(points), -1)
    least = np.full(len(points), 1e300)
    ends = starts[:-1].copy()  # of those members that are earlier
    for number in range(len(points)):
        x, y, z, now, _ = points[number]
        for box in range(len(lightest)):
            if ends[box] == starts[box]:
                continue
            low, high = edges[box]
            squared = (
                max(low[0] - x, x - high[0], 0.0) ** 2
                + max(low[1] - y, y - high[1], 0.0) ** 2
                + max(low[2] - z, z - high[2], 0.0) ** 2
            )
            bound = max(squared, nearest) ** power * lightest[box]
            for at in range(ends[box] - 1, starts[box] - 1, -1):
                other = members[at]
                ago = max(now - points[other, 3], LEAST_TIME)
                if ago * bound >= least[number]:
                    break
                squared = (points[other, 0] - x) ** 2 + (points[other, 1] - y) ** 2 + (points[other, 2] - z) ** 2
                proximity = ago * max(squared, nearest) ** power * points[other, 4]
                if proximity < least[number]:
                    least[number], parents[number] = proximity, other
        ends[box_of[number]] += 1
    return parents, least
