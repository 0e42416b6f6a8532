"""When P and S arrive from any depth and distance, in flat layers: the first, and those through crust or mantle.

The first arrival is the direct ray or one of the head waves; both are exact for the model (Aki & Richards 2002,
section 9.3). Pg and Sg are the first that stay in the crust, Pn and Sn the first that reach the mantle, as the IASPEI
names phases (Storchak et al. 2003). They are computed once on a grid of distance and depth, and interpolated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quakeview.events.velocity_models import Floats, P, S, VelocityModel
from quakeview.simulation.records.layered_earth import trace_rays

DEEPEST = 60_000.0
"""Depth to which earthquakes are looked for, m."""
FARTHEST = 1_000_000.0
"""Epicentral distance to which flat layers are used, m."""


@dataclass(frozen=True)
class TravelTimes:
    """Tables of arrivals at sea level, of ``P``, ``Pg``, ``Pn``, ``S``, ``Sg`` and ``Sn``.

    ``P`` and ``S`` are the first of all. ``Pn`` and ``Sn`` are there if the model has a mantle. Nearer than the
    critical distance, where there is none, their times go on along a straight line, so that a search finds its way;
    from a source in the mantle all are the direct ray.

    Attributes:
        distances: (n,) metres, increasing.
        depths: (m,) metres below sea level, evenly spaced.
        time: of each phase, (m, n) s.
        vertical: of each phase, (m, n) vertical slowness in the uppermost layer, s/m.
        surface: of each phase, the slowness of the uppermost layer, s/m.
        takeoff: of each phase, (m, n) angle at the source between the ray and the downward vertical, degrees.
    """

    distances: Floats
    depths: Floats
    time: dict[str, Floats]
    vertical: dict[str, Floats]
    surface: dict[str, float]
    takeoff: dict[str, Floats]

    def first(self, phase: str, distance: Floats, depth: Floats | float, elevation: Floats | float = 0.0) -> Floats:
        """Travel times of the first arrival of a phase, s, linear between the nodes of the tables.

        The way from sea level to a station is that of a ray of the same slowness in the uppermost layer.

        Args:
            phase: one of those in ``time``.
            distance: (...) metres.
            depth: metres below sea level, of a shape that broadcasts to that of ``distance``.
            elevation: of the stations above sea level, metres; broadcasts too.
        """
        time, vertical = self._between((self.time[phase], self.vertical[phase]), distance, depth)
        return time + elevation * vertical

    def leaving(self, phase: str, distance: Floats, depth: Floats | float, elevation: Floats | float = 0.0) -> Floats:
        """Take-off angles of the first arrival of a phase, degrees from the downward vertical: 180 is straight up.

        The layers are taken as much higher as the station is, which is exact in the uppermost one.

        Args:
            phase: one of those in ``takeoff``.
            distance: (...) metres.
            depth: metres below sea level, of a shape that broadcasts to that of ``distance``.
            elevation: of the stations above sea level, metres; broadcasts too.
        """
        return self._between((self.takeoff[phase],), distance, depth + elevation)[0]

    def _between(self, tables: Sequence[Floats], distance: Floats, depth: Floats | float) -> list[Floats]:
        """Tables at distances and depths, linear between their nodes."""
        row = np.clip((depth - self.depths[0]) / (self.depths[1] - self.depths[0]), 0, len(self.depths) - 1.001)
        upper = np.floor(row).astype(np.intp)
        down = row - upper
        column = np.clip(np.searchsorted(self.distances, distance, side="right") - 1, 0, len(self.distances) - 2)
        along = (distance - self.distances[column]) / np.diff(self.distances)[column]
        corner = upper * len(self.distances) + column

        def value(table: Floats) -> Floats:
            values = table.ravel()
            above = values[corner] + along * (values[corner + 1] - values[corner])
            below = corner + len(self.distances)
            under = values[below] + along * (values[below + 1] - values[below])
            return above + down * (under - above)

        return [value(table) for table in tables]


@lru_cache(maxsize=8)
def _cached(columns: tuple[tuple[float, ...], ...], mantle: int) -> TravelTimes:
    tops, vp, vs = (np.array(column) for column in columns)
    distances = np.concatenate((np.arange(0, 60e3, 250), np.arange(60e3, 300e3, 1e3), np.arange(300e3, FARTHEST, 5e3)))
    depths = np.arange(0, DEEPEST + 1, 500.0)
    time, vertical, surface, takeoff = dict[str, Floats](), dict[str, Floats](), dict[str, float](), dict[str, Floats]()
    for wave, speed in ((P, vp), (S, vs)):
        for way, (times, slowness, angle) in _tables(tops, speed, distances, depths, mantle).items():
            time[wave + way] = times
            vertical[wave + way] = np.sqrt(np.maximum(1 / speed[0] ** 2 - slowness**2, 0))
            surface[wave + way] = 1 / speed[0]
            takeoff[wave + way] = angle
    return TravelTimes(distances, depths, time, vertical, surface, takeoff)


def travel_times(model: VelocityModel) -> TravelTimes:
    """The tables of a model; those of the last few models are kept."""
    return _cached(tuple(tuple(column.tolist()) for column in (model.tops, model.vp, model.vs)), model.mantle)


_Arrival = tuple[Floats, Floats, Floats]
"""Time, s, slowness, s/m, and take-off angle, degrees: direct rays leave upwards, head waves downwards."""
_FIRST, _CRUST, _MANTLE = "", "g", "n"
"""Ways of a wave, as they are added to its letter: any, through the crust, through the mantle."""


def _tables(tops: Floats, speed: Floats, distances: Floats, depths: Floats, mantle: int) -> dict[str, _Arrival]:
    """Of each way, each array (depths, distances)."""
    rows = [_arrivals(tops, speed, distances, float(depth), mantle) for depth in depths]
    columns = {way: zip(*(row[way] for row in rows), strict=True) for way in rows[0]}
    return {way: tuple(np.stack(column) for column in each) for way, each in columns.items()}  # type: ignore[misc]


def _arrivals(tops: Floats, speed: Floats, distances: Floats, depth: float, mantle: int) -> dict[str, _Arrival]:
    """The first of the direct ray and the head waves, to sea level, of each way; arrays (n,)."""
    bottoms = np.append(tops[1:], np.inf)
    tops = np.append(-np.inf, tops[1:])  # the first layer fills what lies above it
    above = np.clip(np.minimum(bottoms, depth) - np.maximum(tops, 0.0), 0.0, None)
    legs = np.broadcast_to(above, (len(distances), len(speed)))
    layer = int(np.searchsorted(bottoms, depth, side="left"))  # a source on an interface radiates along it
    if depth > 0:
        slowness, time = trace_rays(legs, 1 / speed, distances[:, None])
    else:
        slowness, time = np.full(len(distances), 1 / speed[layer]), distances / speed[layer]
    steep = np.degrees(np.arcsin(np.minimum(slowness * speed[layer], 1.0)))
    direct = np.asarray(time), np.asarray(slowness), np.asarray(180 - steep)
    found = {_FIRST: direct, _CRUST: direct}
    if layer >= mantle:
        found[_MANTLE] = direct
    for refractor in range(layer + 1, len(speed)):
        p = 1 / speed[refractor]
        if speed[refractor] <= speed[:refractor].max():
            continue  # slower than what lies above: no ray runs along it
        down = np.clip(bottoms[:refractor] - np.maximum(tops[:refractor], depth), 0.0, None)
        vertical = np.sqrt(1 / speed[:refractor] ** 2 - p**2)
        lengths = above[:refractor] + 2 * down
        angle = np.degrees(np.arcsin(p * speed[layer]))
        head = p * distances + lengths @ vertical, np.full(len(distances), p), np.full(len(distances), angle)
        exists = distances >= lengths @ (p / vertical)
        way = _CRUST if refractor < mantle else _MANTLE
        found[_FIRST] = _earlier(found[_FIRST], head, exists)
        found[way] = _earlier(found[way], head, exists) if way in found else head
    if mantle < len(speed):
        found.setdefault(_MANTLE, found[_FIRST])  # S may be slower there than above
    return found


def _earlier(known: _Arrival, other: _Arrival, exists: NDArray[np.bool_]) -> _Arrival:
    """At each distance the earlier of two arrivals, the other where it ``exists``."""
    earlier = exists & (other[0] < known[0])
    time, slowness, takeoff = (np.where(earlier, new, old) for new, old in zip(other, known, strict=True))
    return time, slowness, takeoff
