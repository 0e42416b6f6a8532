"""Compressed files and archives of files, unpacked one file at a time to the disk."""

import bz2
import gzip
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from quakeview.errors import QuakeViewError

_MAX_UNPACKED_BYTES = 8_000_000_000
_AT_ONCE = 2**20

Unpacked = Iterator[tuple[str, Path, bool]]
"""The name of each file inside, where it is until the next one is asked for, and whether it could be unpacked whole."""


def unpacker(path: Path) -> Callable[[Path], Unpacked] | None:
    """How to unpack a compressed file or archive, by its first bytes; None if it is neither."""
    with path.open("rb") as file:
        head = file.read(265)
    if head[:2] == b"\x1f\x8b":
        return lambda path: _unpack_one(gzip.open(path), path.name)
    if head[:3] == b"BZh":
        return lambda path: _unpack_one(bz2.open(path), path.name)
    if head[:6] == b"\xfd7zXZ\0":
        return lambda path: _unpack_one(lzma.open(path), path.name)
    if head[:4] == b"PK\x03\x04":
        return _unpack_zip
    if head[257:262] == b"ustar":
        return lambda path: _unpack_tar(path.open("rb"))
    return None


def _unpack_one(packed: BufferedIOBase, name: str) -> Unpacked:
    with packed, _on_disk(packed, name) as (path, complete):
        with path.open("rb") as file:
            is_tar = file.read(265)[257:262] == b"ustar"
        if is_tar:
            yield from _unpack_tar(path.open("rb"))
        else:
            yield "", path, complete


def _unpack_zip(path: Path) -> Unpacked:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size:
                with (
                    archive.open(member) as file,
                    _on_disk(file, f"{path.name}/{member.filename}") as (unpacked, complete),
                ):
                    yield member.filename, unpacked, complete


def _unpack_tar(packed: BufferedIOBase) -> Unpacked:
    with packed, tarfile.open(fileobj=packed) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() and member.size else None
            if file is not None:
                with _on_disk(file, member.name) as (unpacked, complete):
                    yield member.name, unpacked, complete


@contextmanager
def _on_disk(packed: Any, name: str) -> Iterator[tuple[Path, bool]]:
    """A temporary file with what ``packed`` holds, for readers that need one, and whether that is all of it.

    Raises:
        QuakeViewError: if that is more than a computer should have to hold.
        OSError, EOFError, zlib.error, lzma.LZMAError: if nothing of it can be unpacked.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "waveforms"
        size, complete = 0, True
        with path.open("wb") as file:
            try:
                while content := packed.read1(_AT_ONCE):
                    size += len(content)
                    if size > _MAX_UNPACKED_BYTES:
                        limit = f"{_MAX_UNPACKED_BYTES / 1e9:.3g} GB"
                        raise QuakeViewError(f"{name} is more than {limit} when unpacked; unpack it to open it.")
                    file.write(content)
            except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile):
                if not size:
                    raise
                complete = False
        yield path, complete
