"""The forecasts of the open wavefield, and the job that makes one. No widgets."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.preferences import Preferences
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Cancelled, Job, Progress
from quakeview.registry import ModelCard
from quakeview.wavefield.forecasting.station_choice import StationChoice
from quakeview.wavefield.geography import Station

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.forecaster import Forecaster
    from quakeview.wavefield.forecasting.observation import Observation
    from quakeview.wavefield.forecasting.stations import StationRecords
    from quakeview.wavefield.header import Wavefield

USUAL_INPUT, INPUT_STEP = 15.6, 2.6
"""s: the usual input is 30 frames of 0.52 s, each next one 5 frames more (Fig. 5 of the WaveCastNet paper)."""
INPUTS = tuple(round(USUAL_INPUT + INPUT_STEP * k, 1) for k in range(-3, 7))
"""When inputs end, s after the origin time: from when the waves have just come up, before which what the network reads
was still ground, until all of it was unknown to the usual forecast."""
LONGEST = 100.0
"""s, of a forecast."""

_CANCELLED = "The forecast was cancelled before it began."


@dataclass(frozen=True)
class Settings:
    """What the forecasts of one event have in common, so that one can be held against another.

    Attributes:
        members: of the ensemble; None: all there are.
    """

    card: ModelCard
    stations: StationChoice = field(default_factory=StationChoice)
    members: int | None = None


def never(_: "Forecast") -> bool:
    """A forecast stays in the background."""
    return False


def at_once(_: "Forecast") -> bool:
    """A forecast is shown as soon as it is begun."""
    return True


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


class Forecasting(QObject):
    """Makes forecasts one at a time and keeps them, one for each input, all made with the same settings. One that was
    not finished is dropped, and those there were before it stay.

    Signals:
        changed: another forecast is shown, or there are other ones; None: none is shown.
        grown: the one shown has more frames.
        resampled: the wavefield as the forecaster knows it, which takes the place of the one that is open, and what was
            done to it.
        noticed: a sentence, further sentences.
        workChanged: a forecast began or ended.
    """

    changed = Signal(object)
    grown = Signal()
    resampled = Signal(object, str)
    noticed = Signal(str, list)
    workChanged = Signal()

    def __init__(self, runner: JobRunner, preferences: Preferences) -> None:
        super().__init__()
        self.forecast: Forecast | None = None
        self.seconds: dict[Forecast, float] = {}
        """What each took to compute."""
        self.silent: tuple[Station, ...] = ()
        """Stations that were asked for and send nothing; of the forecast begun last."""
        self._finished: list[Forecast] = []
        self._made_with: dict[Forecast, Settings] = {}
        self._growing: Forecast | None = None
        self._before: Forecast | None = None
        self.asked: Settings | None = None
        """What the one under way is made with."""
        self._beside = False
        self._ready: Callable[[Forecast], bool] = at_once
        self._job: RunningJob | None = None
        self._loaded = LoadedForecaster()
        self._runner, self._preferences = runner, preferences

    @property
    def settings(self) -> Settings | None:
        """What the one that is shown was made with; None if that is not known."""
        return None if self.forecast is None else self._made_with.get(self.forecast)

    @property
    def forecasts(self) -> "list[Forecast]":
        """All of this event that were made with the settings of the one shown, by issue time."""
        growing = [] if self._growing is None else [self._growing]
        kept = [each for each in self._finished if all(each.issued != other.issued for other in growing)]
        alike = [each for each in (*kept, *growing) if self._made_with.get(each) == self.settings]
        return sorted(alike, key=lambda forecast: forecast.issue_time)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def at(self, until: float) -> "Forecast | None":
        """The forecast of the input that ends at ``until``, s."""
        return next((each for each in self.forecasts if abs(each.issue_time - until) < INPUT_STEP / 2), None)

    def show(self, forecast: "Forecast | None") -> None:
        """Another of the forecasts."""
        if forecast is not self.forecast:
            self.forecast = forecast
            self.changed.emit(forecast)

    def use(self, forecast: "Forecast") -> None:
        """One that was made elsewhere, in place of all there are."""
        self.clear()
        self._finished = [forecast]
        self.show(forecast)

    def run(
        self,
        wavefield: "Wavefield",
        settings: Settings,
        until: float,
        ready: "Callable[[Forecast], bool]" = at_once,
        beside: bool = False,
    ) -> None:
        """Forecast from what was known at ``until``, s. When it is done, what was made with other settings is dropped.

        Args:
            ready: whether it has come far enough to be shown in place of the one before it.
            beside: it is one of several that are computed beside the one shown; nothing is said if it fails.
        """
        self._abandon()
        self.asked, self._before, self._ready, self._beside = settings, self.forecast, ready, beside
        device = str(self._preferences[self._preferences.DEVICE])
        work = partial(make_forecast, self._loaded, wavefield, settings, until, device)
        job = self._runner.start(Job(f"Forecast from {until:.1f} s", work), announced=False)
        self._job = job
        job.published.connect(lambda partial_result: self._receive(job, partial_result, settings))
        job.finished.connect(lambda made: self._finish(job, made))
        job.cancelled.connect(lambda: self._drop(job, _CANCELLED))
        job.failed.connect(lambda sentence, _: self._drop(job, sentence))
        self.workChanged.emit()

    def on_its_grid(self, wavefield: "Wavefield", card: ModelCard, progress: Progress) -> "Wavefield":
        """A wavefield as the forecaster of ``card``, which is loaded, knows it; see ``on_its_grid``. For a job thread.

        Raises:
            QuakeViewError: if the forecaster cannot be loaded, or knows no such wavefields.
        """
        progress.advance(0, 1, f"Loading {card.name}")
        device = str(self._preferences[self._preferences.DEVICE])
        own: Wavefield = self._loaded.use(
            card.folder, device, lambda forecaster: on_its_grid(forecaster, wavefield, progress)
        )
        return own

    def read_stations(
        self,
        card: ModelCard,
        waveforms: Sequence[Path],
        metadata: Sequence[Path],
        origin_time: datetime,
        progress: Progress,
    ) -> "StationRecords":
        """What stations recorded, as the forecaster of ``card`` can use it. For a job thread.

        Raises:
            QuakeViewError: as ``read_station_records``, or if the model cannot be loaded.
            Cancelled: through ``progress``.
        """
        from quakeview.wavefield.forecasting.station_records import read_station_records

        progress.advance(0, 1, f"Loading {card.name}")
        device = str(self._preferences[self._preferences.DEVICE])

        def work(forecaster: "Forecaster") -> "StationRecords":
            return read_station_records(waveforms, metadata, forecaster, origin_time, progress=progress)

        records: StationRecords = self._loaded.use(card.folder, device, work)
        return records

    def cancel(self) -> None:
        """Give up the forecast under way, which is not kept."""
        if self._job is not None:
            self._drop(self._job, _CANCELLED)

    def clear(self) -> None:
        """Forget all forecasts."""
        self._abandon()
        self._finished = []
        self._made_with.clear()
        self.seconds.clear()
        self.show(None)
        self.workChanged.emit()

    def _abandon(self) -> None:
        """Stop the forecast under way, and go back to what was shown before it."""
        if self._job is not None:
            self._job.cancel()
        unfinished, before = self._growing, self._before
        self._job = self._growing = self._before = None
        if unfinished is not None:
            if self.forecast is unfinished:
                self.show(before)
            self._made_with.pop(unfinished, None)

    def _receive(self, job: RunningJob, partial_result: Any, settings: Settings) -> None:
        """What the forecaster published: first the forecast without frames, then that it grew."""
        from quakeview.wavefield.forecasting.forecaster import ForecastGrown, ForecastStarted

        if job is not self._job:
            return
        match partial_result:
            case Resampled(wavefield=wavefield, said=said):
                self.resampled.emit(wavefield, said)
            case SilentStations(stations=stations):
                self.silent = stations
            case ForecastStarted(forecast=forecast):
                self._growing = forecast
                self._made_with[forecast] = settings
            case ForecastGrown() if self.forecast is self._growing:
                self.grown.emit()
        if self._growing is not None and (self.forecast is None or self._ready(self._growing)):
            self.show(self._growing)

    def _finish(self, job: RunningJob, made: "tuple[Forecast, float]") -> None:
        if job is not self._job:
            return
        forecast, seconds = made
        settings = self._made_with[forecast]
        alike = [each for each in self._finished if self._made_with.get(each) == settings]
        self._finished = [*(each for each in alike if each.issued != forecast.issued), forecast]
        if self.forecast is self._growing or self.forecast not in self._finished:
            self.forecast = forecast
        self._made_with = dict.fromkeys(self._finished, settings)
        self.seconds = {each: self.seconds[each] for each in alike if each in self._finished} | {forecast: seconds}
        self._job = self._growing = self._before = None
        self.changed.emit(self.forecast)
        self.workChanged.emit()

    def _drop(self, job: RunningJob, why: str) -> None:
        """Go back to what was shown before, and say so."""
        if job is not self._job:
            return
        unfinished, said = self._growing, why
        self._abandon()
        if unfinished is not None:
            reached = f"{unfinished.start_time + unfinished.n_frames * unfinished.frame_step:.1f} s"
            which = f"The forecast from {unfinished.issue_time:.1f} s"
            said = (
                f"{which} was cancelled at t = {reached} and is not kept."
                if why == _CANCELLED
                else f"{why} {which}, which had come to t = {reached}, is not kept."
            )
        self.changed.emit(self.forecast)
        if not self._beside:
            self.noticed.emit(said, [])
        self.workChanged.emit()


class LoadedForecaster:
    """The forecaster used last, kept because loading takes seconds. For job threads; one works at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[Path, str] | None = None
        self._forecaster: Forecaster | None = None

    def use(self, folder: Path, device: str, work: "Callable[[Forecaster], Any]") -> Any:
        """``work`` with the forecaster of a model folder. Raises what loading and ``work`` raise."""
        from quakeview.wavefield.forecasting.forecaster import load_forecaster

        with self._lock:
            if self._forecaster is None or self._key != (folder, device):
                self._forecaster, self._key = load_forecaster(folder, device), (folder, device)
            return work(self._forecaster)


