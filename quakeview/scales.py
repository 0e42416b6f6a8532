"""From values to colours: scales between round limits, and where their ticks are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.colours import BATLOW, Palette

Table = NDArray[np.uint8]
"""(..., 4) RGBA."""
ROUND_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
TICK_STEPS = (1.0, 2.0, 5.0, 10.0)
MAP_PERCENTILE = 99.9
"""Share of the values of a map, in percent, that lies within its colours."""


@dataclass(frozen=True)
class Scale:
    """What the colours of a map mean.

    Attributes:
        name: of the quantity, for the colour bar's accessible name and the text under the mouse.
        low, high: limits in the units of the values (SI); values beyond them take the last colour.
        unit: on screen; ``factor`` of them make one SI unit.
        logarithmic: colours follow the logarithm; values of zero take the first colour.
        names: what is written at the whole numbers from ``low`` to ``high``; empty: the numbers.
    """

    name: str
    low: float
    high: float
    unit: str
    palette: Palette
    factor: float = 1.0
    logarithmic: bool = False
    names: tuple[str, ...] = ()

    def colours(self, dark: bool = False) -> Table:
        """(256, 4) RGBA from ``low`` to ``high``."""
        return self.palette.dark_table if dark else self.palette.light_table

    def rgba(self, values: ArrayLike, dark: bool = False) -> Table:
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
        if self.names:
            step = 1 if most >= len(self.names) else 2
            return [(self.low + i, self.names[i]) for i in range(0, len(self.names), step)]
        low, high = self.low * self.factor, self.high * self.factor
        values = log_ticks(low, high, most) if self.logarithmic else round_ticks(low, high, most)
        return [(value / self.factor, number(value)) for value in values]

    def _fractions(self, values: NDArray[np.floating]) -> NDArray[np.float32]:
        """0 at ``low``, 1 at ``high``, beyond them beyond."""
        low, high = self.low, self.high
        if self.logarithmic:
            values = np.log10(np.maximum(values, low))
            low, high = np.log10(low), np.log10(high)
        gain = 1 / (high - low)
        return np.asarray(np.multiply(values, gain, dtype=np.float32) - np.float32(low * gain))

    def _take(self, position: NDArray[np.float32], dark: bool) -> Table:
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
    """1, 2 and 5 times powers of ten, or the powers alone, or some of them, where those are more than ``most``."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    finer: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{step}e{decade}") for decade in decades for step in steps]
        ticks = [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(ticks) <= most:
            break
        finer = ticks
    return _at_least_two(ticks[:: -(-len(ticks) // max(most, 1))], finer, most)


def _at_least_two(ticks: list[float], finer: list[float], most: int) -> list[float]:
    """``ticks``; where there is no pair of them, which alone tells a length, the ends of the next finer ones."""
    return ticks if len(ticks) > 1 or len(finer) < 2 or most < 2 else [finer[0], finer[-1]]


def number(value: float) -> str:
    """As short as it is exact to four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def property_scale(name: str, values: ArrayLike, unit: str, factor: float = 1.0) -> Scale:
    """Linear between round numbers, for properties of an Earth model and of a rupture."""
    values = np.asarray(values, float)[np.isfinite(values)] * factor
    if not values.size:
        return Scale(name, 0.0, 1 / factor, unit, BATLOW, factor)
    low, high = (float(np.percentile(values, percent)) for percent in (100 - MAP_PERCENTILE, MAP_PERCENTILE))
    step = round_up(max(high - low, 0.02 * abs(high), 1e-12) / 5)
    low, high = np.floor(low / step + 1e-9) * step, np.ceil(high / step - 1e-9) * step
    return Scale(name, _clean(low / factor), _clean(max(high, low + step) / factor), unit, BATLOW, factor)


def round_limit(values: ArrayLike, percentile: float, factor: float = 1.0) -> float:
    """A limit that is round in ``factor`` units, beyond which are the values above a percentile; 1 where none is known.

    ``factor`` of those units make one unit of ``values``.
    """
    values = np.asarray(values)
    known = values[np.isfinite(values)]
    return round_up(float(np.percentile(known, percentile)) * factor) / factor if known.size else 1 / factor


def _clean(value: float) -> float:
    """Without the last binary digits that sums and products leave behind, and without a negative zero."""
    return float(f"{value:.12g}") + 0.0
