"""The records of an event cut out of an archive: a MiniSEED file for each event."""

import warnings
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
from obspy import Stream, Trace

from quakeview.atomic import make_folder, written_whole
from quakeview.events.event import Event
from quakeview.events.exchange.writing import suggested_name
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId

_ENCODED = (np.int16, np.int32, np.float32, np.float64)


def write_waveform_cuts(
    events: Iterable[Event],
    archive: Archive,
    folder: Path | str,
    *,
    before: float = 30.0,
    after: float = 120.0,
    channels: Collection[ChannelId] | None = None,
    progress: Progress | None = None,
) -> tuple[list[Path], list[str]]:
    """Write what was recorded from ``before`` seconds before each origin time to ``after`` seconds after it.

    Files are named as ``20190704T170255_M4.0.mseed``; if several events have one name, later ones get a number. Samples
    stay as they were recorded.

    Args:
        folder: made if it is not there.
        channels: all of the archive if None.

    Returns:
        the files, and sentences about events of which nothing was recorded.

    Raises:
        QuakeViewError: if a file cannot be written.
        Cancelled: through ``progress``; files that are written stay.
    """
    events, progress = list(events), progress or Progress()
    folder = make_folder(Path(folder))
    wanted = archive.channels if channels is None else tuple(channels)
    written: list[Path] = []
    missing: list[str] = []
    for done, event in enumerate(events):
        name = suggested_name([event], ".mseed")
        progress.advance(done, len(events), name)
        stream = Stream()
        for channel_id in wanted:
            stream += archive.read(channel_id, event.time - before, event.time + after)
        if not stream:
            missing.append(f"{event.time.strftime('%Y-%m-%d %H:%M:%S')}")
            continue
        path = _free(folder / name, written)
        _write(stream, path)
        written.append(path)
    notes = []
    if missing:
        of = counted(len(missing), "event")
        notes.append(f"Nothing was recorded of {of}, the first of {missing[0]}.")
    return written, notes


def _free(path: Path, taken: Collection[Path]) -> Path:
    number, free = 2, path
    while free in taken:
        free = path.with_name(f"{path.stem}_{number}{path.suffix}")
        number += 1
    return free


def _write(stream: Stream, path: Path) -> None:
    """Every trace in the encoding of its samples; other kinds of numbers as 64-bit floats."""
    for trace in stream:
        if trace.data.dtype not in _ENCODED:
            trace.data = _encodable(trace)
    with written_whole(path) as part, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that encodings and record lengths differ between traces
        stream.write(str(part), format="MSEED")


def _encodable(trace: Trace) -> np.ndarray:
    fits = np.can_cast(trace.data.dtype, np.int32) or (
        np.issubdtype(trace.data.dtype, np.integer) and np.abs(trace.data).max(initial=0) < 2**31
    )
    return np.asarray(trace.data, np.int32 if fits else np.float64)