def make_forecast(
    loaded: LoadedForecaster,
    wavefield: "Wavefield",
    settings: Settings,
    until: float,
    device: str,
    progress: Progress,
) -> "tuple[Forecast, float]":
    """A forecast and how long it took, s. Publishes what the forecaster does.

    Raises:
        QuakeViewError: as the forecaster, the stations and ``observe``.
        Cancelled: through ``progress``.
    """

    def work(forecaster: "Forecaster") -> "tuple[Forecast, float]":
        own = on_its_grid(forecaster, wavefield, progress)
        progress.advance(0, 1, "Reading what is known")
        observation, duration = known(own, settings.stations, until)
        progress.publish(SilentStations(silent_stations(own, settings.stations, observation)))
        began = time.monotonic()
        forecast = forecaster.forecast(observation, duration, settings.members, progress)
        return forecast, time.monotonic() - began

    progress.advance(0, 1, f"Loading {settings.card.name}")
    try:
        return loaded.use(settings.card.folder, device, work)
    except Exception:
        if progress.cancelled:  # a file that was closed meanwhile is no news
            raise Cancelled from None
        raise


def on_its_grid(forecaster: "Forecaster", wavefield: "Wavefield", progress: Progress) -> "Wavefield":
    """A wavefield as a forecaster knows it; publishes ``Resampled`` if it is another one.

    Raises:
        QuakeViewError: as ``Forecaster.on_its_grid``.
    """
    own = forecaster.on_its_grid(wavefield, progress)
    if own is not wavefield:
        progress.publish(Resampled(own, forecaster.said_of_grid(wavefield.header)))
    return own


def known(wavefield: "Wavefield", choice: StationChoice, until: float) -> "tuple[Observation, float]":
    """What was known at ``until``, s, and how long to forecast, s: to the end of a scenario; records have none.

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
    """Stations that were asked for and of which nothing is known."""
    from quakeview.wavefield.forecasting.stations import StationWavefield

    if isinstance(wavefield, StationWavefield):
        asked: tuple[Station, ...] = wavefield.records.stations
    else:
        asked = replace(choice, missing=0).stations(wavefield.header)
    there = set(observation.stations)
    return tuple(station for station in asked if station not in there)
