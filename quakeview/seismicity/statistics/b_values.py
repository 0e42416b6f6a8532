"""The slope of the law of Gutenberg and Richter, log10 N(>= M) = a - b M, with its uncertainty.

The estimate is the likeliest (Aki 1965) for magnitudes that are rounded (Utsu 1966; exactly so by Tinti and Mulargia
1987, which becomes Aki's where they are not). b-positive (van der Elst 2021) needs no completeness: after an
earthquake that was seen, larger ones are seen too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.statistics.magnitudes import TOLERANCE, known_magnitudes, magnitude_text, reaching, rounded
from quakeview.texts import counted

Floats = NDArray[np.float64]

FEWEST, ENOUGH = 10, 50
"""Earthquakes without which there is no b-value, and below which it says little."""
LEAST_DIFFERENCE = 0.2
"""Of magnitudes that follow one another, for b-positive: above their errors."""
NORMAL_95 = 1.96
WINDOW = 300
"""Earthquakes of a b-value over time."""
_PER_WINDOW = 10
"""Windows that begin within one."""


@dataclass(frozen=True)
class BValue:
    """The b-value of earthquakes from a magnitude on.

    Attributes:
        b: slope.
        uncertainty: its standard deviation (Tinti and Mulargia 1987).
        shi_bolt: the same by the scatter of the magnitudes (Shi and Bolt 1982), right also where the law does not hold.
        number: earthquakes that it is of.
        completeness: their least magnitude; of differences of magnitudes for b-positive.
    """

    b: float
    uncertainty: float
    shi_bolt: float
    number: int
    completeness: float

    @property
    def interval(self) -> tuple[float, float]:
        """Where b is with a probability of 95 %."""
        return self.b - NORMAL_95 * self.uncertainty, self.b + NORMAL_95 * self.uncertainty

    @property
    def a(self) -> float:
        """log10 of the number of earthquakes of magnitude 0 and more that the law would have."""
        return float(np.log10(self.number) + self.b * self.completeness)

    def expected(self, magnitude: ArrayLike) -> Floats:
        """Return how many of these magnitudes and more the law has."""
        return 10 ** (self.a - self.b * np.asarray(magnitude, np.float64))


def b_value(magnitudes: ArrayLike, completeness: float, step: float) -> BValue:
    """Estimate b of magnitudes (n,) from ``completeness`` on, which are rounded to a ``step`` (0: not at all).

    Raises:
        QuakeViewError: if there are too few, or all are the same.
    """
    values = rounded(known_magnitudes(magnitudes), step)
    values = values[reaching(values, completeness, step)]
    number = len(values)
    excess = float(values.mean()) - completeness if number else 0.0
    if number < FEWEST or excess < TOLERANCE:
        raise QuakeViewError(
            f"{counted(number, 'earthquake')} of magnitude {magnitude_text(completeness)} and more, or all of one, "
            f"have no b-value; choose a lower magnitude or more years, so that there are at least {FEWEST}."
        )
    b, uncertainty = slope(np.asarray(excess), np.asarray(number), step)
    scatter = float(values.var(ddof=1) / number) ** 0.5
    return BValue(float(b), float(uncertainty), float(np.log(10) * b**2 * scatter), number, completeness)


def slope(excess: Floats, number: NDArray[np.integer], step: float) -> tuple[Floats, Floats]:
    """Return b and its standard deviation by Tinti and Mulargia (1987), (...) as the arguments.

    Args:
        excess: mean magnitude above the least one, positive.
        number: earthquakes.
        step: to which magnitudes are rounded.
    """
    if not step:
        b = 1 / (np.log(10) * excess)
        return b, b / np.sqrt(number)
    p = 1 + step / excess
    b = np.log(p) / (np.log(10) * step)
    return b, (p - 1) / (np.log(10) * step * np.sqrt(number * p))


def b_positive(catalogue: Catalogue, step: float) -> BValue:
    """Estimate b of the positive differences of magnitudes that follow one another in time (van der Elst 2021).

    Raises:
        QuakeViewError: if there are too few.
    """
    magnitudes = rounded(known_magnitudes(catalogue.magnitude), step)
    least = max(LEAST_DIFFERENCE, step)
    least = np.ceil(least / step - TOLERANCE) * step if step else least
    return b_value(np.diff(magnitudes), float(least), step)


@dataclass(frozen=True)
class BOverTime:
    """b-values of as many earthquakes each, one after the other.

    Attributes:
        start, end: (windows,) times of the first and the last earthquake, seconds since 1970 UTC.
        b, uncertainty: (windows,) and its standard deviation.
        number: earthquakes of each.
    """

    start: Floats
    end: Floats
    b: Floats
    uncertainty: Floats
    number: int


def b_over_time(catalogue: Catalogue, completeness: float, step: float, number: int = WINDOW) -> BOverTime:
    """Estimate b of ``number`` earthquakes each from ``completeness`` on; windows overlap by nine tenths.

    Raises:
        QuakeViewError: if there are not as many.
    """
    complete = catalogue.where(reaching(catalogue.magnitude, completeness, step))
    if len(complete) < number:
        raise QuakeViewError(
            f"{counted(len(complete), 'earthquake')} of magnitude {magnitude_text(completeness)} and more are too few "
            f"for a b-value over time; it needs {number}."
        )
    first = np.arange(0, len(complete) - number + 1, max(number // _PER_WINDOW, 1))
    sums = np.concatenate(([0.0], np.cumsum(rounded(complete.magnitude, step) - completeness)))
    excess = np.maximum((sums[first + number] - sums[first]) / number, TOLERANCE)
    b, uncertainty = slope(excess, np.full(len(first), number), step)
    return BOverTime(complete.time[first], complete.time[first + number - 1], b, uncertainty, number)
