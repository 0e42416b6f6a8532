"""The model at work: P and S of all stations or of some, station by station."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.trace_keys import how_to_pick
from quakeview.app.widgets.model_list import NO_MODEL, ModelList
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.project import PickBook, ReplaceAutomaticPicks
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

if TYPE_CHECKING:
    from quakeview.monitoring.annotate import StationResult


def pick_archive(*args: Any, **kwargs: Any) -> Any:
    """``quakeview.monitoring.annotate.pick_archive``, imported when it is called: it brings torch."""
    from quakeview.monitoring import annotate

    return annotate.pick_archive(*args, **kwargs)


class Picking(QObject):
    """Runs the chosen model as a job; the picks of a station are in the book as soon as they are found.

    Signals:
        found: the ``StationResult`` of the next station.
        changed: the work has begun or ended.
        noticed: a sentence, further sentences.
    """

    found = Signal(object)
    changed = Signal()
    noticed = Signal(str, list)

    def __init__(self, runner: JobRunner, preferences: Preferences, models: ModelList, parent: QObject) -> None:
        super().__init__(parent)
        self.results: dict[Instrument, StationResult] = {}
        self.job: RunningJob | None = None
        self._runner = runner
        self._preferences = preferences
        self._models = models
        self._step: int | None = None

    @property
    def active(self) -> bool:
        """Whether the model is at work."""
        return self.job is not None and self.job.active

    def why_no_picks(self, registry: ActionRegistry) -> str:
        """What an empty table of picks says, with the keys of the registry."""
        manual = f"To set one yourself, {how_to_pick(registry)}."
        if self.active:
            return "Picking…"
        if self.results:
            reasons = [result.reason for result in self.results.values() if result.reason]
            return f"The picker found nothing. {reasons[0]}" if reasons else "All picks were removed."
        if self._models.picker is None:
            return f"{NO_MODEL}\n{manual}"
        return f"No picks yet. Press {registry.key_of('picks.all')} to find P and S at all stations.\n{manual}"

    def start(self, archive: Archive, book: PickBook, stations: Sequence[Instrument]) -> None:
        """Find P and S with the chosen model at these stations."""
        card, options = self._models.picker, self._preferences
        if card is None or self.active:
            return
        work = partial(
            _pick,
            archive,
            card.name,
            p_threshold=options[options.P_THRESHOLD],
            s_threshold=options[options.S_THRESHOLD],
            device=options[options.DEVICE],
            stations=list(stations),
        )
        text = f"{len(stations)} stations" if len(stations) > 1 else ".".join(stations[0][:2])
        job = self._runner.start(Job(f"Picking {text}", work))
        self.job, self._step = job, None
        job.published.connect(lambda result: self._take(book, card.name, result) if job is self.job else None)
        job.finished.connect(lambda _: self._summarise(stations) if job is self.job else None)
        job.ended.connect(self.changed)
        self.changed.emit()

    def forget(self) -> None:
        """Stop: what was found belongs to a session that is no longer open."""
        if self.active and self.job is not None:
            self.job.cancel()
        self.job = None
        self.results.clear()

    def take(self, book: PickBook, model: str, result: "StationResult", step: int | None) -> int | None:
        """Put what the model found at a station into the book; returns the undo step that further stations extend."""
        self.results[result.station] = result
        done = book.apply(ReplaceAutomaticPicks(result.station, model, result.picks), extends=step)
        self.found.emit(result)
        return done if result.picks else step

    def _take(self, book: PickBook, model: str, result: "StationResult") -> None:
        self._step = self.take(book, model, result, self._step)

    def _summarise(self, stations: Sequence[Instrument]) -> None:
        results = [self.results[station] for station in stations if station in self.results]
        silent = [result for result in results if not result.picks]
        if silent and len(silent) == len(results):
            self.noticed.emit(f"No picks were found. {silent[0].reason or ''}".strip(), [])


def _pick(archive: Archive, model: str, progress: Progress, **how: Any) -> None:
    """Publish the result of each station."""
    pick_archive(archive, model, progress=progress, **how)
