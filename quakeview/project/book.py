"""The picks of a project while it is open: the one truth for everyone who shows or edits them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project.edits import Change, Difference, Edit, PicksChanged
from quakeview.project.event_book import EventBook
from quakeview.project.project_file import Project
from quakeview.project.shelf import Shelf, place_of
from quakeview.waveforms.channels import ChannelId, Instrument

_NOTHING = Shelf()
_BEGINNING, _END = -(2**63), 2**63 - 1
"""Nanoseconds before and after every pick."""


class PickBook:
    """All picks of a project in memory, and in ``events`` all its events.

    An edit is first written to the project, then shown: what a view has heard of survives ``kill -9``.

    Reading a large project takes seconds, so a book is made on a worker thread; from then on it belongs to one thread.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.events = EventBook(project.events())
        self.newest_step: int | None = None
        """What the last edit of this session returned; None before, and after it was taken back."""
        self.waiting = 0
        """How many picks nobody has judged yet."""
        self._picks: dict[str, Pick] = {}
        self._all = Shelf()
        self._stations: dict[Instrument, Shelf] = {}
        self._listeners: list[Callable[[PicksChanged], None]] = []
        self._take(PicksChanged(frozenset(), project.picks()))

    # --- edits -------------------------------------------------------------------------------------------------

    def apply(self, edit: Edit, extends: int | None = None) -> int:
        """Do an edit and return its undo step. With ``extends`` it joins that step, if that is still the newest.

        Raises:
            ValueError: if the edit contradicts the picks that are there; nothing has changed then.
            FinalEventError: if it is a person's and would change what is final; nothing has changed then.
        """
        difference = self._with_bereft_events(edit.difference(self))
        step = self.newest_step = self.project.record(edit.text, difference, extends)
        self._follow(difference.change)
        return step

    def undo(self) -> Change | None:
        """Take the newest step back; what that did, None if there is none."""
        self.newest_step = None
        return self._follow(self.project.undo())

    def redo(self) -> Change | None:
        """Do the step that was undone last again; what that did, None if there is none."""
        self.newest_step = None
        return self._follow(self.project.redo())

    def subscribe(self, listener: Callable[[PicksChanged], None]) -> Callable[[], None]:
        """Call ``listener`` after every edit, undo and redo; returns the unsubscriber."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _with_bereft_events(self, difference: Difference) -> Difference:
        """A pick is of one event: those that lose it to another one, or altogether, are changed in the same edit; and
        those of which a pick is changed lose the mechanism that was made of them."""
        changed = {pick.resource_id for pick in difference.before}
        lost = changed - {pick.resource_id for pick in difference.after}
        lost.update(pick_id for event in difference.events_after for pick_id in event.pick_ids)
        touched = {event.resource_id for event in (*difference.events_before, *difference.events_after)}
        before = [event for event in self.events.of_picks(changed | lost) if event.resource_id not in touched]
        after = [event.without(lost) if lost.intersection(event.pick_ids) else event.unfitted() for event in before]
        bereft = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        if not bereft:
            return difference
        return replace(
            difference,
            events_before=[*difference.events_before, *(old for old, _ in bereft)],
            events_after=[*difference.events_after, *(new for _, new in bereft)],
        )

    def _follow(self, change: Change | None) -> Change | None:
        if change is None:
            return None
        if change.picks:
            self._take(change.picks)
            for listener in tuple(self._listeners):
                listener(change.picks)
        self.events.follow(change.events)
        return change

    def _take(self, change: PicksChanged) -> None:
        new = {pick.resource_id: pick for pick in change.came}
        old = [self._picks.pop(key) for key in {*change.gone, *new} if key in self._picks]
        self._picks |= new
        self.waiting += _number_waiting(new.values()) - _number_waiting(old)
        self._all.change(old, list(new.values()))
        leaving, coming = _by_station(old), _by_station(new.values())
        for station in leaving.keys() | coming.keys():
            shelf = self._stations.setdefault(station, Shelf())
            shelf.change(leaving.get(station, ()), coming.get(station, ()))

    # --- looking -----------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._picks)

    def __iter__(self) -> Iterator[Pick]:
        """All, by time."""
        return (self._picks[key] for _, key in self._all.order)

    def get(self, resource_id: str) -> Pick | None:
        """Return the pick with this id."""
        return self._picks.get(resource_id)

    def find(self, resource_ids: Iterable[str]) -> list[Pick]:
        """Return those of the picks that are there, by time."""
        return sorted((self._picks[key] for key in {*resource_ids} if key in self._picks), key=place_of)

    def picks(
        self,
        channels: Iterable[ChannelId] | None = None,
        station: Instrument | None = None,
        start: UTCDateTime | None = None,
        end: UTCDateTime | None = None,
    ) -> list[Pick]:
        """Return picks by time: all, or those on exactly these channels, of one station, from ``start`` to ``end``."""
        shelf = self._all if station is None else self._stations.get(station, _NOTHING)
        found = self._between(shelf, _BEGINNING if start is None else start.ns, _END if end is None else end.ns)
        if channels is None:
            return found
        wanted = set(channels)
        return [pick for pick in found if pick.channel_id in wanted]

    def within(self, station: Instrument, first: float, last: float) -> list[Pick]:
        """Picks of a station with ``first`` <= time <= ``last`` (seconds since 1970-01-01 UTC), by time."""
        return self._between(self._stations.get(station, _NOTHING), round(first * 1e9), round(last * 1e9))

    def number_within(self, station: Instrument, first: float, last: float) -> int:
        """How many ``within`` would return."""
        found = self._stations.get(station, _NOTHING).between(round(first * 1e9), round(last * 1e9))
        return found.stop - found.start

    def onsets(self, station: Instrument | None = None) -> Mapping[str, NDArray[np.float64]]:
        """Sorted times (seconds since 1970-01-01 UTC) of all picks but the rejected ones, at one station or at all.

        By the first letter of the phase; an array is never changed, but replaced by another one.
        """
        return (self._all if station is None else self._stations.get(station, _NOTHING)).onsets

    def _between(self, shelf: Shelf, first: int, last: int) -> list[Pick]:
        return [self._picks[key] for _, key in shelf.order[shelf.between(first, last)]]


def _by_station(picks: Iterable[Pick]) -> dict[Instrument, list[Pick]]:
    grouped: dict[Instrument, list[Pick]] = {}
    for pick in picks:
        grouped.setdefault(Instrument.of(pick.channel_id), []).append(pick)
    return grouped


def _number_waiting(picks: Iterable[Pick]) -> int:
    return sum(pick.status is PickStatus.AUTOMATIC for pick in picks)
