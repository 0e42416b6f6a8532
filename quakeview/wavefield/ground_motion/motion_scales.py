"""The colours of ground motion: velocity, its peaks and their times, intensity, and errors of them."""

import numpy as np
from numpy.typing import ArrayLike

from quakeview.colours import BATLOW, DIVERGING, FIRE, VIRIDIS, Ground, Palette
from quakeview.scales import MAP_PERCENTILE, Scale, round_limit, round_up
from quakeview.wavefield.ground_motion.intensity import COLOURS, roman

WAVE_PERCENTILE = 90.0
ERROR_PERCENTILE = 99.0
DECADES = 2.0
"""A logarithmic scale spans no more than this below its upper limit."""

SHAKEMAP = Palette(tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in COLOURS.tolist()), ground=Ground.BRIGHT)
"""ShakeMap's colours at intensities 1 to 10, linear between."""


def wave_limit(pgv: ArrayLike) -> float:
    """Where the colours of moving waves end, m/s, round in cm/s: a tenth of the map goes beyond it at some time.

    The strongest shaking is in one place; colours that reached so far would leave the rest of the map empty.
    """
    return round_limit(pgv, WAVE_PERCENTILE, 100.0)


def diverging(limit: float, name: str = "Velocity", unit: str = "cm/s", factor: float = 100.0) -> Scale:
    """Blue for -``limit``, the page for 0, red for +``limit``."""
    return Scale(name, -limit, limit, unit, DIVERGING, factor)


def pgv_scale(pgv: ArrayLike, name: str = "PGV") -> Scale:
    """Logarithmic, for peak or horizontal velocities in m/s; at most two decades."""
    pgv = np.asarray(pgv)
    high = round_limit(pgv, MAP_PERCENTILE, 100.0)
    known = pgv[np.isfinite(pgv) & (pgv > 0)]
    lowest = float(np.percentile(known, 1)) if known.size else 0.0
    low = round_up(100 * min(max(lowest, high / 10**DECADES), high / 10)) / 100
    return Scale(name, low, high, "cm/s", VIRIDIS, 100.0, logarithmic=True)


def speed_scale(limit: float, name: str = "Horizontal velocity") -> Scale:
    """Linear from 0 to ``limit`` (m/s), for magnitudes of velocity."""
    return Scale(name, 0.0, limit, "cm/s", FIRE, 100.0)


def error_scale(errors: ArrayLike, name: str, unit: str) -> Scale:
    """Diverging around 0, for differences in ``unit``; a hundredth of the map goes beyond it."""
    return diverging(round_limit(np.abs(errors), ERROR_PERCENTILE), name, unit, 1.0)


def spread_scale(deviations: ArrayLike, name: str, unit: str) -> Scale:
    """Linear from 0, for standard deviations in ``unit``."""
    return Scale(name, 0.0, round_limit(deviations, ERROR_PERCENTILE), unit, FIRE)


def time_scale(seconds: ArrayLike, name: str = "Time") -> Scale:
    """Linear from 0 to a round number of seconds."""
    return Scale(name, 0.0, round_limit(seconds, MAP_PERCENTILE), "s", BATLOW)


def mmi_scale() -> Scale:
    """Intensities I to X in ShakeMap's colours."""
    return Scale("MMI", 1.0, 10.0, "MMI", SHAKEMAP, names=tuple(map(roman, range(1, 11))))
