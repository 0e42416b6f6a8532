"""From which magnitude a catalogue is complete: by maximum curvature, stability of b, goodness of fit, over time.

All of them look at how many earthquakes there are of each magnitude and ask from where on the law of Gutenberg and
Richter holds (Woessner and Wiemer 2005 compare them). After a large earthquake small ones are missed for a while.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.b_values import ENOUGH, slope
from quakeview.seismicity.statistics.magnitudes import (
    TOLERANCE,
    FrequencyMagnitude,
    frequency_magnitude,
    known_magnitudes,
)
from quakeview.texts import counted

Floats = NDArray[np.float64]

CORRECTION = 0.2
"""Added to the most frequent magnitude (Woessner and Wiemer 2005), from which on few catalogues are complete."""
GOOD_FITS = 95.0, 90.0
"""Percent of the earthquakes that the law explains, tried one after the other (Wiemer and Wyss 2000)."""
WINDOW = 500
"""Earthquakes of a completeness over time."""
_PER_WINDOW = 5
_ROUNDS = 200
_AVERAGED = 0.5
"""Magnitudes over which b is averaged for its stability (Cao and Gao 2002)."""


@dataclass(frozen=True)
class Completeness:
    """From which magnitude a catalogue is complete, by each method; None where the method finds none.

    Attributes:
        curvature: the most frequent magnitude + 0.2.
        scatter: standard deviation of that by bootstrap.
        stability: from where b no longer changes.
        fit: from where the law explains as many of the earthquakes as ``fit_level``.
        fit_level: percent.
    """

    curvature: float
    scatter: float
    stability: float | None
    fit: float | None
    fit_level: float

    @property
    def magnitude(self) -> float:
        """The one that is used: by stability of b, else by curvature."""
        return self.curvature if self.stability is None else self.stability

    @property
    def method(self) -> str:
        """By which that is."""
        return "maximum curvature" if self.stability is None else "stability of b"


def completeness(catalogue: Catalogue, step: float) -> Completeness:
    """Find from where a catalogue is complete whose magnitudes are rounded to a ``step``.

    Raises:
        QuakeViewError: if there are too few magnitudes.
    """
    known = known_magnitudes(catalogue.magnitude)
    if len(known) < ENOUGH:
        raise QuakeViewError(
            f"From where a catalogue is complete cannot be said from {counted(len(known), 'magnitude')}; "
            f"choose a larger region or more years, so that there are at least {ENOUGH}."
        )
    counts = frequency_magnitude(known, step)
    fit, level = goodness_of_fit(counts)
    return Completeness(maximum_curvature(counts), curvature_scatter(counts), b_stability(counts), fit, level)


def maximum_curvature(counts: FrequencyMagnitude) -> float:
    """Return the most frequent magnitude + 0.2 (Wiemer and Wyss 2000, corrected by Woessner and Wiemer 2005)."""
    return _tidy(float(counts.magnitude[counts.number.argmax()]) + CORRECTION)


def curvature_scatter(counts: FrequencyMagnitude, seed: int = 0) -> float:
    """Return the standard deviation of the most frequent magnitude if the earthquakes are drawn again and again."""
    total = int(counts.number.sum())
    drawn = np.random.default_rng(seed).multinomial(total, counts.number / total, size=_ROUNDS)
    return float(counts.magnitude[drawn.argmax(axis=1)].std())


def b_stability(counts: FrequencyMagnitude) -> float | None:
    """Return from where b stays within its uncertainty of the mean of the next half magnitude (Cao and Gao 2002).

    The uncertainty is that of Shi and Bolt (1982), as Woessner and Wiemer (2005) have it. Below the most frequent
    magnitude no catalogue is complete. None if b is nowhere stable.
    """
    b, uncertainty, number = _slopes(counts)
    averaged = max(round(_AVERAGED / counts.step), 2)
    for least in range(int(counts.number.argmax()), len(b) - averaged + 1):
        following = slice(least, least + averaged)
        if (number[following] < ENOUGH).any():
            return None
        if abs(b[following].mean() - b[least]) <= uncertainty[least]:
            return _tidy(float(counts.magnitude[least]))
    return None


def goodness_of_fit(counts: FrequencyMagnitude) -> tuple[float | None, float]:
    """Return from where the law explains 95 % of the earthquakes, else 90 %, and which (Wiemer and Wyss 2000)."""
    b, _, number = _slopes(counts)
    begin, explained = int(counts.number.argmax()), []
    for least in range(begin, len(b)):
        if number[least] < ENOUGH:
            break
        law = number[least] * 10 ** (-b[least] * (counts.magnitude[least:] - counts.magnitude[least]))
        explained.append(100 * (1 - np.abs(number[least:] - law).sum() / number[least:].sum()))
    for level in GOOD_FITS:
        good = np.flatnonzero(np.asarray(explained) >= level)
        if good.size:
            return _tidy(float(counts.magnitude[begin + good[0]])), level
    return None, GOOD_FITS[-1]


@dataclass(frozen=True)
class CompletenessOverTime:
    """Completeness of as many earthquakes each, one after the other.

    Attributes:
        start, end: (windows,) times of the first and the last earthquake, seconds since 1970 UTC.
        curvature, scatter: (windows,) maximum curvature and its standard deviation.
        stability: (windows,) by stability of b; NaN where it is nowhere stable.
        number: earthquakes of each.
    """

    start: Floats
    end: Floats
    curvature: Floats
    scatter: Floats
    stability: Floats
    number: int


def completeness_over_time(catalogue: Catalogue, step: float, number: int = WINDOW) -> CompletenessOverTime:
    """Find from where a catalogue is complete for ``number`` earthquakes each; windows overlap by four fifths.

    Raises:
        QuakeViewError: if there are not as many of known magnitude.
    """
    known = catalogue.where(np.isfinite(catalogue.magnitude))
    if len(known) < number:
        raise QuakeViewError(
            f"{counted(len(known), 'magnitude')} are too few for a completeness over time; it needs {number}."
        )
    first = np.arange(0, len(known) - number + 1, max(number // _PER_WINDOW, 1))
    windows = [frequency_magnitude(known.magnitude[begin : begin + number], step) for begin in first]
    stable = [b_stability(counts) for counts in windows]
    return CompletenessOverTime(
        known.time[first],
        known.time[first + number - 1],
        np.array([maximum_curvature(counts) for counts in windows]),
        np.array([curvature_scatter(counts) for counts in windows]),
        np.array([np.nan if magnitude is None else magnitude for magnitude in stable]),
        number,
    )


def incomplete_for(mainshock: float, magnitude: float) -> float:
    """Return how long after an earthquake smaller ones from ``magnitude`` on are missed, s.

    Helmstetter, Kagan and Jackson (2006), for southern California: complete from M - 4.5 - 0.75 log10(days).
    """
    return float(DAY * 10 ** ((mainshock - 4.5 - magnitude) / 0.75))


def _slopes(counts: FrequencyMagnitude) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """b, its uncertainty by Shi and Bolt (1982) and the number of earthquakes, (bins,), from each bin on."""
    number = counts.cumulative
    several = np.maximum(number, 2)
    mean = np.cumsum((counts.number * counts.magnitude)[::-1])[::-1] / np.maximum(number, 1)
    squares = np.cumsum((counts.number * counts.magnitude**2)[::-1])[::-1]
    scatter = np.sqrt(np.maximum(squares - number * mean**2, 0) / (several * (several - 1)))
    b, _ = slope(np.maximum(mean - counts.magnitude, TOLERANCE), several, counts.step)
    return b, np.log(10) * b**2 * scatter, number


def _tidy(magnitude: float) -> float:
    """Without what binary fractions leave."""
    return round(magnitude, 6)
