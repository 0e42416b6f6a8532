"""Land, lakes, borders and cities of the whole Earth, cut out for a map and as fine as it needs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.geography import City, Fault, Geography, Points
from quakeview.paths import resources_dir

SMALLEST = {"land": 2.0, "lakes": 6.0, "borders": 1.0, "provinces": 30.0}
"""What is kept of which layer: at least so large, in units of the finest detail."""
LAYERS = tuple(SMALLEST)
UNIT = 0.001
"""Degrees; coordinates are stored as whole numbers of it."""
_STEPS = 4
"""Levels of importance in a factor of two."""


def level(tolerance: ArrayLike) -> NDArray[np.uint8]:
    """How important points are that simplification keeps up to a tolerance in degrees, as a whole number."""
    with np.errstate(divide="ignore"):
        return np.clip(np.floor(_STEPS * np.log2(np.asarray(tolerance) / UNIT)), 0, 255).astype(np.uint8)


class Box(NamedTuple):
    """Degrees; ``west`` may be below -180 and ``east`` above 180."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Lines:
    """Many lines as flat arrays.

    Attributes:
        points: (n, 2) longitude and latitude in units of ``UNIT``.
        levels: (n,) importance of each point.
        starts: (k,) where each line begins.
    """

    points: NDArray[np.int32]
    levels: NDArray[np.uint8]
    starts: NDArray[np.int32]

    @classmethod
    def of(cls, lines: Sequence[NDArray[np.int32]], levels: Sequence[NDArray[np.uint8]]) -> Self:
        lengths = [len(line) for line in lines]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32)
        return cls(np.concatenate(lines), np.concatenate(levels), starts)

    def arrays(self, layer: str) -> dict[str, NDArray[np.integer]]:
        """What a file holds of them: steps from point to point are small numbers."""
        steps = np.diff(self.points, axis=0, prepend=self.points[:1])
        steps[self.starts] = 0
        return {
            f"{layer}_steps": steps.astype(np.int16 if np.abs(steps).max() < 2**15 else np.int32),
            f"{layer}_origins": self.points[self.starts],
            f"{layer}_level": self.levels,
            f"{layer}_starts": self.starts,
        }

    @classmethod
    def read(cls, file: Mapping[str, NDArray[Any]], layer: str) -> Self:
        starts, steps = file[f"{layer}_starts"], file[f"{layer}_steps"]
        walked = np.cumsum(steps, axis=0, dtype=np.int32)
        lengths = np.diff(np.append(starts, len(steps)))
        points = walked + np.repeat(file[f"{layer}_origins"] - walked[starts], lengths, axis=0)
        return cls(points, file[f"{layer}_level"], starts)

    @cached_property
    def extents(self) -> tuple[Points, Points]:
        """(k, 2) each: south-western and north-eastern corner of every line, degrees."""
        return (
            np.minimum.reduceat(self.points, self.starts) * UNIT,
            np.maximum.reduceat(self.points, self.starts) * UNIT,
        )

    def within(self, box: Box, tolerance: float, smallest: float) -> Iterator[Points]:
        """Lines (n, 2) in degrees that reach into a box, simplified, without small ones; points may be outside."""
        lowest, highest = self.extents
        reaches = (lowest <= [box.east, box.north]).all(1) & (highest >= [box.west, box.south]).all(1)
        reaches &= (highest - lowest).max(1) >= smallest
        stops = np.append(self.starts[1:], len(self.points))
        least = int(level(tolerance))
        for start, stop in zip(self.starts[reaches].tolist(), stops[reaches].tolist(), strict=True):
            kept = self.levels[start:stop] >= least
            yield np.asarray(self.points[start:stop][kept] * UNIT, float)


def clipped(ring: Points, box: Box) -> Points:
    """The part of a closed area (n, 2) in a box, after Sutherland & Hodgman (1974); it may be empty."""
    sides = ((0, 1, box.west), (0, -1, -box.east), (1, 1, box.south), (1, -1, -box.north))
    for axis, sign, limit in sides:
        inside = sign * ring[:, axis] - limit
        if inside.min() >= 0:
            continue
        following = np.roll(inside, -1)
        crosses = (inside >= 0) != (following >= 0)
        part = np.divide(inside, inside - following, out=np.zeros_like(inside), where=crosses)
        crossing = ring + part[:, None] * (np.roll(ring, -1, axis=0) - ring)
        ring = np.stack((ring, crossing), axis=1)[np.column_stack((inside >= 0, crosses))]
        if not len(ring):
            break
    return ring


