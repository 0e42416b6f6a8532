"""The headers of many files, kept on disk, so that an archive is read once and then only where it changed."""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from quakeview.devices import processor_cores
from quakeview.errors import QuakeViewError
from quakeview.jobs import Flag, Progress
from quakeview.paths import user_cache_dir
from quakeview.texts import counted
from quakeview.waveforms.formats import Contents, read_headers
from quakeview.waveforms.recorded import Recorded, channel_id
from quakeview.workers.processes import on_processes

MANY = 300
"""From so many files on they are worth keeping: fewer are read in a moment."""
_WORTH_PROCESSES = 3000
_BATCH = 500
_VERSION = 1

Stamp = tuple[int, int]
"""Bytes, and time of the last change (ns): what tells that a file is the one that was read."""
Headers = Contents | str
"""What a file holds, or the sentence that says why it cannot be opened."""


class HeaderIndex:
    """Headers by file, in an SQLite file that several programs may use at once.

    A file of which something is odd is read each time: what is odd may depend on the clock, or on permissions. Where
    the index cannot be read or written, files are read as if there were none.
    """

    def __init__(self, path: Path | None = None) -> None:
        """``path`` None is the one of the user."""
        self._path = path or user_cache_dir() / "headers.sqlite"

    def of(self, files: Sequence[Path], progress: Progress = Progress()) -> Iterator[tuple[Path, Headers]]:
        """Yield the headers of files (resolved paths) in their order; those that are new or changed are read.

        Raises:
            Cancelled: through ``progress``; what was read is kept.
        """
        stamps = {path: _stamp(path) for path in files}
        known = self._known(files, stamps)
        new = [path for path in files if path not in known]
        for batch, headers in _read_all(new, progress):
            self._keep(batch, stamps, headers)
            known.update(zip(batch, headers, strict=True))
        for path in files:
            yield path, known[path]

    def _known(self, files: Sequence[Path], stamps: dict[Path, Stamp]) -> dict[Path, Headers]:
        """What is kept of files that have not changed."""
        wanted = {str(path): path for path in files}
        query = "SELECT path, bytes, changed, contents FROM file WHERE path >= ? AND path < ?"
        try:
            above = os.path.commonpath([path.parent for path in files]) if files else ""  # none on two drives
            with closing(self._opened()) as table:
                rows = table.execute(query, (above, above + "\U0010ffff"))
                return {
                    wanted[path]: _unpacked(contents)
                    for path, size, changed, contents in rows
                    if path in wanted and stamps[wanted[path]] == (size, changed)
                }
        except (sqlite3.Error, OSError, ValueError):
            return {}

    def _keep(self, files: Sequence[Path], stamps: dict[Path, Stamp], read: Sequence[Headers]) -> None:
        values = [
            (str(path), *stamps[path], _packed(headers))
            for path, headers in zip(files, read, strict=True)
            if not isinstance(headers, str) and not headers.remarks
        ]
        with suppress(sqlite3.Error, OSError), closing(self._opened()) as table, table:
            table.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", values)

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        table = sqlite3.connect(self._path, timeout=5)
        if table.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            with table:
                table.execute("DROP TABLE IF EXISTS file")
                table.execute(
                    "CREATE TABLE file (path TEXT PRIMARY KEY, bytes INTEGER, changed INTEGER, contents TEXT)"
                    " WITHOUT ROWID"
                )
                table.execute(f"PRAGMA user_version = {_VERSION}")
        return table


def _read_all(files: Sequence[Path], progress: Progress) -> Iterator[tuple[Sequence[Path], list[Headers]]]:
    """Yield batches of files and their headers; of many files, several processes read them."""
    batches = [files[first : first + _BATCH] for first in range(0, len(files), _BATCH)]
    workers = processor_cores()
    if len(files) >= _WORTH_PROCESSES and workers > 1:
        for batch, headers in on_processes(_read_batch, batches, workers, progress, partial(_said, files)):
            if isinstance(headers, QuakeViewError):  # no process could; perhaps this one can
                headers = [read(path) for path in batch]
            yield batch, headers
        return
    for done, batch in enumerate(batches):
        progress.advance(done, len(batches), _said(files, done))
        yield batch, [read(path) for path in batch]


def _said(files: Sequence[Path], done: int) -> str:
    return f"{done * _BATCH:,} of {counted(len(files), 'file')} read"


def _read_batch(files: Sequence[Path], stop: Flag) -> list[Headers]:
    return [read(path) for path in files if not stop.is_set()]


def read(path: Path) -> Headers:
    """Read the headers of a file, or say why they cannot be read."""
    try:
        return read_headers(path)
    except QuakeViewError as error:
        return str(error)


def _stamp(path: Path) -> Stamp:
    try:
        found = os.stat(path)
    except OSError:
        return -1, -1  # it is read, and says why it cannot be
    return found.st_size, found.st_mtime_ns


def _packed(contents: Contents) -> str:
    rows = [
        (*each.channel_id, each.start, each.sampling_rate, each.npts, each.nominal_rate, each.quality)
        for each in contents.recorded
    ]
    return json.dumps([rows, contents.in_parts])


def _unpacked(text: str) -> Contents:
    rows, in_parts = json.loads(text)
    recorded = tuple(
        Recorded(channel_id(*codes), start, rate, npts, nominal, None, quality)
        for *codes, start, rate, npts, nominal, quality in rows
    )
    return Contents(recorded, in_parts=in_parts)
