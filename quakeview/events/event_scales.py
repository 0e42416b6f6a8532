"""What the colours of events and of residuals mean."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.colours import BATLOW, DIVERGING, VIRIDIS, Palette
from quakeview.scales import Scale, property_scale, round_limit
from quakeview.texts import clock, date

DAY, YEAR = 86_400.0, 365.25 * 86_400.0
_STEPS = (
    60.0,
    300.0,
    600.0,
    1800.0,
    3600.0,
    3 * 3600.0,
    6 * 3600.0,
    DAY / 2,
    DAY,
    2 * DAY,
    5 * DAY,
    10 * DAY,
    30 * DAY,
)
_YEARS = (1, 2, 5, 10, 20, 50, 100)
LEAST_RESIDUAL = 0.2
"""Limit of the scale of residuals, s, below which differences are those of reading."""

DEPTHS = Palette(VIRIDIS.light[::-1], ground=VIRIDIS.ground)
"""Bright near the surface, dark in the deep."""


class ColourBy(StrEnum):
    """What the colour of an event tells."""

    DEPTH = "depth"
    TIME = "time"
    MAGNITUDE = "magnitude"


class TimeScale(Scale):
    """Seconds since 1970-01-01 UTC."""

    def text(self, value: float) -> str:
        """``2019-07-04 17:03:00 UTC``."""
        return f"{date(value)} {clock(value, 0)} UTC" if np.isfinite(value) else "no data"

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At round times, as short as they are told from one another."""
        span = self.high - self.low
        for step in _STEPS:
            if span / step < most:
                times = np.arange(np.ceil(self.low / step), np.floor(self.high / step) + 1) * step
                return [(float(time), clock(time, 0)[:5] if step < DAY else date(time)[5:]) for time in times]
        first, last = (int(date(time)[:4]) for time in (self.low, self.high))
        every = next((step for step in _YEARS if (last - first) / step < most), _YEARS[-1])
        years = [year for year in range(first + 1, last + 1) if year % every == 0]
        return [(float(np.datetime64(f"{year}", "s").astype(np.int64)), f"{year}") for year in years]


def depth_scale(depths: ArrayLike) -> Scale:
    """Of depths in m; NaN is not known."""
    return _with(property_scale("Depth", depths, "km", 1e-3), DEPTHS)


def magnitude_scale(magnitudes: ArrayLike) -> Scale:
    """NaN is not known."""
    return property_scale("Magnitude", magnitudes, "M")


def time_scale(times: ArrayLike) -> Scale:
    """Of seconds since 1970-01-01 UTC."""
    times = np.asarray(times, float)
    low, high = (float(times.min()), float(times.max())) if times.size else (0.0, 1.0)
    return TimeScale("Time", low, max(high, low + 60.0), "UTC", BATLOW)


def event_scale(by: ColourBy, depth: NDArray[np.float64], time: NDArray[np.float64], magnitude: ArrayLike) -> Scale:
    """Of one of the three."""
    if by is ColourBy.TIME:
        return time_scale(time)
    return depth_scale(depth) if by is ColourBy.DEPTH else magnitude_scale(magnitude)


def residual_scale(residuals: ArrayLike) -> Scale:
    """Symmetric; blue is early, red is late."""
    limit = max(round_limit(np.abs(np.asarray(residuals, float)), 90), LEAST_RESIDUAL)
    return Scale("Residual", -limit, limit, "s", DIVERGING)


def _with(scale: Scale, palette: Palette) -> Scale:
    return Scale(scale.name, scale.low, scale.high, scale.unit, palette, scale.factor)
