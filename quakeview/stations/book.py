"""The station book: everything that is known of stations, from all the files that say something of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.stations.contradictions import FAR, distance, has_place
from quakeview.stations.coordinates import COUNTS, VELOCITY, Coordinates, unit_of
from quakeview.stations.inventories import StationFile, read_station_files
from quakeview.stations.responses import Response, axis, epoch_of, response_of
from quakeview.stations.station_lists import gain_of
from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId

if TYPE_CHECKING:
    from obspy import Inventory, UTCDateTime
    from obspy.core.inventory import Channel, Station

Place = tuple[str, str]
"""Codes of network and station."""
_MOTION: dict[str, Response] = {
    VELOCITY: lambda f: np.ones(f.shape, np.complex128),
    "m/s²": lambda f: np.asarray(2j * np.pi * f, np.complex128),
    "m": lambda f: np.asarray(1 / (2j * np.pi * f), np.complex128),
}
_UNITS = {"M/S": VELOCITY, "M/S**2": "m/s²", "M/S/S": "m/s²", "M": "m"}


@dataclass(frozen=True, eq=False)
class StationBook:
    """Where stations stand and what their channels record.

    Where files differ, the one that was opened last is believed.

    Attributes:
        files: in the order in which they were opened.
        left_out: sentences on what is meant to be station metadata and could not be read.
    """

    files: tuple[StationFile, ...] = ()
    left_out: tuple[str, ...] = ()

    def with_files(self, files: Iterable[StationFile]) -> Self:
        """A book that knows these files too; a file that was here already is replaced."""
        new = tuple(files)
        paths = {file.path for file in new}
        return replace(self, files=(*(file for file in self.files if file.path not in paths), *new))

    @cached_property
    def inventory(self) -> "Inventory":
        """All of it as one inventory of ObsPy."""
        from obspy import Inventory

        whole = Inventory()
        for file in self.files:
            whole += file.inventory
        return whole

    @cached_property
    def coordinates(self) -> dict[Place, Coordinates]:
        """Of each station, where it stood last; stations without a place are not in it."""
        return self.coordinates_at(None)

    def coordinates_at(self, when: "UTCDateTime | None") -> dict[Place, Coordinates]:
        """Of each station, where it stood at a time, or in its last epoch if none of its epochs holds then."""
        found = {}
        for place, epochs in self._stations.items():
            placed = [station for station in epochs if has_place(station)]
            now = [station for station in placed if when is not None and station.is_active(time=when)]
            if placed:
                station = (now or placed)[-1]
                found[place] = Coordinates(*map(float, (station.latitude, station.longitude, station.elevation)))
        return found

    @cached_property
    def units(self) -> dict[ChannelId, str]:
        """Of the channels whose samples are not counts but ``m/s``, ``m/s²`` or ``m``."""
        found = {}
        for channel_id, about in self._channels():
            sensitivity = about.response.instrument_sensitivity if about.response else None
            written = str(sensitivity.output_units or "").upper() if sensitivity else ""
            if unit := _UNITS.get(written):
                found[channel_id] = unit
        return found

    def channel(self, channel_id: ChannelId, when: "UTCDateTime") -> "Channel":
        """What is known of a channel at a time, as ObsPy has it.

        Raises:
            QuakeViewError: if nothing is known of it then.
        """
        return epoch_of(channel_id, self._stations.get(channel_id[:2], ()), when)

    def response(self, channel_id: ChannelId, when: "UTCDateTime") -> Response:
        """Counts per m/s of ground velocity against frequency, of a channel at a time.

        Of samples that are ground motion already, such as those of synthetic seismograms, m, m/s or m/s² per m/s.

        Raises:
            QuakeViewError: if there is none; and later, if it cannot be evaluated.
        """
        unit = unit_of(channel_id, self.units)
        if unit != COUNTS:
            return _MOTION[unit]
        return response_of(channel_id, self.channel(channel_id, when))

    def response_kind(self, channel_id: ChannelId, when: "UTCDateTime") -> str:
        """What is known of the response of a channel at a time: ``stages``, ``gain`` (alone) or nothing (empty).

        Whether it can be used, ``response`` finds out.
        """
        if unit_of(channel_id, self.units) != COUNTS:
            return "stages"
        try:
            about = self.channel(channel_id, when)
        except QuakeViewError:
            return ""
        if not _has_response(about):
            return ""
        return "stages" if about.response.response_stages else "gain"

    def axis(self, channel_id: ChannelId, when: "UTCDateTime") -> tuple[float, float, float]:
        """Unit vector (north, east, up) along which a channel is positive at a time.

        Raises:
            QuakeViewError: if that is not known.
        """
        return axis(channel_id, self.channel(channel_id, when))

    def epoch_starts(self, channel_id: ChannelId) -> list["UTCDateTime"]:
        """When the epochs of a channel begin, in time order; those that always held are not in it."""
        return [about.start_date for about in self.epochs(channel_id) if about.start_date is not None]

    def epochs(self, channel_id: ChannelId) -> list["Channel"]:
        """All that is known of a channel, in time order."""
        every = (about for station in self._stations.get(channel_id[:2], ()) for about in station)
        same = [about for about in every if (about.code, about.location_code) == (channel_id[3], channel_id[2])]
        return sorted(same, key=_begin)

    @cached_property
    def responses(self) -> dict[Place, str]:
        """Of each station ``yes`` if a channel has response stages, ``gain`` if only a gain is known, else empty."""
        found = dict.fromkeys(self._stations, "")
        for place, epochs in self._stations.items():
            channels = [about for station in epochs for about in station if _has_response(about)]
            if any(about.response.response_stages for about in channels):
                found[place] = "yes"
            elif channels or any(gain_of(station) for station in epochs):
                found[place] = "gain"
        return found

    @cached_property
    def summary(self) -> str:
        """What is known: ``12 stations, 36 channels with response``."""
        of_lists = sum(any(gain_of(station) for station in epochs) for epochs in self._stations.values())
        responses = {channel_id for channel_id, about in self._channels() if _has_response(about)}
        parts = [counted(len(self._stations), "station")]
        if responses or not of_lists:
            parts.append(f"{counted(len(responses), 'channel')} with response" if responses else "no responses")
        if of_lists:
            parts.append(f"a gain for {of_lists:,}")
        if nowhere := len(self._stations) - len(self.coordinates):
            parts.append(f"no coordinates for {nowhere:,}")
        return ", ".join(parts)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what the files contradict in themselves and in each other, and on what is missing."""
        return (*self.left_out, *(note for file in self.files for note in file.notes), *self._disagreements())

    def _disagreements(self) -> Iterable[str]:
        """Stations that two files put in places far from each other."""
        seen: dict[Place, tuple[Station, StationFile]] = {}
        told = set()
        for file in self.files:
            for network in file.inventory:
                for station in filter(has_place, network):
                    place = network.code, station.code
                    other, source = seen.setdefault(place, (station, file))
                    if source is not file and place not in told and (apart := distance(station, other)) > FAR:
                        told.add(place)
                        yield (
                            f"{'.'.join(place)} stands {apart / 1000:.3g} km apart in {source.path.name} and "
                            f"{file.path.name}; {file.path.name} is believed."
                        )

    @cached_property
    def _stations(self) -> dict[Place, list["Station"]]:
        """The epochs of each station, in the order of the files and of time."""
        found: defaultdict[Place, list[Station]] = defaultdict(list)
        for file in self.files:
            for network in file.inventory:
                for station in sorted(network, key=_begin):
                    found[network.code, station.code].append(station)
        return dict(found)

    def _channels(self) -> Iterable[tuple[ChannelId, "Channel"]]:
        for (network, station), epochs in self._stations.items():
            for about in (channel for epoch in epochs for channel in epoch):
                yield ChannelId(network, station, about.location_code, about.code), about


def read_stations(paths: Iterable[Path], progress: Progress | None = None) -> StationBook:
    """Read files and folders of station metadata, of whatever kind.

    Raises:
        QuakeViewError: if a file cannot be read, or a folder has no metadata.
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    book = StationBook()
    for path in paths:
        progress.advance(0, 0, path.name)
        found, left_out = read_station_files(path)
        book = replace(book.with_files(found), left_out=(*book.left_out, *left_out))
    return book


def _begin(epoch: "Station | Channel") -> int:
    return epoch.start_date.ns if epoch.start_date else 0


def _has_response(about: "Channel") -> bool:
    return about.response is not None and bool(about.response.response_stages or about.response.instrument_sensitivity)
