"""Whether what happened is like what a forecast expects: the N, L, S, M and T tests of CSEP, for Poisson forecasts.

Schorlemmer et al. (2007), Zechar, Gerstenberger & Rhoades (2010), Rhoades et al. (2011); as pyCSEP computes them. A
forecast that changes from day to day is tested on all its days together: its bins are cells on days.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import gammaln

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

SIMULATIONS = 1000
_MOST = 2e6
"""Earthquakes in all simulations of one period; beyond, the number alone rejects the forecast."""
_RAREST = 1e-12
_EPSILON = 1e-6


@dataclass(frozen=True)
class NumberTest:
    """Of the N test: what Poisson's law says of as many as came.

    Attributes:
        at_least, at_most: probability of so many and more, and of so many and fewer (delta 1 and 2); the forecast fails
            if one is below .025.
    """

    at_least: float
    at_most: float


def number_test(expected: float, observed: int) -> NumberTest:
    """Return the N test of a number of earthquakes."""
    fewer = float(stats.poisson.cdf(observed - _EPSILON, expected))
    return NumberTest(1 - fewer, float(stats.poisson.cdf(observed + _EPSILON, expected)))


@dataclass(frozen=True)
class LikelihoodResult:
    """Of a test of likelihood.

    Attributes:
        statistic: joint log-likelihood of what came.
        quantile: the part of the simulations that are no likelier; the forecast fails below .05. NaN if not simulated.
    """

    statistic: float
    quantile: float


class LikelihoodTest:
    """Joint log-likelihood of what came beside that of catalogues drawn from the forecast, one period after the other.

    Args:
        given_number: every period has as many earthquakes as came, so that only their places are tested (the S test;
            with bins of magnitude the M test); else numbers are drawn too (the L test).
    """

    def __init__(self, given_number: bool, simulations: int = SIMULATIONS, seed: int = 0) -> None:
        self._given_number = given_number
        self._random = np.random.default_rng(seed)
        self._simulated = np.zeros(simulations)
        self._statistic = 0.0

    def add(self, expected: Floats, observed: Integers) -> None:
        """Add a period.

        Args:
            expected, observed: (bins,) numbers of earthquakes.
        """
        number, simulations = int(observed.sum()), len(self._simulated)
        if self._given_number and not number:
            return
        rates = np.maximum(expected, _RAREST)
        if self._given_number:
            rates = rates * (number / rates.sum())
        total = rates.sum()
        bins = np.flatnonzero(observed)
        self._statistic += float(_log_likelihood(rates[bins], observed[bins]).sum() - total)
        if total * simulations > _MOST:
            self._simulated[:] = np.nan
            return
        numbers = np.full(simulations, number) if self._given_number else self._random.poisson(total, simulations)
        edges = np.cumsum(rates) / total
        drawn = np.searchsorted(edges[:-1], self._random.random(int(numbers.sum())), side="right")
        places = np.repeat(np.arange(simulations), numbers) * len(rates) + drawn
        places, counts = np.unique(places, return_counts=True)
        likelihoods = _log_likelihood(rates[places % len(rates)], counts)
        self._simulated += np.bincount(places // len(rates), likelihoods, simulations) - total

    def result(self) -> LikelihoodResult:
        """Return the result for all periods so far."""
        known = not np.isnan(self._simulated).any()
        quantile = float((self._simulated <= self._statistic).mean()) if known else float("nan")
        return LikelihoodResult(self._statistic, quantile)


@dataclass(frozen=True)
class TTest:
    """Information gain for each earthquake with the interval of Student's t, which takes earthquakes as independent."""

    gain: float
    low: float
    high: float
    statistic: float


def t_test(log_ratios: Floats, expected: float, expected_by_reference: float, alpha: float = 0.05) -> TTest:
    """Return the paired T test of a forecast against a reference (Rhoades et al. 2011, equations 17 and 18).

    Args:
        log_ratios: (n,) of the two rates where and when an earthquake came.
        expected, expected_by_reference: earthquakes in all.
    """
    number = len(log_ratios)
    if number < 2:
        return TTest(*[float("nan")] * 4)
    gain = float(log_ratios.sum() - (expected - expected_by_reference)) / number
    error = float(log_ratios.std(ddof=1)) / number**0.5
    reach = float(stats.t.ppf(1 - alpha / 2, number - 1)) * error
    return TTest(gain, gain - reach, gain + reach, gain / error if error else float("nan"))


def _log_likelihood(rates: Floats, counts: Integers) -> Floats:
    """Poisson's of each bin, without the expected number."""
    logarithms: Floats = counts * np.log(rates) - gammaln(counts + 1.0)
    return logarithms
