"""Which picks are the labels of one record, and what is wrong with some."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from obspy import UTCDateTime

from quakeview.events.event import Event
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.channels import Instrument

SAME_EARTHQUAKE = 60.0
"""Seconds between picks that belong to no event, within which they are of one earthquake."""
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
