"""A forecaster that knows the truth but for some noise, for what shows or judges forecasts."""

import numpy as np

from quakeview.geography import Station
from quakeview.wavefield.forecasting.calibration import Calibration, StationCalibration
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import Observation, observe
from quakeview.wavefield.scenarios.header import Wavefield


def plain_calibration(members: int, factor: float = 1.0, lead_rfne: tuple[float, ...] = (0.5,) * 10) -> Calibration:
    """Of an ensemble whose members differ as much as they are wrong, everywhere and from one station on."""
    curves = {"lead_rfne": lead_rfne, "band": (factor,) * len(lead_rfne), "coverage": (0.9,) * len(lead_rfne)}
    peaks = {"ln_pgv": factor, "ln_pgv_coverage": 0.68, "t_pgv": factor, "t_pgv_coverage": 0.68}
    found = tuple(StationCalibration(count, 0.9, 0.4, **curves, **peaks) for count in (0, 1))
    ends = tuple(20.0 * (1 + number) for number in range(len(lead_rfne)))
    return Calibration(0.9, members, 4, (15.6,), ends, found)


def fake_forecast(
    truth: Wavefield,
    until: float = 15.6,
    members: int = 3,
    noise: float = 0.1,
    stations: tuple[Station, ...] = (),
    complete: bool = True,
    fewest: int | None = 0,
) -> Forecast:
    """Members are the truth times 1 ± ``noise``; without ``complete`` only half of the frames have come."""
    observation: Observation = observe(truth, until, stations=stations)
    n = truth.n_frames - observation.stop
    known = fewest, plain_calibration(members)
    forecast = Forecast(observation, n, ForecastModel("Fake", members, "the truth", "perfect but for noise", *known))
    random = np.random.default_rng(0)
    future = truth.frames(observation.stop, truth.n_frames if complete else observation.stop + n // 2)
    scales = 1 + noise * random.standard_normal((members, 1, 1, 1, 1)).astype(np.float32)
    forecast.append(scales * future[None])
    return forecast
