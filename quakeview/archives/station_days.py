"""The days of the stations of an archive: the pieces that it is worked on in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from obspy import UTCDateTime

from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.clock import NANOSECONDS

DAY = 86400
"""s."""
DAY_NS = DAY * NANOSECONDS
CONTEXT = 120.0
"""Data of so many seconds before and after a day are read along, so that no pick is lost or moved at midnight."""

_CONTEXT_NS = int(CONTEXT * NANOSECONDS)


@dataclass(frozen=True, order=True)
class StationDay:
    """A UTC day of an instrument.

    Attributes:
        number: of the day, since 1 January 1970.
        station: the instrument.
        samples: of all its channels, on the day and in the context of it: other data make another number.
        files: that hold them, in the order of the archive.
    """

    number: int
    station: Instrument
    samples: int
    files: tuple[Path, ...]

    @property
    def day(self) -> str:
        """As 2024-01-31."""
        return day_name(self.number)

    @property
    def start(self) -> UTCDateTime:
        """Midnight at its beginning."""
        return UTCDateTime(self.number * DAY)

    @property
    def end(self) -> UTCDateTime:
        """Midnight at its end."""
        return self.start + DAY


def day_name(number: int) -> str:
    """Return a day, counted since 1970, as 2024-01-31."""
    return str(np.datetime64(number, "D"))


def day_number(name: str) -> int:
    """Return the number of a day written as 2024-01-31."""
    return int(np.datetime64(name, "D").astype(np.int64))


def station_days(
    archive: Archive, start: UTCDateTime | None = None, end: UTCDateTime | None = None
) -> list[StationDay]:
    """Return the days on which the stations of an archive have data, in order of time.

    Args:
        start, end: only days with a moment from ``start`` to ``end`` (left out); None is without bound.
    """
    found = []
    for station, components in archive.stations.items():
        samples: dict[int, int] = {}
        files: dict[int, dict[Path, None]] = {}
        own: set[int] = set()
        for channel in components.values():
            for number, count, path, on_the_day in _shares(archive, channel):
                samples[number] = samples.get(number, 0) + count
                files.setdefault(number, {})[path] = None
                own |= {number} if on_the_day else set()
        found += [StationDay(number, station, samples[number], tuple(files[number])) for number in own]
    first = start.ns // DAY_NS if start else -np.inf
    last = (end.ns - 1) // DAY_NS if end else np.inf
    return sorted(each for each in found if first <= each.number <= last)


def _shares(archive: Archive, channel: ChannelId) -> Iterator[tuple[int, int, Path, bool]]:
    """Yield day, number of samples, file, and whether any is on the day itself, of what segments share with days."""
    for segment in archive.segments(channel):
        begin, finish = segment.start.ns, segment.end.ns
        for number in range((begin - _CONTEXT_NS) // DAY_NS, (finish + _CONTEXT_NS) // DAY_NS + 1):
            first, last = number * DAY_NS, (number + 1) * DAY_NS
            shared = min(finish, last + _CONTEXT_NS) - max(begin, first - _CONTEXT_NS)
            count = int(shared / NANOSECONDS * segment.sampling_rate) + 1
            yield number, count, segment.path, begin < last and finish >= first
