"""Makes the forecasts of the open wavefield, as jobs, and keeps them. No widgets."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.preferences import Preferences
from quakeview.app.wavefield.stage import Stage
from quakeview.app.widgets.model_list import NO_FORECASTER
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.registry import ModelCard
from quakeview.wavefield.forecasting.forecast_making import (
    INPUT_STEP,
    INPUTS,
    LoadedForecaster,
    Resampled,
    Settings,
    SilentStations,
    make_forecast,
    on_its_grid,
)

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.forecaster import Forecaster
    from quakeview.wavefield.forecasting.stations import StationRecords
    from quakeview.wavefield.scenarios.header import Wavefield

NO_SCENARIO = "Open or simulate a scenario first."
_IS_FORECAST = "This is a forecast; open the scenario that it is of to forecast again."
_CANCELLED = "The forecast was cancelled before it began."


def never(_: "Forecast") -> bool:
    """A forecast stays in the background."""
    return False


def at_once(_: "Forecast") -> bool:
    """A forecast is shown as soon as it is begun."""
    return True


class Forecasting(QObject):
    """Makes forecasts one at a time and keeps them, one for each input, all made with the same settings. One that was
    not finished is dropped, and those there were before it stay.

    Signals:
        resampled: the wavefield as the forecaster knows it, which takes the place of the one that is open, and what was
            done to it.
        noticed: a sentence, further sentences.
    """

    resampled = Signal(object, str)
    noticed = Signal(str, list)

    def __init__(self, stage: Stage, runner: JobRunner, preferences: Preferences) -> None:
        super().__init__()
        self.stage = stage
        self._finished: list[Forecast] = []
        self._made_with: dict[Forecast, Settings] = {}
        self._growing: Forecast | None = None
        self._before: Forecast | None = None
        self._tried: list[tuple[Settings, float]] = []
        """What was cancelled, or made beside what is shown: nobody asks for it again by itself."""
        self._beside = False
        self._ready: Callable[[Forecast], bool] = at_once
        self._job: RunningJob | None = None
        self._loaded = LoadedForecaster()
        self._runner, self._preferences = runner, preferences
        stage.opened.connect(self._forget)
        stage.inputChosen.connect(self._follow_input)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def can_run(self) -> bool | str:
        """True, or why there can be no forecast."""
        if self.stage.wavefield is None:
            return NO_SCENARIO
        if self.stage.is_forecast:
            return _IS_FORECAST
        return self.stage.settings is not None or NO_FORECASTER

    # --- making them -------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Forecast from the input that is chosen, again if that was done."""
        if self.stage.settings is not None and self.stage.wavefield is not None:
            self.make(self.stage.wavefield, self.stage.settings, self.stage.until)

    def make_inputs(self, untils: Sequence[float]) -> None:
        """Forecast from further inputs, s, beside what is shown, one whenever nothing else is under way."""
        stage = self.stage
        settings, wavefield = stage.made_with, stage.wavefield
        if settings is None or wavefield is None or self.busy or stage.live is not None:
            return
        wanted = next((until for until in untils if (settings, until) not in self._tried), None)
        if wanted is not None and wavefield.complete:
            self._tried.append((settings, wanted))
            self.make(wavefield, settings, wanted, ready=never, beside=True)

    def make(
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
        self._before, self._ready, self._beside = self.stage.forecast, ready, beside
        work = partial(make_forecast, self._loaded, wavefield, settings, until, self._device)
        job = self._runner.start(Job(f"Forecast from {until:.1f} s", work), announced=False)
        self._job, self.stage.making = job, settings
        job.published.connect(lambda partial_result: self._receive(job, partial_result, settings))
        job.finished.connect(lambda made: self._finish(job, made))
        job.cancelled.connect(lambda: self._drop(job, _CANCELLED))
        job.failed.connect(lambda sentence, _: self._drop(job, sentence))
        self.stage.workChanged.emit()

    def cancel(self) -> None:
        """Give up what is being forecast, which is not kept, and what would follow it by itself."""
        if self._job is not None:
            assert self.stage.making is not None
            self._tried += [(self.stage.making, until) for until in INPUTS]
            self._drop(self._job, _CANCELLED)

    def use(self, forecast: "Forecast") -> None:
        """Show one that was made elsewhere, in place of all there are."""
        self.clear()
        self._finished = [forecast]
        self._show(forecast)

    def clear(self) -> None:
        """Forget all forecasts."""
        self._abandon()
        self._finished = []
        self._made_with.clear()
        self._show(None)
        self.stage.workChanged.emit()

    # --- with the forecaster, on the thread of a job -----------------------------------------------------------

    @property
    def _device(self) -> str:
        return str(self._preferences[self._preferences.DEVICE])

    def on_its_grid(self, wavefield: "Wavefield", card: ModelCard, progress: Progress) -> "Wavefield":
        """A wavefield as the forecaster of ``card``, which is loaded, knows it; see ``on_its_grid``.

        Raises:
            QuakeViewError: if the forecaster cannot be loaded, or knows no such wavefields.
        """
        progress.advance(0, 1, f"Loading {card.name}")
        own: Wavefield = self._loaded.use(
            card.folder, self._device, lambda forecaster: on_its_grid(forecaster, wavefield, progress)
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
        """What stations recorded, as the forecaster of ``card`` can use it.

        Raises:
            QuakeViewError: as ``read_station_records``, or if the model cannot be loaded.
            Cancelled: through ``progress``.
        """
        from quakeview.wavefield.forecasting.station_records import read_station_records

        progress.advance(0, 1, f"Loading {card.name}")

        def work(forecaster: "Forecaster") -> "StationRecords":
            return read_station_records(waveforms, metadata, forecaster, origin_time, progress=progress)

        records: StationRecords = self._loaded.use(card.folder, self._device, work)
        return records

    # --- what comes of it --------------------------------------------------------------------------------------

    def _show(self, forecast: "Forecast | None") -> None:
        """Put one on the stage, and say which there are beside it."""
        settings = None if forecast is None else self._made_with.get(forecast)
        growing = [] if self._growing is None else [self._growing]
        kept = [each for each in self._finished if all(each.issued != other.issued for other in growing)]
        alike = [each for each in (*kept, *growing) if self._made_with.get(each) == settings]
        self.stage.show_forecasts(forecast, sorted(alike, key=lambda each: each.issue_time), settings)

    def _forget(self) -> None:
        """Another wavefield is open: what was made of the one before is not shown beside it."""
        self._tried.clear()
        self._finished, self._made_with, self._before = [], {}, None

    def _follow_input(self) -> None:
        """Show the forecast of the input that is chosen; if others were made, make it too."""
        until, forecasts = self.stage.until, self.stage.forecasts
        made = next((each for each in forecasts if abs(each.issue_time - until) < INPUT_STEP / 2), None)
        if made is not None:
            self._show(made)
        elif forecasts and self.can_run() is True:
            self.run()

    def _abandon(self) -> None:
        """Stop the forecast under way, and go back to what was shown before it."""
        if self._job is not None:
            self._job.cancel()
        unfinished, before = self._growing, self._before
        self._job = self._growing = self._before = self.stage.making = None
        if unfinished is not None:
            self._made_with.pop(unfinished, None)
            self._show(before if self.stage.forecast is unfinished else self.stage.forecast)

    def _receive(self, job: RunningJob, partial_result: Any, settings: Settings) -> None:
        """What the forecaster published: first the forecast without frames, then that it grew."""
        from quakeview.wavefield.forecasting.forecaster import ForecastGrown, ForecastStarted

        if job is not self._job:
            return
        match partial_result:
            case Resampled(wavefield=wavefield, said=said):
                self.resampled.emit(wavefield, said)
            case SilentStations(stations=stations):
                self.stage.silent = stations
            case ForecastStarted(forecast=forecast):
                self._growing = forecast
                self._made_with[forecast] = settings
            case ForecastGrown() if self.stage.forecast is self._growing:
                self.stage.grow()
        growing, shown = self._growing, self.stage.forecast
        if growing is not None and growing is not shown and (shown is None or self._ready(growing)):
            self._show(growing)

    def _finish(self, job: RunningJob, forecast: "Forecast") -> None:
        if job is not self._job:
            return
        settings = self._made_with[forecast]
        alike = [each for each in self._finished if self._made_with.get(each) == settings]
        self._finished = [*(each for each in alike if each.issued != forecast.issued), forecast]
        shown = self.stage.forecast
        another = shown is self._growing or shown not in self._finished
        self._made_with = dict.fromkeys(self._finished, settings)
        self._job = self._growing = self._before = self.stage.making = None
        self._show(forecast if another else shown)
        self.stage.workChanged.emit()

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
        if not self._beside:
            self.noticed.emit(said, [])
        self.stage.workChanged.emit()
