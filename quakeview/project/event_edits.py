"""What a person or a search can do to the events of a project."""

from collections.abc import Sequence
from dataclasses import dataclass

from quakeview.events.event import LOCAL_ID, Event, EventStatus, is_same
from quakeview.project.edits import Difference, FinalEventError, Picks
from quakeview.texts import counted


@dataclass(frozen=True)
class ReplaceEvents:
    """Events go and others take their place: add, change, remove, merge and split are of this kind.

    A final event is changed by nothing but a judgement that leaves it final or makes it reviewed again.

    Attributes:
        gone: resource ids of those that go; ids that are not there are ignored.
        came: new events, and new versions of those that are there.
    """

    gone: Sequence[str]
    came: Sequence[Event]
    text: str

    def difference(self, picks: Picks) -> Difference:
        old = picks.events.find([*self.gone, *(event.resource_id for event in self.came)])
        known = {event.resource_id: event for event in old}
        _keep_final(picks, old, self.came)
        came = [event for event in self.came if known.get(event.resource_id) != event]
        unchanged = {event.resource_id for event in self.came} - {event.resource_id for event in came}
        return Difference(
            events_before=[event for event in old if event.resource_id not in unchanged], events_after=came
        )


def _keep_final(picks: Picks, old: Sequence[Event], came: Sequence[Event]) -> None:
    """Raises ``FinalEventError`` if a final event would go, change or lose picks."""
    new = {event.resource_id: event for event in came}
    losing = picks.events.of_picks(pick_id for event in came for pick_id in event.pick_ids)
    for event in {event.resource_id: event for event in (*old, *losing)}.values():
        if event.status is EventStatus.FINAL and not _is_only_judged(event, new.get(event.resource_id)):
            raise FinalEventError(event)


def _is_only_judged(old: Event, new: Event | None) -> bool:
    if new is None or new.status not in (EventStatus.FINAL, EventStatus.REVIEWED):
        return False
    return new == old.with_(status=new.status, reviewer=new.reviewer, reviewed_at=new.reviewed_at)


@dataclass(frozen=True)
class ReplaceAutomaticEvents:
    """A new search of everything: what it found takes the place of what the one before found.

    Events that a person judged or that came from a file stay, and what was found within ``SAME_EVENT`` of one of them
    is not added.
    """

    events: Sequence[Event]

    @property
    def text(self) -> str:
        return f"Find {counted(len(self.events), 'event')}"

    def difference(self, picks: Picks) -> Difference:
        kept = [event for event in picks.events if not is_of_a_search(event)]
        gone = [event for event in picks.events if is_of_a_search(event)]
        came = [event for event in self.events if not any(is_same(event, other) for other in kept)]
        return Difference(events_before=gone, events_after=came)


def is_of_a_search(event: Event) -> bool:
    """Whether it was found automatically and nobody has judged it."""
    return event.status is EventStatus.AUTOMATIC and event.resource_id.startswith(LOCAL_ID)
