"""Phase picks: what was read, on which channel, by whom, and how sure they were.

One-to-one with ``obspy.core.event.Pick`` (QuakeML), see ``quakeview.monitoring.exchange``.
"""

import uuid
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from obspy import UTCDateTime

from quakeview.waveforms.channels import ChannelId, Instrument, arrange, component_of

UNKNOWN = "?"
"""A channel code that a foreign file does not give. An empty code is known: it is empty."""


LOCAL_ID = "smi:local/pick/"
"""How the ids begin that QuakeView gives to picks."""


class Polarity(StrEnum):
    """First motion on the vertical component."""

    UP = "up"
    DOWN = "down"
    UNDECIDABLE = "undecidable"


class PickStatus(StrEnum):
    """Who stands behind the pick. Confirmed: an automatic pick a person agreed with."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Pick:
    """One phase onset on one channel.

    Attributes:
        channel_id: the channel it was read on; a pick never moves to another one.
        phase: phase hint, ``P``, ``S``, or any other (``Pn``, ``Sg``).
        time: onset, UTC.
        status: automatic, manual, confirmed or rejected.
        probability: of the model that made it, 0-1; None for a manual pick.
        lower_uncertainty, upper_uncertainty: seconds before and after ``time``; None if not given.
        polarity: first motion; None if not read.
        onset: ``impulsive``, ``emergent``, ``questionable`` or None.
        model: name of the model that proposed it, or agency/author for picks read from a file; empty for a pick
            that a person made from nothing.
        comment: free text.
        resource_id: identifies the pick for ever, QuakeML publicID.
        used: whether it may be used to locate; a person leaves a pick out (weight class 4) and keeps it all the same.
    """

    channel_id: ChannelId
    phase: str
    time: UTCDateTime
    status: PickStatus = PickStatus.MANUAL
    probability: float | None = None
    lower_uncertainty: float | None = None
    upper_uncertainty: float | None = None
    polarity: Polarity | None = None
    onset: str | None = None
    model: str = ""
    comment: str = ""
    resource_id: str = field(default_factory=lambda: f"{LOCAL_ID}{uuid.uuid4()}")
    used: bool = True

    def with_(self, **changes: object) -> Self:
        """A copy with some fields changed; the identity stays."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def uncertainty(self) -> float | None:
        """Standard deviation, s: the mean of both sides, or the one that is given; None if none is."""
        given = [value for value in (self.lower_uncertainty, self.upper_uncertainty) if value is not None]
        return sum(given) / len(given) if given else None

    @property
    def is_proposed(self) -> bool:
        """Is the time that of a model, or of a file that nobody vouches for?"""
        return self.probability is not None or self.status in (PickStatus.AUTOMATIC, PickStatus.CONFIRMED)

    def moved(self, time: UTCDateTime) -> Self:
        """The pick a person moved to ``time``: a manual one.

        If a model had proposed it, the model's name, probability and uncertainty stay behind: they were of its time.
        The uncertainty that a person gave to a manual pick stays.
        """
        moved = self.with_(time=time, status=PickStatus.MANUAL)
        if not self.is_proposed:
            return moved
        return moved.with_(model="", probability=None, lower_uncertainty=None, upper_uncertainty=None)

    def confirmed(self) -> Self:
        """The pick after a person agreed with it; a rejected manual pick becomes manual again."""
        return self.with_(status=PickStatus.CONFIRMED if self.is_proposed else PickStatus.MANUAL)

    def rejected(self) -> Self:
        """The pick after a person disagreed with it; it is kept, so that it does not come back."""
        return self.with_(status=PickStatus.REJECTED)


JUDGED_WITHIN = 1.0
"""Seconds around a pick that a person confirmed, moved or rejected in which the same model's next pick of that phase
counts as the same one, so that re-picking does not bring a rejected pick back."""


def _plain(phase: str) -> str:
    """What a model calls a phase that a person names by its way: P is Pn, Pg or Pb."""
    return phase[:1] if phase[1:] in ("n", "g", "b", "*") else phase


def same_onset(pick: Pick, other: Pick) -> bool:
    """Whether two picks of one station mean the same onset."""
    return _plain(pick.phase) == _plain(other.phase) and abs(pick.time - other.time) <= JUDGED_WITHIN


def unjudged(new: Iterable[Pick], known: Iterable[Pick]) -> list[Pick]:
    """The new picks beside which, at the same instrument, there is no known one of the same onset."""
    times: defaultdict[tuple[Instrument, str], list[int]] = defaultdict(list)
    for pick in known:
        times[Instrument.of(pick.channel_id), _plain(pick.phase)].append(pick.time.ns)
    for row in times.values():
        row.sort()

    def is_known(pick: Pick) -> bool:
        row, within = times.get((Instrument.of(pick.channel_id), _plain(pick.phase)), []), round(JUDGED_WITHIN * 1e9)
        place = bisect_left(row, pick.time.ns - within)
        return place < len(row) and row[place] <= pick.time.ns + within

    return [pick for pick in new if not is_known(pick)]


def is_incomplete(channel_id: ChannelId) -> bool:
    """Does a code lack, in whole or in part (``HH?``)? An empty network lacks too, in phase files and catalogues, and
    an empty location may be written as ``--``."""
    return not channel_id.network or _is_blank(channel_id.location) or any(UNKNOWN in code for code in channel_id)


def _is_blank(location: str) -> bool:
    return location == "--" or location.isspace()


def resolve_channel(channel_id: ChannelId, channels: Iterable[ChannelId], phase: str = "") -> ChannelId | None:
    """The channel a pick belongs to among the open ones.

    A complete id belongs to itself or to nothing. An id with codes that its file did not give (``UNKNOWN``) belongs to
    the channel that agrees with the given codes, if there is exactly one; a code of one letter then stands for the
    component. If only the component lacks, and all that agree are of one instrument, a P belongs to the vertical and an
    S to the first horizontal, where they are read; that needs the ``phase``. Otherwise nobody can tell, and it is None.
    """
    channels = list(channels)
    if channel_id in channels:
        return channel_id
    if not is_incomplete(channel_id):
        return None
    matches = [candidate for candidate in channels if _agrees(channel_id, candidate)]
    names_instrument = UNKNOWN in channel_id.channel and UNKNOWN not in channel_id[:3]
    if len(matches) > 1 and names_instrument and len({Instrument.of(match) for match in matches}) == 1:
        vertical, first, second = arrange({component_of(match.channel): match for match in matches})
        return {"P": vertical, "S": first or second}.get(phase[:1].upper())
    return matches[0] if len(matches) == 1 else None


def _agrees(channel_id: ChannelId, candidate: ChannelId) -> bool:
    network, station, location, channel = channel_id
    return (
        network in ("", UNKNOWN, candidate.network)
        and station in (UNKNOWN, candidate.station)
        and ("" if _is_blank(location) else location) in (UNKNOWN, candidate.location)
        and (
            channel == candidate.channel
            or (channel.endswith(UNKNOWN) and candidate.channel.startswith(channel[:-1]))
            or (len(channel) == 1 and channel == component_of(candidate.channel))
        )
    )
