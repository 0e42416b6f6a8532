"""How moment is released in time: rates per unit moment, which integrate to 1."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PEAK_FRACTION = 0.13
"""Part of the rise time in which a Liu pulse climbs to its peak."""


def gaussian(time: ArrayLike, sigma: float) -> Floats:
    """Gaussian moment rate centred on time 0, 1/s; ``sigma`` in s."""
    scaled = np.asarray(time, float) / sigma
    return np.exp(-0.5 * scaled**2) / (sigma * np.sqrt(2 * np.pi))


def liu_slip(time: ArrayLike, rise_time: ArrayLike) -> Floats:
    """Return the slip so far per unit slip, 0 before onset and 1 after the rise time: the integral of a slip rate that
    rises fast and dies slowly (Liu, Archuleta & Hartzell 2006, eq. 7).

    Args:
        time: after onset, s.   rise_time: from onset to rest, s; arrays that broadcast.
    """
    t, rise = np.broadcast_arrays(np.asarray(time, float), np.asarray(rise_time, float))
    t1, t2, scale = _liu_times(rise)
    wave = 0.7 * t1 / np.pi * np.sin(np.pi * t / t1)
    tail = 0.3 * t2 / np.pi * np.sin(np.pi * (t - t1) / t2)
    climb = 0.7 * t - wave + 1.2 * t1 / np.pi * (1 - np.cos(0.5 * np.pi * t / t1))
    at_peak = (0.7 + 1.2 / np.pi) * t1
    fall = at_peak + (t - t1) - wave + tail
    decay = at_peak + t1 + 0.3 * (t - 2 * t1) + tail
    slip = np.select([t < 0, t < t1, t < 2 * t1, t < rise], [0.0, climb, fall, decay], 1 / scale)
    return scale * slip


def sampled(released: Callable[[Floats], Floats], time: Floats, step: float) -> Floats:
    """Rates averaged over the step around each sample, so that no pulse is too short to be seen.

    Args:
        released: part of the moment released by the time given; from 0 to 1.
        time: of the samples, s, ``step`` apart.
    """
    edges = np.append(time - step / 2, time[-1] + step / 2)
    return np.diff(released(edges)) / step


def _liu_times(rise: Floats) -> tuple[Floats, Floats, Floats]:
    """Time of the peak, time from there to rest, and what makes the integral 1."""
    t1 = PEAK_FRACTION * rise
    t2 = rise - t1
    return t1, t2, np.pi / (1.4 * np.pi * t1 + 1.2 * t1 + 0.3 * np.pi * t2)
