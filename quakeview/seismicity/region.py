"""A part of the Earth's surface: a box, or a polygon."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.texts import counted, geographic, latitude_text, longitude_text

Floats = NDArray[np.float64]

_WIDEST_EDGE = 90.0
"""Degrees of longitude: a longer edge of a box has corners between, so that it is clear which way round it goes."""
_NUMBER = re.compile(r"[-+−]?\d+(?:\.\d*)?")


@dataclass(frozen=True)
class Region:
    """What lies inside corners that are joined by straight lines of latitude and longitude; also across the date line.

    Attributes:
        corners: (latitude, longitude), degrees, in order; no edge is longer than 180 degrees of longitude.

    Raises:
        QuakeViewError: if it has fewer than three corners or no area, or a corner is not on Earth.
    """

    corners: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.corners) < 3:
            raise QuakeViewError(
                f"A region has at least three corners, and this one has {counted(len(self.corners), 'corner')}."
            )
        table = np.array(self.corners, np.float64)
        if not np.isfinite(table).all() or np.abs(table[:, 0]).max() > 90:
            raise QuakeViewError("Corners of a region have latitudes from −90 to 90 degrees, and longitudes.")
        if not self.area_in_degrees > 0:
            raise QuakeViewError("The region is empty: its corners lie on one line; choose corners around an area.")

    @classmethod
    def box(cls, south: float, west: float, north: float, east: float) -> "Region":
        """Return what lies between two latitudes and two longitudes; from ``west`` eastwards, also across 180 degrees.

        Raises:
            QuakeViewError: if ``north`` is not above ``south``.
        """
        if not north > south:
            raise QuakeViewError(f"The north of a box ({north:g}) is above its south ({south:g}); exchange the two.")
        width = (east - west) % 360 or 360.0
        pieces = int(np.ceil(width / _WIDEST_EDGE))
        longitudes = [west + width * piece / pieces for piece in range(pieces + 1)]
        below = [(float(south), float(_within(each))) for each in longitudes]
        above = [(float(north), float(_within(each))) for each in longitudes[::-1]]
        return cls((*below, *above))

    @classmethod
    def parse(cls, text: str) -> "Region":
        """Return the region that a person typed: four numbers are the south, west, north and east of a box, six and
        more are corners, each its latitude and its longitude.

        Raises:
            QuakeViewError: if it is neither.
        """
        numbers = [float(each.replace("−", "-")) for each in _NUMBER.findall(text)]
        if len(numbers) == 4:
            return cls.box(*numbers)
        if len(numbers) < 6 or len(numbers) % 2:
            raise QuakeViewError(
                "A region is typed as the south, west, north and east of a box (30 128 46 150), or as latitude and "
                f"longitude of three corners and more; {counted(len(numbers), 'number was', 'numbers were')} found."
            )
        return cls(tuple(zip(numbers[::2], numbers[1::2], strict=True)))

    def __str__(self) -> str:
        """Return ``30.0° N to 46.0° N, 128.0° E to 150.0° E``, or how many corners there are around which place."""
        south, west, north, east = self.bounds
        if self._is_box:
            return (
                f"{latitude_text(south, 1)} to {latitude_text(north, 1)}, "
                f"{longitude_text(west, 1)} to {longitude_text(east, 1)}"
            )
        middle = geographic((west + east) / 2, (south + north) / 2, 1)
        return f"{counted(len(self.corners), 'corner')} around {middle}"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north and east, degrees; across the date line ``east`` is above 180."""
        latitude, longitude = self._unwound
        return float(latitude.min()), float(longitude.min()), float(latitude.max()), float(longitude.max())

    @property
    def area_in_degrees(self) -> float:
        """In square degrees: for telling whether it has one."""
        latitude, longitude = self._unwound
        turned = longitude * np.roll(latitude, -1) - np.roll(longitude, -1) * latitude
        return abs(float(turned.sum())) / 2

    def contains(self, latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.bool_]:
        """Return which of places, degrees, are inside (by the number of edges to the east of each)."""
        north, east = np.asarray(latitude, np.float64), np.asarray(longitude, np.float64)
        corner_north, corner_east = self._unwound
        west = corner_east.min()
        east = (east - west) % 360 + west
        inside = np.zeros(np.broadcast(north, east).shape, bool)
        edges = zip(corner_north, corner_east, np.roll(corner_north, -1), np.roll(corner_east, -1), strict=True)
        for from_north, from_east, to_north, to_east in edges:
            if from_north == to_north:
                continue
            crosses = (from_north > north) != (to_north > north)
            at = from_east + (north - from_north) / (to_north - from_north) * (to_east - from_east)
            inside ^= crosses & (east < at)
        return inside

    @cached_property
    def _unwound(self) -> tuple[Floats, Floats]:
        """Latitudes and longitudes of the corners, the latter without jumps."""
        latitude, longitude = np.array(self.corners, np.float64).T
        return latitude, np.unwrap(longitude, period=360)

    @property
    def _is_box(self) -> bool:
        south, west, north, east = self.bounds
        on_edge = ((lat in (south, north)) or (lon in (west, east)) for lat, lon in zip(*self._unwound, strict=True))
        full = (north - south) * (east - west)
        return all(on_edge) and abs(self.area_in_degrees - full) < 1e-9 * max(full, 1.0)


def _within(longitude: float) -> float:
    """From -180 to 180 degrees."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
