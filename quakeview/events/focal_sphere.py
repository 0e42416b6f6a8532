"""The lower half of the focal sphere in Schmidt's equal-area projection, a disc of radius 1 with north up."""

import numpy as np
from numpy.typing import ArrayLike

from quakeview.events.double_couple import Floats


def projected(directions: ArrayLike) -> Floats:
    """(..., 2) east and north of directions (..., 3) north, east and down; those upwards are reversed.

    The distance from the centre is √2 sin(i/2) of the angle i from the downward vertical (Aki & Richards 2002, section
    4.3).
    """
    unit = np.asarray(directions, float)
    unit = unit / np.linalg.norm(unit, axis=-1, keepdims=True)
    unit = np.where(unit[..., 2:] < 0, -unit, unit)
    stretch = 1 / np.sqrt(1 + unit[..., 2])  # √2 sin(i/2) / sin(i)
    return np.stack([unit[..., 1] * stretch, unit[..., 0] * stretch], -1)


def nodal_line(strike: float, dip: float, number: int = 61) -> Floats:
    """(number, 2) east and north of the line in which a plane cuts the lower half of the sphere."""
    phi, delta = np.radians([strike, dip])
    along = np.array([np.cos(phi), np.sin(phi), 0.0])
    down_dip = np.array([-np.sin(phi) * np.cos(delta), np.cos(phi) * np.cos(delta), np.sin(delta)])
    turn = np.linspace(0, np.pi, number)[:, None]
    line = np.cos(turn) * along + np.sin(turn) * down_dip
    line[:, 2] = np.maximum(line[:, 2], 0.0)  # rounding must not reverse the ends
    return projected(line)
