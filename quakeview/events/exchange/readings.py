"""The picks of an event as the formats of location programs write them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from quakeview.events.event import Arrival, Event
from quakeview.monitoring.pick_weights import NOT_USED, weight_class
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus

P, S = "P", "S"
WEIGHTS = {0: 1.0, 1: 0.5, 2: 0.2, 3: 0.1}
"""What hypoDD's ph2dt makes of the codes."""


class Reading(NamedTuple):
    """A pick, and what it is to an event."""

    pick: Pick
    arrival: Arrival

    @property
    def family(self) -> str:
        """``P`` or ``S`` for every phase that begins so, else the phase."""
        letter = self.arrival.phase[:1].upper()
        return letter if letter in (P, S) else self.arrival.phase

    @property
    def weight_code(self) -> int:
        """0, the best, to 4, not used; 0 if nothing is known."""
        return (weight_class(self.pick) or 0) if self.arrival.weight else NOT_USED


def readings(event: Event, picks: Mapping[str, Pick]) -> list[Reading]:
    """By time; rejected picks and those without a station are left out."""
    found = [Reading(picks[each.pick_id], each) for each in event.origin.arrivals if each.pick_id in picks]
    fit = [each for each in found if each.pick.status is not PickStatus.REJECTED and not is_nowhere(each.pick)]
    return sorted(fit, key=lambda reading: reading.pick.time.ns)


def is_nowhere(pick: Pick) -> bool:
    """Did its file not say at which station it was read?"""
    return pick.channel_id.station.strip() in ("", UNKNOWN)


def by_id(picks: Iterable[Pick]) -> dict[str, Pick]:
    """The picks, to be found by their ids."""
    return {pick.resource_id: pick for pick in picks}


def numbers(events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """The events with the numbers that formats want that know no other ids: the digits of the id, or the next free."""
    taken: set[int] = set()
    for event in events:
        last = event.resource_id.rpartition("/")[2]
        number = int(last) if last.isdecimal() and len(last) <= 9 and int(last) else 1
        while number in taken:
            number += 1
        taken.add(number)
        yield number, event
