"""Find Events: one job that picks what is not picked, associates, locates and sizes."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.event_method import chosen_method
from quakeview.app.waveforms.model_picking import Picking
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import AddPicks, PickBook, ReplaceAutomaticEvents, is_of_a_search
from quakeview.stations.book import StationBook
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

if TYPE_CHECKING:
    from quakeview.events.cataloguing import Catalogue, Method, PickerChoice
    from quakeview.monitoring.annotate import StationResult


class EventSearch(QObject):
    """Picks are in the book as soon as a station is finished; the events come at the end, in the same undo step.

    Signals:
        changed: the work has begun or ended.
        found: how many events there are.
        learned: what it learned of the stations.
        noticed: a sentence, further sentences; something was left out, or nothing was found.
        confirmed: a sentence, further sentences.
    """

    changed = Signal()
    found = Signal(int)
    learned = Signal(object)
    noticed = Signal(str, list)
    confirmed = Signal(str, list)

    def __init__(
        self, runner: JobRunner, preferences: Preferences, models: ModelList, picking: Picking, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.why_none = ""
        self._runner, self._preferences, self._models, self._picking = runner, preferences, models, picking
        self._job: RunningJob | None = None
        self._choice: PickerChoice | None = None
        self._step: int | None = None

    @property
    def active(self) -> bool:
        """Whether events are being looked for."""
        return self._job is not None and self._job.active

    def start(self, archive: Archive, metadata: StationBook, book: PickBook, stations: list[Instrument]) -> None:
        """Look for events in all that is open; without a model, in the picks that are there."""
        if self.active:
            return
        self._choice = picker = self._picker()
        staying = [event for event in book.events if not is_of_a_search(event)]
        settled = frozenset(pick_id for event in staying for pick_id in event.pick_ids)
        known = [pick for pick in book if not (picker and _is_of(picker.model, pick, stations))]
        method = chosen_method(self._preferences)
        work = partial(_search, archive, metadata, known, settled, picker, stations, method)
        job = self._runner.start(Job("Finding events", work))
        self._job, self._step = job, None
        job.published.connect(lambda result: self._take_station(book, result) if job is self._job else None)
        job.finished.connect(lambda catalogue: self._take(book, catalogue) if job is self._job else None)
        job.ended.connect(self.changed)
        self.changed.emit()

    def forget(self) -> None:
        """Stop: what is found belongs to a session that is no longer open."""
        if self._job is not None and self._job.active:
            self._job.cancel()
        self._job, self.why_none = None, ""

    def _picker(self) -> "PickerChoice | None":
        from quakeview.events.cataloguing import PickerChoice

        card, options = self._models.picker, self._preferences
        if card is None:
            return None
        thresholds = options[options.P_THRESHOLD], options[options.S_THRESHOLD]
        return PickerChoice(card.name, *thresholds, device=options[options.DEVICE])

    def _take_station(self, book: PickBook, result: "StationResult") -> None:
        from quakeview.events.cataloguing import sure_picks

        if self._choice is not None:
            self._step = self._picking.take(book, self._choice.model, sure_picks(result, self._choice), self._step)

    def _take(self, book: PickBook, catalogue: "Catalogue") -> None:
        """The picks that only their event makes sure, and the events with those of their picks that are still there."""
        from quakeview.events.cataloguing import is_sure

        of_events = {pick_id for event in catalogue.events for pick_id in event.pick_ids}
        unsure = [pick for pick in catalogue.picks if pick.resource_id in of_events and not is_sure(pick, self._choice)]
        step = book.apply(AddPicks(unsure), extends=self._step) if unsure else self._step
        gone = {pick_id for pick_id in of_events if book.get(pick_id) is None}
        events = [event.without(gone) if gone else event for event in catalogue.events]
        book.apply(ReplaceAutomaticEvents(events), extends=step or None)
        self.why_none = catalogue.why_none
        self.learned.emit(catalogue.learned)
        if not catalogue.events:
            self.noticed.emit(catalogue.why_none, list(catalogue.left_out))
            return
        used = sum(len(event.pick_ids) for event in catalogue.events)
        sized = sum(event.magnitude is not None for event in catalogue.events)
        found = counted(len(catalogue.events), "event was", "events were")
        said = f"{found} found with {counted(used, 'pick')}, {sized:,} of them with a magnitude."
        (self.noticed if catalogue.left_out else self.confirmed).emit(said, list(catalogue.left_out))
        self.found.emit(len(catalogue.events))


def _is_of(model: str, pick: Pick, stations: list[Instrument]) -> bool:
    """Whether the model made the pick, nobody judged it, and the station is picked again."""
    if pick.status is not PickStatus.AUTOMATIC or pick.model != model:
        return False
    return Instrument.of(pick.channel_id) in stations


def _search(
    archive: Archive,
    metadata: StationBook,
    known: list[Pick],
    settled: frozenset[str],
    picker: "PickerChoice | None",
    stations: list[Instrument],
    method: "Callable[[], Method]",
    progress: Progress,
) -> "Catalogue":
    """On a worker thread: this imports torch."""
    from quakeview.events.cataloguing import make_catalogue

    return make_catalogue(
        archive,
        metadata,
        known,
        picker,
        stations,
        method(),
        settled=settled,
        progress=progress,
    )
