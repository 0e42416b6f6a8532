"""Opens, simulates and imports what comes on the stage of the Wavefield workspace. No widgets."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.preferences import Preferences
from quakeview.app.wavefield.forecast.forecasting import Forecasting
from quakeview.app.wavefield.forecast.live_forecast import LiveForecast
from quakeview.app.wavefield.stage import Stage
from quakeview.app.work.closing import close_after
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.atomic import make_folder
from quakeview.jobs import Job, Progress
from quakeview.registry import ModelCard
from quakeview.texts import counted
from quakeview.wavefield.forecasting.opening import OpenedFile, open_file
from quakeview.wavefield.scenarios.library import ScenarioCard, read_card, scenarios_dir

if TYPE_CHECKING:
    from threading import Thread

    from quakeview.wavefield.forecasting.stations import StationRecords
    from quakeview.wavefield.scenarios.header import Wavefield
    from quakeview.wavefield.scenarios.live import LiveWavefield
    from quakeview.wavefield.scenarios.making import ScenarioRequest

_STATE = "wavefield-state"
LONGEST_WAIT = 2.0
"""Seconds for threads to end, when the window is gone."""


class WavefieldSession(QObject):
    """Puts a file on the stage, or what grows while it is simulated; and closes it. Results come on the GUI thread.

    Signals:
        noticed: a sentence, further sentences.
        confirmed: what was done as it was asked for.
        workChanged: a job began or ended, or files came or went.
    """

    noticed = Signal(str, list)
    confirmed = Signal(str)
    workChanged = Signal()

    def __init__(self, runner: JobRunner, preferences: Preferences) -> None:
        super().__init__()
        self.stage = Stage()
        self.state = self._saved_state(preferences)
        self._runner = runner
        self._preferences = preferences
        self._opening: RunningJob | None = None
        self._readers: list[RunningJob] = []
        self._simulating: RunningJob | None = None
        self._live: LiveWavefield | None = None
        self._target: Path | None = None
        self.forecasting = Forecasting(self.stage, runner, preferences)
        self.forecasting.noticed.connect(self.noticed)
        self.forecasting.resampled.connect(self._show_resampled)
        self.as_it_happened = LiveForecast(self.stage, runner, self.forecasting)
        self.stage.workChanged.connect(self.workChanged)

    # --- opening -----------------------------------------------------------------------------------------------

    @property
    def is_opening(self) -> bool:
        return self._opening is not None and self._opening.active

    @property
    def is_simulating(self) -> bool:
        return self._simulating is not None and self._simulating.active

    def is_simulating_to(self, path: Path) -> bool:
        """Whether ``path`` is being written by a simulation."""
        return self.is_simulating and self._target == path

    def open(self, path: Path) -> None:
        """Show the scenario at ``path``; if it cannot be opened, what was open still is."""
        if self.is_simulating_to(path):
            self.show_live()
            return
        self._open(path, lambda opened: self._show_opened(opened, path))

    def reopen(self, path: Path) -> None:
        """Show what was shown at the end of the last session, as it was; if that is gone, it is worth a note only."""
        job = self._open(path, lambda opened: self._show_opened(opened, path, dict(self.state)), announced=False)
        job.failed.connect(lambda sentence, _: self.noticed.emit(sentence, []))

    def _open(self, path: Path, use: Callable[[OpenedFile], None], announced: bool = True) -> RunningJob:
        if self._opening is not None and self._opening.active:
            self._opening.cancel()
        job = self._runner.start(Job(f"Opening {path.name}", partial(open_file, path)), announced)
        self._opening = job
        job.finished.connect(lambda opened: use(opened) if job is self._opening else self._close(opened.wavefield))
        job.ended.connect(self.workChanged)
        self.workChanged.emit()
        return job

    def _show_opened(self, opened: OpenedFile, path: Path, looks: dict[str, Any] | None = None) -> None:
        """A scenario; or a forecast with its scenario, without which it is shown alone."""
        self._show(opened.wavefield, path, looks)
        if opened.forecast is not None and opened.forecast is not opened.wavefield:
            self.forecasting.use(opened.forecast)
        elif opened.forecast is not None:
            self.noticed.emit(
                f"{path.name} is shown without what happened: {opened.forecast.observation.header.name} is not among "
                "the scenarios.",
                [],
            )

    def _show(
        self, wavefield: "Wavefield | None", path: Path | None = None, looks: dict[str, Any] | None = None
    ) -> None:
        """Replace what is shown; the file before is closed when nobody reads it any more."""
        self.forecasting.clear()
        before = self.as_it_happened.give_up() or self.stage.wavefield
        shown = self._target if wavefield is not None and wavefield is self._live else path
        self.state["path"] = str(shown or "")
        self.stage.open(wavefield, path, looks)
        self._close(before)

    def open_stations(
        self, card: ModelCard, waveforms: Sequence[Path], metadata: Sequence[Path], origin_time: datetime
    ) -> None:
        """Show what stations recorded, on the grid and in the band of a forecaster; or say why not."""
        work = partial(self.forecasting.read_stations, card, waveforms, metadata, origin_time)
        job = self._runner.start(Job("Reading stations", work), announced=False)
        job.finished.connect(self._show_stations)
        job.failed.connect(lambda sentence, _: self.noticed.emit(sentence, []))
        job.ended.connect(self.workChanged)

    def _show_stations(self, records: "StationRecords") -> None:
        self._show(records.wavefield())
        used = counted(len(records.stations), "station")
        said = "Something is to be said of others, or of their records." if records.report else "None was left out."
        self.noticed.emit(f"{used} can be used. {said}", list(records.report))

    def close_wavefield(self) -> None:
        """Show the scenarios. A simulation under way goes on."""
        self._show(None)

    def show_live(self) -> None:
        """Show what is being simulated."""
        if self._live is not None and self.stage.wavefield is not self._live:
            self._show(self._live)

    # --- simulating --------------------------------------------------------------------------------------------

    @property
    def live(self) -> "LiveWavefield | None":
        """What is being simulated, as far as it is."""
        return self._live

    def simulate(self, request: "ScenarioRequest", path: Path, device: str) -> RunningJob:
        """Make the scenario in the background and show it as it grows; it is read from ``path`` once it is there."""
        job = self._runner.start(Job(f"Simulating {path.stem}", partial(_make, request, path, device)))
        self._simulating, self._target = job, path
        job.published.connect(self._receive)
        job.finished.connect(lambda _: self._simulated(path, ""))
        job.cancelled.connect(lambda: self._simulated(path, "The simulation was cancelled"))
        job.failed.connect(lambda sentence, _: self._simulated(path, sentence.rstrip(".")))
        job.ended.connect(self.workChanged)
        self.workChanged.emit()
        return job

    def _receive(self, partial_result: Any) -> None:
        """What the simulation published: first what is known beforehand, then frame after frame."""
        from quakeview.wavefield.scenarios.live import LiveWavefield
        from quakeview.wavefield.scenarios.making import FrameReady, ScenarioStarted

        match partial_result:
            case ScenarioStarted(header=header):
                self._live = LiveWavefield(header)
                self._show(self._live)
            case FrameReady(index=index, frame=frame) if self._live is not None:
                self._live.append(index, frame)
                if self.stage.wavefield is self._live:
                    self.stage.grow()

    def _simulated(self, path: Path, problem: str) -> None:
        """Go on with the file in place of the frames in memory, if they are what is shown."""
        live, self._live = self._live, None
        shown = live is not None and self.stage.wavefield is live
        if problem and live is not None:
            job = self._runner.start(Job(f"Looking at {path.name}", lambda _: read_card(path)))
            job.finished.connect(lambda card: self._stopped(path, live, problem, card))
        elif shown:
            self._open(path, lambda opened: self._replace(opened.wavefield, path))
        elif not problem:
            self.confirmed.emit(f"{path.stem} is finished; it is among the scenarios.")

    def _stopped(self, path: Path, live: "LiveWavefield", problem: str, card: "ScenarioCard | None") -> None:
        """A simulation ended early: say what of it is in the file, and go on with that."""
        kept = "nothing was kept"
        if card is not None:
            kept = f"{counted(card.n_frames, 'finished frame is', 'finished frames are')} in {path.name}"
        self.noticed.emit(f"{problem}; {kept}.", [])
        if self.stage.wavefield is live and card is not None:
            self._open(path, lambda opened: self._replace(opened.wavefield, path))
        elif self.stage.wavefield is live:
            self.close_wavefield()

    def _replace(self, scenario: "Wavefield", path: Path) -> None:
        self.state["path"] = str(path)
        self.stage.replace(scenario, path)

    def _show_resampled(self, wavefield: "Wavefield", said: str) -> None:
        """The open wavefield as the forecaster knows it, in its place: what comes is held against that."""
        stage = self.stage
        before = stage.wavefield
        stage.open(wavefield, stage.path, stage.looks)
        self.noticed.emit("The scenario is shown as the forecaster knows it; its file is unchanged.", [said])
        self._close(before)

    # --- other work --------------------------------------------------------------------------------------------

    def start(self, name: str, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> RunningJob:
        """Do ``work`` as a job, then ``done`` with its result."""
        job = self._runner.start(Job(name, work))
        self._readers = [*(reader for reader in self._readers if reader.active), job]
        job.finished.connect(done)
        job.ended.connect(self.workChanged)
        return job

    def import_arrays(
        self, path: Path, mean: Path | None, deviation: Path | None, event: int | None, done: Callable[[Path], None]
    ) -> None:
        """Make a scenario of official arrays in the user's folder, then ``done`` with its path."""
        from quakeview.wavefield.scenarios.official import import_official

        target = scenarios_dir() / (f"{path.stem}.h5" if event is None else f"{path.stem}-{event}.h5")

        def work(progress: Progress) -> Path:
            make_folder(target.parent)
            return import_official(path, target, mean, deviation, event, progress=progress)

        self.start(f"Importing {path.name}", work, done)

    # --- state -------------------------------------------------------------------------------------------------

    def _saved_state(self, preferences: Preferences) -> dict[str, Any]:
        """What was shown at the end of the last session."""
        try:
            state = json.loads(str(preferences.layout(_STATE) or "{}"))
        except ValueError:
            return {}
        return state if isinstance(state, dict) else {}

    def save_state(self) -> None:
        """Keep what is shown for the next start."""
        self._preferences.save_layout(_STATE, json.dumps(self.state))

    def close(self) -> None:
        """Save the state and close the file. The jobs have ended, and nobody reads any more."""
        self.save_state()
        for told in (self, self.stage):
            told.blockSignals(True)
        closing = self._close(self.as_it_happened.give_up() or self.stage.wavefield)
        if closing is not None:
            closing.join(LONGEST_WAIT)
        self.stage.open(None)
        self._live = None

    def _close(self, wavefield: "Wavefield | None") -> "Thread | None":
        """Close its file once nobody reads it; None if there is no file."""
        close = getattr(wavefield, "close", None)
        return None if close is None else close_after(self._readers, close)


def _make(request: "ScenarioRequest", path: Path, device: str, progress: Progress) -> Path:
    from quakeview.wavefield.scenarios import making

    make_folder(path.parent)
    return making.make_scenario(request, path, device=device, progress=progress)
