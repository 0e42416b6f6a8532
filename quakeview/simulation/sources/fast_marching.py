"""First arrivals of a front that advances at a given speed."""

from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_INFINITY = float("inf")


def arrival_times(speed: Floats, spacing: tuple[float, float], source: tuple[float, float]) -> Floats:
    """When a front that starts at ``source`` at time 0 reaches each node, s.

    Fast marching with differences of the second order where two upwind nodes are known (Sethian 1999, section 8.2).
    Within three cells of the source the ray is taken to be straight.

    Args:
        speed: (rows, columns), positive, m/s.
        spacing: between rows and between columns, m.
        source: distance of the source from the first row and from the first column, m.
    """
    rows, columns = speed.shape
    front = _Front(1 / speed, spacing)
    row_offset = spacing[0] * np.arange(rows)[:, None] - source[0]
    column_offset = spacing[1] * np.arange(columns) - source[1]
    distance = np.hypot(row_offset, column_offset)
    nearest = np.unravel_index(distance.argmin(), distance.shape)
    straight = distance * 0.5 * (1 / speed + 1 / speed[nearest])
    near = np.hypot(row_offset / spacing[0], column_offset / spacing[1]) <= 3
    near[nearest] = True
    front.advance(np.where(near, straight, np.inf))
    return front.times


class _Front:
    """Nodes in one list with two cells of margin, so that neighbours are at fixed distances in it."""

    def __init__(self, slowness: Floats, spacing: tuple[float, float]) -> None:
        padded = np.pad(slowness, 2, constant_values=np.inf)
        self._shape = padded.shape
        self._slowness: list[float] = padded.ravel().tolist()
        self._final = [_INFINITY] * padded.size
        self._axes = ((1, spacing[1]), (padded.shape[1], spacing[0]))

    @property
    def times(self) -> Floats:
        return np.array(self._final).reshape(self._shape)[2:-2, 2:-2]

    def advance(self, known: Floats) -> None:
        """Finish all nodes, earliest first, from those that are finite in ``known``."""
        start = np.pad(known, 2, constant_values=np.inf).ravel()
        waiting: list[tuple[float, int]] = []
        for node in np.flatnonzero(np.isfinite(start)).tolist():
            self._final[node] = float(start[node])
        for node in np.flatnonzero(np.isfinite(start)).tolist():
            self._reach_neighbours(node, waiting)
        while waiting:
            time, node = heappop(waiting)
            if self._final[node] == _INFINITY:
                self._final[node] = time
                self._reach_neighbours(node, waiting)

    def _reach_neighbours(self, node: int, waiting: list[tuple[float, int]]) -> None:
        for stride, _ in self._axes:
            for neighbour in (node - stride, node + stride):
                if self._final[neighbour] == _INFINITY and self._slowness[neighbour] != _INFINITY:
                    heappush(waiting, (self._solve(neighbour), neighbour))

    def _solve(self, node: int) -> float:
        """Arrival at a node from its finished neighbours: the eikonal equation with upwind differences."""
        slowness = self._slowness[node]
        terms = []
        for stride, step in self._axes:
            upwind = stride if self._final[node + stride] < self._final[node - stride] else -stride
            near, far = self._final[node + upwind], self._final[node + 2 * upwind]
            if far <= near < _INFINITY:
                terms.append(((4 * near - far) / 3, 1.5 / step))
            elif near < _INFINITY:
                terms.append((near, 1 / step))
        a = sum(weight**2 for _, weight in terms)
        b = sum(weight**2 * time for time, weight in terms)
        c = sum((weight * time) ** 2 for time, weight in terms) - slowness**2
        if b * b >= a * c:
            return (b + (b * b - a * c) ** 0.5) / a
        return min(time + slowness / weight for time, weight in terms)
