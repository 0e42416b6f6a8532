from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.wavefield.forecasting.forecast import LEAST_SPREAD, Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.station_choice import drawn_stations
from quakeview.wavefield.forecasting.support import Support
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.wavefield.forecasting.fakes import fake_forecast, plain_calibration


@pytest.fixture(scope="module")
def truth() -> Scenario:
    return Scenario.open(sample_scenario())


def test_a_forecast_is_the_observation_and_then_the_mean(truth: Scenario) -> None:
    forecast = fake_forecast(truth, 15.6, noise=0.0)
    assert forecast.issued == 30
    assert forecast.issue_time == pytest.approx(15.6)
    assert forecast.n_frames == truth.n_frames
    assert forecast.complete
    np.testing.assert_array_equal(forecast.frame(29), truth.frame(29))
    np.testing.assert_allclose(forecast.frames(25, 40), truth.frames(25, 40), rtol=1e-5)
    np.testing.assert_allclose(forecast.traces([60], [40]), truth.traces([60], [40]), rtol=1e-5)
    assert forecast.spread(100).max() < 1e-6 * forecast.peak


def test_spread_and_peaks_come_from_the_members(truth: Scenario) -> None:
    forecast = fake_forecast(truth, 15.6, noise=0.1)
    later = truth.frames(30, truth.n_frames)
    pgv = np.hypot(later[0], later[1]).max(axis=-1)
    assert 0.8 < np.median(forecast.pgv / pgv) < 1.2
    assert forecast.ln_pgv_std.max() > 0.01
    np.testing.assert_allclose(forecast.t_pgv_std, forecast.frame_step, rtol=1e-3)  # the members agree
    ratio = forecast.spread(60) / np.maximum(np.abs(forecast.frame(60)), 1e-12)
    assert 0.01 < np.median(ratio) < 0.3
    assert not forecast.spread(10).any()


def given(usual: Forecast, **known: Any) -> Forecast:
    """The same forecast by a model of which other things are known."""
    forecast = Forecast(usual.observation, usual.n_frames - usual.issued, replace(usual.model, **known))
    peaks = usual.member_peaks()[1:]
    traces = usual.traces(*np.indices(usual.header.frame_shape[1:]).reshape(2, -1))[..., usual.issued :]
    mean = traces.transpose(1, 0, 2).reshape(*usual.header.frame_shape, -1)
    spread = np.stack([usual.spread(index) for index in range(usual.issued, usual.n_frames)], axis=-1)
    return Forecast.restored(usual.observation, mean.shape[-1], forecast.model, mean, spread, peaks)


def test_the_band_is_wider_at_lead_times_with_larger_errors(truth: Scenario) -> None:
    usual = fake_forecast(truth, 15.6)
    calibration = plain_calibration(3)
    everywhere, some = calibration.by_stations
    wide = replace(everywhere, band=(2.0, 5.0, *everywhere.band[2:]), ln_pgv=3.0)
    forecast = given(usual, calibration=replace(calibration, by_stations=(wide, some)))
    for lead, factor in ((0.5, 2.0), (19.0, 2.0), (21.0, 5.0), (41.0, 1.0)):
        index = forecast.issued + round(lead / forecast.frame_step)
        so_far = np.abs(usual.frames(0, index + 1)).max(axis=(0, -1))
        spread = np.hypot(usual.spread(index), LEAST_SPREAD * so_far)
        np.testing.assert_allclose(forecast.band(index), factor * spread, rtol=1e-4)
        np.testing.assert_allclose(forecast.band_traces([50], [40])[0, :, index], forecast.band(index)[:, 50, 40])
    assert np.isnan(forecast.band(forecast.issued - 1)).all()
    np.testing.assert_allclose(forecast.ln_pgv_std, 3 * usual.ln_pgv_std, rtol=1e-5)
    np.testing.assert_array_equal(forecast.frame(60), usual.frame(60))
    assert forecast.band_label == "90 % band"
    assert "1.0 to 5.0 times the standard deviation of 3 members" in forecast.band_text


def test_there_is_no_band_that_nobody_has_calibrated(truth: Scenario) -> None:
    few = (Station("AAA", float(truth.x[50]), float(truth.y[40])),)
    for forecast, why in (
        (fake_forecast(truth, members=1), "one member has no spread"),
        (given(fake_forecast(truth), calibration=None), "nobody has compared"),
        (given(fake_forecast(truth), calibration=plain_calibration(5)), "of 5 members was calibrated, here are 3"),
        (fake_forecast(truth, stations=few, fewest=60), "Not enough stations: 1 station reports"),
    ):
        assert forecast.band_label == "no band"
        assert why in forecast.band_text
        assert np.isnan(forecast.band(60)).all()
        assert np.isnan(forecast.ln_pgv_std).all()
        assert np.isnan(forecast.t_pgv_std).all()
        assert forecast.skill_end is None


