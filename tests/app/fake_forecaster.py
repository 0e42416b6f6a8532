"""A ``quakeview.wavefield.forecasting.forecaster.Forecaster`` that knows the truth but for some noise."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import ModelCard
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.forecaster import ForecastGrown, ForecastStarted
from quakeview.wavefield.forecasting.model_files import ForecasterFacts
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.forecasting.resampling import in_words, resampled
from quakeview.wavefield.scenarios.header import Header, Wavefield
from tests.app.fake_wavefield import HEADER, expanding_wave

STEP = 5


class FakeForecaster:
    """Grows by five frames every ``pause`` seconds; members are the wave by formula times 1 ± 0.1.

    Attributes:
        failure: raised, if there is one, after ``failing_step`` steps.
        observed: what it was given, in order.
        loads: folders that it was loaded from.
    """

    facts = ForecasterFacts.of(HEADER, 30)
    region, x, y = HEADER.region, HEADER.x, HEADER.y
    frame_step, frequency = HEADER.frame_step, HEADER.frequency

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.failure: Exception | None = None
        self.failing_step = 4
        self.observed: list[Observation] = []
        self.loads: list[Path] = []
        self._wave = expanding_wave()

    def load(self, folder: Path, device: str = "auto") -> "FakeForecaster":
        self.loads.append(folder)
        return self

    def on_its_grid(self, wavefield: Wavefield, progress: Progress = Progress()) -> Wavefield:
        return resampled(wavefield, self.facts, progress)

    def said_of_grid(self, header: Header) -> str:
        return in_words(header, self.facts)

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast:
        self.observed.append(observation)
        n = int(duration / HEADER.frame_step + 1e-6)
        model = ForecastModel("Fake", members or 3, "an illustrative model", "ACC 0.90")
        forecast = Forecast(observation, n, model)
        progress.publish(ForecastStarted(forecast))
        scales = 1 + 0.1 * np.random.default_rng(0).standard_normal((model.members, 1, 1, 1, 1))
        for step, first in enumerate(range(observation.stop, observation.stop + n, STEP)):
            progress.advance(first - observation.stop, n, "Forecast")
            if self.failure is not None and step == self.failing_step:
                raise self.failure
            forecast.append((scales * self._frames(first, min(first + STEP, observation.stop + n))).astype(np.float32))
            progress.publish(ForecastGrown(forecast, forecast.n_frames))
            time.sleep(self.pause)
        return forecast

    def _frames(self, start: int, stop: int) -> Any:
        known = self._wave.frames(start, stop)
        return np.pad(known, ((0, 0),) * 3 + ((0, stop - start - known.shape[-1]),))


def forecaster_card(folder: Path, name: str = "Fake forecaster") -> ModelCard:
    return ModelCard(
        name=name,
        system="WaveCastNet",
        task="forecasting",
        folder=folder,
        trained_on="a wave by formula in an illustrative model",
        scores={"acc": 0.9},
        backbone="",
        parameters=12,
        command="",
    )


OTHER_GRID = QuakeViewError("The model knows another grid; choose a scenario of the size “For forecasts”.")
