"""What a waveform file holds: stretches of samples with the codes and times that the file gives them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from numpy.typing import NDArray
from obspy import Trace

from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.clock import NANOSECONDS, sample_time

FIRST_YEAR = 1900
"""No seismogram is older."""

_FIRST = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * NANOSECONDS


@dataclass(frozen=True, eq=False)
class Recorded:
    """A regularly sampled stretch of one channel.

    Attributes:
        channel_id: as the file gives it; any code may be empty.
        start: time of the first sample, ns since 1970.
        sampling_rate: Hz, of its true times.
        npts: number of samples.
        nominal_rate: Hz, as the header says it.
        data: (npts,) or None if only headers were read.
        quality: the letter D, R, Q or M of MiniSEED; else empty.
    """

    channel_id: ChannelId
    start: int
    sampling_rate: float
    npts: int
    nominal_rate: float
    data: NDArray[Any] | None = None
    quality: str = ""

    @classmethod
    def of(cls, trace: Trace, *, samples: bool) -> "Recorded":
        """From a trace of ObsPy."""
        stats = trace.stats
        codes = channel_id(stats.network, stats.station, stats.location, stats.channel)
        rate = float(stats.sampling_rate)
        return cls(codes, stats.starttime.ns, rate, int(stats.npts), rate, trace.data if samples else None)

    @property
    def end(self) -> int:
        """Time of the last sample, ns."""
        return sample_time(self.start, self.sampling_rate, self.npts - 1)


def possible_times() -> tuple[int, int]:
    """The first and the last time (ns since 1970) that a record can have: 1900, and tomorrow."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return _FIRST, int(tomorrow.timestamp()) * NANOSECONDS


@lru_cache(maxsize=4096)
def channel_id(network: str, station: str, location: str, channel: str) -> ChannelId:
    """The codes as they are, without the blanks around them; ``--`` is how some write an empty location.

    A dot in another code than the station's becomes ``_``, so that ``ChannelId.parse`` finds them again.
    """
    network, location, channel = (_plain(code).replace(".", "_") for code in (network, location, channel))
    return ChannelId(network, _plain(station), "" if location == "--" else location, channel)


def _plain(code: str) -> str:
    return "".join(c for c in str(code) if c.isprintable()).strip()
