"""The tests of CSEP: against pyCSEP where it is installed, and against what must hold."""

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.scoring.consistency import LikelihoodTest, number_test, t_test
from quakeview.seismicity.scoring.magnitudes import MagnitudeTest, magnitude_test
from quakeview.seismicity.scoring.outcomes import Outcomes
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, box

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def made(seed: int, shift: float = 1.0) -> tuple[Floats, Integers]:
    """Expected and observed numbers of 300 bins; what comes is ``shift`` times as much in the first half."""
    random = np.random.default_rng(seed)
    expected = random.lognormal(-3, 1.5, 300)
    return expected, random.poisson(expected * np.where(np.arange(300) < 150, shift, 1.0))


@pytest.mark.parametrize(("seed", "shift"), [(0, 1.0), (1, 1.0), (2, 2.0), (3, 0.3)])
def test_they_are_those_of_pycsep(seed: int, shift: float) -> None:
    theirs = pytest.importorskip("csep.core.poisson_evaluations")
    expected, observed = made(seed, shift)
    ours = number_test(expected.sum(), int(observed.sum()))
    assert (ours.at_least, ours.at_most) == pytest.approx(
        theirs._number_test_ndarray(expected.sum(), observed.sum()), abs=1e-12
    )
    for given in (False, True):  # L, and S or M
        quantile, statistic, _ = theirs._poisson_likelihood_test(
            expected, observed, 4000, seed=1, use_observed_counts=given, normalize_likelihood=given
        )
        test = LikelihoodTest(given, simulations=4000)
        test.add(expected, observed)
        assert test.result().statistic == pytest.approx(statistic, rel=1e-9)
        assert test.result().quantile == pytest.approx(quantile, abs=0.035)
    places = np.repeat(np.arange(300), observed)
    other = expected[::-1] * 1.3
    paired = theirs._t_test_ndarray(expected[places], other[places], len(places), expected.sum(), other.sum())
    gain = t_test(np.log(expected[places] / other[places]), expected.sum(), other.sum())
    assert (gain.gain, gain.low, gain.high, gain.statistic) == pytest.approx(
        tuple(paired[name] for name in ("information_gain", "ig_lower", "ig_upper", "t_statistic"))
    )


def test_several_periods_are_one_forecast() -> None:
    expected, observed = made(0)
    whole, parts = LikelihoodTest(given_number=False), LikelihoodTest(given_number=False)
    whole.add(expected, observed)
    for part in np.split(np.arange(300), 3):
        parts.add(expected[part], observed[part])
    assert parts.result().statistic == pytest.approx(whole.result().statistic)
    assert parts.result().quantile == pytest.approx(whole.result().quantile, abs=0.07)


def test_a_right_forecast_passes_and_a_wrong_one_fails() -> None:
    quantiles = []
    for seed in range(30):
        expected, observed = made(seed)
        test = LikelihoodTest(given_number=True, simulations=300)
        test.add(expected, observed)
        quantiles.append(test.result().quantile)
    assert 0.3 < np.mean(quantiles) < 0.7
    expected, observed = made(0)
    wrong = LikelihoodTest(given_number=True)
    wrong.add(expected[::-1], observed)
    assert wrong.result().quantile < 0.01
    assert number_test(10.0, 40).at_least < 1e-6
    assert number_test(40.0, 10).at_most < 1e-6


def test_what_expects_far_too_much_is_not_simulated() -> None:
    test = LikelihoodTest(given_number=False)
    test.add(np.full(100, 1e3), np.ones(100, np.int64))
    assert np.isnan(test.result().quantile)
    assert test.result().statistic < -9e4


def test_a_period_without_earthquakes_says_nothing_of_places() -> None:
    test = LikelihoodTest(given_number=True)
    test.add(np.full(10, 0.1), np.zeros(10, np.int64))
    assert test.result().statistic == 0
    assert np.isnan(t_test(np.array([0.3]), 1.0, 1.0).gain)


def test_magnitudes_are_tested_against_the_law_of_training() -> None:
    random = np.random.default_rng(0)

    def tested(b_value: float) -> MagnitudeTest:
        places = np.full(300, 37.0), np.full(300, 140.0)
        training, came = (
            Catalogue.of(
                (FIRST + start + random.random(300)) * DAY,
                *places,
                np.round(4.45 + random.exponential(np.log10(np.e) / b, 300), 1),
            )
            for start, b in ((0, 1.0), (10, b_value))
        )
        return magnitude_test(training, Outcomes.of(came, box(), 4.5, [FIRST + 9], Window()))

    same, other = tested(1.0), tested(1.5)
    assert same.result.quantile > 0.05
    assert same.trained.b == pytest.approx(1.0, abs=0.2)
    assert other.observed.b == pytest.approx(1.5, abs=0.3)
    assert other.result.quantile < 0.05
