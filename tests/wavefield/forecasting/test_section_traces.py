"""Traces along a line, in the order of distance."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.wavefield.forecasting.section_traces import (
    ACROSS,
    ALONG,
    STATIONS,
    TO_POINT,
    read_section,
    section_line,
)
from tests.app.fake_wavefield import expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast


def test_lines_start_at_the_epicentre() -> None:
    wavefield = expanding_wave(1)
    along, across = section_line(wavefield, ALONG), section_line(wavefield, ACROSS)
    assert along.distance.min() < 0 < along.distance.max()
    np.testing.assert_allclose(wavefield.x[along.ix], 45_000 + along.distance)
    assert set(along.iy) == {wavefield.nearest(45_000, 38_000)[1]}
    np.testing.assert_allclose(across.epicentral, np.abs(across.distance))
    to_point = section_line(wavefield, TO_POINT, (100_000.0, 70_000.0))
    assert to_point.distance[0] == 0
    assert to_point.distance[-1] == pytest.approx(np.hypot(55_000, 32_000))
    stations = section_line(wavefield, STATIONS)
    assert (np.diff(stations.distance) >= 0).all()
    with pytest.raises(QuakeViewError, match="Click a point"):
        section_line(wavefield, TO_POINT)


def test_what_is_forecast_of_the_traces_begins_at_the_issue() -> None:
    truth = expanding_wave()
    forecast = fake_forecast(truth, noise=0.0)
    section = read_section(truth, ALONG, None, forecast)
    assert section.forecast is not None
    assert section.forecast_times is not None
    assert section.forecast_times[0] == pytest.approx(forecast.issue_time)
    np.testing.assert_allclose(section.forecast, section.velocity[..., forecast.issued :], atol=1e-6)
