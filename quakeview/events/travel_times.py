"""When the first P and S arrive from any depth and distance, in flat layers.

The first arrival is the direct ray or one of the head waves; both are exact for the model (Aki & Richards 2002,
section 9.3). They are computed once on a grid of distance and depth, and interpolated.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from quakeview.events.velocity_models import Floats, P, S, VelocityModel
from quakeview.simulation.records.layered_earth import trace_rays

DEEPEST = 60_000.0
"""Depth to which earthquakes are looked for, m."""
FARTHEST = 1_000_000.0
"""Epicentral distance to which flat layers are used, m."""


@dataclass(frozen=True)
class TravelTimes:
    """Tables of first arrivals at sea level.

    Attributes:
        distances: (n,) metres, increasing.
        depths: (m,) metres below sea level, evenly spaced.
        time: of each phase, (m, n) s.
        vertical: of each phase, (m, n) vertical slowness in the uppermost layer, s/m.
        surface: of each phase, the slowness of the uppermost layer, s/m.
    """

    distances: Floats
    depths: Floats
    time: dict[str, Floats]
    vertical: dict[str, Floats]
    surface: dict[str, float]

    def first(self, phase: str, distance: Floats, depth: Floats | float, elevation: Floats | float = 0.0) -> Floats:
        """Travel times of the first P or S, s, linear between the nodes of the tables.

        The way from sea level to a station is that of a ray of the same slowness in the uppermost layer.

        Args:
            phase: ``"P"`` or ``"S"``.
            distance: (...) metres.
            depth: metres below sea level, of a shape that broadcasts to that of ``distance``.
            elevation: of the stations above sea level, metres; broadcasts too.
        """
        row = np.clip((depth - self.depths[0]) / (self.depths[1] - self.depths[0]), 0, len(self.depths) - 1.001)
        upper = np.floor(row).astype(np.intp)
        down = row - upper
        column = np.clip(np.searchsorted(self.distances, distance, side="right") - 1, 0, len(self.distances) - 2)
        along = (distance - self.distances[column]) / np.diff(self.distances)[column]
        corner = upper * len(self.distances) + column

        def between(table: Floats) -> Floats:
            values = table.ravel()
            above = values[corner] + along * (values[corner + 1] - values[corner])
            below = corner + len(self.distances)
            under = values[below] + along * (values[below + 1] - values[below])
            return above + down * (under - above)

        return between(self.time[phase]) + elevation * between(self.vertical[phase])


@lru_cache(maxsize=8)
def _cached(columns: tuple[tuple[float, ...], ...]) -> TravelTimes:
    tops, vp, vs = (np.array(column) for column in columns)
    distances = np.concatenate((np.arange(0, 60e3, 250), np.arange(60e3, 300e3, 1e3), np.arange(300e3, FARTHEST, 5e3)))
    depths = np.arange(0, DEEPEST + 1, 500.0)
    tables = {phase: _tables(tops, speed, distances, depths) for phase, speed in ((P, vp), (S, vs))}
    return TravelTimes(
        distances,
        depths,
        {phase: table[0] for phase, table in tables.items()},
        {
            phase: np.sqrt(np.maximum(1 / speed[0] ** 2 - tables[phase][1] ** 2, 0))
            for phase, speed in ((P, vp), (S, vs))
        },
        {P: 1 / vp[0], S: 1 / vs[0]},
    )


def travel_times(model: VelocityModel) -> TravelTimes:
    """The tables of a model; those of the last few models are kept."""
    return _cached(tuple(tuple(column.tolist()) for column in (model.tops, model.vp, model.vs)))


def _tables(tops: Floats, speed: Floats, distances: Floats, depths: Floats) -> tuple[Floats, Floats]:
    """Time and slowness of the first arrival, each (depths, distances)."""
    time = np.empty((len(depths), len(distances)))
    slowness = np.empty_like(time)
    for row, depth in enumerate(depths):
        time[row], slowness[row] = _first_arrival(tops, speed, distances, float(depth))
    return time, slowness


def _first_arrival(tops: Floats, speed: Floats, distances: Floats, depth: float) -> tuple[Floats, Floats]:
    """Time (n,) and slowness (n,) of the first of the direct ray and the head waves, to sea level."""
    bottoms = np.append(tops[1:], np.inf)
    tops = np.append(-np.inf, tops[1:])  # the first layer fills what lies above it
    above = np.clip(np.minimum(bottoms, depth) - np.maximum(tops, 0.0), 0.0, None)
    legs = np.broadcast_to(above, (len(distances), len(speed)))
    layer = int(np.searchsorted(bottoms, depth, side="left"))  # a source on an interface radiates along it
    if depth > 0:
        slowness, time = trace_rays(legs, 1 / speed, distances[:, None])
    else:
        slowness, time = np.full(len(distances), 1 / speed[layer]), distances / speed[layer]
    for refractor in range(layer + 1, len(speed)):
        p = 1 / speed[refractor]
        if speed[refractor] <= speed[:refractor].max():
            continue  # slower than what lies above: no ray runs along it
        down = np.clip(bottoms[:refractor] - np.maximum(tops[:refractor], depth), 0.0, None)
        vertical = np.sqrt(1 / speed[:refractor] ** 2 - p**2)
        lengths = above[:refractor] + 2 * down
        head = p * distances + lengths @ vertical
        earlier = (distances >= lengths @ (p / vertical)) & (head < time)
        time = np.where(earlier, head, time)
        slowness = np.where(earlier, p, slowness)
    return time, slowness
