"""From values to colours: scales with fixed, round limits and lookup tables of 256 colours."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.wavefield.intensity import COLOURS, roman

Colours = NDArray[np.uint8]
ROUND_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
TICK_STEPS = (1.0, 2.0, 5.0, 10.0)
WAVE_PERCENTILE = 90.0
MAP_PERCENTILE = 99.9
ERROR_PERCENTILE = 99.0
DECADES = 2.0
"""A logarithmic scale spans no more than this below its upper limit."""


def lookup_table(anchors: tuple[str, ...]) -> Colours:
    """(256, 4) RGBA: evenly spaced ``#rrggbb`` anchors with straight lines between them in sRGB."""
    rgb = np.array([[int(anchor[i : i + 2], 16) for i in (1, 3, 5)] for anchor in anchors])
    at = np.linspace(0, len(anchors) - 1, 256)
    channels = [np.interp(at, np.arange(len(anchors)), rgb[:, channel]) for channel in range(3)]
    return np.column_stack([*channels, np.full(256, 255)]).round().astype(np.uint8)


class Ground(StrEnum):
    """What a map in the colours of a palette is like, for whatever is drawn over it."""

    PAGE = "page"
    DARK = "dark"
    BRIGHT = "bright"


@dataclass(frozen=True)
class Palette:
    """The colours of a scale on a light and on a dark page, even steps from its low to its high end."""

    light: tuple[str, ...]
    dark: tuple[str, ...] = ()
    ground: Ground = Ground.PAGE

    @cached_property
    def light_table(self) -> Colours:
        return lookup_table(self.light)

    @cached_property
    def dark_table(self) -> Colours:
        return lookup_table(self.dark or self.light)


DIVERGING = Palette(
    light=("#0a2f66", "#1f63ad", "#62a4d8", "#b9d8ee", "#ffffff", "#f8c9b6", "#e8806a", "#c2303a", "#6d0a22"),
    dark=("#c3e4ff", "#7cc3f7", "#338fd6", "#1d527f", "#14181d", "#7d2b27", "#d9503f", "#ff8d6e", "#ffd6c4"),
)
"""Blue, the page, red. The middle is the page itself, so that ground at rest shows nothing."""

FIRE = Palette(
    light=("#ffffff", "#fdf0bf", "#fbc95a", "#f3922a", "#d9543c", "#a32f5e", "#641a6b", "#2a0b54"),
    dark=("#14181d", "#391553", "#74206b", "#ad325b", "#de5238", "#f68d1f", "#f9c747", "#fcf9bd"),
)
"""The page, then further and further from it: for amounts that are zero at rest."""

VIRIDIS = Palette(
    (
        *("#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e", "#2a788e", "#23888e"),
        *("#1f988b", "#22a884", "#35b779", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725"),
    ),
    ground=Ground.DARK,
)
"""Smith and van der Walt's viridis, perceptually uniform."""

BATLOW = Palette(
    (
        *("#011959", "#103f60", "#1c5a62", "#3c6d56", "#687b3e"),
        *("#9d892b", "#d29343", "#f8a17b", "#fdb7bc", "#faccfa"),
    ),
    ground=Ground.DARK,
)
"""Crameri's batlow (2018), perceptually uniform."""

SHAKEMAP = Palette(tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in COLOURS.tolist()), ground=Ground.BRIGHT)
"""ShakeMap's colours at intensities 1 to 10, linear between."""


