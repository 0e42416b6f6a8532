"""Square cells of equal area over a region."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue

Floats = NDArray[np.float64]

DEFAULT_SIZE = 25e3
"""Side of a cell, m."""
MOST_CELLS = 250_000


@dataclass(frozen=True)
class CellGrid:
    """Square cells in an equal-area projection of their region.

    Attributes:
        latitude, longitude: where the projection (Lambert azimuthal, equal area) is centred, degrees.
        west, south: lower left corner, m from the centre.
        size: side of a cell, m.
        shape: number of cells to the east and to the north.
    """

    latitude: float
    longitude: float
    west: float
    south: float
    size: float
    shape: tuple[int, int]

    @classmethod
    def around(cls, latitude: ArrayLike, longitude: ArrayLike, size: float = DEFAULT_SIZE) -> "CellGrid":
        """Return the smallest grid that holds places, or the corners of a box; also across the date line.

        Raises:
            QuakeViewError: if there is no place, or there would be too many cells.
        """
        degrees_north, degrees_east = np.asarray(latitude, np.float64), np.asarray(longitude, np.float64)
        if not degrees_north.size:
            raise QuakeViewError("There are no earthquakes to make cells around; choose another region or magnitude.")
        mean = np.angle(np.exp(1j * np.radians(degrees_east)).sum(), deg=True)
        east = (degrees_east - mean + 180) % 360 - 180
        centre_north = float(degrees_north.min() + degrees_north.max()) / 2
        centre_east = (float(mean + (east.min() + east.max()) / 2) + 180) % 360 - 180
        x, y = _projected(centre_north, centre_east, degrees_north, degrees_east)
        counts = np.array([np.ptp(x), np.ptp(y)]) // size + 1
        if counts.prod() > MOST_CELLS:
            raise QuakeViewError(
                f"Cells of {size / 1e3:g} km would be {counts.prod():,.0f} in number, and {MOST_CELLS:,} is the most; "
                "choose larger cells or a smaller region."
            )
        west, south = ((each.min() + each.max() - count * size) / 2 for each, count in zip((x, y), counts, strict=True))
        return cls(centre_north, centre_east, float(west), float(south), size, (int(counts[0]), int(counts[1])))

    @property
    def number(self) -> int:
        """How many cells there are."""
        return self.shape[0] * self.shape[1]

    @property
    def area(self) -> float:
        """Of a cell, m²."""
        return self.size**2

    def project(self, latitude: ArrayLike, longitude: ArrayLike) -> tuple[Floats, Floats]:
        """Return metres to the east and to the north of the centre."""
        return _projected(self.latitude, self.longitude, latitude, longitude)

    def cells(self, catalogue: Catalogue) -> NDArray[np.int64]:
        """Return the number of the cell of each earthquake, row-major over ``shape``; -1 outside the grid."""
        return self.cells_at(*self.project(catalogue.latitude, catalogue.longitude))

    def cells_at(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """Return the number of the cell of places in metres from the centre; -1 outside the grid."""
        column = np.floor((x - self.west) / self.size).astype(np.int64)
        row = np.floor((y - self.south) / self.size).astype(np.int64)
        inside = (column >= 0) & (column < self.shape[0]) & (row >= 0) & (row < self.shape[1])
        return np.where(inside, column * self.shape[1] + row, -1)

    @cached_property
    def centres(self) -> tuple[Floats, Floats]:
        """Middle of each cell, (cells,) m to the east and to the north of the centre."""
        x = self.west + self.size * (np.arange(self.shape[0]) + 0.5)
        y = self.south + self.size * (np.arange(self.shape[1]) + 0.5)
        east, north = np.meshgrid(x, y, indexing="ij")
        return east.ravel(), north.ravel()

    def geographic(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Return latitudes and longitudes of places in metres from the centre."""
        longitude, latitude = _projection(self.latitude, self.longitude).transform(x, y, direction="INVERSE")
        return np.asarray(latitude), np.asarray(longitude)


def _projected(
    centre_north: float, centre_east: float, latitude: ArrayLike, longitude: ArrayLike
) -> tuple[Floats, Floats]:
    x, y = _projection(centre_north, centre_east).transform(np.asarray(longitude), np.asarray(latitude))
    return np.asarray(x, np.float64), np.asarray(y, np.float64)


@lru_cache(maxsize=16)
def _projection(latitude: float, longitude: float) -> Transformer:
    return Transformer.from_crs(
        "EPSG:4326", f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m", always_xy=True
    )
