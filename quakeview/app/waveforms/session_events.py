"""The events of what is open in the Waveforms workspace: finding and editing them, and which one is open."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from obspy import UTCDateTime
from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.event_editing import EventEditor
from quakeview.app.waveforms.event_method import revision, to_state
from quakeview.app.waveforms.event_search import EventSearch
from quakeview.app.waveforms.ordering import Earthquake
from quakeview.app.waveforms.reviewer import reviewer_name
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.running import JobRunner
from quakeview.events.event import Event
from quakeview.events.exchange.reading import events_of
from quakeview.events.revising import Learned, Revision
from quakeview.jobs import Job
from quakeview.project import PickBook, ReplaceEvents
from quakeview.waveforms.channels import ChannelId

if TYPE_CHECKING:
    from quakeview.app.waveforms.session import WaveformsSession


class SessionEvents(QObject):
    """The events themselves are in the book of the session.

    Signals:
        changed: an ``EventsChanged``.
        earthquakeChanged: distances are counted by another one.
    """

    changed = Signal(object)
    earthquakeChanged = Signal()

    def __init__(
        self, session: "WaveformsSession", runner: JobRunner, preferences: Preferences, models: ModelList
    ) -> None:
        super().__init__(session)
        self.open: Event | None = None
        self.search = EventSearch(runner, preferences, models, session.picking, self)
        self.editor = EventEditor(runner, lambda: session.book, self.revision, lambda: reviewer_name(preferences), self)
        self.search.learned.connect(self._remember)
        self.search.noticed.connect(session.noticed)
        self.search.confirmed.connect(session.confirmed)
        self.editor.noticed.connect(session.noticed)
        self._session, self._runner, self._preferences = session, runner, preferences
        self._forget_events: Callable[[], None] = lambda: None

    def follow(self, book: PickBook) -> None:
        """Hear of the events of this book from now on, and of no other."""
        self.open = None
        self.editor.follow(book)
        self._forget_events()
        self._forget_events = book.events.subscribe(self._hear)

    def _hear(self, change: object) -> None:
        if self.open is not None:
            self.open = self._session.book.events.get(self.open.resource_id)
        self.changed.emit(change)

    @property
    def earthquake(self) -> Earthquake | None:
        """The one by which distances are counted: the open one, or the only one."""
        book = self._session.book
        event = next(iter(book.events)) if self.open is None and len(book.events) == 1 else self.open
        return None if event is None else Earthquake.of(event)

    def show(self, event: Event | None) -> None:
        """Count distances by this event, or by none."""
        self.open = event
        self.earthquakeChanged.emit()

    def find(self) -> None:
        """Look for events in everything that is open."""
        session = self._session
        self.search.start(session.archive, session.metadata, session.book, list(session.stations))

    def read_catalogues(self) -> None:
        """Give a project from before there were events those of its catalogues, once."""
        session, documents = self._session, self._session.project.documents()
        if documents and not len(session.book.events) and not session.state.get("catalogues_read"):
            job, book = self._runner.start(Job("Reading the catalogue", lambda _: _events_of(documents))), session.book
            job.finished.connect(lambda events: self._take_events(events) if book is session.book else None)

    def _take_events(self, events: list[Event]) -> None:
        self._session.state["catalogues_read"] = True
        self._session.book.apply(ReplaceEvents((), events, "Read the events of the catalogue"))
        self.earthquakeChanged.emit()

    def read_amplitude(self, channel: ChannelId, seconds: float) -> None:
        """Read the amplitude of the open event on a channel at ``seconds`` since 1970-01-01 UTC."""
        if self.open is not None:
            self.editor.read_amplitude(self.open.resource_id, channel, UTCDateTime(seconds))

    def revision(self) -> Callable[[], Revision]:
        """What locates and sizes events as the preferences say; made on a worker thread."""
        session, options = self._session, self._preferences
        choices = options[options.VELOCITY_MODEL], options[options.ATTENUATION_LAW]
        sources = dict(session.coordinates), session.archive, session.metadata
        return partial(revision, *sources, *choices, session.state.get("learned", {}))

    def _remember(self, learned: Learned) -> None:
        """So that an event that is located again is located and sized as it was found."""
        self._session.state["learned"] = to_state(learned)
        self._session.save_later()


def _events_of(documents: Sequence[bytes]) -> list[Event]:
    """Of two versions of an event the later one."""
    return list({event.resource_id: event for document in documents for event in events_of(document)}.values())
