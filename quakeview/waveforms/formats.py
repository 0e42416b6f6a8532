"""One waveform file through ObsPy's readers, safely: no pickles, no URLs, no wildcards, no warnings on the screen."""

import bz2
import gzip
import tarfile
import tempfile
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path
from typing import Any

from obspy import Stream, Trace, UTCDateTime
from obspy.core.util.base import ENTRY_POINTS
from obspy.io.mseed.util import get_record_information

from quakeview.errors import QuakeViewError

OBSPY_LOCK = threading.RLock()
"""ObsPy's MiniSEED library and Python's warning filters are global: one reader at a time."""

_REFUSED = {"PICKLE"}  # reading one runs whatever program is in it, and ObsPy unpickles even to recognise the format
_SAMPLES_ELSEWHERE = {"CSS", "NNSA_KB_CORE", "Q"}  # in a second file
_MAX_UNPACKED_BYTES = 2_000_000_000
_MAX_SAMPLES_PER_BYTE = 16  # no compression of seismograms comes near this: a damaged header does


def detect_format(path: Path) -> str | None:
    """ObsPy's name of the waveform format of an uncompressed file, or None."""
    for name in ENTRY_POINTS["waveform"]:
        if name in _REFUSED:
            continue
        try:
            if _plugin(name, "isFormat")(str(path)):
                return name
        except Exception:  # a detector that stumbles over foreign bytes has not recognised its format
            continue
    return None


@dataclass(frozen=True)
class Contents:
    """The traces of a file that have samples, and sentences on what of the file is lost although it can be opened."""

    stream: Stream
    remarks: tuple[str, ...]
    windowed: bool
    """``read_samples`` can read a part of it without the rest."""


def read_headers(path: Path) -> Contents:
    """Headers only.

    Raises:
        QuakeViewError: if the file is no waveform file, is damaged, or holds no samples.
    """
    contents = _read(path, headonly=True)
    if not contents.stream:
        raise QuakeViewError(f"{path.name} holds no samples.")
    return contents


def read_samples(
    path: Path, start: UTCDateTime | None = None, end: UTCDateTime | None = None, seed_id: str | None = None
) -> Contents:
    """Headers and samples. ``start``, ``end`` and ``seed_id`` narrow the reading of a ``windowed`` file; more than
    was asked may come back.

    Raises:
        QuakeViewError: if the file cannot be decoded.
    """
    return _read(path, starttime=start, endtime=end, sourcename=seed_id)


def _read(path: Path, **options: Any) -> Contents:
    stream = Stream()
    losses: list[str] = []
    try:
        unpack = _unpacker(path)
        with OBSPY_LOCK, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for plain in unpack(path) if unpack else [path]:
                traces, lost = _read_plain(plain, path.name, options)
                stream += traces
                losses += lost
    except QuakeViewError:
        raise
    except PermissionError as error:
        raise QuakeViewError(f"{path.name} cannot be read: you have no permission to open it.") from error
    except MemoryError as error:
        raise QuakeViewError(f"{path.name} is damaged: its header asks for more memory than there is.") from error
    except Exception as error:  # of the disk, or of a damaged archive
        raise QuakeViewError(f"{path.name} cannot be read: {_first_line(error)}.") from error
    losses += _losses(path.name, caught)
    stream.traces = [trace for trace in stream if is_seismogram(trace)]
    windowed = unpack is None and bool(stream) and "mseed" in stream[0].stats
    return Contents(stream, tuple(losses), windowed)


def is_seismogram(trace: Trace) -> bool:
    """Not a log written as text, nor an empty trace."""
    text = trace.data.dtype.kind not in "iuf" or trace.stats.get("mseed", {}).get("encoding") == "ASCII"
    return trace.stats.npts > 0 and 0 < trace.stats.sampling_rate < float("inf") and not text


