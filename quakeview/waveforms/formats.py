"""One waveform file through ObsPy's readers, safely: no pickles, no URLs, no wildcards, no warnings on the screen."""

import bz2
import gzip
import io
import tarfile
import tempfile
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from obspy import Stream, UTCDateTime
from obspy.core.util.base import ENTRY_POINTS

from quakeview.errors import QuakeViewError

OBSPY_LOCK = threading.RLock()
"""ObsPy's MiniSEED library and Python's warning filters are global: one reader at a time."""

_REFUSED = {"PICKLE"}  # reading one runs whatever program is in it, and ObsPy unpickles even to recognise the format
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
class Headers:
    """``stream``: the traces of a file without their samples. ``windowed``: ``read_samples`` can read a part of it.
    ``remarks``: sentences on what is wrong with the file although it can be opened."""

    stream: Stream
    windowed: bool
    remarks: tuple[str, ...]


def read_headers(path: Path) -> Headers:
    """Headers of every trace of a file that has samples.

    Raises:
        QuakeViewError: if the file is no waveform file, is damaged, or holds no samples.
    """
    stream, remarks = _read(path, headonly=True)
    if not stream:
        raise QuakeViewError(f"{path.name} holds no samples.")
    packed = _unpacker(path) is not None
    if not packed and max(trace.stats.npts for trace in stream) > _MAX_SAMPLES_PER_BYTE * path.stat().st_size:
        raise QuakeViewError(f"{path.name} is damaged: its header promises more samples than the file can hold.")
    return Headers(stream, not packed and "mseed" in stream[0].stats, remarks)


def read_samples(
    path: Path, start: UTCDateTime | None = None, end: UTCDateTime | None = None, seed_id: str | None = None
) -> Stream:
    """The traces of a file. ``start``, ``end`` and ``seed_id`` narrow the reading of a ``windowed`` file; more than
    was asked may come back.

    Raises:
        QuakeViewError: if the file cannot be decoded.
    """
    return _read(path, starttime=start, endtime=end, sourcename=seed_id)[0]


def _read(path: Path, **options: Any) -> tuple[Stream, tuple[str, ...]]:
    try:
        unpack = _unpacker(path)
        with OBSPY_LOCK, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            stream = Stream()
            for plain in unpack(path) if unpack else [path]:
                stream += _read_plain(plain, path.name, options)
    except QuakeViewError:
        raise
    except PermissionError as error:
        raise QuakeViewError(f"{path.name} cannot be read: you have no permission to open it.") from error
    except MemoryError as error:
        raise QuakeViewError(f"{path.name} is damaged: its header asks for more memory than there is.") from error
    except Exception as error:
        raise QuakeViewError(f"{path.name} is damaged and cannot be read ({_first_line(error)}).") from error
    stream.traces = [trace for trace in stream if trace.stats.npts > 0 and trace.stats.sampling_rate > 0]
    return stream, _remarks(path, caught)


def _read_plain(path: Path, name: str, options: dict[str, Any]) -> Stream:
    if path.stat().st_size == 0:
        raise QuakeViewError(f"{name} is empty.")
    found = detect_format(path)
    if found is None:
        raise QuakeViewError(_not_a_waveform(path, name))
    return _plugin(found, "readFormat")(str(path), **options)


def _not_a_waveform(path: Path, name: str) -> str:
    with path.open("rb") as file:
        if b"obspy.core.stream" in file.read(200):
            return f"{name} is a Python pickle, which could run any program; convert it to MiniSEED to open it."
    return f"{name} is not a waveform file that QuakeView knows how to read."


@cache
def _plugin(name: str, function: str) -> Callable[..., Any]:
    (entry,) = entry_points(group=f"obspy.plugin.waveform.{name}", name=function)
    return entry.load()


def _remarks(path: Path, caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """The warnings of the MiniSEED reader that mean that something is missing."""
    lost = [w for w in caught if w.category.__name__ == "InternalMSEEDWarning"]
    if not lost:
        return ()
    return (f"{path.name} is damaged or truncated ({_first_line(lost[0].message)}); what is readable is open.",)


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
        yield from _unpack_tar(io.BytesIO(content))
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
