"""Which events are selected, and what is done with them: open, judge, relocate, merge, next."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from quakeview.app.events.events_table import EventsPanel
from quakeview.app.events.map_panel import MapPanel
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.waveforms.reviewer import Reviewer
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.events.event import NOISE, Event, EventStatus
from quakeview.events.reviewing import near_in_time
from quakeview.monitoring.picks import Pick
from quakeview.project import EventsChanged
from quakeview.stations.coordinates import epicentral_path
from quakeview.texts import counted

if TYPE_CHECKING:
    from quakeview.app.waveforms.session import WaveformsSession

_DEEPEST_KM = 60.0
_OFFERED = 9
"""Events to choose from by one digit."""
_JUDGEMENTS = {
    "events.review": EventStatus.REVIEWED,
    "events.final": EventStatus.FINAL,
    "events.reject": EventStatus.REJECTED,
}
_KINDS = {
    "&Quarry Blast": "quarry blast",
    "&Explosion": "explosion",
    "&Collapse": "collapse",
    "&Noise": NOISE,
    "&Other Event": "other event",
}
"""What an event may be that is no earthquake: the letter that chooses it, and QuakeML's event type."""


class EventReview(QObject):
    """Keeps table and map on the same events, and does the actions on them.

    Signals:
        changed: the selection is another one, or the selected events are.
        opened: the event that is to be worked on; None: no longer any.
        said: what one should know now, a sentence.
    """

    changed = Signal()
    opened = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        session: "WaveformsSession",
        picks: PickReview,
        panel: EventsPanel,
        map_panel: MapPanel,
        reviewer: Reviewer,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.ids: list[str] = []
        self._session, self._picks, self._panel, self._map = session, picks, panel, map_panel
        self._reviewer, self._window = reviewer, parent
        panel.selected.connect(self.select)
        panel.opened.connect(self.open)
        map_panel.selected.connect(self.select)
        map_panel.opened.connect(self.open)
        session.events.changed.connect(self._follow)
        session.events.editor.came.connect(self._show_new)
        picks.ended.connect(self._go_beyond)
        self._told_end: tuple[str, ...] = ()

    def bind(self, registry: ActionRegistry) -> None:
        """Do the actions on events."""
        bind, editor = registry.bind, self._session.events.editor
        bind("events.open", lambda: self.open(self.ids[0]), self.has_one)
        bind("events.close", lambda: self.open(None), lambda: self.open_id is not None or "No event is open.")
        bind("events.next", lambda: self.step(1), self._has_events)
        bind("events.previous", lambda: self.step(-1), self._has_events)
        for action_id, status in _JUDGEMENTS.items():
            bind(action_id, partial(self._judge, status), self._has_selection)
        bind("events.kind", self._ask_kind, self._has_selection)
        bind("events.delete", lambda: editor.delete(self.ids), self._has_selection)
        bind("events.relocate", lambda: editor.relocate(self.ids), self._has_selection)
        bind("events.fix_depth", self._fix_depth, self._has_selection)
        bind("events.free_depth", lambda: editor.set_depth(self.ids, None), self._has_selection)
        bind("events.merge", lambda: editor.merge(self.ids), lambda: len(self.ids) > 1 or "Select two events or more.")
        bind("events.from_picks", lambda: editor.locate(self._picks.ids), self._has_picks)
        bind("events.add_picks", self._add_picks, self._can_add_picks)
        bind("events.move_picks", self._ask_event, lambda: bool(self._picks.ids) or "Select a pick first.")
        bind("events.take_out", lambda: editor.take_out(self._picks.ids), self._has_picks_of_events)

    # --- selecting and opening ---------------------------------------------------------------------------------

    @property
    def selected(self) -> list[Event]:
        """The selected events, by time."""
        return self._session.book.events.find(self.ids)

    @property
    def open_id(self) -> str | None:
        """Of the event that the traces show."""
        event = self._session.events.open
        return None if event is None else event.resource_id

    def select(self, ids: Iterable[str]) -> None:
        """Select events everywhere."""
        self.ids = list(ids)
        self._panel.select(self.ids)
        self._map.select(self.ids)
        self.changed.emit()

    def open(self, event_id: str | None) -> None:
        """Work on an event: the traces show it. None: show everything again."""
        event = self._session.book.events.get(event_id) if event_id else None
        if event is not None and self.ids != [event.resource_id]:
            self.select([event.resource_id])
        self.opened.emit(event)
        self.changed.emit()
        if event is not None:
            self._picks.begin()

    def _go_beyond(self, by: int, waiting: int) -> None:
        """Where the open event has no further pick, say so first; the next key goes to another event."""
        here = (self.open_id or "", *self._picks.ids)
        if self._told_end == here:
            self.step(by)
            return
        self._told_end = here
        if waiting:
            rest = f"{counted(waiting, 'pick')} of this event still {'waits' if waiting == 1 else 'wait'}"
        else:
            rest = "every pick of this event has been reviewed"
        which, other = ("last", "next") if by > 0 else ("first", "previous")
        self.said.emit(f"That was the {which} pick, and {rest}. The same key again opens the {other} event.")

    def forget(self) -> None:
        """Another session is open."""
        self.ids = []
        self.changed.emit()

    def step(self, by: int) -> None:
        """Open the next event of the table (``by`` = 1) or the one before (-1), round and round."""
        model = self._panel.model
        here = model.row_of(self.open_id or (self.ids[0] if self.ids else ""))
        count = model.rowCount()
        if count:
            start = (-1 if by > 0 else 0) if here is None else here
            self.open(model.key_at((start + by) % count))

    def _judge(self, status: EventStatus, kind: str | None = None) -> None:
        """Then go to the next one of the table."""
        ids = list(self.ids)

        def judge() -> None:
            following = self._following(ids)
            if self._session.events.editor.judge(ids, status, kind) and following is not None:
                self.open(following) if self.open_id else self.select([following])

        self._reviewer.known(judge)

    def _ask_kind(self) -> None:
        """One key says what the events are."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, kind in _KINDS.items():
            status = EventStatus.REJECTED if kind == NOISE else EventStatus.REVIEWED
            menu.addAction(text, partial(self._judge, status, kind))
        if not all(event.is_earthquake for event in self.selected):
            menu.addSeparator()
            menu.addAction("&An Earthquake After All", partial(self._judge, EventStatus.REVIEWED, ""))
        self._pop_up(menu)

    def _following(self, ids: list[str]) -> str | None:
        """The event below those in the table that is still to be reviewed."""
        model = self._panel.model
        rows = [row for row in map(model.row_of, ids) if row is not None]

        def waits(event: Event) -> bool:
            return event.status is EventStatus.AUTOMATIC and event.resource_id not in ids

        found = model.next_row(max(rows, default=-1) + 1, waits)
        return None if found is None else model.key_at(found)

    def _follow(self, changed: EventsChanged) -> None:
        kept = [event_id for event_id in self.ids if event_id not in changed.gone]
        if kept != self.ids:
            self.select(kept)
        self.changed.emit()

    def _show_new(self, events: list[Event]) -> None:
        """An event that was made by hand is selected."""
        if (
            len(events) == 1
            and self._session.book.events.get(events[0].resource_id)
            and events[0].resource_id not in self.ids
        ):
            self.select([events[0].resource_id])

    def _ask_event(self) -> None:
        """Let one key choose the event to which the selected picks belong."""
        book = self._session.book
        picks = book.find(self._picks.ids)
        if not picks:
            return
        events = near_in_time(book.events, picks[0].time, _OFFERED)
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, event in enumerate(events, start=1):
            put_in = partial(self._session.events.editor.put_in, event.resource_id, list(self._picks.ids))
            menu.addAction(f"&{number}  {self._offer(event, picks[0])}", put_in)
        if events:
            self._pop_up(menu)
        else:
            self.said.emit("No event began in the hour before this pick.")

    def _offer(self, event: Event, pick: Pick) -> str:
        """``17:02:55  ML 3.1,  4.2 s before the pick,  23 km away``."""
        seconds = pick.time - event.time
        parts = [f"{event.time.strftime('%H:%M:%S')}  {_size_of(event)}".rstrip()]
        parts.append(f"{abs(seconds):.1f} s {'before' if seconds >= 0 else 'after'} the pick")
        place = self._session.coordinates.get(pick.channel_id[:2])
        if place is not None:
            path = epicentral_path(event.origin.latitude, event.origin.longitude, place)
            parts.append(f"{path.distance / 1000:.0f} km away")
        return ",  ".join(parts)

    def _pop_up(self, menu: QMenu) -> None:
        size = menu.sizeHint()
        menu.popup(self._window.mapToGlobal(self._window.rect().center() - QPoint(size.width(), size.height()) / 2))

    # --- the actions -------------------------------------------------------------------------------------------

    def _fix_depth(self) -> None:
        depth = next((event.origin.depth for event in self.selected if event.origin.depth is not None), 10_000.0)
        kilometres, accepted = QInputDialog.getDouble(
            self._window, "Fix depth", "Depth below sea level (km):", depth / 1000, 0.0, _DEEPEST_KM, 1
        )
        if accepted:
            self._session.events.editor.set_depth(self.ids, 1000 * kilometres)

    def _add_picks(self) -> None:
        self._session.events.editor.put_in(self.open_id or self.ids[0], self._picks.ids)

    def _has_events(self) -> bool | str:
        return bool(len(self._session.book.events)) or "There are no events yet."

    def _has_selection(self) -> bool | str:
        return bool(self.ids) or "Select an event first."

    def has_one(self) -> bool | str:
        """Whether one event alone is selected, or what to do."""
        return len(self.ids) == 1 or "Select one event first."

    def _has_picks(self) -> bool | str:
        return len(self._picks.ids) >= 4 or "Select at least 4 picks in the table of picks first."

    def _can_add_picks(self) -> bool | str:
        if not self._picks.ids:
            return "Select a pick first."
        return self.open_id is not None or self.has_one()

    def _has_picks_of_events(self) -> bool | str:
        found = self._session.book.events.of_picks(self._picks.ids)
        return bool(found) or "Select a pick that belongs to an event first."


def _size_of(event: Event) -> str:
    return "" if event.magnitude is None else f"{event.magnitude.kind} {event.magnitude.value:.1f}"
