"""Forecasts of a region beside what came, and how sure they are."""

from dataclasses import replace

import numpy as np
import pytest

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.maps.kept_days import KeptDays
from quakeview.seismicity.maps.regions import RegionSeries, rarity, rarity_before, region_series
from quakeview.seismicity.references import ConstantForecast
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import NEXT_DAY, Window
from tests.seismicity.catalogues import FIRST, box
from tests.seismicity.maps.forecasts import DAYS, FITTED, fitted

HONSHU = Region.box(36.0, 139.0, 38.0, 141.0)


def test_the_series_of_a_region_is_what_was_expected_and_what_came() -> None:
    forecaster, catalogue = fitted()
    kept = KeptDays(forecaster, catalogue)
    kept.compute(range(FIRST + 300, kept.last + 1))
    whole, part = region_series(kept, None), region_series(kept, HONSHU)
    assert whole.expected.sum() > part.expected.sum() > 0
    day = 40
    then = catalogue.between(float(whole.first[day] * DAY), float((whole.first[day] + 1) * DAY)).above(4.5)
    assert whole.came[day] == (forecaster.grid.cells(then) >= 0).sum()
    assert part.came[day] == HONSHU.contains(then.latitude, then.longitude).sum()
    assert np.isnan(whole.came[-1])  # tomorrow
    assert np.isfinite(whole.came[:-1]).all()
    assert whole.fitted_until == FIRST + 300


def test_windows_of_several_days_count_all_of_them() -> None:
    grid = box()
    catalogue = Catalogue.of((FIRST + np.array([0.5, 3.5, 4.5, 9.5])) * DAY, [37.0] * 4, [140.0] * 4, [5.0] * 4)
    flat = ConstantForecast("flat", grid, 4.5, Window(2, 5), np.full(grid.number, 1e-3))
    kept = KeptDays(flat, catalogue)
    kept.compute(range(FIRST, FIRST + 8))
    series = region_series(kept, None)
    assert series.first[0] == FIRST + 2
    assert series.came.tolist()[:5] == [2, 2, 1, 0, 0]
    assert np.isnan(series.came[-1])
    assert series.expected == pytest.approx(3 * grid.number * 1e-3)


def test_larger_earthquakes_are_rarer() -> None:
    series = RegionSeries(4.5, 1, np.arange(10), np.full(10, 0.5), np.full(10, np.nan), 0)
    forecast = series.forecast(4, 5.5, 1.0)
    assert forecast is not None
    assert forecast.expected == pytest.approx(0.05)
    assert forecast.probability == pytest.approx(1 - np.exp(-0.05))
    assert series.forecast(99, 5.5, 1.0) is None
    assert "4.9 % (1 in 21), 0.05 earthquakes expected" in str(forecast)
    assert "cannot be told" in str(forecast)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Poisson's law with a factor that the forecaster does not know: 95 of 100 intervals hold the true number."""
    random, held = np.random.default_rng(2), 0
    for _ in range(400):
        factor = random.uniform(0.6, 1.6)
        expected = random.uniform(0.02, 0.08, 900)
        series = RegionSeries(4.5, 1, np.arange(900), expected, random.poisson(factor * expected).astype(float), 0)
        forecast = series.forecast(899, 4.5, 1.0)
        assert forecast is not None
        assert forecast.low is not None
        assert forecast.high is not None
        held += forecast.low <= factor * forecast.expected <= forecast.high
    assert 0.93 <= held / 400 <= 0.995


def test_sequences_make_the_interval_wider() -> None:
    days = np.arange(900)
    steady, bursts = (np.zeros(900), np.zeros(900))
    steady[::30] = 1
    bursts[100:130] = 1
    widths = []
    for came in (steady, bursts):
        forecast = RegionSeries(4.5, 1, days, np.full(900, 1 / 30), came, 0).forecast(899, 4.5, 1.0)
        assert forecast is not None
        assert forecast.low is not None
        assert forecast.high is not None
        widths.append(forecast.high / max(forecast.low, 1e-9))
    assert widths[1] > 3 * widths[0]


def test_days_of_training_say_nothing_of_how_sure_it_is() -> None:
    days, came = np.arange(900), np.zeros(900)
    came[:600] = 3.0
    series = [RegionSeries(4.5, NEXT_DAY.length, days, np.full(900, 0.05), came, until) for until in (600, 0)]
    later, all_days = (each.forecast(899, 4.5, 1.0) for each in series)
    assert later is not None
    assert all_days is not None
    assert later.high is not None
    assert all_days.high is not None
    assert later.high < 0.05 < all_days.high


def test_the_b_value_says_where_it_comes_from() -> None:
    b, uncertainty, words = rarity(fitted()[1], 4.5)
    assert 0.01 < uncertainty < 0.1
    assert b == pytest.approx(1.09, abs=0.15)  # magnitudes of mean 0.4 above 4.5
    assert f"b = {b:.2f} ± 0.0" in words
    assert "too few" in rarity(fitted()[1], 8.9).words


def test_the_b_value_of_a_past_day_knows_nothing_later() -> None:
    forecaster, catalogue = fitted()
    day = FIRST + FITTED
    later = catalogue.time >= day * DAY
    other = replace(catalogue, magnitude=np.where(later, catalogue.magnitude + 0.5, catalogue.magnitude))
    one, two = (KeptDays(forecaster, each) for each in (catalogue, other))
    assert rarity_before(one, day) == rarity_before(two, day)
    assert rarity_before(one, FIRST + DAYS) != rarity_before(two, FIRST + DAYS)


def test_what_comes_later_does_not_change_how_sure_a_forecast_is() -> None:
    days, came = np.arange(900), np.random.default_rng(1).poisson(0.05, 900).astype(float)
    other = np.where(days >= 600, 9.0, came)
    one, two = (RegionSeries(4.5, 1, days, np.full(900, 0.05), each, 0) for each in (came, other))
    assert one.forecast(600, 4.5, 1.0) == two.forecast(600, 4.5, 1.0)
    assert one.forecast(700, 4.5, 1.0) != two.forecast(700, 4.5, 1.0)


def test_an_uncertain_b_makes_forecasts_of_larger_earthquakes_less_sure() -> None:
    """With b drawn from its uncertainty and a factor that is unknown, intervals hold the truth as they say."""
    random, held = np.random.default_rng(3), 0
    for _ in range(400):
        factor, b = random.uniform(0.6, 1.6), random.normal(1.0, 0.15)
        expected = random.uniform(0.02, 0.08, 900)
        series = RegionSeries(4.5, 1, np.arange(900), expected, random.poisson(factor * expected).astype(float), 0)
        forecast = series.forecast(899, 6.5, 1.0, 0.15)
        assert forecast is not None
        assert forecast.low is not None
        assert forecast.high is not None
        held += forecast.low <= factor * expected[899] * 10 ** (-2 * b) <= forecast.high
    assert 0.93 <= held / 400 <= 0.995
    sure = series.forecast(899, 6.5, 1.0)
    assert sure is not None
    assert sure.low is not None
    assert sure.high is not None
    assert forecast.high / forecast.low > 1.5 * sure.high / sure.low
