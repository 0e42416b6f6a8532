"""A forecaster that knows the truth but for some noise, for what shows or judges forecasts."""

import numpy as np

from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import Observation, observe
from quakeview.wavefield.geography import Station
from quakeview.wavefield.header import Wavefield


def fake_forecast(
    truth: Wavefield,
    until: float = 15.6,
    members: int = 3,
    noise: float = 0.1,
    stations: tuple[Station, ...] = (),
    complete: bool = True,
) -> Forecast:
    """Members are the truth times 1 ± ``noise``; without ``complete`` only half of the frames have come."""
    observation: Observation = observe(truth, until, stations=stations)
    n = truth.n_frames - observation.stop
    forecast = Forecast(observation, n, ForecastModel("Fake", members, "the truth", "perfect but for noise"))
    random = np.random.default_rng(0)
    future = truth.frames(observation.stop, truth.n_frames if complete else observation.stop + n // 2)
    scales = 1 + noise * random.standard_normal((members, 1, 1, 1, 1)).astype(np.float32)
    forecast.append(scales * future[None])
    return forecast
