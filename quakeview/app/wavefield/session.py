"""What is open in the Wavefield workspace, and the work on it. No widgets."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.preferences import Preferences
from quakeview.app.running import JobRunner, RunningJob
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job, Progress

if TYPE_CHECKING:
    from quakeview.wavefield.header import Wavefield
    from quakeview.wavefield.live import LiveWavefield
    from quakeview.wavefield.making import ScenarioRequest

_STATE = "wavefield-state"


class WavefieldSession(QObject):
    """Owns the open wavefield: a file, or one that grows while it is simulated. Results come on the GUI thread.

    Signals:
        opened: another wavefield is shown; None: the scenarios are.
        replaced: the wavefield is now read from its file; it is the same, or what a cancelled simulation left of it.
        noticed: a sentence, further sentences.
        workChanged: a job began or ended, or files came or went.
    """

    opened = Signal(object)
    replaced = Signal(object)
    noticed = Signal(str, list)
    workChanged = Signal()

    def __init__(self, runner: JobRunner, preferences: Preferences) -> None:
        super().__init__()
        self.wavefield: Wavefield | None = None
        self.path: Path | None = None
        self.state = self._saved_state(preferences)
        self._runner = runner
        self._preferences = preferences
        self._opening: RunningJob | None = None
        self._simulating: RunningJob | None = None
        self._live: LiveWavefield | None = None
        self._target: Path | None = None

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
        self._open(path, lambda scenario: self._show(scenario, path))

    def _open(self, path: Path, use: Callable[["Wavefield"], None]) -> None:
        if self._opening is not None and self._opening.active:
            self._opening.cancel()
        job = self._runner.start(Job(f"Opening {path.name}", partial(_open_scenario, path)))
        self._opening = job
        job.finished.connect(lambda scenario: use(scenario) if job is self._opening else scenario.close())
        job.ended.connect(self.workChanged)
        self.workChanged.emit()

    def _show(self, wavefield: "Wavefield | None", path: Path | None) -> None:
        """Replace what is shown; the file before is closed when nobody reads it any more."""
        before, self.wavefield, self.path = self.wavefield, wavefield, path
        shown = self._target if wavefield is not None and wavefield is self._live else path
        self.state["path"] = str(shown or "")
        self.opened.emit(wavefield)
        _close(before)

    def close_wavefield(self) -> None:
        """Show the scenarios. A simulation under way goes on."""
        self._show(None, None)

    def show_live(self) -> None:
        """Show what is being simulated."""
        if self._live is not None and self.wavefield is not self._live:
            self._show(self._live, None)

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
        from quakeview.wavefield.live import LiveWavefield
        from quakeview.wavefield.making import FrameReady, ScenarioStarted

        match partial_result:
            case ScenarioStarted(header=header):
                self._live = LiveWavefield(header)
                self._show(self._live, None)
            case FrameReady(index=index, frame=frame) if self._live is not None:
                self._live.append(index, frame)

    def _simulated(self, path: Path, problem: str) -> None:
        """Go on with the file in place of the frames in memory, if they are what is shown."""
        live, self._live = self._live, None
        shown = live is not None and self.wavefield is live
        kept = live.n_frames if live is not None and path.exists() else 0
        if problem and live is not None:
            what = f"the {kept} frames that were finished are in {path.name}" if kept else "nothing was kept"
            self.noticed.emit(f"{problem}; {what}.", [])
        elif not problem and not shown:
            self.noticed.emit(f"{path.stem} is finished; it is among the scenarios.", [])
        if shown and kept:
            self._open(path, lambda scenario: self._replace(scenario, path))
        elif shown:
            self.close_wavefield()

    def _replace(self, scenario: "Wavefield", path: Path) -> None:
        self.wavefield, self.path = scenario, path
        self.state["path"] = str(path)
        self.replaced.emit(scenario)

    # --- other work --------------------------------------------------------------------------------------------

    def start(self, name: str, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> RunningJob:
        """Do ``work`` as a job, then ``done`` with its result."""
        job = self._runner.start(Job(name, work))
        job.finished.connect(done)
        job.ended.connect(self.workChanged)
        return job

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
        """Save the state and close the file. The jobs have ended."""
        self.save_state()
        self.blockSignals(True)
        _close(self.wavefield)
        self.wavefield = self._live = None


def _open_scenario(path: Path, progress: Progress) -> "Wavefield":
    from quakeview.wavefield.scenario import Scenario

    if not path.exists():
        raise QuakeViewError(f"{path} is no longer there.")
    return Scenario.open(path)


def _make(request: "ScenarioRequest", path: Path, device: str, progress: Progress) -> Path:
    from quakeview.wavefield import making

    path.parent.mkdir(parents=True, exist_ok=True)
    return making.make_scenario(request, path, device=device, progress=progress)


def _close(wavefield: "Wavefield | None") -> None:
    if (close := getattr(wavefield, "close", None)) is not None:
        close()
