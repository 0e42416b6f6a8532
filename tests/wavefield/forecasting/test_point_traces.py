"""Ground velocity at points, and what was forecast there."""

import numpy as np
import pytest

from quakeview.wavefield.forecasting.point_traces import read_points
from tests.app.fake_wavefield import expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast

POINT = (60_000.0, 40_000.0)


def test_without_a_forecast_a_point_has_the_peak_of_all_frames() -> None:
    truth = expanding_wave()
    (point,) = read_points(truth, [POINT])
    node = truth.nearest(*POINT)
    assert point.pgv == pytest.approx(float(truth.pgv[node]), rel=1e-3)
    assert point.t_pgv == pytest.approx(float(truth.t_pgv[node]), abs=0.01)
    assert np.isnan(point.ln_error)


def test_a_perfect_forecast_agrees_from_its_issue_on() -> None:
    truth = expanding_wave()
    forecast = fake_forecast(truth, noise=0.0)
    (point,) = read_points(truth, [POINT], forecast)
    assert point.forecast is not None
    assert point.forecast.issued == forecast.issued
    assert point.judged.shape == point.forecast.mean.shape
    assert point.correlation(0) == pytest.approx(1.0, abs=1e-5)
    assert point.ln_error == pytest.approx(0.0, abs=0.01)


def test_a_peak_is_not_known_before_all_that_was_forecast_has_happened() -> None:
    (point,) = read_points(expanding_wave(50), [POINT], fake_forecast(expanding_wave()))
    assert np.isnan(point.pgv)
    assert np.isnan(point.t_pgv)
