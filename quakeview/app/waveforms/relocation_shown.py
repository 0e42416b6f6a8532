"""What the last edit did to an event: in words, and on the map the place where it was before."""

from PySide6.QtCore import QObject, Signal

from quakeview.app.events.shown import EventsShown
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.events.event import Event
from quakeview.events.shift import Shift


class RelocationShown(QObject):
    """Follows the editor of events until the next edit.

    Signals:
        changed: there is something else to show.
        said: how an event moved.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, session: WaveformsSession, shown: EventsShown, parent: QObject) -> None:
        super().__init__(parent)
        self._shown = shown
        self._event_id, self._text = "", ""
        self._begin: tuple[int, Event] | None = None
        session.events.changed.connect(self._forget)
        session.projectChanged.connect(self._start)
        session.events.editor.relocated.connect(self._take)

    def text_of(self, event: Event | None) -> str:
        """How the last edit moved an event; empty if it did not."""
        return self._text if event is not None and event.resource_id == self._event_id else ""

    def _start(self) -> None:
        """Another project has steps of its own."""
        self._begin = None
        self._forget()

    def _take(self, old: Event, new: Event, step: int) -> None:
        """Several moves in one undo step count as one, from where the event was before all of them."""
        if self._begin is not None and (self._begin[0], self._begin[1].resource_id) == (step, old.resource_id):
            old = self._begin[1]
        self._begin = step, old
        self._event_id, self._text = new.resource_id, Shift.between(old, new).text
        self._shown.set_trail(old.origin)
        self.changed.emit()
        self.said.emit(f"{new.time.strftime('%H:%M:%S')} {self._text}")

    def _forget(self, _: object = None) -> None:
        """Something else was edited, or it was taken back."""
        if self._text:
            self._event_id = self._text = ""
            self._shown.set_trail(None)
            self.changed.emit()
