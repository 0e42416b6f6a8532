"""What a map of the region shows under the data: shorelines, faults, cities, station sites."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.paths import resources_dir
from quakeview.simulation.region import HAYWARD, Region

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Fault:
    """The surface trace of a fault, simplified. ``points`` (n, 2) local X, Y, m."""

    name: str
    points: Points


@dataclass(frozen=True)
class City:
    """``x``, ``y`` in local metres. ``population_rank`` is 1 for the largest; smaller maps show only low ranks."""

    name: str
    x: float
    y: float
    population_rank: int


@dataclass(frozen=True)
class Station:
    """A site for virtual seismograms. ``x``, ``y`` in local metres. No instrument stands there."""

    code: str
    x: float
    y: float


@dataclass(frozen=True)
class Geography:
    """In the axes of a map, m. Lines may leave the map; cities and stations are inside it.

    Attributes:
        coastlines: shorelines, (n, 2) each.
        faults: simplified traces.
        land, lakes: closed areas; empty where only lines are known.
        borders, provinces: of countries and of their parts.
    """

    coastlines: tuple[Points, ...]
    faults: tuple[Fault, ...]
    cities: tuple[City, ...]
    stations: tuple[Station, ...]
    land: tuple[Points, ...] = ()
    lakes: tuple[Points, ...] = ()
    borders: tuple[Points, ...] = ()
    provinces: tuple[Points, ...] = ()


@cache
def geography(region: Region = HAYWARD) -> Geography:
    """The San Francisco Bay of ``resources/geography``, in the axes of ``region``. Sources and licences: the README.

    Raises:
        QuakeViewError: if the resources are missing or damaged.
    """

    def local(points: list[list[float]]) -> Points:
        return np.column_stack(region.to_local(*np.array(points, dtype=float).T))

    try:
        coastlines = tuple(local(points) for points in _read("coastline.json"))
        faults = tuple(Fault(fault["name"], local(fault["points"])) for fault in _read("faults.json"))
        cities = [(city, *_place(region, city)) for city in _read("cities.json")]
        stations = [(station, *_place(region, station)) for station in _read("stations.json")]
        return Geography(
            coastlines,
            faults,
            tuple(City(city["name"], x, y, city["rank"]) for city, x, y in cities if region.contains(x, y)),
            tuple(Station(station["code"], x, y) for station, x, y in stations if region.contains(x, y)),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuakeViewError("The maps that come with QuakeView are damaged; install QuakeView again.") from error


def _read(name: str) -> Any:
    return json.loads((resources_dir() / "geography" / name).read_text(encoding="utf-8"))


def _place(region: Region, site: dict[str, Any]) -> tuple[float, float]:
    x, y = region.to_local(site["longitude"], site["latitude"])
    return float(x), float(y)
