"""What a person or a model can do to the picks of a project.

Every edit comes down to a ``Difference``: picks that go and picks that come. Its inverse is the same with both sides
swapped, so undo is exact by construction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from obspy import UTCDateTime

from quakeview.monitoring.exchange import PickFile
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, resolve_channel
from quakeview.waveforms.channels import ChannelId, Station

JUDGED_WITHIN = 1.0
"""Seconds around a pick that a person confirmed, moved or rejected in which the same model's next pick of that phase
counts as the same one, so that re-picking does not bring a rejected pick back."""


@dataclass(frozen=True)
class Difference:
    """``after`` replaces ``before``; a pick on both sides (same resource id) is a change."""

    before: Sequence[Pick]
    after: Sequence[Pick]


class Picks(Protocol):
    """What an edit may ask about the picks as they are."""

    def find(self, resource_ids: Iterable[str]) -> list[Pick]: ...

    def picks(
        self,
        channels: Iterable[ChannelId] | None = None,
        station: Station | None = None,
        start: UTCDateTime | None = None,
        end: UTCDateTime | None = None,
    ) -> list[Pick]: ...


class Edit(Protocol):
    """An edit names itself (for the undo menu) and says what it changes."""

    @property
    def text(self) -> str: ...

    def difference(self, picks: Picks) -> Difference: ...


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
    """Remove by resource id; ids that are not there are ignored."""

    resource_ids: Sequence[str]

    @property
    def text(self) -> str:
        return "Remove pick" if len(self.resource_ids) == 1 else f"Remove {len(self.resource_ids)} picks"

    def difference(self, picks: Picks) -> Difference:
        return Difference(picks.find(self.resource_ids), ())


@dataclass(frozen=True)
class ChangePicks:
    """New versions of picks that are there: other time, phase, polarity, uncertainty, status, comment.

    Raises ``ValueError`` if a pick is not there, or would move to another channel.
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
        return Difference([old[pick.resource_id] for pick in changed], changed)


@dataclass(frozen=True)
class ReplaceAutomaticPicks:
    """Re-picking of a station: the model's new picks take the place of its old ones.

    Only automatic picks of the same ``model`` on ``station`` (and between ``start`` and ``end``, if given) go; what a
    person confirmed, moved or rejected stays, and new picks within ``JUDGED_WITHIN`` of it are not added. A moved pick
    no longer names the model: every manual pick counts as one beside which no automatic pick of the model stood.
    """

    station: Station
    model: str
    picks: Sequence[Pick]
    start: UTCDateTime | None = None
    end: UTCDateTime | None = None

    @property
    def text(self) -> str:
        return f"Pick {self.station.network}.{self.station.station} with {self.model}"

    def difference(self, picks: Picks) -> Difference:
        known = picks.picks(station=self.station)
        replaced = [
            pick
            for pick in known
            if pick.status is PickStatus.AUTOMATIC
            and pick.model == self.model
            and (self.start is None or pick.time >= self.start)
            and (self.end is None or pick.time <= self.end)
        ]
        judged = [
            pick
            for pick in known
            if (pick.status is not PickStatus.AUTOMATIC and pick.model == self.model)
            or (pick.status is PickStatus.MANUAL and not any(_same_onset(pick, other) for other in replaced))
        ]
        added = [pick for pick in self.picks if not any(_same_onset(pick, other) for other in judged)]
        return Difference(replaced, added)


@dataclass(frozen=True)
class ImportPicks:
    """The picks of a file; a pick that is there already takes the file's version."""

    file: PickFile

    @property
    def text(self) -> str:
        return f"Import {self.file.path.name}"

    def difference(self, picks: Picks) -> Difference:
        old = {pick.resource_id: pick for pick in picks.find(pick.resource_id for pick in self.file.picks)}
        new = [pick for pick in self.file.picks if old.get(pick.resource_id) != pick]
        return Difference([old[pick.resource_id] for pick in new if pick.resource_id in old], new)


@dataclass(frozen=True)
class CompleteChannels:
    """Give imported picks whose file left out channel codes the codes of the one open channel that agrees."""

    channels: Sequence[ChannelId]
    text: str = "Assign imported picks to traces"

    def difference(self, picks: Picks) -> Difference:
        before, after = [], []
        for pick in picks.picks():
            if UNKNOWN in pick.channel_id and (channel := resolve_channel(pick.channel_id, self.channels)):
                before.append(pick)
                after.append(pick.with_(channel_id=channel))
        return Difference(before, after)


def _same_onset(pick: Pick, other: Pick) -> bool:
    return pick.phase == other.phase and abs(pick.time - other.time) <= JUDGED_WITHIN


def _described(picks: Sequence[Pick]) -> str:
    return f"{picks[0].phase} on {picks[0].channel_id}" if len(picks) == 1 else f"{len(picks)} picks"
