"""Which picks belong together: origin times of all picks are counted at the nodes of a grid, and where many agree an
earthquake is looked for.

A pick at time t says that an earthquake at node k had the origin time t - T(k). Where those of many stations coincide
there was one (back-projection of picks, as in Earle & Shearer 1994 and Zhang et al. 2019, REAL). The earthquake is
located with those picks, takes the best pick of each station and phase, and gives the others back.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.events.locator import Box, Hypocentre, Readings, locate, variance
from quakeview.events.travel_times import TravelTimes
from quakeview.events.velocity_models import Floats, P, S
from quakeview.jobs import Progress
from quakeview.texts import counted

_BIN = 0.5
"""Width of the bins of origin time, s."""
_CHUNK = 600.0
"""Seconds of picks that are counted at once."""
_NODES_ACROSS = 40
_DEPTHS = (5e3, 12e3, 25e3)


@dataclass(frozen=True)
class Rules:
    """What makes an earthquake.

    Attributes:
        picks, stations: that it needs at least.
        p_picks: of the picks, P at least.
        largest_residual: of a pick that may belong to it, in standard deviations.
    """

    picks: int = 6
    stations: int = 4
    p_picks: int = 3
    largest_residual: float = 3.5


@dataclass(frozen=True)
class Picks:
    """Picks at stations, by time.

    Attributes:
        station: (n,) index into the stations.
        phase: (n,) ``"P"`` or ``"S"``.
        time: (n,) seconds after a reference, increasing.
        sigma: (n,) standard deviation of reading, s.
        x, y, elevation: of the stations, metres.
    """

    station: NDArray[np.intp]
    phase: NDArray[np.str_]
    time: Floats
    sigma: Floats
    x: Floats
    y: Floats
    elevation: Floats

    def readings(self, which: NDArray[np.intp]) -> Readings:
        """Some of the picks, to be located."""
        at = self.station[which]
        return Readings(
            self.x[at], self.y[at], self.elevation[at], list(self.phase[which]), self.time[which], self.sigma[which]
        )


@dataclass(frozen=True)
class Associated:
    """An earthquake, and the indices of the picks that are of it."""

    hypocentre: Hypocentre
    picks: NDArray[np.intp]


def associate(
    picks: Picks, times: TravelTimes, box: Box, rules: Rules | None = None, progress: Progress | None = None
) -> list[Associated]:
    """Find earthquakes that explain the picks, by origin time."""
    rules, progress = rules or Rules(), progress or Progress()
    found: list[Associated] = []
    scan = _Scan(picks, times, box)
    free = np.ones(len(picks.time), dtype=bool)
    starts = np.arange(picks.time[0] - scan.longest, picks.time[-1], _CHUNK) if len(picks.time) else np.empty(0)
    for number, start in enumerate(starts):
        progress.advance(number, len(starts), counted(len(found), "earthquake"))
        found += _associate_chunk(scan, free, float(start), rules)
    return sorted(found, key=lambda event: event.hypocentre.time)


def _associate_chunk(scan: "_Scan", free: NDArray[np.bool_], start: float, rules: Rules) -> list[Associated]:
    """Take earthquakes whose origin times are in one chunk, those with the most picks first."""
    picks = scan.picks
    near = np.flatnonzero(free & (picks.time >= start) & (picks.time < start + _CHUNK + scan.longest))
    if len(near) < rules.picks:
        return []
    counts = scan.counts(near, start)
    found: list[Associated] = []
    while True:
        number, node, origin = counts.greatest()
        if number < rules.picks:
            return found
        candidates = near[counts.members(node, origin)]
        event = _event(scan, candidates, near[free[near]], rules)
        if event is None:
            counts.clear(node, origin)
            continue
        found.append(event)
        free[event.picks] = False
        counts.remove(np.flatnonzero(np.isin(near, event.picks)))


def _event(scan: "_Scan", candidates: NDArray[np.intp], free: NDArray[np.intp], rules: Rules) -> Associated | None:
    """The earthquake of some candidate picks, with the best free pick of each station and phase; None if too few."""
    chosen = _best_of_each(scan.picks, candidates, np.zeros(len(candidates)))
    for _ in range(3):
        if not _enough(scan.picks, chosen, rules):
            return None
        hypocentre = locate(scan.picks.readings(chosen), scan.times, scan.box)
        residual = _normalised_residuals(scan, hypocentre, free)
        fit = np.abs(residual) <= rules.largest_residual
        again = _best_of_each(scan.picks, free[fit], np.abs(residual[fit]))
        if np.array_equal(again, chosen):
            break
        chosen = again
    return Associated(hypocentre, chosen) if _enough(scan.picks, chosen, rules) else None


def _enough(picks: Picks, chosen: NDArray[np.intp], rules: Rules) -> bool:
    return (
        len(chosen) >= rules.picks
        and len(np.unique(picks.station[chosen])) >= rules.stations
        and int((picks.phase[chosen] == P).sum()) >= rules.p_picks
    )


def _normalised_residuals(scan: "_Scan", hypocentre: Hypocentre, which: NDArray[np.intp]) -> Floats:
    seen = scan.picks.readings(which)
    travel = np.empty(len(which))
    distance = np.hypot(seen.x - hypocentre.x, seen.y - hypocentre.y)
    for phase in (P, S):
        of = np.array(seen.phase) == phase
        travel[of] = scan.times.first(phase, distance[of], hypocentre.depth, seen.elevation[of])
    residual: Floats = (seen.time - hypocentre.time - travel) / np.sqrt(variance(seen.sigma, travel))
    return residual


def _best_of_each(picks: Picks, which: NDArray[np.intp], cost: Floats) -> NDArray[np.intp]:
    """Of each station and phase the pick that costs least, in order of time."""
    order = which[np.argsort(cost, kind="stable")]
    _, first = np.unique(
        np.stack((picks.station[order], picks.phase[order] == P)).astype(int), axis=1, return_index=True
    )
    return np.sort(order[first])


class _Scan:
    """Travel times from the nodes of a grid to all stations."""

    def __init__(self, picks: Picks, times: TravelTimes, box: Box) -> None:
        self.picks, self.times, self.box = picks, times, box
        longest = max(box.high[:2] - box.low[:2])
        x, y = (
            np.linspace(low, high, max(2, int(_NODES_ACROSS * (high - low) / longest)))
            for low, high in zip(box.low[:2], box.high[:2], strict=True)
        )
        depths = np.array([depth for depth in _DEPTHS if box.low[2] <= depth <= box.high[2]] or [box.low[2]])
        gx, gy = (grid.ravel() for grid in np.meshgrid(x, y, indexing="ij"))
        distance = np.hypot(gx[:, None] - picks.x, gy[:, None] - picks.y)
        self.travel = {
            phase: times.on_grid(phase, distance, depths, picks.elevation).reshape(-1, len(picks.x)).astype(np.float32)
            for phase in (P, S)
        }
        self.longest = float(self.travel[S].max())

    def counts(self, which: NDArray[np.intp], start: float) -> "_Counts":
        """Origin times of some picks from ``start`` on, counted at all nodes."""
        travel = np.empty((len(self.travel[P]), len(which)), dtype=np.float32)
        for phase in (P, S):
            of = self.picks.phase[which] == phase
            travel[:, of] = self.travel[phase][:, self.picks.station[which[of]]]
        return _Counts((self.picks.time[which] - start).astype(np.float32) - travel)


class _Counts:
    """How many picks agree on an origin time, at each node."""

    def __init__(self, origins: NDArray[np.float32]) -> None:
        self.bins = np.floor(origins / _BIN).astype(np.int32)
        self.number = int(_CHUNK / _BIN) + 2
        self.bins[(self.bins < 0) | (self.bins >= self.number - 2)] = self.number - 1  # a bin for what is outside
        self.table = np.zeros((len(origins), self.number), dtype=np.int16)
        self.there = np.ones(origins.shape[1], dtype=bool)
        for pick in range(origins.shape[1]):
            self.table[np.arange(len(origins)), self.bins[:, pick]] += 1
        self.table[:, -1] = 0
        self._sum()

    def _sum(self) -> None:
        """Over three bins: the grid is coarse, and so are its travel times."""
        self.wide = self.table.copy()
        self.wide[:, 1:] += self.table[:, :-1]
        self.wide[:, :-1] += self.table[:, 1:]

    def greatest(self) -> tuple[int, int, int]:
        """The largest count, its node and its bin."""
        node, bin_ = np.unravel_index(int(self.wide.argmax()), self.wide.shape)
        return int(self.wide[node, bin_]), int(node), int(bin_)

    def members(self, node: int, bin_: int) -> NDArray[np.bool_]:
        """The picks that were counted there."""
        return self.there & (np.abs(self.bins[node] - bin_) <= 1)

    def clear(self, node: int, bin_: int) -> None:
        """Do not look at a place again: there is no earthquake."""
        self.wide[node, max(bin_ - 1, 0) : bin_ + 2] = 0

    def remove(self, picks: NDArray[np.intp]) -> None:
        """Picks that have found their earthquake count no more."""
        rows = np.arange(len(self.bins))
        for pick in picks:
            for step in (-1, 0, 1):
                at = self.bins[:, pick] + step
                inside = (at >= 0) & (at < self.number - 1) & (self.bins[:, pick] < self.number - 1)
                self.wide[rows[inside], at[inside]] -= 1
        self.there[picks] = False
