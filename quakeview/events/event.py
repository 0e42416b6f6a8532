"""Earthquakes: where and when they were, how well that is known, from which picks, and how large they were.

One-to-one with ``obspy.core.event`` (QuakeML), see ``quakeview.events.quakeml``.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.waveforms.channels import ChannelId

LOCAL_ID = "smi:local/event/"
"""How the ids begin that QuakeView gives to events."""

CHI_SQUARE_68, CHI_SQUARE_68_PLANE = 1.0, 2.278868566
"""Of one and of two degrees of freedom: the region of a normal distribution that holds 68 %."""


SAME_EVENT = 3.0
"""Seconds between the origin time of an event that is known and that of one found, within which they are the same."""


NOISE = "not existing"
"""QuakeML's type of an event that was none."""
EARTHQUAKES = (
    "", "earthquake", "not reported", "induced or triggered event", "fluid injection", "fluid extraction",
    "reservoir loading",
)  # fmt: skip
"""Types of events that count as earthquakes; an event is one until somebody says otherwise."""


class EventStatus(StrEnum):
    """Who stands behind the event. Reviewed: a person located it, changed it or agreed with it. Final: nobody is to
    change it any more."""

    AUTOMATIC = "automatic"
    REVIEWED = "reviewed"
    FINAL = "final"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A pick as part of an event.

    Attributes:
        pick_id: ``resource_id`` of the pick.
        phase: as which the pick was used, ``P`` or ``S`` or any other.
        distance: epicentral, metres; None if a file does not give it.
        azimuth: of the station seen from the epicentre, degrees clockwise from north; None if a file does not give it.
        residual: observed minus computed, s; None if it was not computed.
        weight: probability, 0 to 1, that the pick is of this event; 0: not used.
    """

    pick_id: str
    phase: str
    distance: float | None
    azimuth: float | None
    residual: float | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How well an origin is known.

    Attributes:
        time: standard deviation of the origin time, s; None if it is not known.
        east, north, depth: variances, m².
        east_north, east_depth, north_depth: covariances, m².
    """

    time: float | None
    east: float
    north: float
    depth: float
    east_north: float = 0.0
    east_depth: float = 0.0
    north_depth: float = 0.0

    @classmethod
    def of(cls, time: float | None, covariance: NDArray[np.float64]) -> Self:
        """From the (3, 3) covariance of x, y and depth, m²."""
        (xx, xy, xz), (_, yy, yz), (_, _, zz) = covariance.tolist()
        return cls(time, xx, yy, zz, xy, xz, yz)

    @property
    def covariance(self) -> NDArray[np.float64]:
        """(3, 3) of east, north and depth, m²."""
        return np.array(
            [
                [self.east, self.east_north, self.east_depth],
                [self.east_north, self.north, self.north_depth],
                [self.east_depth, self.north_depth, self.depth],
            ]
        )

    @property
    def depth_error(self) -> float:
        """Standard deviation of the depth, m."""
        return float(np.sqrt(self.depth))

    @property
    def ellipse(self) -> tuple[float, float, float]:
        """Of the epicentre, 68 %: semi-major and semi-minor axis in m, azimuth of the major one, 0 to 180 degrees."""
        values, vectors = np.linalg.eigh(self.covariance[:2, :2])
        minor, major = np.sqrt(np.maximum(values, 0) * CHI_SQUARE_68_PLANE)
        east, north = vectors[:, 1]
        return float(major), float(minor), float(np.degrees(np.arctan2(east, north)) % 180)


@dataclass(frozen=True, slots=True)
class Origin:
    """A hypocentre with its time.

    Attributes:
        time: UTC.
        latitude, longitude: degrees, WGS 84.
        depth: metres below sea level; None if it is not known.
        depth_fixed: whether a person chose the depth.
        arrivals: the picks it was found from, and those that were left out (weight 0).
        uncertainty: None if it is not known.
        rms: weighted root mean square of the residuals, s.
        gap: largest azimuthal gap between stations, degrees.
        method: how it was located, such as ``QuakeView grid search``.
        velocity_model: name of it.
        author: agency or program.
    """

    time: UTCDateTime
    latitude: float
    longitude: float
    depth: float | None
    depth_fixed: bool = False
    arrivals: tuple[Arrival, ...] = ()
    uncertainty: Uncertainty | None = None
    rms: float | None = None
    gap: float | None = None
    method: str = ""
    velocity_model: str = ""
    author: str = ""

    @property
    def used(self) -> tuple[Arrival, ...]:
        """The arrivals that count."""
        return tuple(arrival for arrival in self.arrivals if arrival.weight > 0)

    @property
    def nearest(self) -> float | None:
        """Epicentral distance of the nearest station that was used, m."""
        return min((arrival.distance for arrival in self.used if arrival.distance is not None), default=None)


