"""Forecasts of HierarchicalQuake as printed: what it sees, what its scores are worth, and how it is kept."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.model_folders import WEIGHTS
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.model_folder import load_forecaster, save
from quakeview.seismicity.networks.calibration import FEWEST, MonotoneCalibration, ScoreHistogram
from quakeview.seismicity.networks.daily_maps import DailyMaps
from quakeview.seismicity.networks.forecaster import OBSERVED, PrintedForecast
from quakeview.seismicity.networks.hierarchical import HierarchicalConfig, HierarchicalQuake
from quakeview.seismicity.windows import NEXT_DAY, Window, daily_counts
from tests.seismicity.catalogues import FIRST, box, clustered

GRID = box(50e3)
DAYS = 3 * OBSERVED


def forecast(**blocks: bool) -> PrintedForecast:
    torch.manual_seed(0)
    network = HierarchicalQuake(HierarchicalConfig(GRID.shape, embedding=2, hidden=4, region=3, **blocks)).eval()
    calibration = MonotoneCalibration(np.array([-0.2, 0.1]), np.array([1e-4, 1e-3, 1e-2]))
    days = FIRST, FIRST + 30
    return PrintedForecast("Printed", GRID, 4.5, NEXT_DAY, 4.0, network, calibration, days)


def test_maps_hold_the_largest_magnitude_of_each_day() -> None:
    time = FIRST * DAY + np.array([1.0, 2.0, 3.0, DAY + 5.0])
    catalogue = Catalogue.of(time, [37.0] * 4, [140.0] * 4, [5.1, 6.2, 4.7, 4.2])
    maps = DailyMaps(catalogue, GRID, 4.5, Window(1, 3))
    (cell,) = set(GRID.cells(catalogue))
    first, second = maps.magnitudes(FIRST), maps.magnitudes(FIRST + 1)
    assert first.shape == GRID.shape
    assert first.ravel()[cell] == pytest.approx(6.2)
    assert second.ravel()[cell] == pytest.approx(4.2)
    assert np.count_nonzero(first) == np.count_nonzero(second) == 1
    assert not maps.magnitudes(FIRST + 2).any()
    assert [maps.numbers(FIRST + day)[cell] for day in (-3, -2, -1, 0)] == [0, 3, 3, 0]  # 4.2 is not forecast
    assert maps.frequency(range(FIRST - 3, FIRST + 1)).ravel()[cell] == pytest.approx(0.5)


def test_numbers_are_those_of_the_other_forecasts() -> None:
    catalogue = clustered(60)
    maps = DailyMaps(catalogue, GRID, 5.0, Window(2, 5))
    counts = daily_counts(catalogue.above(5.0), GRID, FIRST, FIRST + 60)
    assert counts.sum() > 50
    for day in range(50):
        assert np.array_equal(maps.numbers(FIRST + day), counts[day + 2 : day + 5].sum(axis=0))


def test_a_forecast_depends_on_its_own_past_alone() -> None:
    """Not on the days that are asked with it, nor on what comes later, nor on what was long ago."""
    printed, catalogue = forecast(), clustered(DAYS)
    days = range(FIRST + 10, FIRST + DAYS, 31)
    together = list(printed.printed(catalogue, days))
    for day, said in zip(days, together, strict=True):
        alone = next(printed.printed(catalogue.between(-np.inf, (day + 1) * DAY), [day]))
        assert np.array_equal(alone, said)
    for seen, same in ((127, True), (20, False)):
        recent = catalogue.between((days[3] + 1 - seen) * DAY, np.inf)
        assert np.array_equal(next(printed.printed(recent, [days[3]])), together[3]) == same


def test_small_earthquakes_are_seen_down_to_the_magnitude_of_training() -> None:
    printed, day = forecast(), FIRST + 100
    said = [
        next(printed.printed(Catalogue.of([(day + 0.5) * DAY], [37.0], [140.0], [magnitude]), [day]))
        for magnitude in (4.1, 3.9, 3.8)
    ]
    assert not np.array_equal(said[0], said[1])
    assert np.array_equal(said[1], said[2])


def test_expected_numbers_are_calibrated_scores_in_the_same_order() -> None:
    printed, catalogue = forecast(), clustered(DAYS)
    day = FIRST + 150
    (said,), (numbers,) = printed.printed(catalogue, [day]), printed.expected(catalogue, [day])
    assert said.shape == numbers.shape == (GRID.number,)
    assert set(numbers) <= set(printed.calibration.rates)
    order = np.argsort(said)
    assert (np.diff(numbers[order]) >= 0).all()
    assert said.min() > 0.26  # "probabilities" as printed


@pytest.mark.parametrize("blocks", [{}, {"attention": False, "gate": False, "memory": False}], ids=str)
def test_a_kept_network_says_the_same(blocks: dict[str, Any], tmp_path: Path) -> None:
    printed, catalogue, day = forecast(**blocks), clustered(DAYS), FIRST + 150
    save(printed, tmp_path, {"name": "Mine", "system": "HierarchicalQuake", "trained_on": "a test", "scores": {}})
    read = load_forecaster(tmp_path)
    assert isinstance(read, PrintedForecast)
    assert (read.name, read.input_magnitude, read.trained_days) == ("Mine", 4.0, printed.trained_days)
    assert np.array_equal(next(read.expected(catalogue, [day])), next(printed.expected(catalogue, [day])))
    attention = read.attention(catalogue, day)
    if blocks:
        assert attention is None
    else:
        assert np.allclose(attention.sum(axis=1), 1)
        assert len(attention) == len(read.regions.outlines(GRID))


def test_weights_that_do_not_fit_are_told(tmp_path: Path) -> None:
    save(forecast(), tmp_path, {"name": "Mine"})
    other = tmp_path / "other"
    save(forecast(attention=False, gate=False, memory=False), other, {"name": "Other"})
    (other / WEIGHTS).replace(tmp_path / WEIGHTS)
    with pytest.raises(QuakeViewError):
        load_forecaster(tmp_path)


def scores(random: np.random.Generator, days: int = 40, cells: int = 2000) -> list[tuple[Any, Any]]:
    """Scores whose exponential is a rate, in the end too small by a factor that the calibration has to find."""
    said = [random.normal(-5, 1.5, cells).clip(-10, 0) for _ in range(days)]
    return [(each, random.poisson(3 * np.exp(each))) for each in said]


def test_calibration_finds_the_rates_of_scores() -> None:
    days = scores(np.random.default_rng(0))
    histogram = ScoreHistogram.of(days, -10, 0)
    calibration = histogram.calibration()
    assert (np.diff(calibration.rates) > 0).all()
    assert (np.diff(calibration.edges) > 0).all()
    expected = sum(calibration.expected(said).sum() for said, _ in days)
    came = sum(numbers.sum() for _, numbers in days)
    assert expected == pytest.approx(came, rel=1e-3)
    assert came / len(calibration.rates) >= FEWEST
    assert calibration.expected(np.array([-3.0]))[0] == pytest.approx(3 * np.exp(-3.0), rel=0.2)


def test_scores_that_mean_nothing_gain_nothing() -> None:
    random = np.random.default_rng(0)
    meaningless = [(random.random(1000), random.poisson(0.02, 1000)) for _ in range(100)]
    histogram = ScoreHistogram.of(meaningless, 0, 1)
    assert histogram.gain_over_uniform(histogram.calibration()) < 0.02
    assert histogram.area_under_curve() == pytest.approx(0.5, abs=0.02)
    knowing = ScoreHistogram.of(scores(random), -10, 0)
    assert knowing.gain_over_uniform(knowing.calibration()) > 0.5
    assert knowing.area_under_curve() > 0.8


def test_nothing_to_calibrate_by_is_a_sentence() -> None:
    with pytest.raises(QuakeViewError, match="no earthquakes"):
        ScoreHistogram.of([(np.zeros(3), np.zeros(3, int))], 0, 1).calibration()
