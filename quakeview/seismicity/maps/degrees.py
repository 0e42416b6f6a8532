"""A forecast on cells of equal degrees, as files of other programs have them, without losing an earthquake."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from quakeview.errors import QuakeViewError
from quakeview.seismicity.grid import CellGrid

Floats = NDArray[np.float64]

STEP = 0.1
"""Degrees, the side of a cell in most experiments of CSEP."""
MOST_CELLS = 2_000_000
_POINTS = 4
"""Along each side of a cell of degrees, where it is asked which cell of the grid is there."""
_TOGETHER = 64
"""Rows that are computed at once."""


@dataclass(frozen=True)
class DegreeCells:
    """Numbers on a rectangle of cells of equal degrees.

    Attributes:
        west, south: of the south-western corner, degrees, multiples of ``step``; the east may be beyond 180.
        step: side of a cell, degrees.
        expected: (rows from south to north, columns from west to east) earthquakes; NaN outside the grid.
    """

    west: float
    south: float
    step: float
    expected: Floats

    def corners(self) -> tuple[Floats, Floats, Floats]:
        """Return the western and the southern edge of each cell inside the grid, -180 to 180 degrees, and its number.

        Cells follow one another from south to north, and in a row from west to east.
        """
        rows, columns = np.nonzero(np.isfinite(self.expected))
        west = np.round(self.west + self.step * columns, 9)
        return (
            np.round((west + 180) % 360 - 180, 9),
            np.round(self.south + self.step * rows, 9),
            self.expected[rows, columns],
        )


def extent(grid: CellGrid) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a grid, degrees; west < east, beyond 180 across the date line."""
    along = np.linspace(0, 1, 201)
    x, y = grid.west + grid.size * grid.shape[0] * along, grid.south + grid.size * grid.shape[1] * along
    ends = np.array([(x[0], y[0]), (x[-1], y[-1])])
    edge_x = np.concatenate((x, x, np.full(201, ends[0, 0]), np.full(201, ends[1, 0])))
    edge_y = np.concatenate((np.full(201, ends[0, 1]), np.full(201, ends[1, 1]), y, y))
    latitude, longitude = grid.geographic(edge_x, edge_y)
    east = grid.longitude + (longitude - grid.longitude + 180) % 360 - 180
    return float(east.min()), float(latitude.min()), float(east.max()), float(latitude.max())


def to_degrees(grid: CellGrid, expected: NDArray[np.floating], step: float = STEP) -> DegreeCells:
    """Return the numbers of a forecast on cells of degrees; the sum over all cells stays the same.

    Args:
        expected: (cells,) earthquakes.
        step: side of the new cells, degrees.

    Raises:
        QuakeViewError: if there would be too many cells.
    """
    west, south, east, north = extent(grid)
    west, south = step * np.floor(west / step), step * np.floor(south / step)
    columns, rows = int(np.ceil((east - west) / step)), int(np.ceil((north - south) / step))
    if columns * rows > MOST_CELLS:
        raise QuakeViewError(
            f"Cells of {step:g} degrees would be {columns * rows:,} in number, and {MOST_CELLS:,} is the most; "
            "choose larger cells."
        )
    numbers = np.full((rows, columns), np.nan)
    longitudes = west + step * (np.arange(columns * _POINTS) + 0.5) / _POINTS
    for first in range(0, rows, _TOGETHER):
        count = min(_TOGETHER, rows - first)
        latitudes = south + step * (first + (np.arange(count * _POINTS) + 0.5) / _POINTS)
        densities = _density_at(grid, expected, latitudes, longitudes).reshape(count, _POINTS, columns, _POINTS)
        inside = np.isfinite(densities)
        means = np.where(inside, densities, 0.0).mean(axis=(1, 3))
        areas = _areas(south + step * (first + np.arange(count)), step)
        numbers[first : first + count] = np.where(inside.any(axis=(1, 3)), means * areas[:, None], np.nan)
    total = np.nansum(numbers)
    return DegreeCells(float(west), float(south), step, numbers * (expected.sum() / total if total > 0 else 1.0))


def _density_at(grid: CellGrid, expected: NDArray[np.floating], latitudes: Floats, longitudes: Floats) -> Floats:
    """(latitudes, longitudes) earthquakes per m²; NaN outside the grid."""
    east, north = np.meshgrid(longitudes, latitudes)
    x, y = grid.project(north, east)
    column, row = np.floor((x - grid.west) / grid.size), np.floor((y - grid.south) / grid.size)
    inside = (column >= 0) & (column < grid.shape[0]) & (row >= 0) & (row < grid.shape[1])
    cell = np.where(inside, column * grid.shape[1] + row, 0).astype(np.int64)
    return np.where(inside, expected[cell] / grid.area, np.nan)


def _areas(south: Floats, step: float) -> Floats:
    """(rows,) area of a cell on the ellipsoid, m²."""
    ellipsoid = Geod(ellps="WGS84")
    corners = np.array([0.0, step, step, 0.0])
    return np.array(
        [
            abs(ellipsoid.polygon_area_perimeter(corners, np.clip([at, at, at + step, at + step], -90, 90))[0])
            for at in south
        ]
    )
