"""What a person or a model can do to the picks of a project.

Every edit comes down to a ``Difference``: picks and events that go and that come. Its inverse is the same with both
sides swapped, so undo is exact by construction. Whoever shows picks hears of it as ``PicksChanged``, whoever shows
events as ``EventsChanged``.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event, EventStatus
from quakeview.monitoring.exchange import PickFile
from quakeview.monitoring.picks import LOCAL_ID, Pick, PickStatus, is_incomplete, resolve_channel, same_onset
from quakeview.waveforms.channels import ChannelId, Instrument

WRITTEN_WITHIN = 0.001
"""Seconds within which two files mean the same onset: formats round it to 0.1 ms or 1 ms."""


@dataclass(frozen=True)
class PicksChanged:
    """What has happened to the picks.

    Attributes:
        gone: resource ids of those that are no longer there.
        came: new ones, and new versions of those that were there.
        were: those that have gone or have a new version, as they were.
    """

    gone: frozenset[str]
    came: Sequence[Pick]
    were: Sequence[Pick] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.gone or self.came)

    def then(self, later: "PicksChanged") -> "PicksChanged":
        """Return this and what happened ``later`` as one."""
        came = {pick.resource_id: pick for pick in (*self.came, *later.came) if pick.resource_id not in later.gone}
        were = {pick.resource_id: pick for pick in (*later.were, *self.were)}
        return PicksChanged((self.gone | later.gone) - came.keys(), tuple(came.values()), tuple(were.values()))


@dataclass(frozen=True)
class EventsChanged:
    """What has happened to the events.

    Attributes:
        gone: resource ids of those that are no longer there.
        came: new ones, and new versions of those that were there.
    """

    gone: frozenset[str]
    came: Sequence[Event]

    def __bool__(self) -> bool:
        return bool(self.gone or self.came)


@dataclass(frozen=True)
class Change:
    """What an edit, an undo or a redo did."""

    picks: PicksChanged
    events: EventsChanged


@dataclass(frozen=True)
class Difference:
    """``after`` replaces ``before``; a pick on both sides (same resource id) is a change. So with events.

    ``document`` is the name and QuakeML of the catalogue that comes with it.
    """

    before: Sequence[Pick] = ()
    after: Sequence[Pick] = ()
    document: tuple[str, bytes] | None = None
    events_before: Sequence[Event] = ()
    events_after: Sequence[Event] = ()

    def __bool__(self) -> bool:
        return bool(self.before or self.after or self.document or self.events_before or self.events_after)

    @property
    def change(self) -> Change:
        """What those who show the picks and events are told."""
        picks = {pick.resource_id for pick in self.after}
        events = {event.resource_id for event in self.events_after}
        return Change(
            PicksChanged(frozenset(pick.resource_id for pick in self.before) - picks, self.after, self.before),
            EventsChanged(frozenset(event.resource_id for event in self.events_before) - events, self.events_after),
        )


class Events(Protocol):
    """What an edit may ask about the events as they are."""

    def find(self, resource_ids: Iterable[str]) -> list[Event]: ...

    def of_picks(self, pick_ids: Iterable[str]) -> list[Event]: ...

    def __iter__(self) -> Iterator[Event]: ...


class Picks(Protocol):
    """What an edit may ask about the picks, and the events, as they are."""

    @property
    def events(self) -> Events: ...

    def find(self, resource_ids: Iterable[str]) -> list[Pick]: ...

    def picks(
        self,
        channels: Iterable[ChannelId] | None = None,
        station: Instrument | None = None,
        start: UTCDateTime | None = None,
        end: UTCDateTime | None = None,
    ) -> list[Pick]: ...


class Edit(Protocol):
    """An edit names itself (for the undo menu) and says what it changes."""

    @property
    def text(self) -> str: ...

    def difference(self, picks: Picks) -> Difference: ...


class FinalEventError(QuakeViewError):
    """A person would change what is final."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"The event of {event.time.strftime('%H:%M:%S')} is final; mark it as reviewed first.")


def keep_final(picks: Picks, changed: Iterable[Pick]) -> None:
    """Raises ``FinalEventError`` if one of the picks belongs to a final event."""
    for event in picks.events.of_picks(pick.resource_id for pick in changed):
        if event.status is EventStatus.FINAL:
            raise FinalEventError(event)


