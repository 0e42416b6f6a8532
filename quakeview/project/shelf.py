"""Picks in the order of time, of a project or of one of its stations.

One edit costs the same with 10^5 picks as with 10: what it touches is found by bisection, and moved by one copy.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.monitoring.picks import Pick, PickStatus

_FEW = 200
"""Picks up to which each is put in its place; more are sorted in together."""

Place = tuple[int, str]
"""Time in nanoseconds since 1970-01-01 UTC, and resource id: the order of picks."""


def place_of(pick: Pick) -> Place:
    """Return what picks are ordered by."""
    return pick.time.ns, pick.resource_id


class Shelf:
    """Picks in order, and the times of those that were not rejected for each family of phases."""

    def __init__(self) -> None:
        self.order: list[Place] = []
        self.onsets: dict[str, NDArray[np.float64]] = {}

    def between(self, first: int, last: int) -> slice:
        """Where the picks with ``first`` <= time <= ``last`` (nanoseconds) are."""
        begin = bisect_left(self.order, (first,))
        return slice(begin, max(begin, bisect_left(self.order, (last + 1,))))

    def change(self, gone: Sequence[Pick], came: Sequence[Pick]) -> None:
        """Take picks out, and put others in."""
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
