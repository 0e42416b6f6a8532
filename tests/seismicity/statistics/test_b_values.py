"""b-values of catalogues whose b is known."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.statistics.b_values import b_over_time, b_positive, b_value
from quakeview.seismicity.statistics.magnitudes import frequency_magnitude, magnitude_text, rounding
from tests.seismicity.statistics.magnitudes import daily, gutenberg_richter


@pytest.mark.parametrize("step", [0.25, 0.2, 0.1, 0.05, 0.01, 0.0])
def test_the_step_of_magnitudes_is_found(step: float) -> None:
    assert rounding(gutenberg_richter(2000, 1.0, 2.0, step, 0)).step == step


def test_some_wrong_magnitudes_do_not_hide_the_step() -> None:
    magnitudes = gutenberg_richter(2000, 1.0, 2.0, 0.1, 0)
    magnitudes[:5] += 0.033
    assert rounding(np.append(magnitudes, np.nan)).step == 0.1


def test_magnitudes_that_are_rounded_in_two_ways_are_taken_as_tenths() -> None:
    fine, coarse = gutenberg_richter(1000, 1.0, 2.0, 0.01, 0), gutenberg_richter(1000, 1.0, 2.0, 0.1, 1)
    found = rounding(np.concatenate((fine, coarse)))
    assert found.step == 0.1
    assert 0.5 < found.mixed < 0.6


def test_magnitudes_are_counted_in_bins_around_tenths() -> None:
    counts = frequency_magnitude([1.96, 2.04, 2.1, 2.3, np.nan], 0.01)
    assert counts.magnitude == pytest.approx([2.0, 2.1, 2.2, 2.3])
    assert counts.number.tolist() == [2, 1, 0, 1]
    assert counts.cumulative.tolist() == [4, 2, 1, 1]


@pytest.mark.parametrize(("b", "step"), [(0.8, 0.1), (1.0, 0.0), (1.0, 0.2), (1.4, 0.1)])
def test_the_interval_holds_b_in_95_of_100_catalogues(b: float, step: float) -> None:
    intervals = [b_value(gutenberg_richter(200, b, 2.0, step, seed), 2.0, step).interval for seed in range(600)]
    held = np.mean([low <= b <= high for low, high in intervals])
    assert held == pytest.approx(0.95, abs=0.03)


def test_b_of_many_earthquakes_has_no_bias_from_rounding() -> None:
    found = b_value(gutenberg_richter(100_000, 1.2, 3.0, 0.2, 1), 3.0, 0.2)
    assert abs(found.b - 1.2) < 3 * found.uncertainty
    assert found.shi_bolt == pytest.approx(found.uncertainty, rel=0.03)
    assert found.expected(3.0) == pytest.approx(found.number)


def test_b_positive_needs_no_completeness() -> None:
    """Again and again small ones are missed, ever fewer of them: b of all is too low, b-positive is not."""
    magnitudes = gutenberg_richter(60_000, 1.0, 2.0, 0.1, 2)
    missed_below = 2.0 + np.tile(np.linspace(1.5, 0.0, 2000), 30)
    catalogue = daily(magnitudes[magnitudes >= missed_below - 1e-6])
    of_all, positive = b_value(catalogue.magnitude, 2.0, 0.1), b_positive(catalogue, 0.1)
    assert of_all.b < 0.8
    assert abs(positive.b - 1.0) < 3 * positive.uncertainty + 0.03


def test_a_change_of_b_is_seen_over_time() -> None:
    early, late = gutenberg_richter(3000, 0.8, 2.0, 0.1, 3), gutenberg_richter(3000, 1.3, 2.0, 0.1, 4)
    found = b_over_time(daily(np.concatenate((early, late))), 2.0, 0.1, number=500)
    assert found.b[found.end < 2900 * 86400].mean() == pytest.approx(0.8, abs=0.05)
    assert found.b[found.start > 3100 * 86400].mean() == pytest.approx(1.3, abs=0.08)
    assert (found.end > found.start).all()


def test_windows_over_time_have_the_b_of_their_earthquakes() -> None:
    catalogue = daily(gutenberg_richter(400, 1.0, 2.0, 0.1, 5))
    found = b_over_time(catalogue, 2.0, 0.1, number=300)
    own = b_value(catalogue.magnitude[30:330], 2.0, 0.1)
    assert (found.b[1], found.uncertainty[1]) == pytest.approx((own.b, own.uncertainty))


@pytest.mark.parametrize("magnitudes", [np.full(100, 3.0), np.array([3.0, 3.1, 3.2])], ids=["one magnitude", "three"])
def test_what_has_no_b_value_says_so(magnitudes: np.ndarray) -> None:
    with pytest.raises(QuakeViewError, match="no b-value; choose"):
        b_value(magnitudes, 3.0, 0.1)


def test_a_catalogue_without_magnitudes_says_so() -> None:
    with pytest.raises(QuakeViewError, match="No earthquake of the catalogue has a magnitude"):
        rounding([np.nan, np.nan])


def test_magnitudes_are_written_with_a_decimal() -> None:
    assert [magnitude_text(each) for each in (4.5, 5.0, 4.25, -1.3)] == ["4.5", "5.0", "4.25", "−1.3"]