@dataclass(frozen=True)
class AddPicks:
    """New picks. Raises ``ValueError`` if one of them is there already."""

    picks: Sequence[Pick]

    @property
    def text(self) -> str:
        return f"Add {_described(self.picks)}"

    def difference(self, picks: Picks) -> Difference:
        present = picks.find(pick.resource_id for pick in self.picks)
        if present or len({pick.resource_id for pick in self.picks}) < len(self.picks):
            raise ValueError("a pick cannot be added twice")
        return Difference((), self.picks)


@dataclass(frozen=True)
class RemovePicks:
    """Remove by resource id; ids that are not there are ignored.

    Raises ``FinalEventError`` if one belongs to a final event.
    """

    resource_ids: Sequence[str]

    @property
    def text(self) -> str:
        return "Remove pick" if len(self.resource_ids) == 1 else f"Remove {len(self.resource_ids)} picks"

    def difference(self, picks: Picks) -> Difference:
        gone = picks.find(self.resource_ids)
        keep_final(picks, gone)
        return Difference(gone, ())


@dataclass(frozen=True)
class ChangePicks:
    """New versions of picks that are there: other time, phase, polarity, uncertainty, status, comment.

    Raises ``ValueError`` if a pick is not there, or would move to another channel, and ``FinalEventError`` if it
    belongs to a final event.
    """

    picks: Sequence[Pick]
    name: str = ""

    @property
    def text(self) -> str:
        return self.name or f"Change {_described(self.picks)}"

    def difference(self, picks: Picks) -> Difference:
        old = {pick.resource_id: pick for pick in picks.find(pick.resource_id for pick in self.picks)}
        for pick in self.picks:
            if pick.resource_id not in old:
                raise ValueError("only picks of the project can be changed")
            known = old[pick.resource_id].channel_id
            if resolve_channel(known, [pick.channel_id]) is None:
                raise ValueError(f"a pick on {known} cannot move to {pick.channel_id}")
        changed = [pick for pick in self.picks if pick != old[pick.resource_id]]
        keep_final(picks, changed)
        return Difference([old[pick.resource_id] for pick in changed], changed)


@dataclass(frozen=True)
class ReplaceAutomaticPicks:
    """Re-picking of a station: the model's new picks take the place of its old ones.

    Only automatic picks of the same ``model`` on ``station`` (and between ``start`` and ``end``, if given) go; what a
    person confirmed, moved or rejected stays, and what is of a final event, and new picks within ``JUDGED_WITHIN`` of
    it are not added. A moved pick no longer names the model: every manual pick counts as one beside which no automatic
    pick of the model stood.
    """

    station: Instrument
    model: str
    picks: Sequence[Pick]
    start: UTCDateTime | None = None
    end: UTCDateTime | None = None

    @property
    def text(self) -> str:
        return f"Pick {self.station.network}.{self.station.station} with {self.model}"

    def difference(self, picks: Picks) -> Difference:
        known = picks.picks(station=self.station)
        final = {
            pick_id
            for event in picks.events.of_picks(pick.resource_id for pick in known)
            if event.status is EventStatus.FINAL
            for pick_id in event.pick_ids
        }
        replaced = [
            pick
            for pick in known
            if pick.resource_id not in final
            and pick.status is PickStatus.AUTOMATIC
            and pick.used
            and pick.model == self.model
            and (self.start is None or pick.time >= self.start)
            and (self.end is None or pick.time <= self.end)
        ]
        judged = [
            pick
            for pick in known
            if pick.resource_id in final
            or ((pick.status is not PickStatus.AUTOMATIC or not pick.used) and pick.model == self.model)
            or (pick.status is PickStatus.MANUAL and not any(same_onset(pick, other) for other in replaced))
        ]
        added = [pick for pick in self.picks if not any(same_onset(pick, other) for other in judged)]
        return Difference(replaced, added)


