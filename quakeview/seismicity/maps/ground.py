"""What lies under a forecast: shorelines, cities, a net of latitudes and longitudes, in the projection of the cells."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.atlas.world import Box, world_geography
from quakeview.geography import Geography
from quakeview.scales import round_ticks
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.maps.degrees import extent
from quakeview.texts import latitude_text, longitude_text

Floats = NDArray[np.float64]

_PIXELS = 1000
"""Of a map's width, for how much detail is drawn."""
_METRES_PER_DEGREE = 111e3
_LINES = 6
_POINTS = 60


@dataclass(frozen=True)
class GridProjection:
    """The projection of a grid, as maps take it."""

    grid: CellGrid

    def to_map(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
        """Return metres to the east and to the north of the grid's centre."""
        return self.grid.project(latitude, longitude)


@dataclass(frozen=True)
class Meridian:
    """A line of equal longitude or latitude, (n, 2) m from the grid's centre, and what is written at its end."""

    text: str
    points: Floats


@dataclass(frozen=True)
class Net:
    """Lines of round longitudes, from south to north, and of round latitudes, from west to east."""

    longitudes: tuple[Meridian, ...]
    latitudes: tuple[Meridian, ...]


def ground(grid: CellGrid) -> Geography:
    """Return shorelines and cities; no areas, which would hide the forecast.

    Raises:
        QuakeViewError: if the resources are missing or damaged.
    """
    width = grid.size * max(grid.shape)
    everything = world_geography(GridProjection(grid), Box(*extent(grid)), width / _PIXELS / _METRES_PER_DEGREE)
    return replace(everything, land=(), lakes=(), borders=(), provinces=(), faults=())


def net(grid: CellGrid) -> Net:
    """Return the lines of round degrees over a grid."""
    west, south, east, north = extent(grid)
    longitudes, latitudes = (round_ticks(low, high, _LINES) for low, high in ((west, east), (south, north)))
    up, along = np.linspace(south, north, _POINTS), np.linspace(west, east, _POINTS)

    def line(longitude: ArrayLike, latitude: ArrayLike) -> Floats:
        return np.column_stack(grid.project(*np.broadcast_arrays(np.asarray(latitude), np.asarray(longitude))))

    return Net(
        tuple(Meridian(longitude_text(each, _digits(each)), line(each, up)) for each in longitudes),
        tuple(Meridian(latitude_text(each, _digits(each)), line(along, each)) for each in latitudes),
    )


def _digits(degrees: float) -> int:
    return next(digits for digits in range(4) if abs(degrees - round(degrees, digits)) < 1e-6 or digits == 3)
