"""Forecasts of days: their numbers, how they are kept, their words, films."""

from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.maps.day_forecast import DayForecast, Quantity, forecast_of_day, scale_of
from quakeview.seismicity.maps.figures import write_forecast_film
from quakeview.seismicity.maps.ground import ground, net
from quakeview.seismicity.maps.kept_days import KeptDays
from quakeview.seismicity.maps.words import place_text, probability_text, region_weights
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, box
from tests.seismicity.maps.forecasts import fitted, uneven


def test_kept_days_are_those_made_one_by_one() -> None:
    forecaster, catalogue = fitted()
    kept, heard = KeptDays(forecaster, catalogue), []
    kept.compute(range(FIRST + 300, FIRST + 320), came=heard.append)
    assert heard == kept.days() == list(range(FIRST + 300, FIRST + 320))
    for day in (FIRST + 300, FIRST + 311):
        alone, found = forecast_of_day(forecaster, catalogue, day), kept.get(day)
        assert found is not None
        assert found.expected == pytest.approx(alone.expected, rel=1e-5)
    assert kept.get(FIRST + 320) is None
    kept.compute(range(FIRST + 310, FIRST + 322), came=heard.append)
    assert heard[20:] == [FIRST + 320, FIRST + 321]


def test_memory_is_bounded_and_what_is_far_goes_first() -> None:
    forecaster, catalogue = fitted()
    kept = KeptDays(forecaster, catalogue, capacity=10 * 4 * forecaster.grid.number)
    kept.get(FIRST + 300)
    kept.compute(range(FIRST + 296, FIRST + 330))
    assert kept.most == len(kept) == 10
    assert kept.nbytes <= 10 * 4 * forecaster.grid.number
    assert FIRST + 300 in kept.days()
    assert max(kept.days()) <= FIRST + 306 or kept.days()[-1] == FIRST + 329
    assert len(kept.around(FIRST + 350)) == 10
    assert FIRST + 350 in kept.around(FIRST + 350)
    assert kept.around(kept.last)[-1] == kept.last
    for far in (FIRST - 5000, FIRST + 5000):  # before the catalogue, and after it
        assert far in kept.around(far)
        assert len(kept.around(far)) <= 10


def test_cancelling_keeps_what_came() -> None:
    forecaster, catalogue = fitted()
    kept, progress = KeptDays(forecaster, catalogue), Progress()

    def came(day: int) -> None:
        if day == FIRST + 304:
            progress.cancel()

    with pytest.raises(Cancelled):
        kept.compute(range(FIRST + 300, FIRST + 360), progress, came)
    assert kept.days() == list(range(FIRST + 300, FIRST + 305))


def test_the_values_of_a_map() -> None:
    forecast = uneven()
    expected = forecast.values(Quantity.EXPECTED)
    assert expected.shape == forecast.grid.shape
    assert forecast.values(Quantity.PROBABILITY) == pytest.approx(1 - np.exp(-expected))
    assert forecast.values(Quantity.RATIO) == pytest.approx(expected / 1e-4)
    alone = DayForecast(forecast.provenance, forecast.grid, 4.5, Window(), 18_000, forecast.expected)
    assert np.isnan(alone.values(Quantity.RATIO)).all()
    x, y = forecast.grid.centres
    cell = int(np.argmax(forecast.expected))
    column, row = np.unravel_index(cell, forecast.grid.shape)
    assert (x[cell], y[cell]) == pytest.approx(
        (forecast.grid.west + (column + 0.5) * 25e3, forecast.grid.south + (row + 0.5) * 25e3)
    )


def test_days_of_a_window_and_what_happened_in_it() -> None:
    forecast = uneven(window=Window(10, 20))
    assert forecast.when == "2019-04-24 to 2019-05-03"
    times = (18_000 + np.array([9.9, 10.1, 19.9, 20.1, 12.0, 12.0])) * DAY
    catalogue = Catalogue.of(times, [37.0] * 5 + [50.0], [140.0] * 6, [5, 5, 5, 5, 4.4, 6])
    assert (forecast.happened(catalogue).time / DAY - 18_000) == pytest.approx([10.1, 19.9])


