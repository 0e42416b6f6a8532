"""Small records and files for the tests of the waveforms room."""

from pathlib import Path

import numpy as np
import obspy
from numpy.typing import NDArray
from obspy import Stream, Trace, UTCDateTime

from quakeview.waveforms.channels import ChannelId

START = UTCDateTime("2024-02-29T23:00:00")
OBSPY = Path(obspy.__file__).parent
MSEED = OBSPY / "io" / "mseed" / "tests" / "data"
Z, N, E = (ChannelId("XX", "STA", "00", "HH" + letter) for letter in "ZNE")


def counts(n: int, seed: int = 0) -> NDArray[np.int32]:
    return np.random.default_rng(seed).integers(-1000, 1000, n, dtype=np.int32)


def trace(data: NDArray, channel: ChannelId = Z, start: UTCDateTime = START, sampling_rate: float = 100.0) -> Trace:
    return Trace(data, dict(channel._asdict(), starttime=start, sampling_rate=sampling_rate))


def write(path: Path, *traces: Trace, reclen: int = 512) -> Path:
    """MiniSEED with the records in the order of the traces."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Stream(traces).write(str(path), format="MSEED", reclen=reclen)
    return path
