"""What an analyst needs to decide on the picks of an event: their order, how much of the record, how early or late."""

import math
from collections.abc import Iterable, Sequence

from obspy import UTCDateTime

from quakeview.events.event import Arrival, Event
from quakeview.events.locating import sigma_of
from quakeview.monitoring.picks import Pick

_SPEED = 8000.0
"""Metres of hypocentral distance for each second between P and S in the crust."""
_SHORTEST, _LONGEST, _USUAL = 0.5, 10.0, 1.0
"""Seconds shown before an onset: at least, at most, and where no distance is known."""
_AFTER = 2.0
"""How many times as long what is shown after an onset is."""
_EARLIEST, _LATEST = 5.0, 3600.0
"""Seconds from a pick back to the origin of an event that it may be of; an origin time may be a little late."""


def in_review_order(event: Event, picks: Iterable[Pick]) -> list[Pick]:
    """Picks of an event: the nearest station first, those of a station by time; stations of unknown distance last."""
    distances = {each.pick_id: each.distance for each in event.origin.arrivals if each.distance is not None}
    ordered = sorted(picks, key=lambda pick: pick.time.ns)
    nearest: dict[tuple[str, str], float] = {}
    for pick in ordered:
        distance = distances.get(pick.resource_id, math.inf)
        nearest[pick.channel_id[:2]] = min(distance, nearest.get(pick.channel_id[:2], math.inf))
    return sorted(ordered, key=lambda pick: (nearest[pick.channel_id[:2]], pick.channel_id[:2]))


def onset_window(event: Event | None, pick: Pick) -> tuple[float, float]:
    """Seconds before and after a pick in which its onset is judged well.

    A quarter of the time between P and S before it, and twice as much after it: -1 to +2 s at 32 km.
    """
    arrival = arrival_of(event, pick)
    if event is None or arrival is None or arrival.distance is None:
        return _USUAL, _AFTER * _USUAL
    path = math.hypot(arrival.distance, event.origin.depth or 0.0)
    before = min(max(path / _SPEED / 4, _SHORTEST), _LONGEST)
    return before, _AFTER * before


def arrival_of(event: Event | None, pick: Pick) -> Arrival | None:
    """What a pick is to an event; None if it is not of it."""
    arrivals = event.origin.arrivals if event is not None else ()
    return next((each for each in arrivals if each.pick_id == pick.resource_id), None)


def residual_text(pick: Pick, arrival: Arrival) -> str:
    """``0.21 s late, 2.3 standard deviations``: of reading, the pick's own or the usual one of its phase."""
    if arrival.residual is None:
        return "not known"
    late = "late" if arrival.residual > 0 else "early"
    text = f"{abs(arrival.residual):.2f} s {late}, {abs(arrival.residual) / sigma_of(pick):.1f} standard deviations"
    return text if arrival.weight > 0 else f"{text}; not used"


def near_in_time(events: Iterable[Event], moment: UTCDateTime, most: int) -> Sequence[Event]:
    """The events that waves seen at a moment may be of, the last origin before it first."""
    possible = [event for event in events if -_EARLIEST <= moment - event.time <= _LATEST]
    return sorted(possible, key=lambda event: abs(moment - event.time))[:most]