def test_skill_ends_where_predicting_no_motion_would_have_been_better(truth: Scenario) -> None:
    calibration = plain_calibration(3, lead_rfne=(0.4, 0.9, 1.2, 0.8))
    forecast = given(fake_forecast(truth), calibration=calibration)
    assert forecast.skill_end == pytest.approx(15.6 + 40.0)
    last = forecast.issued + int(40.0 / forecast.frame_step)
    assert np.isfinite(forecast.band(last)).all()
    assert np.isnan(forecast.band(last + 1)).all()
    assert "From 40 s after the input on there is none" in forecast.band_text
    calibration = plain_calibration(3, lead_rfne=(1.4, 0.9))
    forecast = given(fake_forecast(truth), calibration=calibration)
    assert forecast.skill_end == pytest.approx(15.6)
    assert forecast.band_text.startswith("No band: on the validation events")


def drawn(truth: Scenario, count: int) -> tuple[Station, ...]:
    return drawn_stations(truth.header, count)


def test_fewer_stations_than_in_training_are_enough_for_no_place(truth: Scenario) -> None:
    forecast = fake_forecast(truth, stations=drawn(truth, 59), fewest=60)
    assert not forecast.support.enough.any()
    assert forecast.support.reason == "Not enough stations: 59 stations report, and Fake was trained with 60 or more."
    assert forecast.support.why(3, 4) == forecast.support.reason
    enough = fake_forecast(truth, stations=drawn(truth, 60), fewest=60)
    assert enough.support.reason == ""
    assert enough.support.enough.mean() > 0.9
    assert fake_forecast(truth, fewest=60).support.enough.all()


def test_a_place_far_from_all_stations_is_not_believed(truth: Scenario) -> None:
    corner = tuple(Station(f"C{i}{j}", float(truth.x[i]), float(truth.y[j])) for i in range(10) for j in range(10))
    support = fake_forecast(truth, stations=corner, fewest=60).support
    assert support.reason == ""
    assert support.enough[:20, :20].all()
    assert not support.enough[-20:].any()
    assert "was trained for places up to" in support.why(119, 79)
    assert support.why(5, 5) == ""


def test_stations_count_that_still_report_when_the_input_ends(truth: Scenario) -> None:
    whole = fake_forecast(truth, stations=drawn(truth, 80), fewest=60).observation
    known = whole.known.copy()
    ix, iy = np.nonzero(known[..., -1])
    known[ix[:30], iy[:30], -3:] = False
    support = Support.of(replace(whole, known=known), ForecastModel("Fake", 3, fewest_stations=60))
    assert support.stations == 50
    assert not support.enough.any()


def test_a_model_that_does_not_say_its_fewest_stations_is_believed_only_where_all_is_known(truth: Scenario) -> None:
    assert fake_forecast(truth, fewest=None).support.enough.all()
    support = fake_forecast(truth, stations=drawn(truth, 900), fewest=None).support
    assert not support.enough.any()
    assert "does not say how few stations" in support.reason


def test_an_observation_at_stations_knows_only_their_nodes(truth: Scenario) -> None:
    station = Station("AAA", float(truth.x[50]), float(truth.y[40]))
    seen = observe(truth, 15.6, stations=(station,))
    assert seen.known.sum() == 30
    assert not seen.dense
    np.testing.assert_array_equal(seen.frames[:, 50, 40], truth.frames(0, 30)[:, 50, 40])
    assert not seen.frames[:, 51, 40].any()


def test_before_the_first_frame_the_ground_was_still(truth: Scenario) -> None:
    seen = observe(truth, 5.2, duration=15.6)
    assert (seen.n_frames, seen.start, seen.stop) == (30, -20, 10)
    assert not seen.frames[..., :20].any()


@pytest.mark.parametrize("until", [0.0, 1000.0])
def test_an_input_without_frames_is_explained(truth: Scenario, until: float) -> None:
    with pytest.raises(QuakeViewError, match="choose a"):
        observe(truth, until)


def test_a_station_elsewhere_is_explained(truth: Scenario) -> None:
    with pytest.raises(QuakeViewError, match="FAR is outside"):
        observe(truth, 15.6, stations=(Station("FAR", -1e6, 0.0),))
