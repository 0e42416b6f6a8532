"""A rectangle of the Earth with axes of its own."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Region:
    """Where waves are simulated. X runs along ``x_azimuth``, Y 90° to its left, depth downwards; all in metres.

    Attributes:
        longitude, latitude: of the corner X = Y = 0, degrees.
        x_azimuth: of the X axis in the projection, degrees clockwise from its north.
        length, width, depth: extents along X, Y and down, m.
        crs: the map projection in which X and Y are straight, as PROJ reads it.
    """

    name: str
    longitude: float
    latitude: float
    x_azimuth: float
    length: float
    width: float
    depth: float
    crs: str

    def to_geographic(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Longitudes and latitudes, degrees, of local coordinates in metres."""
        azimuth = np.radians(self.x_azimuth)
        x, y = np.asarray(x, float), np.asarray(y, float)
        east, north = self._corner
        east = east + x * np.sin(azimuth) - y * np.cos(azimuth)
        north = north + x * np.cos(azimuth) + y * np.sin(azimuth)
        longitude, latitude = self._projection.transform(east, north, direction="INVERSE")
        return longitude, latitude

    def to_local(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
        """Local X and Y, m, of geographic coordinates in degrees."""
        azimuth = np.radians(self.x_azimuth)
        east, north = self._projection.transform(np.asarray(longitude, float), np.asarray(latitude, float))
        east, north = east - self._corner[0], north - self._corner[1]
        x = east * np.sin(azimuth) + north * np.cos(azimuth)
        y = -east * np.cos(azimuth) + north * np.sin(azimuth)
        return x, y

    def contains(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.bool_]:
        """Whether points lie over the region."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        return (x >= 0) & (x <= self.length) & (y >= 0) & (y <= self.width)

    @cached_property
    def _projection(self) -> "Transformer":
        from pyproj import Transformer

        return Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    @cached_property
    def _corner(self) -> tuple[float, float]:
        return self._projection.transform(self.longitude, self.latitude)


HAYWARD = Region(
    name="San Francisco Bay",
    longitude=-122.8327,
    latitude=37.9080,
    x_azimuth=143.638,
    length=120_000.0,
    width=80_000.0,
    depth=30_000.0,
    crs="+proj=tmerc +lat_0=35 +lon_0=-123 +k=0.9996 +datum=NAD83 +units=m",
)
"""120 x 80 x 30 km around the Hayward fault; X is the azimuth of the fault and of the USGS model's axis."""
