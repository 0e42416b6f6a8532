"""Magnitudes as they are counted: the step to which they are rounded, and how many there are of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError

Floats = NDArray[np.float64]

COARSEST_BINS = 0.1
"""Width of the bins in which magnitudes that are not rounded to more than this are counted."""
TOLERANCE = 1e-6
"""Of magnitudes, which are not exact in binary."""
_STEPS = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01)
_ALMOST_ALL = 0.99
_MIXED = 0.2
"""Part of the magnitudes, above what chance would do, that are rounded to tenths although the others are not."""
_TENTHS = 0.1


@dataclass(frozen=True)
class Rounding:
    """How the magnitudes of a catalogue are rounded.

    Attributes:
        step: they are multiples of this; 0 if they are not rounded, or finer than to hundredths.
        mixed: the part of them that is rounded to tenths although the others are finer; 0 if they are all alike.
    """

    step: float
    mixed: float = 0.0


def rounding(magnitudes: ArrayLike) -> Rounding:
    """Detect the step to which almost all magnitudes (n,) are rounded; those that are mixed are taken as tenths."""
    known = known_magnitudes(magnitudes)
    finest = next((step for step in _STEPS if _share_on(known, step) >= _ALMOST_ALL), 0.0)
    by_chance = finest / _TENTHS
    share = _share_on(known, _TENTHS)
    if finest < _TENTHS / 2 - TOLERANCE and share - by_chance > _MIXED:
        return Rounding(_TENTHS, share)
    return Rounding(finest)


def known_magnitudes(magnitudes: ArrayLike) -> Floats:
    """Return those that are finite, (k,).

    Raises:
        QuakeViewError: if there are none.
    """
    values = np.asarray(magnitudes, np.float64)
    known: Floats = values[np.isfinite(values)]
    if not known.size:
        raise QuakeViewError("No earthquake of the catalogue has a magnitude; choose the column that holds it.")
    return known


def rounded(magnitudes: Floats, step: float) -> Floats:
    """Return magnitudes as multiples of a step; as they are if it is 0."""
    return np.round(magnitudes / step) * step if step else magnitudes


def reaching(magnitudes: Floats, least: float, step: float) -> NDArray[np.bool_]:
    """Return which magnitudes (n,), rounded to a step, are ``least`` and more."""
    return np.asarray(rounded(magnitudes, step) >= least - TOLERANCE)


@dataclass(frozen=True)
class FrequencyMagnitude:
    """How many earthquakes there are of each magnitude.

    Attributes:
        step: width of a bin.
        magnitude: (bins,) its middle, ascending.
        number: (bins,) of earthquakes in it.
    """

    step: float
    magnitude: Floats
    number: NDArray[np.int64]

    @property
    def cumulative(self) -> NDArray[np.int64]:
        """Of this magnitude and more, (bins,)."""
        return np.cumsum(self.number[::-1])[::-1]


def frequency_magnitude(magnitudes: ArrayLike, step: float) -> FrequencyMagnitude:
    """Count magnitudes (n,) in bins around multiples of the step to which they are rounded, or of a tenth.

    Raises:
        QuakeViewError: if no magnitude is known.
    """
    width = max(step, COARSEST_BINS)
    places = np.round(known_magnitudes(magnitudes) / width + TOLERANCE).astype(np.int64)
    first = int(places.min())
    number = np.bincount(places - first)
    return FrequencyMagnitude(width, width * np.arange(first, first + len(number), dtype=np.float64), number)


def magnitude_text(magnitude: float) -> str:
    """Return ``4.5``, ``5.0``, ``4.25``, ``−1.3``."""
    return f"{magnitude:.2f}".removesuffix("0").replace("-", "−")


def _share_on(magnitudes: Floats, step: float) -> float:
    """The part of magnitudes that are multiples of a step."""
    steps = magnitudes / step
    return float(np.mean(np.abs(steps - np.round(steps)) < 1e-4))
