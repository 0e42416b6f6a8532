"""The headers of many files, kept on disk, so that an archive is read once and then only where it changed."""

import json
import multiprocessing
import os
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.paths import user_cache_dir
from quakeview.texts import counted
from quakeview.waveforms.formats import Contents, read_headers
from quakeview.waveforms.recorded import Recorded, channel_id

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
        fresh = self._fresh(new, stamps, Progress() if not new else progress)
        for path in files:
            yield path, (known[path] if path in known else next(fresh))

    def _known(self, files: Sequence[Path], stamps: dict[Path, Stamp]) -> dict[Path, Headers]:
        """What is kept of files that have not changed."""
        wanted = {str(path): path for path in files}
        above = os.path.commonpath([path.parent for path in files]) if files else ""
        query = "SELECT path, bytes, changed, contents FROM file WHERE path >= ? AND path < ?"
        try:
            with closing(self._opened()) as table:
                rows = table.execute(query, (above, above + "\U0010ffff"))
                return {
                    wanted[path]: _unpacked(contents)
                    for path, size, changed, contents in rows
                    if path in wanted and stamps[wanted[path]] == (size, changed)
                }
        except (sqlite3.Error, OSError, ValueError):
            return {}

    def _fresh(self, files: Sequence[Path], stamps: dict[Path, Stamp], progress: Progress) -> Iterator[Headers]:
        """Read files in batches, each of which is kept at once."""
        done = 0
        with closing(_in_batches(files)) as batches:
            for batch in batches:
                part = files[done : done + len(batch)]
                self._keep(zip(part, (stamps[path] for path in part), batch, strict=True))
                done += len(batch)
                progress.advance(done, len(files), f"{counted(len(files), 'file')} to read")
                yield from batch

    def _keep(self, rows: Iterator[tuple[Path, Stamp, Headers]]) -> None:
        values = [
            (str(path), *stamp, _packed(headers))
            for path, stamp, headers in rows
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


def _in_batches(files: Sequence[Path]) -> Iterator[list[Headers]]:
    """The headers of each batch of files; of many files by several processes."""
    batches = (files[first : first + _BATCH] for first in range(0, len(files), _BATCH))
    workers = os.cpu_count() or 1
    if len(files) < _WORTH_PROCESSES or workers == 1:
        yield from map(_read_batch, batches)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        try:
            waiting = [pool.submit(_read_batch, batch) for batch in islice(batches, 2 * workers)]
            while waiting:
                yield waiting.pop(0).result()
                waiting += [pool.submit(_read_batch, batch) for batch in islice(batches, 1)]
        finally:
            pool.shutdown(cancel_futures=True)


def _read_batch(files: Sequence[Path]) -> list[Headers]:
    return [read(path) for path in files]


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
