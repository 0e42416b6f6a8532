"""Moment tensors in the axes of a region."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD


def double_couple(
    strike: ArrayLike, dip: ArrayLike, rake: ArrayLike, moment: ArrayLike, x_azimuth: float = HAYWARD.x_azimuth
) -> NDArray[np.float64]:
    """Moment tensor of shear slip on a plane (Aki & Richards 2002, box 4.4), turned into the axes X, Y, down.

    Strike and ``x_azimuth`` are taken from the same north. In a transverse Mercator the north of the map and true north
    differ by some tenths of a degree within a region; that is ignored.

    Args:
        strike, dip, rake: degrees, arrays that broadcast.
        moment: scalar moment, N·m.
        x_azimuth: of the X axis, degrees clockwise from north.

    Returns:
        (..., 6): Mxx, Myy, Mzz, Mxy, Mxz, Myz, N·m; z is down.

    Raises:
        QuakeViewError: for a dip outside 0-90°, or a strike or rake that is no number.
    """
    if not (np.isfinite(strike).all() and np.isfinite(rake).all()):
        raise QuakeViewError("A strike or rake is not a number; give them in degrees.")
    if not all(0 <= each <= 90 for each in np.ravel(dip)):
        raise QuakeViewError(f"A dip of {np.max(dip):g}° is not possible; choose one within 0-90°.")
    # Turning about the vertical leaves a strike relative to X; Y lies to the left of X, hence the signs of Mxy and Myz.
    phi = np.radians(np.asarray(strike, float) - x_azimuth)
    d, r = np.radians(np.asarray(dip, float)), np.radians(np.asarray(rake, float))
    along, across = np.sin(d) * np.cos(r), np.sin(2 * d) * np.sin(r)
    level, steep = np.cos(d) * np.cos(r), np.cos(2 * d) * np.sin(r)
    tensor = np.broadcast_arrays(
        -along * np.sin(2 * phi) - across * np.sin(phi) ** 2,
        along * np.sin(2 * phi) - across * np.cos(phi) ** 2,
        across,
        -along * np.cos(2 * phi) - 0.5 * across * np.sin(2 * phi),
        -level * np.cos(phi) - steep * np.sin(phi),
        level * np.sin(phi) - steep * np.cos(phi),
    )
    return np.stack(tensor, axis=-1) * np.asarray(moment, float)[..., None]
