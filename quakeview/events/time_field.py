"""When a wave arrives between stations, and at which station it does not arrive when its neighbours tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEIGHBOURS = 8
"""Stations that tell when a wave should arrive at another one; with fewer than ``FEWEST`` in all nobody can tell."""
FEWEST = 6
_ROUNDS = 8
_LEAST_SCATTER = 0.25
"""Seconds; a smaller difference from its neighbours makes no station an outlier: travel times are no line."""
_OUTLYING = 4.0
_NORMAL = 1.4826


@dataclass(frozen=True)
class TimeField:
    """Arrival times between stations.

    Attributes:
        x, y: (n,) and (m,) nodes, in the units of the places.
        time: (n, m) s; NaN outside the stations.
    """

    x: Floats
    y: Floats
    time: Floats


def time_field(x: Floats, y: Floats, time: Floats, nodes: int = 120) -> TimeField | None:
    """Interpolate linearly in the triangles between stations (Delaunay); None if they span no triangle.

    Args:
        x, y: (n,) places of stations on a plane.
        time: (n,) s.
        nodes: of the longer side.
    """
    from scipy.interpolate import LinearNDInterpolator
    from scipy.spatial import QhullError

    places = np.column_stack((x, y))
    extent = np.ptp(places, axis=0) if len(places) else np.zeros(2)
    if len(places) < 3 or not extent.all():
        return None
    step = extent.max() / (nodes - 1)
    across, up = (
        np.linspace(low, low + size, max(2, round(size / step) + 1))
        for low, size in zip(places.min(0), extent, strict=True)
    )
    try:
        interpolate = LinearNDInterpolator(places, time)
    except QhullError:
        return None
    return TimeField(across, up, np.asarray(interpolate(across[:, None], up[None, :])))


def outliers(distance: Floats, time: Floats) -> NDArray[np.bool_]:
    """(n,) stations where a wave arrives at another time than stations at similar distances tell.

    A line is laid through the times of the ``NEIGHBOURS`` stations that are nearest in distance, without the one in
    question, so that the sum of the absolute differences is least (by iteratively reweighted least squares).

    Args:
        distance: (n,) hypocentral, m, with which travel times grow almost along a line.
        time: (n,) s.
    """
    if len(distance) < FEWEST:
        return np.zeros(len(distance), bool)
    away = np.array([time[index] - _from_neighbours(distance, time, index) for index in range(len(distance))])
    scatter = max(_NORMAL * float(np.median(np.abs(away))), _LEAST_SCATTER)
    return np.abs(away) > _OUTLYING * scatter


def _from_neighbours(distance: Floats, time: Floats, index: int) -> float:
    apart = distance - distance[index]
    nearest = np.argsort(np.abs(apart))
    nearest = nearest[nearest != index][:NEIGHBOURS]
    line = np.column_stack((np.ones(len(nearest)), apart[nearest] / max(float(np.abs(apart[nearest]).max()), 1e-9)))
    weight = np.ones(len(nearest))
    for _ in range(_ROUNDS):
        root = np.sqrt(weight)
        solved = np.linalg.lstsq(line * root[:, None], time[nearest] * root, rcond=None)[0]
        weight = 1 / np.maximum(np.abs(time[nearest] - line @ solved), 0.02)
    return float(solved[0])
