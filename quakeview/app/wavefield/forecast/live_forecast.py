"""Replay of a wavefield as it would have happened: frames come in real time, and so do the forecasts. No widgets."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from quakeview.app.wavefield.forecast.forecasting import Forecasting
from quakeview.app.wavefield.stage import Stage
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.wavefield.forecasting.forecast_making import INPUT_STEP, INPUTS, Resampled, Settings

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.scenarios.header import Wavefield
    from quakeview.wavefield.scenarios.live import LiveWavefield

SPEEDS = (1.0, 2.0, 4.0)
"""Multiples of real time."""


@dataclass(frozen=True)
class Begun:
    """Published when the forecaster is ready: what is replayed, as it knows it, and what is known of it."""

    truth: "Wavefield"
    live: "LiveWavefield"


class LiveForecast(QObject):
    """While it runs, the open wavefield is one that grows with time; it starts from nothing known.

    As soon as an input is complete a forecast is made from it. If that takes longer than the next input needs to be
    complete, inputs are left out, as they would have been. The first forecast is shown at once, each later one when it
    has come to what happens now; until then the one before it is.
    """

    def __init__(self, stage: Stage, runner: JobRunner, forecasting: Forecasting) -> None:
        super().__init__()
        self.stage = stage
        self.speed = 1.0
        self.held = False
        self.live: LiveWavefield | None = None
        self.settings: Settings | None = None
        self._truth: Wavefield | None = None
        self._job: RunningJob | None = None
        self._asked = 0.0
        self._shown = False
        self._runner, self._forecasting = runner, forecasting
        stage.workChanged.connect(self._look_for_input)
        stage.settingsChanged.connect(self._follow_settings)

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def loading(self) -> bool:
        """Whether the forecaster is still being loaded."""
        return self.running and (self.live is None or not self.live.n_frames)

    @property
    def now(self) -> float:
        """Time of the newest frame, s after the origin time."""
        live = self.live
        return 0.0 if live is None else live.start_time + max(live.n_frames - 1, 0) * live.frame_step

    @property
    def due(self) -> float | None:
        """The end of the last input that is complete, s; None before the first."""
        complete = [until for until in INPUTS if until <= self.now + 1e-6]
        return complete[-1] if complete else None

    def start(self) -> None:
        """From the origin time on; forecasts that were made with more knowledge are dropped."""
        truth, settings = self.stage.wavefield, self.stage.settings
        if truth is None or settings is None:
            return
        self._forecasting.clear()
        self.live, self.settings, self._truth = None, settings, truth
        self._asked, self._shown, self.held = 0.0, False, False
        work = partial(self._happen, truth, settings)
        job = self._job = self._runner.start(Job(f"{truth.name} as it happened", work))
        job.published.connect(lambda partial_result: self._receive(job, partial_result))
        job.ended.connect(lambda: self.stop() if job is self._job else None)
        self.stage.live = self
        self.stage.workChanged.emit()

    def _happen(self, truth: "Wavefield", settings: Settings, progress: Progress) -> None:
        """The job: it begins when the forecaster is ready, as one that watches a region is."""
        from quakeview.wavefield.scenarios.live import LiveWavefield, replay

        truth = self._forecasting.on_its_grid(truth, settings.card, progress)
        live = LiveWavefield(truth.header, truth.known)
        progress.publish(Begun(truth, live))
        replay(truth, live, lambda: 0.0 if self.held else self.speed, progress)

    def hold(self, still: bool) -> None:
        """Let the earthquake stand still, or go on."""
        self.held = still
        self.stage.workChanged.emit()

    def _follow_settings(self) -> None:
        """Forecast with these from now on, and again from the last complete input."""
        if self.running and self.stage.settings not in (None, self.settings):
            self.settings = self.stage.settings
            if (due := self.due) is not None:
                self._forecast(due)

    def stop(self) -> None:
        """Show the whole wavefield again, with the forecasts there are."""
        if self._job is not None and (truth := self.give_up()) is not None:
            self.stage.replace(truth, self.stage.path)
            self.stage.workChanged.emit()

    def give_up(self) -> "Wavefield | None":
        """End it without showing anything; returns the wavefield that was replayed, None if nothing was."""
        job, truth = self._job, self._truth
        self._job = self._truth = self.live = self.stage.live = None
        if job is not None:
            job.cancel()
        return truth

    def _receive(self, job: RunningJob, partial_result: Any) -> None:
        """What the job published: first what is replayed, then how many frames have come."""
        if job is not self._job:
            return
        match partial_result:
            case Resampled(wavefield=wavefield, said=said):
                self._truth = wavefield
                self._forecasting.resampled.emit(wavefield, said)
            case Begun(truth=truth, live=live):
                self._truth, self.live = truth, live
            case _:
                self._follow()

    def _follow(self) -> None:
        """A frame has come."""
        assert self.live is not None
        if self._shown:
            self.stage.grow()
        else:
            self._shown = True
            self.stage.replace(self.live, self.stage.path)
        self._look_for_input()

    def _look_for_input(self) -> None:
        """Forecast from the last complete input, unless that was done or a forecast is under way."""
        due = self.due
        if self.running and due is not None and due > self._asked + INPUT_STEP / 2 and not self._forecasting.busy:
            self._forecast(due)

    def _forecast(self, due: float) -> None:
        assert self._truth is not None
        assert self.settings is not None
        self._asked = due
        self._forecasting.make(self._truth, self.settings, due, self._has_come_to_now)

    def _has_come_to_now(self, forecast: "Forecast") -> bool:
        return forecast.complete or self.live is None or forecast.n_frames > self.live.n_frames
