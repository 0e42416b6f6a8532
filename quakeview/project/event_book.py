"""The events of a project while it is open; they belong to the book of its picks, through which they are edited."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator

from quakeview.events.event import Event
from quakeview.project.edits import EventsChanged

_FEW = 100
"""Changes up to which putting them into a sorted list one by one is faster than sorting."""


class EventBook:
    """All events in memory, by time, and which event a pick belongs to."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events: dict[str, Event] = {}
        self._order: list[tuple[int, str]] = []
        self._of_pick: dict[str, str] = {}
        self._listeners: list[Callable[[EventsChanged], None]] = []
        self._take(EventsChanged(frozenset(), tuple(events)))

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        """All, by time."""
        return (self._events[key] for _, key in self._order)

    def get(self, resource_id: str) -> Event | None:
        """Return the event with this id."""
        return self._events.get(resource_id)

    def find(self, resource_ids: Iterable[str]) -> list[Event]:
        """Return those of the events that are there, by time."""
        return sorted((self._events[key] for key in {*resource_ids} if key in self._events), key=_place)

    def of_pick(self, pick_id: str) -> Event | None:
        """Return the event that a pick is an arrival of."""
        return self._events.get(self._of_pick.get(pick_id, ""))

    def of_picks(self, pick_ids: Iterable[str]) -> list[Event]:
        """Return the events that have one of the picks, by time."""
        return self.find(self._of_pick[pick_id] for pick_id in pick_ids if pick_id in self._of_pick)

    def subscribe(self, listener: Callable[[EventsChanged], None]) -> Callable[[], None]:
        """Call ``listener`` after every edit, undo and redo that changed events; returns the unsubscriber."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def follow(self, change: EventsChanged) -> None:
        """Take over what the project has written, and tell those who listen."""
        if change:
            self._take(change)
            for listener in tuple(self._listeners):
                listener(change)

    def _take(self, change: EventsChanged) -> None:
        new = {event.resource_id: event for event in change.came}
        old = [self._events.pop(key) for key in {*change.gone, *new} if key in self._events]
        for event in old:
            for pick_id in event.pick_ids:
                if self._of_pick.get(pick_id) == event.resource_id:
                    del self._of_pick[pick_id]
        self._events |= new
        for event in new.values():
            self._of_pick |= dict.fromkeys(event.pick_ids, event.resource_id)
        if len(old) + len(new) > _FEW:
            self._order = sorted(map(_place, self._events.values()))
            return
        for event in old:
            del self._order[bisect_left(self._order, _place(event))]
        for event in new.values():
            insort(self._order, _place(event))


def _place(event: Event) -> tuple[int, str]:
    return event.time.ns, event.resource_id
