"""What the trace view is told to show: plain data, no knowledge of projects or archives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from quakeview.scales import Scale
from quakeview.waveforms.channels import ChannelId, Instrument


@dataclass(frozen=True)
class StationRow:
    """One three-component instrument, drawn as one band.

    Attributes:
        station: whose picks and probability curves belong here.
        label: name in the gutter, ``CI.TOW2``.
        subtitle: second line, ``42 km``; may be empty.
        channels: (component letter, channel) from top to bottom.
    """

    station: Instrument
    label: str
    subtitle: str = ""
    channels: tuple[tuple[str, ChannelId], ...] = ()


@dataclass(frozen=True)
class Alignment:
    """Stations moved in time so that a moment of each is at one place.

    Attributes:
        zero: where on the axis it is, seconds since 1970-01-01 UTC; the axis shows seconds after it.
        label: what the axis says: ``s after P``.
        shifts: seconds by which all of a station is shown too early.
        missing: what is said at a station that is not moved.
    """

    zero: float
    label: str
    shifts: Mapping[Instrument, float]
    missing: str = ""


class PickStyle(StrEnum):
    """How a pick is drawn: dashed, solid, dotted, pale; an amplitude is dotted too."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    THEORETICAL = "theoretical"
    REJECTED = "rejected"
    AMPLITUDE = "amplitude"


@dataclass(frozen=True)
class Residual:
    """Of a pick, observed minus computed, s, and what the colours of residuals mean."""

    seconds: float
    scale: Scale


@dataclass(frozen=True)
class PickMark:
    """A pick as drawn.

    Attributes:
        id: returned by the signals of the view.
        channel_id: the channel it was read on.
        phase: phase hint; its first letter decides the colour.
        time: onset, seconds since 1970-01-01 UTC.
        style: automatic, manual (confirmed picks too), theoretical or rejected.
        probability: 0-1, None for a manual pick.
        uncertainty: seconds before and after ``time``, None if not given.
        polarity: ``up``, ``down`` or empty.
        onset: ``impulsive``, ``emergent`` or empty.
        used: whether it may be used in locations.
        residual: for the event that is open; None if it is not of that.
        pale: it is beside the point.
    """

    id: str
    channel_id: ChannelId
    phase: str
    time: float
    style: PickStyle = PickStyle.MANUAL
    probability: float | None = None
    uncertainty: tuple[float, float] | None = None
    polarity: str = ""
    onset: str = ""
    used: bool = True
    residual: Residual | None = None
    pale: bool = False


@dataclass(frozen=True)
class Ghost:
    """A pick that is not in the project, and the model that would make it.

    Attributes:
        second: the model is not the chosen one, but compared with it.
    """

    mark: PickMark
    model: str
    second: bool


class PickSource(Protocol):
    """Where the view finds picks. Asked anew for every picture, for what is in it alone."""

    def get(self, pick_id: str) -> PickMark | None:
        """The pick with this id."""

    def number_within(self, station: Instrument, first: float, last: float) -> int:
        """How many ``within`` would return."""

    def within(self, station: Instrument, first: float, last: float) -> Sequence[PickMark]:
        """Picks of a station from ``first`` to ``last`` (seconds since 1970-01-01 UTC), by time."""

    def onsets(self, station: Instrument) -> Mapping[str, np.ndarray]:
        """Sorted times of all its picks but the rejected ones, by the first letter of the phase."""
