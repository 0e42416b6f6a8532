from dataclasses import replace

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.geography import Station
from quakeview.wavefield.samples import sample_scenario
from quakeview.wavefield.scenario import Scenario
from tests.wavefield.forecasting.fakes import fake_forecast


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
    assert forecast.t_pgv_std.max() < 1e-4
    ratio = forecast.spread(60) / np.maximum(np.abs(forecast.frame(60)), 1e-12)
    assert 0.01 < np.median(ratio) < 0.3
    assert not forecast.spread(10).any()


def test_factors_widen_the_spread_and_not_the_mean(truth: Scenario) -> None:
    usual = fake_forecast(truth, 15.6, noise=0.1)
    wide = Forecast(usual.observation, truth.n_frames - 30, replace(usual.model, spread_factor=4.0, peak_factor=2.0))
    random = np.random.default_rng(0)
    scales = 1 + 0.1 * random.standard_normal((3, 1, 1, 1, 1)).astype(np.float32)
    wide.append(scales * truth.frames(30, truth.n_frames)[None])
    np.testing.assert_allclose(wide.spread(60), 4 * usual.spread(60), rtol=1e-4)
    np.testing.assert_allclose(wide.ln_pgv_std, 2 * usual.ln_pgv_std, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(wide.frame(60), usual.frame(60))
    np.testing.assert_array_equal(wide.pgv, usual.pgv)


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
