"""Which picks belong together: origin times of all picks are counted at the nodes of a grid, and where many agree an
earthquake is looked for.

A pick at time t says that an earthquake at node k had the origin time t - T(k). Where those of many stations coincide
there may have been one (back-projection of picks, as in Earle & Shearer 1994 and Zhang et al. 2019, REAL). It is
located with those picks, and weighed: how much better does an earthquake there explain the picks, and the stations
that have none, than chance would? The one with the most evidence takes the best pick of each station and phase; the
others are weighed again without these.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quakeview.events.locator import Box, Readings, Search, variance
from quakeview.events.travel_times import TravelTimes
from quakeview.events.velocity_models import Floats, P, S
from quakeview.jobs import Progress
from quakeview.texts import counted

_BIN = 0.5
"""Width of the bins of origin time, s."""
_APART = 4
"""Bins between two places where earthquakes are looked for at once; nearer ones wait until the better is found."""
_CHUNK = 600.0
"""Seconds of origin times that are counted at once ..."""
_AHEAD = 100.0
"""... and so many more, whose earthquakes are found again in the next chunk: without them their picks would be free for
worse ones that came before."""
_NODES_ACROSS = 48
_DEPTHS = (5e3, 12e3, 25e3)
_RATE_WITHIN = 60.0
"""Seconds before and after a pick in which the picks of its station and phase are counted, to know their rate."""
_NEAR_ENOUGH = 400.0
"""Metres to which an earthquake is located before its picks are chosen."""
_SILENT = 0.3
"""Chance that a station nearer than most of those with picks has none."""


@dataclass(frozen=True)
class Rules:
    """What makes an earthquake.

    Attributes:
        picks, stations: that it needs at least.
        p_picks: of the picks, P at least.
        evidence: ln of how much better than chance it must explain the picks. There are some 10 million places and
            times where picks may coincide by chance, ln 16; what is more is certainty.
        largest_residual: of a pick that may belong to it, in standard deviations.
    """

    picks: int = 6
    stations: int = 4
    p_picks: int = 3
    evidence: float = 20.0
    largest_residual: float = 3.5


@dataclass(frozen=True)
class Picks:
    """Picks at stations, by time.

    Attributes:
        station: (n,) index into the stations.
        phase: (n,) names of phases that the travel times have, such as ``"P"``, ``"S"`` or ``"Pn"``.
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

    @cached_property
    def rate(self) -> Floats:
        """(n,) picks per second of the same station and phase around each pick."""
        rate = np.empty(len(self.time))
        for key in np.unique(self.key):
            which = np.flatnonzero(self.key == key)
            time = self.time[which]
            first, last = (np.searchsorted(time, time + shift) for shift in (-_RATE_WITHIN, _RATE_WITHIN))
            rate[which] = (last - first) / (2 * _RATE_WITHIN)
        return rate

    @cached_property
    def key(self) -> NDArray[np.intp]:
        """(n,) the same number for all picks of a station and phase."""
        names, which = np.unique(self.phase, return_inverse=True)
        return np.asarray(len(names) * self.station + which)

    @cached_property
    def is_p(self) -> NDArray[np.bool_]:
        """(n,) is it of P, whichever way that came?"""
        return np.char.startswith(self.phase, P)


@dataclass(frozen=True)
class Associated:
    """An earthquake and the picks that are of it.

    Attributes:
        picks: (n,) their indices, by time.
        place: (3,) roughly: x, y and depth, metres.
        time: of the origin, s.
        evidence: ln of how much better than chance it explains the picks.
    """

    picks: NDArray[np.intp]
    place: Floats
    time: float
    evidence: float


def associate(
    picks: Picks, times: TravelTimes, box: Box, rules: Rules | None = None, progress: Progress | None = None
) -> list[Associated]:
    """Find earthquakes that explain the picks, by origin time."""
    rules, progress = rules or Rules(), progress or Progress()
    found: list[Associated] = []
    scan = _Scan(picks, times, box, rules)
    free = np.ones(len(picks.time), dtype=bool)
    starts = np.arange(picks.time[0] - scan.longest, picks.time[-1], _CHUNK) if len(picks.time) else np.empty(0)
    for number, start in enumerate(starts):
        progress.advance(number, len(starts), counted(len(found), "earthquake"))
        found += _associate_chunk(scan, free, float(start))
    return sorted(found, key=lambda event: event.time)


