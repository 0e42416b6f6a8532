"""Which picks are the labels of one record, and what is wrong with some."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.training.same_earthquake import same_earthquakes
from quakeview.waveforms.channels import Instrument

SAME_EARTHQUAKE = 60.0
"""Seconds between picks that belong to no event, within which they are of one earthquake."""
DOUBLED = 1.0
"""Seconds between the first picks of two labels of one instrument that are the same."""
REVIEWED = (PickStatus.MANUAL, PickStatus.CONFIRMED)


@dataclass(frozen=True)
class Labels:
    """The P and S of one earthquake at one instrument.

    Attributes:
        group: what the earthquake is called; all its records go into one part of the data set.
        event: None if it was not located.
        p, s: one of them may be None.
    """

    station: Instrument
    group: str
    event: Event | None
    p: Pick | None
    s: Pick | None

    @property
    def picks(self) -> tuple[Pick, ...]:
        """Those that there are."""
        return tuple(pick for pick in (self.p, self.s) if pick is not None)

    @property
    def first(self) -> UTCDateTime:
        """Time of the first label."""
        return min(pick.time for pick in self.picks)

    @property
    def last(self) -> UTCDateTime:
        """Time of the last label."""
        return max(pick.time for pick in self.picks)


def labels_of(
    picks: Iterable[Pick], events: Iterable[Event], statuses: Sequence[PickStatus] = REVIEWED
) -> tuple[list[Labels], list[str]]:
    """Put picks together that are of one earthquake and one instrument, by time.

    First arrivals count: P, Pn, Pg and S, Sn, Sg; of several the earliest. Picks that belong to no event are of one
    earthquake while they follow each other within ``SAME_EARTHQUAKE``.

    Returns:
        the labels, and sentences about what was left out.
    """
    used = [pick for pick in picks if pick.status in statuses and pick.phase[:1] in ("P", "S")]
    named = _earthquakes(used, events)
    by_place: dict[tuple[str, Instrument], list[Pick]] = {}
    for pick in sorted(used, key=lambda pick: pick.time.ns):
        place = named[pick.resource_id][0], Instrument.of(pick.channel_id)
        by_place.setdefault(place, []).append(pick)
    found, wrong = [], []
    for (group, station), together in by_place.items():
        p, s = (next((pick for pick in together if pick.phase[0] == phase), None) for phase in "PS")
        if p is not None and s is not None and s.time <= p.time:
            wrong.append(f"{station}: the S at {_moment(s.time)} is not after the P; both are left out.")
            continue
        found.append(Labels(station, group, named[together[0].resource_id][1], p, s))
    return sorted(found, key=lambda labels: (labels.first.ns, labels.station)), wrong


def labels_and_others(
    picks: Sequence[Pick], events: Sequence[Event], automatic: bool = False
) -> tuple[list[Labels], list[Pick], list[str]]:
    """Sort picks into labels and those that belong to no labelled earthquake.

    Args:
        automatic: use picks too that nobody has looked at.

    Returns:
        the labels, the other picks, and sentences about what was left out.

    Raises:
        QuakeViewError: if there is no label.
    """
    statuses = (*REVIEWED, PickStatus.AUTOMATIC) if automatic else REVIEWED
    labels, wrong = labels_of(picks, events, statuses)
    if not labels:
        raise QuakeViewError("There is no P or S that a person has picked or confirmed.")
    labelled = {pick_id for each in labels if each.event for pick_id in each.event.pick_ids}
    ignored = (*statuses, PickStatus.REJECTED)
    others = [pick for pick in picks if pick.status not in ignored and pick.resource_id not in labelled]
    return labels, others, wrong


def without_doubles(labels: Sequence[Labels]) -> tuple[list[Labels], list[str]]:
    """Labels without those that are there twice: earthquakes that catalogues name differently.

    Events with one origin, within seconds and km, are one earthquake under the name of the first; of two labels of one
    instrument with their first pick within a second and different earthquakes the first one counts.

    Returns:
        the labels, and sentences about what was doubled.
    """
    events = list({each.group: each.event for each in labels if each.event is not None}.items())
    origins = [event.origin for _, event in events]
    pairs = same_earthquakes(
        np.array([origin.time.timestamp for origin in origins], float),
        np.array([origin.latitude for origin in origins], float),
        np.array([origin.longitude for origin in origins], float),
    )
    names = {events[second][0]: events[first][0] for first, second in sorted(pairs.tolist(), reverse=True)}
    said = [f"{later} has the origin of {first}; they are taken for one earthquake." for later, first in names.items()]
    kept: list[Labels] = []
    last: dict[Instrument, Labels] = {}
    for each in sorted(labels, key=lambda labels: labels.first.ns):
        before = last.get(each.station)
        if before is not None and before.group != each.group and each.first - before.first < DOUBLED:
            said.append(f"{each.station} at {_moment(each.first)}: labelled twice, as {before.group} and {each.group}.")
            continue
        last[each.station] = each
        kept.append(replace(each, group=names.get(each.group, each.group)))
    return kept, said


def _earthquakes(picks: Iterable[Pick], events: Iterable[Event]) -> Mapping[str, tuple[str, Event | None]]:
    """Name of the earthquake, and the event if there is one, by the id of the pick."""
    named: dict[str, tuple[str, Event | None]] = {
        pick_id: (event.resource_id, event) for event in events for pick_id in event.pick_ids
    }
    last: UTCDateTime | None = None
    group = ""
    for pick in sorted(picks, key=lambda pick: pick.time.ns):
        if pick.resource_id in named:
            continue
        if last is None or pick.time - last > SAME_EARTHQUAKE:
            group = f"unlocated {_moment(pick.time)}"
        last = pick.time
        named[pick.resource_id] = (group, None)
    return named


def _moment(time: UTCDateTime) -> str:
    return str(time.strftime("%Y-%m-%d %H:%M:%S"))
