"""Single events located and sized again, or made of picks, with their mechanisms: as the search did that found the
others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from obspy import UTCDateTime

from quakeview.events.amplitudes import Records, size, with_amplitude_at
from quakeview.events.attenuation_laws import AttenuationLaw
from quakeview.events.event import Event, EventStatus
from quakeview.events.focal_mechanism import with_mechanism
from quakeview.events.locating import Locator, Place
from quakeview.events.magnitudes import sized
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.stations.book import StationBook
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId


def locates_otherwise(old: Pick | None, new: Pick) -> bool:
    """Whether an event is elsewhere for a change of one of its picks; nobody knows for a pick that is new.

    A pick that a person confirms, or whose first motion is read, counts as it did.
    """
    return old is None or _as_located(old) != _as_located(new)


def _as_located(pick: Pick) -> tuple[object, ...]:
    """What of a pick the location is made of."""
    rejected = pick.status is PickStatus.REJECTED
    return pick.channel_id, pick.phase, pick.time, pick.lower_uncertainty, pick.upper_uncertainty, rejected, pick.used


@dataclass(frozen=True)
class Learned:
    """What a search learned of the stations. It holds for the model and the law alone with which it was learned.

    Attributes:
        velocity_model, law: their names.
        terms: of stations and phases, s.
        corrections: of the magnitudes of stations.
    """

    velocity_model: str = ""
    law: str = ""
    terms: Mapping[tuple[Place, str], float] = field(default_factory=dict)
    corrections: Mapping[Place, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Revision:
    """Locates and sizes.

    Attributes:
        locator: with the station terms that hold for its model.
        archive, stations: what amplitudes are read from.
        law: by which events are sized.
        corrections: of the magnitudes of stations, as they hold for the law.
    """

    locator: Locator
    archive: Archive
    stations: StationBook
    law: AttenuationLaw
    corrections: Mapping[Place, float] = field(default_factory=dict)

    @classmethod
    def after(
        cls, learned: Learned, locator: Locator, archive: Archive, stations: StationBook, law: AttenuationLaw
    ) -> "Revision":
        """With what a search has learned, as far as it holds for this model and this law."""
        terms = learned.terms if learned.velocity_model == locator.model.name else {}
        corrections = learned.corrections if learned.law == law.name else {}
        return cls(locator.with_(terms=terms), archive, stations, law, corrections)

    def made(self, picks: Iterable[Pick]) -> Event:
        """A new event of picks, with its magnitude.

        Raises:
            QuakeViewError: if too few can be used.
        """
        return self._measured(self.solved(Event(self.locator.origin(picks), status=EventStatus.REVIEWED), picks), picks)

    def merged(self, event: Event, picks: Iterable[Pick]) -> Event:
        """An event with the picks of others too, located and sized anew.

        Raises:
            QuakeViewError: if too few can be used.
        """
        alone = self._relocated(event, picks).with_(amplitudes=(), magnitudes=(), status=EventStatus.REVIEWED)
        return self._measured(alone, picks)

    def moved(self, event: Event, picks: Iterable[Pick]) -> Event:
        """Located again, with the magnitude that its amplitudes have from there; a depth that was fixed stays.

        Raises:
            QuakeViewError: if too few can be used.
        """
        return self._sized(self._relocated(event, picks))

    def at_depth(self, event: Event, picks: Iterable[Pick], depth: float | None) -> Event:
        """Located again at a fixed depth, m, or with a free one.

        Raises:
            QuakeViewError: if too few can be used.
        """
        return self._sized(self.solved(self.locator.with_(depth=depth).relocated(event, picks), picks))

    def with_amplitude(self, event: Event, channel: ChannelId, time: UTCDateTime) -> Event:
        """With the amplitude of a channel where a person read it.

        Raises:
            QuakeViewError: if there is no record then, or no response.
        """
        return self._sized(with_amplitude_at(self._records, event, channel, time))

    @property
    def _records(self) -> Records:
        return Records(self.archive, self.stations, self.locator.times)

    def _relocated(self, event: Event, picks: Iterable[Pick]) -> Event:
        depth = event.origin.depth if event.origin.depth_fixed else None
        return self.solved(self.locator.with_(depth=depth).relocated(event, picks), picks)

    def solved(self, event: Event, picks: Iterable[Pick]) -> Event:
        """With the mechanism that its first motions have from there."""
        by_id = {pick.resource_id: pick for pick in picks}
        return with_mechanism(event, by_id, self.locator.coordinates, self.locator.times)

    def _sized(self, event: Event) -> Event:
        """By the amplitudes that it has; one without is as it was."""
        if not event.amplitudes:
            return event
        return sized(event, self.stations.coordinates_at(event.time), self.law, self.corrections)

    def _measured(self, event: Event, picks: Iterable[Pick]) -> Event:
        by_id = {pick.resource_id: pick for pick in picks}
        return size(self._records, [event], self.law, by_id, self.corrections)[0]