@dataclass(frozen=True, slots=True)
class Amplitude:
    """The largest motion of one channel as a Wood-Anderson seismometer of magnification 1 shows it.

    Attributes:
        channel_id: where it was read.
        time: of the peak, UTC.
        value: zero to peak, m.
        period: of the motion at the peak, s; None if it was not measured.
        magnitude: station magnitude that follows from it; None if it does not count.
        manual: whether a person chose the peak.
        comment: why it does not count (``clipped``, ``too little above the noise``), else empty.
    """

    channel_id: ChannelId
    time: UTCDateTime
    value: float
    period: float | None = None
    magnitude: float | None = None
    manual: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A network magnitude.

    Attributes:
        kind: ``ML``, ``Mw``, ``M`` ...
        value: median of the stations, or as published.
        spread: standard deviation of one station, robust; None if fewer than two.
        stations: how many; None if it is not known.
        method: the attenuation law, or what a file says.
        author: agency or program.
    """

    kind: str
    value: float
    spread: float | None = None
    stations: int | None = None
    method: str = ""
    author: str = ""


FIRST_MOTIONS = "QuakeView first motions"
"""The method of the focal mechanisms that QuakeView makes."""


@dataclass(frozen=True, slots=True)
class FocalMechanism:
    """A double couple.

    Attributes:
        strike, dip, rake: of one of its nodal planes, degrees (Aki & Richards 2002, section 4.2).
        spread: angle of rotation about it within which the true one is with 68 %, degrees; None if it is not known.
        polarities: how many first motions it was made of; None if it is not known.
        misfit: share of them that disagree, 0 to 1, each weighted by the amplitude expected there; None likewise.
        distribution: station distribution ratio, 0 to 1: low if many stations are near nodal planes; None likewise.
        gap: largest azimuthal gap of the rays, those that leave upwards reversed, degrees; None likewise.
        quality: ``A`` to ``D``; empty if it is not known.
        method: how it was made.
        author: agency or program.
    """

    strike: float
    dip: float
    rake: float
    spread: float | None = None
    polarities: int | None = None
    misfit: float | None = None
    distribution: float | None = None
    gap: float | None = None
    quality: str = ""
    method: str = ""
    author: str = ""

    @property
    def is_fitted(self) -> bool:
        """Whether QuakeView made it of the polarities of the event; else it stays as it was published."""
        return self.method == FIRST_MOTIONS


@dataclass(frozen=True, slots=True)
class Event:
    """An earthquake.

    Attributes:
        origin: the preferred one.
        magnitudes: the preferred one first.
        amplitudes: what the local magnitude was made of.
        status: automatic, reviewed, final or rejected.
        name: such as a place; may be empty.
        resource_id: identifies the event for ever, QuakeML publicID.
        mechanism: None if there is none.
        kind: QuakeML's event type, such as ``quarry blast``; empty if nobody said.
        reviewer: who judged it last with QuakeView; empty if nobody did.
        reviewed_at: when that was, UTC.
    """

    origin: Origin
    magnitudes: tuple[Magnitude, ...] = ()
    amplitudes: tuple[Amplitude, ...] = ()
    status: EventStatus = EventStatus.AUTOMATIC
    name: str = ""
    resource_id: str = field(default_factory=lambda: f"{LOCAL_ID}{uuid.uuid4()}")
    mechanism: FocalMechanism | None = None
    kind: str = ""
    reviewer: str = ""
    reviewed_at: UTCDateTime | None = None

    def with_(self, **changes: object) -> Self:
        """A copy with some fields changed; the identity stays."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def judged(self, status: EventStatus, kind: str | None = None) -> Self:
        """The event as a person judged it, who has yet to sign.

        Args:
            kind: what it is; None: what it was, unless it was none and is no longer rejected.
        """
        if kind is None:
            kind = "" if self.kind == NOISE and status is not EventStatus.REJECTED else self.kind
        return self.with_(status=status, kind=kind)

    def signed(self, reviewer: str, at: UTCDateTime) -> Self:
        """The event with the name of the person who judged or changed it."""
        return self.with_(reviewer=reviewer, reviewed_at=at)

    def without(self, pick_ids: Collection[str]) -> Self:
        """The event after it lost picks: where it was is not changed by that, but its mechanism may be another one."""
        kept = tuple(arrival for arrival in self.origin.arrivals if arrival.pick_id not in pick_ids)
        return self.unfitted().with_(origin=replace(self.origin, arrivals=kept))

    def unfitted(self) -> Self:
        """The event without the mechanism that was made of its polarities, which are no longer the same."""
        return self.with_(mechanism=None) if self.mechanism is not None and self.mechanism.is_fitted else self

    def with_picks(self, same: Mapping[str, str]) -> Self:
        """The event with other ids for some of its picks."""
        if same.keys().isdisjoint(self.pick_ids):
            return self
        arrivals = (replace(each, pick_id=same.get(each.pick_id, each.pick_id)) for each in self.origin.arrivals)
        return self.with_(origin=replace(self.origin, arrivals=tuple(arrivals)))

    @property
    def time(self) -> UTCDateTime:
        """Of the origin."""
        return self.origin.time

    @property
    def is_earthquake(self) -> bool:
        """Whether nobody said that it is something else."""
        return self.kind in EARTHQUAKES

    @property
    def magnitude(self) -> Magnitude | None:
        """The preferred one."""
        return self.magnitudes[0] if self.magnitudes else None

    @property
    def pick_ids(self) -> tuple[str, ...]:
        """Of all its arrivals."""
        return tuple(arrival.pick_id for arrival in self.origin.arrivals)


def is_same(event: Event, other: Event) -> bool:
    """Whether an event that was found is one that was known, within ``SAME_EVENT``."""
    return abs(event.time - other.time) <= SAME_EVENT