def _associate_chunk(scan: "_Scan", free: NDArray[np.bool_], start: float) -> list[Associated]:
    """Take the earthquakes whose origin times are in one chunk."""
    found = _associate_some(scan, free, start)
    for event in found:
        if event.time >= start + _CHUNK:
            free[event.picks] = True
    return [event for event in found if event.time < start + _CHUNK]


def _associate_some(scan: "_Scan", free: NDArray[np.bool_], start: float) -> list[Associated]:
    """Take earthquakes from a time on, those with the most evidence first."""
    picks, rules = scan.picks, scan.rules
    near = np.flatnonzero(free & (picks.time >= start) & (picks.time < start + _CHUNK + _AHEAD + scan.longest))
    if len(near) < rules.picks:
        return []
    counts = scan.counts(near, start)
    found: list[Associated] = []
    weighed: dict[tuple[int, bytes], Associated | None] = {}  # a place with the same picks as before is as it was
    while True:
        waiting = near[free[near]]
        places = [(node, near[counts.members(node, bin_)]) for node, bin_ in counts.peaks(rules)]
        for node, candidates in places:
            known = weighed.get((node, candidates.tobytes()))
            if known is not None and not free[known.picks].all():
                del weighed[node, candidates.tobytes()]
            if (node, candidates.tobytes()) not in weighed:
                weighed[node, candidates.tobytes()] = scan.event(node, candidates, waiting)
        proposed = [weighed[node, candidates.tobytes()] for node, candidates in places]
        accepted = _without_overlap([event for event in proposed if event is not None])
        if not accepted:
            return found
        found += accepted
        taken = np.concatenate([event.picks for event in accepted])
        free[taken] = False
        counts.remove(np.flatnonzero(np.isin(near, taken)))


def _without_overlap(events: list[Associated]) -> list[Associated]:
    """Those with the most evidence that share no pick."""
    kept: list[Associated] = []
    taken: set[int] = set()
    for event in sorted(events, key=lambda event: -event.evidence):
        if taken.isdisjoint(event.picks.tolist()):
            kept.append(event)
            taken.update(event.picks.tolist())
    return kept


