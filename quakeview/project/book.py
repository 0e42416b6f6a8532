"""The picks of an open project in memory: by id, in time, by station.

One edit costs the same with 10^5 picks as with 10: what it touches is found by bisection, and moved by one copy.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.channels import Station

_FEW = 200
"""Picks up to which each is put in its place; more are sorted in together."""

Place = tuple[int, str]
"""Time in nanoseconds since 1970-01-01 UTC, and resource id: the order of picks."""


def place_of(pick: Pick) -> Place:
    """What picks are ordered by."""
    return pick.time.ns, pick.resource_id


class PickBook:
    """What is in the project, for those who show it; ``change`` follows an edit."""

    def __init__(self, picks: Iterable[Pick] = ()) -> None:
        self.reset(picks)

    def reset(self, picks: Iterable[Pick]) -> None:
        """Hold these picks instead."""
        self._picks: dict[str, Pick] = {}
        self._all = _Shelf()
        self._stations: dict[Station, _Shelf] = {}
        self.waiting = 0
        self.change((), picks)

    def change(self, gone: Iterable[str], came: Iterable[Pick]) -> None:
        """Forget the picks with these ids; take up new ones, and new versions of those that are there."""
        new = {pick.resource_id: pick for pick in came}
        old = [self._picks.pop(key) for key in {*gone, *new} if key in self._picks]
        self._picks |= new
        self.waiting += _number_waiting(new.values()) - _number_waiting(old)
        self._all.change(old, list(new.values()))
        leaving, coming = _by_station(old), _by_station(new.values())
        for station in leaving.keys() | coming.keys():
            shelf = self._stations.setdefault(station, _Shelf())
            shelf.change(leaving.get(station, ()), coming.get(station, ()))

    def __len__(self) -> int:
        return len(self._picks)

    def __iter__(self) -> Iterator[Pick]:
        """All, by time."""
        return (self._picks[key] for _, key in self._all.order)

    def get(self, resource_id: str) -> Pick | None:
        """The pick with this id."""
        return self._picks.get(resource_id)

    def within(self, station: Station, first: float, last: float) -> list[Pick]:
        """Picks of a station with ``first`` <= time <= ``last`` (seconds since 1970-01-01 UTC), by time."""
        shelf = self._stations.get(station, _NOTHING)
        return [self._picks[key] for _, key in shelf.order[shelf.slice(first, last)]]

    def number_within(self, station: Station, first: float, last: float) -> int:
        """How many ``within`` would return."""
        found = self._stations.get(station, _NOTHING).slice(first, last)
        return max(0, found.stop - found.start)

    def onsets(self, station: Station | None = None) -> Mapping[str, NDArray[np.float64]]:
        """Sorted times (seconds since 1970-01-01 UTC) of all picks but the rejected ones, at one station or at all.

        By the first letter of the phase; an array is never changed, but replaced by another one.
        """
        return (self._all if station is None else self._stations.get(station, _NOTHING)).onsets


class _Shelf:
    """Picks in order, and the times of those that were not rejected for each family of phases."""

    def __init__(self) -> None:
        self.order: list[Place] = []
        self.onsets: dict[str, NDArray[np.float64]] = {}

    def slice(self, first: float, last: float) -> slice:
        """Where the picks of a time range are."""
        return slice(bisect_left(self.order, (round(first * 1e9),)), bisect_left(self.order, (round(last * 1e9) + 1,)))

    def change(self, gone: Sequence[Pick], came: Sequence[Pick]) -> None:
        if len(gone) + len(came) > _FEW:
            leaving = set(map(place_of, gone))
            self.order = sorted([*(place for place in self.order if place not in leaving), *map(place_of, came)])
        else:
            for pick in gone:
                del self.order[bisect_left(self.order, place_of(pick))]
            for pick in came:
                insort(self.order, place_of(pick))
        leaving_times, coming_times = _times_by_family(gone), _times_by_family(came)
        for family in leaving_times.keys() | coming_times.keys():
            kept = _without(self.onsets.get(family, _NO_TIMES), leaving_times.get(family, _NO_TIMES))
            new = coming_times.get(family, _NO_TIMES)
            self.onsets[family] = np.insert(kept, np.searchsorted(kept, new), new)


_NO_TIMES = np.empty(0)
_NOTHING = _Shelf()


def _by_station(picks: Iterable[Pick]) -> dict[Station, list[Pick]]:
    grouped: dict[Station, list[Pick]] = {}
    for pick in picks:
        grouped.setdefault(Station.of(pick.channel_id), []).append(pick)
    return grouped


def _number_waiting(picks: Iterable[Pick]) -> int:
    return sum(pick.status is PickStatus.AUTOMATIC for pick in picks)


def _times_by_family(picks: Iterable[Pick]) -> dict[str, NDArray[np.float64]]:
    times: dict[str, list[float]] = {}
    for pick in picks:
        if pick.status is not PickStatus.REJECTED:
            times.setdefault(pick.phase[:1].upper(), []).append(pick.time.ns / 1e9)
    return {family: np.sort(values) for family, values in times.items()}


def _without(times: NDArray[np.float64], gone: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sorted ``times`` less the sorted ``gone``, each as often as it is there."""
    if not len(gone):
        return times
    repeats = np.arange(len(gone)) - np.searchsorted(gone, gone)
    return np.delete(times, np.searchsorted(times, gone) + repeats)
