"""Warning times as they are listed: which intensity at first, and a line for each place."""

import pytest

from quakeview.geography import City, Station
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.peaks import TruePeaks
from quakeview.wavefield.forecasting.site_warnings import (
    LEVELS,
    NOTHING_SAID,
    counts,
    headline,
    usual_level,
    warnings_of,
)
from quakeview.wavefield.forecasting.warning import Outcome
from tests.app.fake_wavefield import expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast

NEAR, FAR = City("Near", 45_000.0, 38_000.0, 1), City("Far", 119_000.0, 79_000.0, 2)


def test_the_usual_intensity_is_exceeded_by_a_good_part_of_the_map() -> None:
    pgv = expanding_wave().pgv
    assert usual_level(pgv) in LEVELS
    assert usual_level(1e-4 * pgv) == LEVELS[0]
    assert usual_level(pgv) >= usual_level(0.3 * pgv)


def test_a_place_is_hit_where_the_forecast_came_first_and_late_at_the_hypocentre() -> None:
    truth = expanding_wave()
    forecasts = [fake_forecast(truth, until, noise=0.0) for until in (7.8, 10.4, 13.0)]
    found = warnings_of(TruePeaks(Comparison(truth, forecasts[0])), forecasts, 4.0, [NEAR, FAR])
    near, far = found.rows
    assert (near.outcome, far.outcome) == (Outcome.LATE, Outcome.HIT)
    assert far.warning == pytest.approx(far.exceedance - far.alert)
    assert found.seconds[truth.nearest(FAR.x, FAR.y)] == pytest.approx(far.warning)
    assert found.judged
    assert counts(found.rows).startswith("2 sites:  1 hit  ·  1 late")
    assert headline(found.rows, "MMI IV").startswith("Near: MMI IV came")
    assert "3 of 10 inputs" in found.so_far


def test_nothing_is_said_where_there_are_not_enough_stations() -> None:
    truth = expanding_wave()
    stations = tuple(Station(f"S{number}", 11_000.0 + 20_000.0 * number, 21_000.0) for number in range(5))
    forecast = fake_forecast(truth, noise=0.0, stations=stations, fewest=60)
    found = warnings_of(TruePeaks(Comparison(truth, forecast)), [forecast], 4.0, [FAR])
    assert found.problem.startswith("Not enough stations")
    assert found.rows[0].pgv is None
    assert found.seconds[truth.nearest(FAR.x, FAR.y)] == NOTHING_SAID
    assert "1 without enough stations" in counts(found.rows)
