"""How counts become pixels: the zero line and full scale of every trace."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"))

ORDINARY_COLUMNS = 0.99
OUTBURST = 3.0


class Scaling(StrEnum):
    """What shares a full scale: each trace its own, the components of a station, or all in view, unit by unit."""

    TRACE = "trace"
    STATION = "station"
    COMMON = "common"


@dataclass(frozen=True)
class Amplitude:
    """``centre`` is drawn in the middle of a row, ``centre + full_scale`` at about its upper edge; ``peak`` is the
    largest excursion from the centre."""

    centre: float
    full_scale: float
    peak: float


def amplitude(low: np.ndarray, high: np.ndarray) -> Amplitude | None:
    """Of the extremes per column in view: their median as zero line; None if there is no data.

    Full scale is the largest excursion, unless it is a short outburst (in a percent of the columns) far above
    the rest: that is cut, so that a day with one strong earthquake still shows the weak ones.
    """
    finite = np.isfinite(low) & np.isfinite(high)
    if not finite.any():
        return None
    low, high = low[finite], high[finite]
    centre = _ranked(low + high, 0.5) / 2
    excursion = np.maximum(high - centre, centre - low)
    largest = float(excursion.max())
    ordinary = _ranked(excursion, ORDINARY_COLUMNS)
    return Amplitude(centre, min(largest, OUTBURST * ordinary) if ordinary > 0 else largest, largest)


def _ranked(values: np.ndarray, share: float) -> float:
    """The value that ``share`` of all lie below."""
    rank = int(share * (len(values) - 1))
    values.partition(rank)
    return float(values[rank])


def shared(amplitudes: list[Amplitude]) -> float:
    """The full scale that fits all of them."""
    return max((one.full_scale for one in amplitudes), default=0.0)


def prefixed(value: float) -> tuple[float, str]:
    """``value`` divided by its SI prefix, and the prefix."""
    size, prefix = next(((size, prefix) for size, prefix in PREFIXES if abs(value) >= size), (1.0, ""))
    return value / size, prefix


def amplitude_text(value: float, unit: str) -> str:
    """``12.4k`` for counts, ``3.4 µm/s`` for a unit."""
    number, prefix = prefixed(value)
    text = f"{number:.3g}" if abs(number) < 100 else f"{number:.0f}"
    return f"{text}{prefix}" if unit == "counts" else f"{text} {prefix}{unit}"
