"""What a shear dislocation sends in each direction, and what the free surface makes of it."""

import numpy as np
from numpy.typing import NDArray


def double_couple(strike: float, dip: float, rake: float, takeoff: float, azimuth: float) -> tuple[float, float, float]:
    """Far-field radiation patterns of P, SV and SH (Aki & Richards 2002, eqs 4.89-4.91).

    Args:
        strike, dip, rake: of the fault, degrees.
        takeoff: angle of the ray at the source from the downward vertical, radians.
        azimuth: from source to station, degrees clockwise from north.

    Returns:
        P (positive: away from the source, up at the station), SV and SH; each within [−1, 1].
    """
    d, r, a = np.radians(dip), np.radians(rake), np.radians(azimuth - strike)
    sin_d, cos_d, sin_2d, cos_2d = np.sin(d), np.cos(d), np.sin(2 * d), np.cos(2 * d)
    sin_r, cos_r = np.sin(r), np.cos(r)
    sin_a, cos_a, sin_2a, cos_2a = np.sin(a), np.cos(a), np.sin(2 * a), np.cos(2 * a)
    sin_i, cos_i, sin_2i, cos_2i = np.sin(takeoff), np.cos(takeoff), np.sin(2 * takeoff), np.cos(2 * takeoff)
    p = (
        cos_r * sin_d * sin_i**2 * sin_2a
        - cos_r * cos_d * sin_2i * cos_a
        + sin_r * sin_2d * (cos_i**2 - sin_i**2 * sin_a**2)
        + sin_r * cos_2d * sin_2i * sin_a
    )
    sv = (
        sin_r * cos_2d * cos_2i * sin_a
        - cos_r * cos_d * cos_2i * cos_a
        + 0.5 * cos_r * sin_d * sin_2i * sin_2a
        - 0.5 * sin_r * sin_2d * sin_2i * (1 + sin_a**2)
    )
    sh = (
        cos_r * cos_d * cos_i * sin_a
        + cos_r * sin_d * sin_i * cos_2a
        + sin_r * cos_2d * cos_i * cos_a
        - 0.5 * sin_r * sin_2d * sin_i * sin_2a
    )
    return float(p), float(sv), float(sh)


def free_surface(slowness: float, vp: float, vs: float) -> NDArray[np.float64]:
    """Displacement at a free surface per unit amplitude of the incident waves (Kennett 1991, eqs 13-15, inverted).

    Beyond the critical angle of SV the coefficients are complex; their modulus is returned with the sign of the real
    part, which keeps the size and drops the phase advance.

    Args:
        slowness: horizontal, s/m; below 1/vp for incident P.
        vp, vs: at the surface, m/s.

    Returns:
        (3, 3): rows Z (up), R (away from the source), T; columns incident P, SV (positive along R), SH.
    """
    slowness = min(slowness, 0.98 / vs)
    q_p = np.sqrt(complex(vp**-2 - slowness**2))
    q_s = np.sqrt(vs**-2 - slowness**2)
    shear = 1 - 2 * (vs * slowness) ** 2
    p_from_r, p_from_z = vs**2 * slowness / vp, shear / (2 * vp * q_p)
    s_from_r, s_from_z = shear / (2 * vs * q_s), -vs * slowness
    determinant = p_from_r * s_from_z - p_from_z * s_from_r
    response = np.zeros((3, 3), dtype=complex)
    response[:2, 0] = -s_from_r / determinant, s_from_z / determinant
    response[:2, 1] = p_from_r / determinant, -p_from_z / determinant
    response[2, 2] = 2.0
    size: NDArray[np.float64] = np.minimum(np.abs(response), 4.0)
    return np.copysign(size, response.real)


def rotate_to_north_east(z_r_t: NDArray[np.float64], back_azimuth: float) -> NDArray[np.float64]:
    """Vertical, radial and transverse (3, ...) to Z, N and E; back-azimuth in degrees."""
    b = np.radians(back_azimuth)
    z, r, t = z_r_t
    return np.stack((z, -np.cos(b) * r + np.sin(b) * t, -np.sin(b) * r - np.cos(b) * t))