@dataclass(frozen=True)
class Scale:
    """What the colours of a map mean.

    Attributes:
        name: of the quantity, for the colour bar's accessible name and the text under the mouse.
        low, high: limits in the units of the values (SI); values beyond them take the last colour.
        unit: on screen; ``factor`` of them make one SI unit.
        logarithmic: colours follow the logarithm; values of zero take the first colour.
        is_intensity: ticks are whole numbers written I, II, III ...
    """

    name: str
    low: float
    high: float
    unit: str
    palette: Palette
    factor: float = 1.0
    logarithmic: bool = False
    is_intensity: bool = False

    def colours(self, dark: bool = False) -> Colours:
        """(256, 4) RGBA from ``low`` to ``high``."""
        return self.palette.dark_table if dark else self.palette.light_table

    def rgba(self, values: ArrayLike, dark: bool = False) -> Colours:
        """(..., 4) RGBA of ``values`` (...); what is not a number is transparent."""
        position = 256 * self._fractions(np.asarray(values))
        unknown = np.isnan(position)
        if not unknown.any():
            return self._take(position, dark)
        colours = self._take(np.where(unknown, 0, position), dark)
        colours[unknown] = 0
        return colours

    def fraction(self, value: float) -> float:
        """Where ``value`` is between ``low`` (0) and ``high`` (1)."""
        return float(self._fractions(np.array([value]))[0])

    def text(self, value: float) -> str:
        """``12.3 cm/s``: three digits on screen, with the unit."""
        if not np.isfinite(value):
            return "no data"
        return f"{value * self.factor:.3g} {self.unit}".strip()

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At most ``most`` round values as (value, text on screen)."""
        if self.is_intensity:
            step = 1 if most >= self.high - self.low + 1 else 2
            return [(float(i), roman(i)) for i in range(int(self.low), int(self.high) + 1, step)]
        low, high = self.low * self.factor, self.high * self.factor
        values = log_ticks(low, high, most) if self.logarithmic else round_ticks(low, high, most)
        return [(value / self.factor, number(value)) for value in values]

    def _fractions(self, values: NDArray) -> NDArray[np.float32]:
        """0 at ``low``, 1 at ``high``, beyond them beyond."""
        low, high = self.low, self.high
        if self.logarithmic:
            values = np.log10(np.maximum(values, low))
            low, high = np.log10(low), np.log10(high)
        gain = 1 / (high - low)
        return np.asarray(np.multiply(values, gain, dtype=np.float32) - np.float32(low * gain))

    def _take(self, position: NDArray[np.float32], dark: bool) -> Colours:
        packed = self.colours(dark).view(np.uint32)[:, 0]
        index = np.clip(position, 0, 255).astype(np.uint8)
        return packed.take(index)[..., None].view(np.uint8)


def round_up(value: float) -> float:
    """The next number whose first digits are 1, 1.5, 2, 3, 4, 5, 6 or 8."""
    if not value > 0:
        return 1.0
    decade = 10.0 ** np.floor(np.log10(value))
    return float(decade * next(step for step in ROUND_STEPS if step * decade >= value * (1 - 1e-9)))


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten from ``low`` to ``high``, at most ``most`` of them."""
    decade = 10.0 ** np.floor(np.log10((high - low) / max(most, 1)))
    finer: list[float] = []
    for step in (step * scale for scale in (decade, 10 * decade) for step in TICK_STEPS):
        first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
        ticks = [_clean(i * step) for i in range(int(first), int(last) + 1)]
        if len(ticks) <= max(most, 1):
            break
        finer = ticks
    return _at_least_two(ticks, finer, most)


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """1, 2 and 5 times powers of ten, or the powers alone where those are more than ``most``."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    finer: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{step}e{decade}") for decade in decades for step in steps]
        ticks = [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(ticks) <= most:
            break
        finer = ticks
    return _at_least_two(ticks[: max(most, 1)], finer, most)


def _at_least_two(ticks: list[float], finer: list[float], most: int) -> list[float]:
    """``ticks``; where there is no pair of them, which alone tells a length, the ends of the next finer ones."""
    return ticks if len(ticks) > 1 or len(finer) < 2 or most < 2 else [finer[0], finer[-1]]


def number(value: float) -> str:
    """As short as it is exact to four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def wave_limit(pgv: ArrayLike) -> float:
    """Where the colours of moving waves end, m/s, round in cm/s: a tenth of the map goes beyond it at some time.

    The strongest shaking is in one place; colours that reached so far would leave the rest of the map empty.
    """
    return _limit(np.asarray(pgv), WAVE_PERCENTILE, 100.0)


def diverging(limit: float, name: str = "Velocity", unit: str = "cm/s", factor: float = 100.0) -> Scale:
    """Blue for -``limit``, the page for 0, red for +``limit``."""
    return Scale(name, -limit, limit, unit, DIVERGING, factor)


def pgv_scale(pgv: ArrayLike, name: str = "PGV") -> Scale:
    """Logarithmic, for peak or horizontal velocities in m/s; at most two decades."""
    pgv = np.asarray(pgv)
    high = _limit(pgv, MAP_PERCENTILE, 100.0)
    known = pgv[np.isfinite(pgv) & (pgv > 0)]
    lowest = float(np.percentile(known, 1)) if known.size else 0.0
    low = round_up(100 * min(max(lowest, high / 10**DECADES), high / 10)) / 100
    return Scale(name, low, high, "cm/s", VIRIDIS, 100.0, logarithmic=True)


def speed_scale(limit: float, name: str = "Horizontal velocity") -> Scale:
    """Linear from 0 to ``limit`` (m/s), for magnitudes of velocity."""
    return Scale(name, 0.0, limit, "cm/s", FIRE, 100.0)


def error_scale(errors: ArrayLike, name: str, unit: str) -> Scale:
    """Diverging around 0, for differences in ``unit``; a hundredth of the map goes beyond it."""
    return diverging(_limit(np.abs(errors), ERROR_PERCENTILE, 1.0), name, unit, 1.0)


def spread_scale(deviations: ArrayLike, name: str, unit: str) -> Scale:
    """Linear from 0, for standard deviations in ``unit``."""
    return Scale(name, 0.0, _limit(np.asarray(deviations), ERROR_PERCENTILE, 1.0), unit, FIRE)


def time_scale(seconds: ArrayLike, name: str = "Time") -> Scale:
    """Linear from 0 to a round number of seconds."""
    return Scale(name, 0.0, _limit(np.asarray(seconds), MAP_PERCENTILE, 1.0), "s", BATLOW)


def mmi_scale() -> Scale:
    """Intensities I to X in ShakeMap's colours."""
    return Scale("MMI", 1.0, 10.0, "MMI", SHAKEMAP, is_intensity=True)


def property_scale(name: str, values: ArrayLike, unit: str, factor: float = 1.0) -> Scale:
    """Linear between round numbers, for properties of an Earth model and of a rupture."""
    values = np.asarray(values, float)[np.isfinite(values)] * factor
    if not values.size:
        return Scale(name, 0.0, 1 / factor, unit, BATLOW, factor)
    low, high = (float(np.percentile(values, percent)) for percent in (100 - MAP_PERCENTILE, MAP_PERCENTILE))
    step = round_up(max(high - low, 0.02 * abs(high), 1e-12) / 5)
    low, high = np.floor(low / step + 1e-9) * step, np.ceil(high / step - 1e-9) * step
    return Scale(name, _clean(low / factor), _clean(max(high, low + step) / factor), unit, BATLOW, factor)


def _limit(values: NDArray, percentile: float, factor: float) -> float:
    known = values[np.isfinite(values)]
    return round_up(float(np.percentile(known, percentile)) * factor) / factor if known.size else 1 / factor


def _clean(value: float) -> float:
    """Without the last binary digits that sums and products leave behind, and without a negative zero."""
    return float(f"{value:.12g}") + 0.0
