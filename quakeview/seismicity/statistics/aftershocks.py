"""Aftershocks of one mainshock: how they become fewer (Omori and Utsu), and whether there are as many as usual."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.epicentres import epicentres
from quakeview.seismicity.statistics.gardner_knopoff import window_distance, window_time
from quakeview.seismicity.statistics.magnitudes import magnitude_text
from quakeview.texts import counted

Floats = NDArray[np.float64]

FEWEST = 20
"""Aftershocks that the law is fitted to."""
BATH = 1.2
"""By which the largest aftershock is smaller than the mainshock (Båth 1965)."""
_COMPARED = 3.0
"""Aftershocks are counted down to so much below the mainshock."""
_PER_DECADE = 4
_BEGIN = 1e-3
"""Days after the mainshock from where rates are drawn."""
_STEP = 1e-3
"""Of ln c and p, for the curvature of the likelihood."""


@dataclass(frozen=True, eq=False)
class OmoriSequence:
    """How the aftershocks of an earthquake become fewer: K (t + c)^-p a day (Utsu 1961), t in days.

    Attributes:
        magnitude: of those that are counted, and more.
        days: (n,) after the mainshock.
        duration: days that were looked at.
        k, c, p: of the law; c in days.
        p_uncertainty: standard deviation of p.
    """

    magnitude: float
    days: Floats
    duration: float
    k: float
    c: float
    p: float
    p_uncertainty: float

    def law(self, days: Floats) -> Floats:
        """Return the earthquakes a day that the law has."""
        rate: Floats = self.k * (days + self.c) ** -self.p
        return rate

    @property
    def rates(self) -> tuple[Floats, Floats]:
        """Days and earthquakes a day, (bins,), in bins of equal length in log(days); empty bins are left out."""
        begin, end = np.log10(min(_BEGIN, self.duration / 10)), np.log10(self.duration)
        edges = np.logspace(begin, end, round(_PER_DECADE * (end - begin)) + 1)
        numbers, _ = np.histogram(self.days, edges)
        filled = numbers > 0
        return np.sqrt(edges[1:] * edges[:-1])[filled], (numbers / np.diff(edges))[filled]


def aftershocks(catalogue: Catalogue, mainshock: int) -> NDArray[np.int64]:
    """Return the numbers of the earthquakes after one, within its window by Gardner and Knopoff (1974)."""
    magnitude = catalogue.magnitude[[mainshock]]
    end = np.searchsorted(catalogue.time, catalogue.time[mainshock] + window_time(magnitude)[0])
    after = np.arange(mainshock + 1, end)
    place = epicentres(catalogue.where(slice(mainshock, int(end))))
    near = np.linalg.norm(place[1:] - place[0], axis=1) <= window_distance(magnitude)[0]
    return after[near]


def omori(catalogue: Catalogue, mainshock: int, least: float) -> OmoriSequence:
    """Fit the law to the aftershocks of an earthquake from a magnitude on (Ogata 1983, by maximum likelihood).

    Args:
        catalogue: all earthquakes.
        mainshock: the number of one of known magnitude.
        least: magnitude from which the catalogue is complete.

    Raises:
        QuakeViewError: if there are too few.
    """
    followers = catalogue.where(aftershocks(catalogue, mainshock)).above(least)
    begin = catalogue.time[mainshock]
    days = (followers.time - begin) / DAY
    duration = min(float(window_time(catalogue.magnitude[[mainshock]])[0]), float(catalogue.time[-1] - begin)) / DAY
    days = days[(days > 0) & (days <= duration)]
    if len(days) < FEWEST:
        raise QuakeViewError(
            f"This earthquake has {counted(len(days), 'aftershock')} of magnitude {magnitude_text(least)} and more, "
            f"too few for the law of Omori; choose one with at least {FEWEST}."
        )
    (c, p), p_uncertainty = _likeliest(days, duration)
    k = len(days) / _integral(c, p, duration)
    return OmoriSequence(least, days, duration, k, c, p, p_uncertainty)


def usual_number(mainshock: float, least: float) -> float:
    """Return how many aftershocks from a magnitude on are usual, by Båth's law with b = 1."""
    return float(10 ** (mainshock - BATH - least))


def part_of_usual(catalogue: Catalogue, mainshocks: NDArray[np.int64], least: float) -> tuple[int, float]:
    """Return how many aftershocks some earthquakes have together, and how many would be usual.

    They are counted from three magnitudes below each, so that none must be complete that was long ago, and not below
    ``least``. Those whose window has not ended are left out.
    """
    seen, usual = 0, 0.0
    for number in mainshocks:
        magnitude = float(catalogue.magnitude[number])
        if catalogue.time[number] + window_time(catalogue.magnitude[[number]])[0] > catalogue.time[-1]:
            continue
        lowest = max(magnitude - _COMPARED, least)
        seen += len(catalogue.where(aftershocks(catalogue, int(number))).above(lowest))
        usual += usual_number(magnitude, lowest)
    return seen, usual


def _likeliest(days: Floats, duration: float) -> tuple[tuple[float, float], float]:
    """c (days) and p, and the standard deviation of p, by the curvature of the likelihood."""
    from scipy.optimize import minimize

    def unlikely(at: Floats) -> float:
        c, p = float(np.exp(at[0])), float(at[1])
        return float(p * np.log(days + c).sum() + len(days) * np.log(_integral(c, p, duration)))

    bounds = ((np.log(1e-5), np.log(10.0)), (0.3, 3.0))
    best = minimize(unlikely, (np.log(0.05), 1.1), method="L-BFGS-B", bounds=bounds).x
    steps = _STEP * np.eye(2)
    curvature = [
        [
            (unlikely(best + i + j) - unlikely(best + i - j) - unlikely(best - i + j) + unlikely(best - i - j))
            / (4 * _STEP**2)
            for j in steps
        ]
        for i in steps
    ]
    return (float(np.exp(best[0])), float(best[1])), float(np.sqrt(max(np.linalg.pinv(curvature)[1, 1], 0.0)))


def _integral(c: float, p: float, duration: float) -> float:
    """Of (t + c)^-p from the mainshock to ``duration``, days."""
    if abs(p - 1) < 1e-8:
        return float(np.log((duration + c) / c))
    return float(((duration + c) ** (1 - p) - c ** (1 - p)) / (1 - p))
