"""First motions of P on the lower hemisphere, as focal mechanisms show them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def tensor_matrix(components: ArrayLike) -> Floats:
    """(3, 3) of Mxx, Myy, Mzz, Mxy, Mxz, Myz."""
    xx, yy, zz, xy, xz, yz = np.asarray(components, float)
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])


def lower_hemisphere(east: ArrayLike, north: ArrayLike, x_azimuth: float) -> Floats:
    """(..., 3): directions along X, Y and down at points of the equal-area projection, which has radius 1.

    NaN outside (Aki & Richards 2002, section 4.3: the distance from the centre is √2 sin(i/2) of the take-off angle i).
    """
    east, north = np.asarray(east, float), np.asarray(north, float)
    radius = np.hypot(east, north)
    takeoff = 2 * np.arcsin(np.where(radius <= 1, radius, np.nan) / np.sqrt(2))
    turn = np.arctan2(east, north) - np.radians(x_azimuth)
    return np.stack([np.sin(takeoff) * np.cos(turn), -np.sin(takeoff) * np.sin(turn), np.cos(takeoff)], axis=-1)


def projected(direction: ArrayLike, x_azimuth: float) -> tuple[float, float]:
    """East and north in the projection of a direction along X, Y and down; upward ones are turned round."""
    x, y, down = np.asarray(direction, float) / np.linalg.norm(direction)
    if down < 0:
        x, y, down = -x, -y, -down
    azimuth = np.radians(x_azimuth) + np.arctan2(-y, x)
    radius = np.sqrt(2) * np.sin(np.arccos(min(down, 1.0)) / 2)
    return float(radius * np.sin(azimuth)), float(radius * np.cos(azimuth))


def first_motion(matrix: Floats, directions: ArrayLike) -> Floats:
    """Far-field P amplitude γ·M·γ for take-off directions (..., 3): positive where the ground moves away first."""
    directions = np.asarray(directions, float)
    return np.einsum("...i,ij,...j", directions, matrix, directions)
