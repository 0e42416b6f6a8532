"""One waveform file, in whatever format, safely: no pickles, no URLs, no wildcards, no warnings on the screen.

MiniSEED, GSE and WIN have readers here; all others are ObsPy's.
"""

import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path

from obspy import Stream, Trace, UTCDateTime
from obspy.core.util.base import ENTRY_POINTS

from quakeview.errors import QuakeViewError
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.clock import NANOSECONDS
from quakeview.waveforms.deadline import deadline
from quakeview.waveforms.gse import read_gse
from quakeview.waveforms.miniseed import MiniSeedFile, is_miniseed
from quakeview.waveforms.miniseed3 import is_miniseed3, read_miniseed3
from quakeview.waveforms.recorded import Recorded, possible_times
from quakeview.waveforms.sac import sac_source
from quakeview.waveforms.unpacking import Unpacked, unpacker
from quakeview.waveforms.win import read_win

OBSPY_LOCK = threading.RLock()
"""ObsPy's MiniSEED library and Python's warning filters are global: one reader at a time."""

_REFUSED = {"PICKLE"}  # reading one runs whatever program is in it, and ObsPy unpickles even to recognise the format
_SAMPLES_ELSEWHERE = {"CSS", "NNSA_KB_CORE", "Q"}  # in a second file
_HEADERS_MISLEAD = {"REFTEK130"}  # ObsPy finds other gaps in a damaged file when it reads the headers only
_MAX_SAMPLES_PER_BYTE = 16  # no compression of seismograms comes near this: a damaged header does
_NEIGHBOURS = (
    (rb"FDSNStationXML", "station metadata (StationXML)"),
    (rb"^\d{6}V ", "station metadata (dataless SEED)"),
    (rb"<seiscomp", "SeisComP's metadata or picks"),
    (rb"<\w*:?quakeml", "events or picks (QuakeML)"),
    (rb"^\W*[^\r\n]*\bphase(_type)?\b[^\r\n]*\btime|^\W*[^\r\n]*time[^\r\n]*\bphase", "a table of picks"),
    (rb"^\S+ +\S+ +\S+ +\S+ +\S+ +\S+ +\d{8} +\d{4} +[\d.]+ +GAU ", "picks (NonLinLoc)"),
)
"""What lies beside waveforms in folders: how it begins, and what it is."""
_HIGHEST_RATE = 1e7
"""Hz; acoustic emissions in the laboratory are recorded so."""
_DAY = 86400 * NANOSECONDS


def detect_format(path: Path) -> str | None:
    """The name of the waveform format of an uncompressed file, or None."""
    if is_miniseed3(path):
        return "MSEED3"
    if is_miniseed(path, within=1):
        return "MSEED"
    for name in ENTRY_POINTS["waveform"]:
        if name in _REFUSED or name == "MSEED":
            continue
        try:
            if _plugin(name, "isFormat")(str(path)):
                return name
        except Exception:  # a detector that stumbles over foreign bytes has not recognised its format
            continue
    return "MSEED" if is_miniseed(path) else None


@dataclass(frozen=True)
class Contents:
    """The stretches of a file that have samples, and sentences on what of the file is lost although it can be opened.

    Attributes:
        in_parts: whether a part of the file can be read without the rest (``read_part``).
    """

    recorded: tuple[Recorded, ...]
    remarks: tuple[str, ...] = ()
    in_parts: bool = False


def read_headers(path: Path) -> Contents:
    """Headers only.

    Raises:
        QuakeViewError: if the file is no waveform file, is damaged, or holds no samples.
    """
    return _read(path, samples=False)


def read_samples(path: Path) -> Contents:
    """Headers and samples.

    Raises:
        QuakeViewError: if the file cannot be decoded.
    """
    return _read(path, samples=True)


def open_records(path: Path) -> MiniSeedFile:
    """Index the records of a file of which parts can be read.

    Raises:
        QuakeViewError: if the file cannot be read.
    """
    with _clear_errors(path.name), OBSPY_LOCK:
        return MiniSeedFile(path, path.name)


def read_part(
    records: MiniSeedFile, start: int | None = None, end: int | None = None, channel: ChannelId | None = None
) -> Contents:
    """The samples of a channel from ``start`` to ``end`` (ns) of a file that is indexed; a bit more may come back.

    Raises:
        QuakeViewError: if the file cannot be read.
    """
    with _clear_errors(records.name), OBSPY_LOCK:
        recorded, losses = records.read(start, end, channel)
    return Contents(tuple(recorded), tuple(losses), in_parts=True)


def is_seismogram(trace: Trace) -> bool:
    """Not a log written as text, nor an empty trace."""
    return trace.stats.npts > 0 and 0 < trace.stats.sampling_rate < float("inf") and trace.data.dtype.kind in "iuf"


@contextmanager
def _clear_errors(name: str) -> Iterator[None]:
    """What goes wrong with the disk, or in a damaged archive, as a sentence."""
    try:
        yield
    except QuakeViewError:
        raise
    except PermissionError as error:
        raise QuakeViewError(f"{name} cannot be read: you have no permission to open it.") from error
    except MemoryError as error:
        raise QuakeViewError(f"{name} is damaged: its header asks for more memory than there is.") from error
    except Exception as error:
        raise QuakeViewError(f"{name} cannot be read: {_first_line(error)}.") from error


