"""Where the epicentre lies, as far as one station can tell: a sector of the ring at its distance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.single_station.estimates import Estimate
from quakeview.stations.coordinates import Coordinates

_STEP = 2.0
"""Degrees between the corners of an arc."""


@dataclass(frozen=True, eq=False)
class Region:
    """Lines on the ground.

    Attributes:
        outline: closed lines, each (n, 2) of longitude and latitude in degrees; what is inside an odd number of them is
            inside the region.
        middle: (longitude, latitude) of the likeliest epicentre; None of a ring, which has none.
    """

    outline: tuple[NDArray[np.float64], ...]
    middle: tuple[float, float] | None


def epicentre_region(place: Coordinates, distance: Estimate, back_azimuth: Estimate | None) -> Region:
    """The region of a distance and a back-azimuth with their uncertainties; without the latter a ring.

    If the two errors have nothing to do with each other, it holds the epicentre in .68 times .68, that is 46 % of the
    cases.
    """
    off = distance.uncertainty or 0.0
    near, far = max(distance.value - off, 0.0), distance.value + off
    width = 180.0 if back_azimuth is None else min(back_azimuth.uncertainty or 180.0, 180.0)
    middle_azimuth = 0.0 if back_azimuth is None else back_azimuth.value
    azimuths = middle_azimuth + np.linspace(-width, width, max(int(2 * width / _STEP), 2) + 1)
    outer, inner = _at(place, azimuths, far), _at(place, azimuths, near)
    if width >= 180.0:
        outline = (outer, inner) if near > 0 else (outer,)
    else:
        outline = (np.vstack([outer, inner[::-1], outer[:1]]),)
    if back_azimuth is None:
        return Region(outline, None)
    longitude, latitude = _at(place, np.array([middle_azimuth]), distance.value)[0].tolist()
    return Region(outline, (longitude, latitude))


def _at(place: Coordinates, azimuths: NDArray[np.float64], distance: float) -> NDArray[np.float64]:
    """(n, 2) longitude and latitude of points at (n,) azimuths and a distance, m, on WGS 84."""
    from pyproj import Geod

    n = len(azimuths)
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(
        np.full(n, place.longitude), np.full(n, place.latitude), azimuths, np.full(n, distance)
    )
    return np.column_stack([longitude, latitude])
