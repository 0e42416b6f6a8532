"""Undo and redo: they say what they did, select it and bring it into view."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.event_review import EventReview
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.events.event import Event
from quakeview.project.edits import Change, PicksChanged

_MANY = 50
"""Picks or events beyond which a step was of no single thing: nothing is selected."""


class UndoRedo(QObject):
    """Does both actions.

    Signals:
        said: what was undone or done again.
    """

    said = Signal(str)

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        picks: PickReview,
        events: EventReview,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._view, self._picks, self._events = session, view, picks, events
        registry.bind("edit.undo", self._undo, lambda: session.project.undo_text is not None)
        registry.bind("edit.redo", self._redo, lambda: session.project.redo_text is not None)

    def _undo(self) -> None:
        self._step("Undone", self._session.project.undo_text, self._session.book.undo)

    def _redo(self) -> None:
        self._step("Done again", self._session.project.redo_text, self._session.book.redo)

    def _step(self, did: str, text: str | None, step: Callable[[], Change | None]) -> None:
        change = step()
        if change is not None:
            self._show_event(change)
            self._show_picks(change.picks)
            self.said.emit(f"{did}: {text}")

    def _show_event(self, change: Change) -> None:
        """Open the event if another one is open; else select those that are concerned."""
        book = self._session.book
        ids = [pick.resource_id for pick in change.picks.came]
        events: Sequence[Event] = book.events.find(event.resource_id for event in change.events.came)
        events = events or book.events.of_picks(ids)
        if not events or len(events) > _MANY:
            return
        if self._events.open_id is None or len(events) > 1:
            self._events.select([event.resource_id for event in events])
        elif self._events.open_id != events[0].resource_id:
            self._events.open(events[0].resource_id)

    def _show_picks(self, changed: PicksChanged) -> None:
        """Select those that are there again; where one has gone, show its place."""
        if 0 < len(changed.came) <= _MANY:
            self._picks.select([pick.resource_id for pick in changed.came])
        elif len(changed.were) == 1 and self._session.has_data(changed.were[0]):
            self._view.show_time(changed.were[0].channel_id, changed.were[0].time.ns / 1e9)
