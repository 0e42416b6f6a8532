"""Continuous seismograms as one three-component array per station, for training."""

import glob
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from obspy import Stream, read

from quakeview.errors import QuakeViewError
from quakeview.training.records import COMPONENTS, LabelledRecord, resampled

ORIENTATIONS = {"Z": 0, "3": 0, "N": 1, "1": 1, "E": 2, "2": 2}


def read_stations(
    path: Path, sampling_rate: float, wanted: set[str] | None = None
) -> Iterator[tuple[LabelledRecord, float]]:
    """Each station's whole record, order Z, N, E, gaps zero, and its start (POSIX seconds).

    Args:
        path: a waveform file or a folder of them.
        sampling_rate: Hz of the result.
        wanted: ``NET.STA`` of the stations to read; None reads all.

    Raises:
        QuakeViewError: if there is no waveform file, or one cannot be read.
    """
    stations: dict[str, Stream] = {}
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    if not files:
        raise QuakeViewError(f"{path} holds no waveform files; check the path.")
    for file in files:
        try:
            stream = read(glob.escape(str(file)))  # a name may hold [ ] or *
        except Exception as error:
            raise QuakeViewError(f"{file} is not a waveform file that can be read; move it elsewhere.") from error
        for trace in stream:
            name = f"{trace.stats.network}.{trace.stats.station}"
            if (wanted is None or name in wanted) and trace.stats.channel[-1:] in ORIENTATIONS:
                stations.setdefault(name, Stream()).append(trace)
    for name, stream in sorted(stations.items()):
        yield _assembled(name, stream, sampling_rate)


def _assembled(name: str, stream: Stream, sampling_rate: float) -> tuple[LabelledRecord, float]:
    """The instrument of the station with the most samples, its segments side by side."""
    sizes: dict[tuple[str, str, float], int] = {}
    for trace in stream:
        key = (trace.stats.location, trace.stats.channel[:-1], trace.stats.sampling_rate)
        sizes[key] = sizes.get(key, 0) + trace.stats.npts
    location, band, rate = max(sizes, key=lambda key: (sizes[key], key))
    chosen = [
        t for t in stream if (t.stats.location, t.stats.channel[:-1], t.stats.sampling_rate) == (location, band, rate)
    ]
    start = min(t.stats.starttime for t in chosen)
    n = round((max(t.stats.endtime for t in chosen) - start) * rate) + 1
    data = np.zeros((len(COMPONENTS), n), dtype=np.float32)
    for trace in chosen:
        first = round((trace.stats.starttime - start) * rate)
        samples = np.nan_to_num(np.ma.filled(trace.data.astype(np.float64), np.nan))
        data[ORIENTATIONS[trace.stats.channel[-1]], first : first + len(samples)] = (samples - samples.mean())[
            : n - first
        ]
    record = LabelledRecord(data, rate, event_id=name, station_id=name)
    return resampled(record, sampling_rate), start.timestamp