def test_scales_are_the_same_for_all_days() -> None:
    grid, usual = box(), np.full(box().number, 2e-4)
    scale = scale_of(Quantity.PROBABILITY, grid, usual)
    assert scale.low == pytest.approx(1e-4)
    assert scale.high == 1
    assert scale.text(0.01) == "1 %"
    assert [text for _, text in scale.ticks(5)] == ["0.01", "0.1", "1", "10", "100"]
    assert scale_of(Quantity.RATIO, grid, usual).text(30.0) == "30 ×"
    assert "25 km" in scale_of(Quantity.EXPECTED, grid, usual).name
    assert scale_of(Quantity.EXPECTED, grid, np.zeros(grid.number)).low > 0


def test_probabilities_in_words() -> None:
    assert probability_text(0.023) == "2.3 % (1 in 43)"
    assert probability_text(0.000012) == "0.0012 % (1 in 83,000)"
    assert probability_text(0.7) == "70 %"
    assert probability_text(0) == "0 %"


def test_a_place_in_words() -> None:
    forecast = uneven()
    x, y = (float(each[40]) for each in forecast.grid.centres)
    said = place_text(forecast, x, y)
    assert f"{forecast.expected[40]:.3g} earthquakes expected" in said
    assert f"{forecast.expected[40] / 1e-4:.2g} times the long-term rate" in said
    assert place_text(forecast, 1e7, 0) == ""


def test_a_region_takes_parts_of_cells() -> None:
    grid = box()
    latitude, longitude = grid.geographic([-50e3, 75e3, 75e3, -50e3], [-25e3, -25e3, 100e3, 100e3])
    corners = tuple(zip(latitude.tolist(), longitude.tolist(), strict=True))
    weights = region_weights(grid, Region(corners))
    assert weights.sum() * grid.area == pytest.approx(125e3 * 125e3, rel=0.02)
    assert region_weights(grid, Region(corners[:3])).sum() == pytest.approx(weights.sum() / 2, rel=0.05)


def test_a_series_is_the_sum_over_a_region() -> None:
    forecaster, catalogue = fitted()
    kept = KeptDays(forecaster, catalogue)
    kept.compute(range(FIRST + 300, FIRST + 310))
    weights = np.zeros(forecaster.grid.number)
    weights[:40] = 1
    days, sums = kept.series(weights)
    assert days.tolist() == list(range(FIRST + 300, FIRST + 310))
    forecast = kept.get(FIRST + 304)
    assert forecast is not None
    assert sums[4] == pytest.approx(forecast.expected[:40].sum())


def test_the_ground_is_in_the_projection_of_the_cells() -> None:
    grid = box()
    geography, lines = ground(grid), net(grid)
    tokyo = next(city for city in geography.cities if city.name == "Tokyo")
    assert (tokyo.x, tokyo.y) == pytest.approx(tuple(map(float, grid.project(35.69, 139.69))), abs=15e3)
    assert geography.coastlines
    assert not geography.land
    assert "138° E" in [line.text for line in lines.longitudes]
    assert "36° N" in [line.text for line in lines.latitudes]


def test_a_film_has_a_picture_for_each_day(tmp_path: Path) -> None:
    from PIL import Image

    forecaster, catalogue = fitted()
    kept = KeptDays(forecaster, catalogue)
    write_forecast_film(tmp_path / "days.gif", kept, range(FIRST + 300, FIRST + 304))
    with Image.open(tmp_path / "days.gif") as film:
        assert film.n_frames == 4
    small = KeptDays(forecaster, catalogue, capacity=2 * 4 * forecaster.grid.number)
    with pytest.raises(QuakeViewError, match="1 to 2 days"):
        write_forecast_film(tmp_path / "more.gif", small, range(FIRST + 300, FIRST + 304))
