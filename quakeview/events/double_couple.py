"""Double couples: nodal planes, principal axes, the angle between two of them, and all of them evenly.

Vectors are of north, east and down; angles in degrees (Aki & Richards 2002, section 4.2). A double couple is a frame
of three axes, T (the ground moves away from the source most), B (not at all) and P (towards it most), of which either
end is meant.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.events.event import FocalMechanism

Floats = NDArray[np.float64]
_PSI = 1.533751168755204288118041
"""The root of ψ⁴ = ψ + 4 in the spirals of Alexa (2022)."""


def frames(strike: ArrayLike, dip: ArrayLike, rake: ArrayLike) -> Floats:
    """(..., 3, 3) unit vectors T, B and P of slip on planes."""
    phi, delta, lam = np.radians(np.broadcast_arrays(np.asarray(strike, float), dip, rake))
    along = np.stack([np.cos(phi), np.sin(phi), np.zeros_like(phi)], -1)
    up_dip = np.stack([np.cos(delta) * np.sin(phi), -np.cos(delta) * np.cos(phi), -np.sin(delta)], -1)
    normal = np.stack([-np.sin(delta) * np.sin(phi), np.sin(delta) * np.cos(phi), -np.cos(delta)], -1)
    slip = np.cos(lam)[..., None] * along + np.sin(lam)[..., None] * up_dip
    t, p = (normal + slip) / math.sqrt(2), (normal - slip) / math.sqrt(2)
    return np.stack([t, np.cross(p, t), p], -2)


def planes_of(frame: ArrayLike) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Strike, dip and rake of both nodal planes of a frame (3, 3); first the one that ``frames`` was made of."""
    t, _, p = np.asarray(frame, float)
    one, other = (t + p) / math.sqrt(2), (t - p) / math.sqrt(2)
    return _plane(one, other), _plane(other, one)


def _plane(normal: Floats, slip: Floats) -> tuple[float, float, float]:
    if normal[2] > 0:
        normal, slip = -normal, -slip
    north, east, down = normal.tolist()
    dip, strike = math.acos(min(-down, 1.0)), math.atan2(-north, east)
    along = slip[0] * math.cos(strike) + slip[1] * math.sin(strike)
    up_dip = math.cos(dip) * (slip[0] * math.sin(strike) - slip[1] * math.cos(strike)) - math.sin(dip) * slip[2]
    return math.degrees(strike) % 360, math.degrees(dip), math.degrees(math.atan2(up_dip, along))


def planes(mechanism: FocalMechanism) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Strike, dip and rake of the plane that the mechanism names, and of the other one."""
    own = mechanism.strike, mechanism.dip, mechanism.rake
    return own, planes_of(frames(*own))[1]


def principal_axes(mechanism: FocalMechanism) -> dict[str, tuple[float, float]]:
    """Azimuth and plunge, degrees, of the lower ends of T, P and B."""
    frame = frames(mechanism.strike, mechanism.dip, mechanism.rake)
    return {name: azimuth_and_plunge(axis) for name, axis in zip("TBP", frame, strict=True)}


def faulting(mechanism: FocalMechanism) -> str:
    """``normal``, ``strike-slip``, ``reverse`` or ``oblique``, by the steepest axis (Frohlich 1992)."""
    plunge = {name: axis[1] for name, axis in principal_axes(mechanism).items()}
    kinds = (("normal", "P", 60.0), ("strike-slip", "B", 60.0), ("reverse", "T", 50.0))
    return next((kind for kind, axis, least in kinds if plunge[axis] > least), "oblique")


def azimuth_and_plunge(axis: Floats) -> tuple[float, float]:
    """Of the lower end of an axis (3,), degrees."""
    north, east, down = (axis if axis[2] >= 0 else -axis).tolist()
    return math.degrees(math.atan2(east, north)) % 360, math.degrees(math.asin(min(down, 1.0)))


def rotations(one: Floats, other: Floats) -> Floats:
    """The smallest angles (...), degrees, that turn frames (..., 3, 3) into others (Kagan 1991)."""
    t, b, p = np.moveaxis(np.einsum("...ij,...ij->...i", one, other), -1, 0)
    trace = np.maximum(np.maximum(t + b + p, t - b - p), np.maximum(b - t - p, p - t - b))  # half-turns change nothing
    return np.degrees(np.arccos(np.clip((trace - 1) / 2, -1, 1)))


def all_frames(number: int) -> Floats:
    """About ``number`` double couples (n, 3, 3), evenly over all that there are.

    Rotations along a spiral on the sphere of quaternions (Alexa 2022, Super-Fibonacci spirals, CVPR), of which one in
    four is needed: the others differ by half-turns about the axes.
    """
    i = np.arange(4 * number) + 0.5
    turn, share = 2 * np.pi * i, i / (4 * number)
    a, b, r, rest = turn / math.sqrt(2), turn / _PSI, np.sqrt(share), np.sqrt(1 - share)
    q = np.stack([r * np.sin(a), r * np.cos(a), rest * np.sin(b), rest * np.cos(b)], -1)
    w, x, y, z = q[np.abs(q).argmax(-1) == 0].T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.ascontiguousarray(np.moveaxis(np.array(rows), -1, 0))


def mean_frame(many: Floats) -> Floats:
    """The frame (3, 3) whose moment tensor is nearest to the mean of those of frames (n, 3, 3)."""
    t, p = many[:, 0], many[:, 2]
    tensor = (np.einsum("ni,nj->ij", t, t) - np.einsum("ni,nj->ij", p, p)) / len(many)
    _, axes = np.linalg.eigh(tensor)
    return np.stack([axes[:, 2], np.cross(axes[:, 0], axes[:, 2]), axes[:, 0]])
