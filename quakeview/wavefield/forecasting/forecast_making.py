"""One forecast of an open wavefield, from the model folder to the last frame: for a job of the window."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakeview.geography import Station
from quakeview.jobs import Cancelled, Progress
from quakeview.model_folders import WEIGHTS
from quakeview.registry import ModelCard
from quakeview.wavefield.forecasting.station_choice import StationChoice
from quakeview.wavefield.forecasting.warning import ALERT_INPUTS

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.forecaster import Forecaster
    from quakeview.wavefield.forecasting.observation import Observation
    from quakeview.wavefield.scenarios.header import Wavefield

USUAL_INPUT, INPUT_STEP = 15.6, 2.6
"""s: the usual input is 30 frames of 0.52 s, each next one 5 frames more (Fig. 5 of the WaveCastNet paper)."""
INPUTS = ALERT_INPUTS
"""When inputs end, s after the origin time: from when the waves have just come up, before which what the network reads
was still ground, until all of it was unknown to the usual forecast."""
LONGEST = 100.0
"""s, of a forecast."""


@dataclass(frozen=True)
class Settings:
    """What the forecasts of one event have in common, so that one can be held against another.

    Attributes:
        members: of the ensemble; None: all there are.
    """

    card: ModelCard
    stations: StationChoice = field(default_factory=StationChoice)
    members: int | None = None


@dataclass(frozen=True)
class Resampled:
    """Published before a forecast begins from a wavefield that was not as the forecaster knows them.

    Attributes:
        wavefield: as it knows it.
        said: what was done, in sentences.
    """

    wavefield: "Wavefield"
    said: str


@dataclass(frozen=True)
class SilentStations:
    """Published before a forecast begins: stations that were asked for and send nothing."""

    stations: tuple[Station, ...]


class LoadedForecaster:
    """The forecaster used last, kept because loading takes seconds. For job threads; one works at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[Path, int, str] | None = None
        self._forecaster: Forecaster | None = None

    def use(self, folder: Path, device: str, work: "Callable[[Forecaster], Any]") -> Any:
        """Do ``work`` with the forecaster of a model folder. Raises what loading and ``work`` raise."""
        from quakeview.wavefield.forecasting.forecaster import load_forecaster

        with self._lock:
            key = folder, _written_at(folder), device  # another model may have the name of one that was deleted
            if self._forecaster is None or self._key != key:
                self._forecaster, self._key = load_forecaster(folder, device), key
            return work(self._forecaster)


def _written_at(folder: Path) -> int:
    """Return when the weights of a model were written, ns; 0 if they are not there."""
    try:
        return (folder / WEIGHTS).stat().st_mtime_ns
    except OSError:
        return 0


def make_forecast(
    loaded: LoadedForecaster,
    wavefield: "Wavefield",
    settings: Settings,
    until: float,
    device: str,
    progress: Progress,
) -> "Forecast":
    """Make a forecast, which then knows how long it took. Publishes what the forecaster does.

    Raises:
        QuakeViewError: as the forecaster, the stations and ``observe``.
        Cancelled: through ``progress``.
    """

    def work(forecaster: "Forecaster") -> "Forecast":
        own = on_its_grid(forecaster, wavefield, progress)
        progress.advance(0, 1, "Reading what is known")
        observation, duration = known(own, settings.stations, until)
        progress.publish(SilentStations(silent_stations(own, settings.stations, observation)))
        began = time.monotonic()
        forecast = forecaster.forecast(observation, duration, settings.members, progress)
        forecast.computed_in = time.monotonic() - began
        return forecast

    progress.advance(0, 1, f"Loading {settings.card.name}")
    try:
        forecast: Forecast = loaded.use(settings.card.folder, device, work)
        return forecast
    except Exception:
        if progress.cancelled:  # a file that was closed meanwhile is no news
            raise Cancelled from None
        raise


def on_its_grid(forecaster: "Forecaster", wavefield: "Wavefield", progress: Progress) -> "Wavefield":
    """Give a wavefield as a forecaster knows it; publish ``Resampled`` if it is another one.

    Raises:
        QuakeViewError: as ``Forecaster.on_its_grid``.
    """
    own = forecaster.on_its_grid(wavefield, progress)
    if own is not wavefield:
        progress.publish(Resampled(own, forecaster.said_of_grid(wavefield.header)))
    return own


def known(wavefield: "Wavefield", choice: StationChoice, until: float) -> "tuple[Observation, float]":
    """Observe what was known at ``until``, s, and say how long to forecast, s: to the end of a scenario, if it has one.

    Raises:
        QuakeViewError: as the stations and ``observe``.
    """
    from quakeview.wavefield.forecasting.observation import observe
    from quakeview.wavefield.forecasting.stations import StationWavefield

    if isinstance(wavefield, StationWavefield):
        return wavefield.records.observation(until), LONGEST
    end = wavefield.start_time + wavefield.planned_frames * wavefield.frame_step
    return observe(wavefield, until, stations=choice.stations(wavefield.header)), min(LONGEST, end - until)


def silent_stations(wavefield: "Wavefield", choice: StationChoice, observation: "Observation") -> tuple[Station, ...]:
    """Find the stations that were asked for and of which nothing is known."""
    from quakeview.wavefield.forecasting.stations import StationWavefield

    if isinstance(wavefield, StationWavefield):
        asked: tuple[Station, ...] = wavefield.records.stations
    else:
        asked = replace(choice, missing=0).stations(wavefield.header)
    there = set(observation.stations)
    return tuple(station for station in asked if station not in there)
