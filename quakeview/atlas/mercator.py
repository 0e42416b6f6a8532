"""The projection of maps that may lie anywhere on Earth."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import Geod, Transformer

Floats = NDArray[np.float64]

HIGHEST = 85.0
"""Latitude beyond which nothing is drawn, degrees: the poles are infinitely far."""
ECCENTRICITY2 = 0.00669437999014
"""Of WGS 84, squared."""
STRAIGHT = 200_000.0
"""Lines up to this length, m, are as good as straight on the map."""


@dataclass(frozen=True)
class Mercator:
    """Conformal: shapes and directions are right everywhere, lengths are those of the equator.

    Attributes:
        centre: longitude in the middle of the map, degrees; the map is cut on the other side of the Earth.
    """

    centre: float = 0.0

    def to_map(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
        """x to the east and y to the north on the map, m. Longitudes far from the centre lie beside it; NaN stays."""
        latitude = np.clip(np.asarray(latitude, float), -HIGHEST, HIGHEST)
        x, y = self._projection.transform(np.asarray(longitude, float) - self.centre, latitude)
        known = np.isfinite(x) & np.isfinite(y)
        return np.where(known, x, np.nan), np.where(known, y, np.nan)

    def to_geographic(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Longitudes, which may be above 180 or below -180, and latitudes, degrees."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        longitude, latitude = self._projection.transform(x, y, direction="INVERSE")
        return np.asarray(longitude) + self.centre, np.asarray(latitude)

    def near(self, longitude: ArrayLike) -> Floats:
        """The same longitudes within 180 degrees of the centre."""
        return (np.asarray(longitude, float) - self.centre + 180) % 360 - 180 + self.centre

    def enlargement(self, latitude: ArrayLike) -> Floats:
        """How many metres of the map are one on the ground (Snyder 1987, equation 7-8)."""
        angle = np.radians(np.clip(np.asarray(latitude, float), -HIGHEST, HIGHEST))
        return np.sqrt(1 - ECCENTRICITY2 * np.sin(angle) ** 2) / np.cos(angle)

    def ellipse(
        self, longitude: float, latitude: float, major: float, minor: float, azimuth: float, points: int = 73
    ) -> Floats:
        """(points, 2) of a closed line on the map around a point; semi-axes in m, azimuth of the major one, degrees."""
        angle, turned = np.linspace(0, 2 * np.pi, points), np.radians(azimuth)
        along, across = major * np.cos(angle), minor * np.sin(angle)
        east = along * np.sin(turned) + across * np.cos(turned)
        north = along * np.cos(turned) - across * np.sin(turned)
        x, y = self.to_map(longitude, latitude)
        return np.column_stack((x, y)) + self.enlargement(latitude) * np.column_stack((east, north))

    def shortest_way(self, start: tuple[float, float], end: tuple[float, float]) -> Floats:
        """(n, 2) of the line on the map that is the shortest on the ground between two (longitude, latitude)."""
        azimuth, _, length = self._ellipsoid.inv(*start, *end)
        if not length > STRAIGHT:
            return np.column_stack(self.to_map([start[0], end[0]], [start[1], end[1]]))
        along = np.linspace(0, length, 2 + int(length / STRAIGHT))
        same = np.ones_like(along)
        longitude, latitude, _ = self._ellipsoid.fwd(start[0] * same, start[1] * same, azimuth * same, along)
        x, y = self.to_map(longitude, latitude)
        torn = np.abs(np.diff(x)) > 1e7  # where it crosses the cut of the map
        x[1:][torn] = np.nan
        return np.column_stack((x, y))

    @cached_property
    def _projection(self) -> "Transformer":
        from pyproj import Transformer

        return Transformer.from_pipeline(
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=merc +over"
        )

    @cached_property
    def _ellipsoid(self) -> "Geod":
        from pyproj import Geod

        return Geod(ellps="WGS84")


def middle_longitude(longitudes: ArrayLike) -> float:
    """The middle of the shortest arc that holds all longitudes, degrees; 0 where there are none."""
    sorted_ = np.unique(np.asarray(longitudes, float) % 360)
    if not sorted_.size:
        return 0.0
    gaps = np.diff(np.append(sorted_, sorted_[0] + 360))
    widest = int(gaps.argmax())
    middle = sorted_[widest] + gaps[widest] + (360 - gaps[widest]) / 2
    return float((middle + 180) % 360 - 180)