def shores(ring: Points, box: Box) -> list[Points]:
    """The pieces of a shoreline near a box, without the seams where Natural Earth cuts the land: 180° and the pole."""
    near: NDArray[np.bool_] = np.all((ring >= [box.west, box.south]) & (ring <= [box.east, box.north]), axis=1)
    seam = (np.abs(ring[:, 0] % 360 - 180) < UNIT) | (ring[:, 1] < -89.5)
    drawn = np.logical_or(near[:-1], near[1:]) & ~np.logical_and(seam[:-1], seam[1:])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], drawn, [0]])))
    return [ring[start : stop + 1] for start, stop in edges.reshape(-1, 2).tolist()]


class Projection(Protocol):
    """From longitudes and latitudes, degrees, to metres on a map."""

    def to_map(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Points, Points]:
        """Return x to the right and y upwards, m."""


def world_geography(projection: Projection, box: Box, tolerance: float) -> Geography:
    """What a map shows of a box, in metres of the map.

    Args:
        projection: of the map.
        box: lines may leave it.
        tolerance: detail that is too small to be seen, degrees.

    Raises:
        QuakeViewError: if the resources are missing or damaged.
    """

    def mapped(lines: Iterable[Points]) -> tuple[Points, ...]:
        lines = [line for line in lines if len(line) > 1]
        if not lines:
            return ()
        together = np.column_stack(projection.to_map(*np.concatenate(lines).T))
        return tuple(np.split(together, np.cumsum([len(line) for line in lines])[:-1]))

    try:
        layers, cities, faults = _layers(), _cities(), _faults()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuakeViewError("The maps that come with QuakeView are damaged; install QuakeView again.") from error
    near = {name: list(_around(layers[name], box, tolerance, SMALLEST[name] * tolerance)) for name in LAYERS}
    return Geography(
        coastlines=mapped(shore for ring in near["land"] + near["lakes"] for shore in shores(ring, box)),
        faults=tuple(Fault(name, np.column_stack(projection.to_map(*line.T))) for name, line in faults),
        cities=_placed(cities, projection, box),
        stations=(),
        land=mapped(clipped(ring, box) for ring in near["land"]),
        lakes=mapped(clipped(ring, box) for ring in near["lakes"]),
        borders=mapped(near["borders"]),
        provinces=mapped(near["provinces"]),
    )


def _around(lines: Lines, box: Box, tolerance: float, smallest: float) -> Iterator[Points]:
    """Lines in a box that may lie across 180 degrees."""
    for turn in (-360.0, 0.0, 360.0):
        turned = Box(box.west - turn, box.south, box.east - turn, box.north)
        for line in lines.within(turned, tolerance, smallest):
            yield line + np.array([turn, 0.0])


def _placed(cities: Sequence[tuple[str, float, float, int]], projection: Projection, box: Box) -> tuple[City, ...]:
    shown = []
    for name, longitude, latitude, rank in cities:
        longitude = box.west + (longitude - box.west) % 360
        if longitude <= box.east and box.south <= latitude <= box.north:
            x, y = projection.to_map(longitude, latitude)
            shown.append(City(name, float(x), float(y), rank))
    return tuple(shown)


@cache
def _layers() -> dict[str, Lines]:
    with np.load(resources_dir() / "geography" / "world.npz") as file:
        return {layer: Lines.read(file, layer) for layer in LAYERS}


@cache
def _cities() -> tuple[tuple[str, float, float, int], ...]:
    """Name, longitude, latitude and rank: those of the whole Earth before those of single regions."""
    known = [(each["name"], each["longitude"], each["latitude"], 1) for each in _json("places.json")]
    of_earth = {(name, round(longitude), round(latitude)) for name, longitude, latitude, _ in known}
    for each in _json("cities.json"):
        if (each["name"], round(each["longitude"]), round(each["latitude"])) not in of_earth:
            known.append((each["name"], each["longitude"], each["latitude"], 1 + each["rank"]))
    return tuple(known)


@cache
def _faults() -> tuple[tuple[str, Points], ...]:
    return tuple((each["name"], np.array(each["points"], float)) for each in _json("faults.json"))


def _json(name: str) -> list[dict[str, Any]]:
    return json.loads((resources_dir() / "geography" / name).read_text(encoding="utf-8"))