class _Scan:
    """Travel times from the nodes of a grid to all stations, and the search for an earthquake near one of them."""

    def __init__(self, picks: Picks, times: TravelTimes, box: Box, rules: Rules) -> None:
        self.picks, self.times, self.box, self.rules = picks, times, box, rules
        longest = max(box.high[:2] - box.low[:2])
        x, y = (
            np.linspace(low, high, max(2, int(_NODES_ACROSS * (high - low) / longest)))
            for low, high in zip(box.low[:2], box.high[:2], strict=True)
        )
        depths = np.array([depth for depth in _DEPTHS if box.low[2] <= depth <= box.high[2]] or [box.low[2]])
        self.nodes = np.stack(np.meshgrid(x, y, depths, indexing="ij"), -1).reshape(-1, 3)
        self.spacing = float(longest) / _NODES_ACROSS
        distance = np.hypot(self.nodes[:, :1] - picks.x, self.nodes[:, 1:2] - picks.y)
        self.travel = {
            phase: times.first(phase, distance, self.nodes[:, 2:], picks.elevation).astype(np.float32)
            for phase in {P, S, *picks.phase.tolist()}
        }
        self.longest = float(self.travel[S].max())

    def counts(self, which: NDArray[np.intp], start: float) -> "_Counts":
        """Origin times of some picks from ``start`` on, counted at all nodes."""
        travel = np.empty((len(self.nodes), len(which)), dtype=np.float32)
        for phase in set(self.picks.phase[which].tolist()):
            of = self.picks.phase[which] == phase
            travel[:, of] = self.travel[phase][:, self.picks.station[which[of]]]
        return _Counts((self.picks.time[which] - start).astype(np.float32) - travel)

    def event(self, node: int, candidates: NDArray[np.intp], free: NDArray[np.intp]) -> Associated | None:
        """The earthquake near a node that candidate picks speak for, with the best free pick of each station and phase.

        None if it does not explain enough.
        """
        place = self.nodes[node]
        chosen = self._best_of_each(candidates, np.zeros(len(candidates)))
        steps = np.diag([self.spacing, self.spacing, 6e3])
        for _ in range(4):
            if not self._enough(chosen):
                return None
            search = Search(self.picks.readings(chosen), self.times, self.box)
            place, _, origin = search.climb(place, steps, _NEAR_ENOUGH)
            residuals, sigma2 = self._residuals(place, origin, free)
            fit = residuals**2 <= self.rules.largest_residual**2 * sigma2
            again = self._best_of_each(free[fit], np.abs(residuals[fit]))
            if np.array_equal(again, chosen):
                break
            chosen, steps = again, np.diag([1e3, 1e3, 2e3])
        evidence = self._evidence(place, origin, chosen)
        if not self._enough(chosen) or evidence < self.rules.evidence:
            return None
        return Associated(chosen, place, origin, evidence)

    def _enough(self, chosen: NDArray[np.intp]) -> bool:
        return (
            len(chosen) >= self.rules.picks
            and len(np.unique(self.picks.station[chosen])) >= self.rules.stations
            and int(self.picks.is_p[chosen].sum()) >= self.rules.p_picks
        )

    def _residuals(self, place: Floats, origin: float, which: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Observed minus computed, s, and the variance of that, s²."""
        seen = self.picks.readings(which)
        travel = Search(seen, self.times, self.box).travel(place[None])[0]
        return seen.time - origin - travel, variance(seen.sigma, travel)

    def _evidence(self, place: Floats, origin: float, chosen: NDArray[np.intp]) -> float:
        """The ln of the ratio of probabilities: with an earthquake there, and without one.

        With one, picks come around their computed times, besides the usual ones. Stations without a pick speak against
        it if they are nearer than most of those with one.
        """
        residuals, sigma2 = self._residuals(place, origin, chosen)
        density = np.exp(-0.5 * residuals**2 / sigma2) / np.sqrt(2 * np.pi * sigma2)
        for_it = np.log1p((1 - _SILENT) * density / self.picks.rate[chosen]).sum()
        distance = np.hypot(self.picks.x - place[0], self.picks.y - place[1])
        heard = np.unique(self.picks.station[chosen])
        within = distance <= np.quantile(distance[heard], 0.75)
        within[heard] = False
        return float(for_it + within.sum() * np.log(_SILENT))

    def _best_of_each(self, which: NDArray[np.intp], cost: Floats) -> NDArray[np.intp]:
        """Of each station and phase the pick that costs least, in order of time."""
        order = which[np.argsort(cost, kind="stable")]
        return np.sort(order[np.unique(self.picks.key[order], return_index=True)[1]])


class _Counts:
    """How many picks agree on an origin time, at each node."""

    def __init__(self, origins: NDArray[np.float32]) -> None:
        self.bins = np.floor(origins / _BIN).astype(np.int32)
        self.number = int((_CHUNK + _AHEAD) / _BIN) + 2
        self.bins[(self.bins < 0) | (self.bins >= self.number - 2)] = self.number - 1  # a bin for what is outside
        table = np.zeros((len(origins), self.number), dtype=np.int16)
        self.there = np.ones(origins.shape[1], dtype=bool)
        for pick in range(origins.shape[1]):
            table[np.arange(len(origins)), self.bins[:, pick]] += 1
        table[:, -1] = 0
        self.wide = table.copy()  # over three bins: the grid is coarse, and so are its travel times
        self.wide[:, 1:] += table[:, :-1]
        self.wide[:, :-1] += table[:, 1:]

    def peaks(self, rules: Rules) -> list[tuple[int, int]]:
        """Node and bin of the largest counts, some time apart from one another."""
        node = self.wide.argmax(axis=0)
        most = self.wide[node, np.arange(self.number)]
        found: list[tuple[int, int]] = []
        blocked = most < rules.picks
        for bin_ in np.argsort(-most, kind="stable").tolist():
            if not blocked[bin_]:
                found.append((int(node[bin_]), bin_))
                blocked[max(bin_ - _APART, 0) : bin_ + _APART + 1] = True
        return found

    def members(self, node: int, bin_: int) -> NDArray[np.bool_]:
        """The picks that were counted there."""
        return self.there & (np.abs(self.bins[node] - bin_) <= 1)

    def remove(self, picks: NDArray[np.intp]) -> None:
        """Picks that have found their earthquake count no more."""
        rows = np.arange(len(self.bins))
        for pick in picks:
            for step in (-1, 0, 1):
                at = self.bins[:, pick] + step
                inside = (at >= 0) & (at < self.number - 1) & (self.bins[:, pick] < self.number - 1)
                self.wide[rows[inside], at[inside]] -= 1
        self.there[picks] = False