def _read_plain(path: Path, name: str, options: dict[str, Any]) -> tuple[Stream, list[str]]:
    if path.stat().st_size == 0:
        raise QuakeViewError(f"{name} is empty.")
    found = detect_format(path)
    if found is None:
        raise QuakeViewError(_not_a_waveform(path, name))
    try:
        stream = _plugin(found, "readFormat")(str(path), **options)
    except (MemoryError, PermissionError):
        raise
    except Exception as error:
        salvaged, n_lost = _salvage(path, options) if found == "MSEED" else (Stream(), 0)
        if salvaged:
            lost = "1 record is a gap" if n_lost == 1 else f"{n_lost} records are gaps"
            return salvaged, [f"{name} is damaged: {lost} because decoding fails; the rest is open."]
        reason = _first_line(error).replace(str(path), name)
        raise QuakeViewError(f"{name} looks like a {found} file but cannot be read ({reason}).") from error
    most = max((trace.stats.npts for trace in stream), default=0)
    if found not in _SAMPLES_ELSEWHERE and most > _MAX_SAMPLES_PER_BYTE * path.stat().st_size:
        raise QuakeViewError(f"{name} is damaged: its header promises more samples than the file can hold.")
    return stream, []


def _salvage(path: Path, options: dict[str, Any]) -> tuple[Stream, int]:
    """What can be decoded of a MiniSEED file, halved until the bad records are alone, and the number of these.

    Nothing if most of the file are no records.
    """
    content = path.read_bytes()
    length = get_record_information(str(path))["record_length"]
    salvaged, n_lost = Stream(), 0
    if sum(kind in b"DRQM" for kind in content[6::length]) < len(content) / length / 2:
        return salvaged, n_lost
    pending = [(0, -(-len(content) // length))]
    while pending:
        first, last = pending.pop()
        try:
            salvaged += _plugin("MSEED", "readFormat")(BytesIO(content[first * length : last * length]), **options)
        except Exception:
            if last - first > 1:
                middle = (first + last) // 2
                pending += [(middle, last), (first, middle)]
            else:
                n_lost += any(kind in b"DRQM" for kind in content[first * length + 6 : first * length + 7])
    return salvaged, n_lost


def _not_a_waveform(path: Path, name: str) -> str:
    with path.open("rb") as file:
        if b"obspy.core.stream" in file.read(200):
            return f"{name} is a Python pickle, which could run any program; convert it to MiniSEED to open it."
    return f"{name} is not a waveform file that QuakeView knows how to read."


@cache
def _plugin(name: str, function: str) -> Callable[..., Any]:
    (entry,) = entry_points(group=f"obspy.plugin.waveform.{name}", name=function)
    return entry.load()


def _losses(name: str, caught: list[warnings.WarningMessage]) -> list[str]:
    """What the warnings of ObsPy's MiniSEED library say is missing or wrong."""
    said = " ".join(str(w.message) for w in caught if w.category.__name__ == "InternalMSEEDWarning")
    losses = []
    if "Last record only" in said or "exceeds buflen" in said:
        losses.append(f"{name} is truncated: its last record is incomplete; everything before it is open.")
    if "Will skip bytes" in said or "will not be read" in said:
        losses.append(f"{name} is damaged: a part of it is no MiniSEED; what is readable is open.")
    if "integrity check" in said:
        losses.append(f"{name} is damaged: some samples fail the integrity check of their compression.")
    return losses


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else type(error).__name__


def _unpacker(path: Path) -> Callable[[Path], Iterator[Path]] | None:
    """How to unpack a compressed file or archive, by its first bytes; None if it is neither."""
    with path.open("rb") as file:
        head = file.read(265)
    if head[:2] == b"\x1f\x8b":
        return lambda path: _unpack_one(gzip.open(path))
    if head[:3] == b"BZh":
        return lambda path: _unpack_one(bz2.open(path))
    if head[:4] == b"PK\x03\x04":
        return _unpack_zip
    if head[257:262] == b"ustar":
        return lambda path: _unpack_tar(path.open("rb"))
    return None


def _unpack_one(packed: Any) -> Iterator[Path]:
    with packed:
        content = packed.read(_MAX_UNPACKED_BYTES)
    if content[257:262] == b"ustar":
        yield from _unpack_tar(BytesIO(content))
    else:
        yield from _as_file(content)


def _unpack_zip(path: Path) -> Iterator[Path]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size:
                with archive.open(member) as file:
                    yield from _as_file(file.read(_MAX_UNPACKED_BYTES))


def _unpack_tar(packed: Any) -> Iterator[Path]:
    with packed, tarfile.open(fileobj=packed) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() and member.size else None
            if file is not None:
                yield from _as_file(file.read(_MAX_UNPACKED_BYTES))


def _as_file(content: bytes) -> Iterator[Path]:
    """A temporary file, for readers that need one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "waveforms"
        path.write_bytes(content)
        yield path