def _read(path: Path, samples: bool) -> Contents:
    with _clear_errors(path.name), OBSPY_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        unpack = unpacker(path)
        contents = _read_packed(path, unpack, samples) if unpack else _read_plain(path, path.name, samples)
    if not contents.recorded:
        raise QuakeViewError(contents.remarks[0] if contents.remarks else f"{path.name} holds no samples.")
    return contents


def _read_packed(path: Path, unpack: Callable[[Path], Unpacked], samples: bool) -> Contents:
    """All files in an archive; one that cannot be opened is remarked."""
    recorded: list[Recorded] = []
    remarks: list[str] = []
    for member, plain, complete in unpack(path):
        name = f"{path.name}/{member}" if member else path.name
        try:
            contents = _read_plain(plain, name, samples)
        except QuakeViewError as error:
            remarks.append(str(error))
            continue
        recorded += contents.recorded
        remarks += contents.remarks
        if not complete:
            remarks.append(f"{name} is damaged: it cannot be unpacked to its end; what could be is open.")
    return Contents(tuple(recorded), tuple(remarks))


def _read_plain(path: Path, name: str, samples: bool) -> Contents:
    if path.stat().st_size == 0:
        raise QuakeViewError(f"{name} is empty.")
    found = detect_format(path)
    if found is None:
        raise QuakeViewError(_not_a_waveform(path, name))
    if found == "MSEED":
        records = MiniSeedFile(path, name)
        recorded, remarks = records.read() if samples else (records.headers(), [])
        remarks = records.remarks + remarks
    elif found == "MSEED3":
        recorded, remarks = read_miniseed3(path, name, samples)
    elif found in ("GSE1", "GSE2"):
        recorded, remarks = read_gse(path, name, found, samples)
    elif found == "WIN":
        recorded, remarks = read_win(path, name, samples)
    else:
        recorded, remarks = _read_with_obspy(found, path, name, samples), []
    recorded, dating = _dated(recorded, name)
    return Contents(tuple(recorded), (*remarks, *dating), in_parts=found == "MSEED")


def _read_with_obspy(found: str, path: Path, name: str, samples: bool) -> list[Recorded]:
    source: str | BytesIO = sac_source(path, name) if found == "SAC" else str(path)
    try:
        with deadline(path, name):
            stream = _plugin(found, "readFormat")(source, headonly=not (samples or found in _HEADERS_MISLEAD))
    except (MemoryError, PermissionError, QuakeViewError):
        raise
    except Exception as error:
        reason = _first_line(error).replace(str(path), name)
        raise QuakeViewError(f"{name} looks like a {found} file but cannot be read ({reason}).") from error
    most = max((trace.stats.npts for trace in stream), default=0)
    if found not in _SAMPLES_ELSEWHERE and most > _MAX_SAMPLES_PER_BYTE * path.stat().st_size:
        raise QuakeViewError(f"{name} is damaged: its header promises more samples than the file can hold.")
    return [Recorded.of(trace, samples=samples) for trace in stream if is_seismogram(trace)]


def _dated(recorded: list[Recorded], name: str) -> tuple[list[Recorded], list[str]]:
    """Without what cannot have been recorded so or then, and remarks on it and on files without a date."""
    first, last = possible_times()
    remarks = []
    if fast := [each for each in recorded if each.sampling_rate > _HIGHEST_RATE]:
        recorded = [each for each in recorded if each.sampling_rate <= _HIGHEST_RATE]
        rate = fast[0].sampling_rate
        remarks.append(f"{name} is damaged: a sampling rate of {rate:.3g} Hz cannot be right, and is left out.")
    good = [each for each in recorded if first <= each.start and each.end <= last]
    if len(good) < len(recorded):
        year = next(UTCDateTime(ns=each.start).year for each in recorded if each not in good)
        what = f"{name} is" if not good else f"{name}: {len(recorded) - len(good)} of its traces are"
        remarks.append(f"{what} left out because its date cannot be right (year {year}).")
    if any(0 <= each.start < _DAY for each in good):  # what ObsPy gives to a file that says nothing
        remarks.append(f"{name} has no date; its times are counted from 1970-01-01.")
    return good, remarks


def _not_a_waveform(path: Path, name: str) -> str:
    with path.open("rb") as file:
        head = file.read(4096)
    if b"obspy.core.stream" in head[:200]:
        return f"{name} is a Python pickle, which could run any program; convert it to MiniSEED to open it."
    for mark, what in _NEIGHBOURS:
        if re.search(mark, head, re.IGNORECASE):
            return f"{name} holds {what}, no waveforms, and was passed over."
    return f"{name} is not a waveform file that QuakeView knows how to read."


@cache
def _plugin(name: str, function: str) -> Callable[..., Stream]:
    (entry,) = entry_points(group=f"obspy.plugin.waveform.{name}", name=function)
    return entry.load()


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else type(error).__name__