@dataclass(frozen=True)
class ImportPicks:
    """The picks of a file; a pick that is there already, under its id, takes the file's version.

    A pick that is there under another id, because formats without ids (``.obs``, plain CSV) carried it, is not added
    again. If the file is a catalogue, whose events refer to its picks by their ids, the pick that is there takes the
    file's id and details, and keeps its channel, its model and what a person judged.

    Attributes:
        events: of the file; one that is there already, under its id, takes the file's version.
    """

    file: PickFile
    events: Sequence[Event] = ()

    @property
    def text(self) -> str:
        return f"Import {self.file.path.name}"

    def difference(self, picks: Picks) -> Difference:
        here = {pick.resource_id: pick for pick in self.file.picks}
        old = {pick.resource_id: pick for pick in picks.find(here)}
        known = _Onsets(pick for pick in _around(picks, self.file.picks) if pick.resource_id not in here)
        before, after, same = [], [], dict[str, str]()
        for pick in here.values():
            if pick.resource_id in old:
                if pick != old[pick.resource_id]:
                    before.append(old[pick.resource_id])
                    after.append(pick)
            elif (twin := known.find(pick)) is None:
                after.append(pick)
                if self.file.document is None:
                    known.add(pick)
            elif self.file.document is not None and twin.resource_id.startswith(LOCAL_ID):
                known.remove(twin)
                before.append(twin)
                after.append(_adopted(twin, pick))
            else:
                same[pick.resource_id] = twin.resource_id
        document = self.file.document
        events = [event.with_picks(same) for event in self.events]
        known_events = picks.events.find(event.resource_id for event in events)
        return Difference(before, after, (self.file.path.name, document) if document else None, known_events, events)


@dataclass(frozen=True)
class CompleteChannels:
    """Give imported picks whose file left out channel codes the codes of the one open channel that agrees."""

    channels: Sequence[ChannelId]
    text: str = "Assign imported picks to traces"

    def difference(self, picks: Picks) -> Difference:
        before, after = [], []
        every = picks.picks()
        incomplete = {channel_id for channel_id in {pick.channel_id for pick in every} if is_incomplete(channel_id)}
        for pick in every if incomplete else ():
            if pick.channel_id in incomplete and (
                channel := resolve_channel(pick.channel_id, self.channels, pick.phase)
            ):
                before.append(pick)
                after.append(pick.with_(channel_id=channel))
        return Difference(before, after)


class _Onsets:
    """Picks in which the one that another file wrote down as well is found quickly."""

    def __init__(self, picks: Iterable[Pick]) -> None:
        self._by_station: defaultdict[tuple[str, str], list[tuple[int, str, Pick]]] = defaultdict(list)
        for pick in picks:
            self._row(pick).append((pick.time.ns, pick.resource_id, pick))
        for row in self._by_station.values():
            row.sort()

    def _row(self, pick: Pick) -> list[tuple[int, str, Pick]]:
        return self._by_station[pick.channel_id.station, pick.phase]

    def add(self, pick: Pick) -> None:
        insort(self._row(pick), (pick.time.ns, pick.resource_id, pick))

    def remove(self, pick: Pick) -> None:
        self._row(pick).remove((pick.time.ns, pick.resource_id, pick))

    def find(self, pick: Pick) -> Pick | None:
        """The same onset on a channel that agrees, by the same model unless one of the files names none."""
        row, within = self._row(pick), round(WRITTEN_WITHIN * 1e9)
        first, last = (bisect_left(row, (pick.time.ns + shift,)) for shift in (-within, within + 1))
        for _, _, other in row[first:last]:
            agree = resolve_channel(pick.channel_id, [other.channel_id]) or resolve_channel(
                other.channel_id, [pick.channel_id]
            )
            if agree and (pick.model == other.model or not pick.model or not other.model):
                return other
        return None


def _around(picks: Picks, others: Sequence[Pick]) -> list[Pick]:
    """The picks of a project between the first and the last of other picks."""
    if not others:
        return []
    times = [pick.time for pick in others]
    return picks.picks(start=min(times) - WRITTEN_WITHIN, end=max(times) + WRITTEN_WITHIN)


def _adopted(mine: Pick, theirs: Pick) -> Pick:
    """Their pick, of a catalogue, with what is known here and not there."""
    return theirs.with_(
        channel_id=mine.channel_id,
        status=mine.status,
        used=mine.used and theirs.used,
        model=mine.model or theirs.model,
        probability=theirs.probability if mine.probability is None else mine.probability,
    )


def _described(picks: Sequence[Pick]) -> str:
    return f"{picks[0].phase} on {picks[0].channel_id}" if len(picks) == 1 else f"{len(picks)} picks"
