"""The SQLite database under a project: schema, opening, locking, and picks as rows."""

import errno
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from shutil import copyfile
from typing import Any

from filelock import FileLock, Timeout
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId

EXTENSION = ".qvproj"
APPLICATION_ID = 0x51564A31  # "QVJ1"
_WAIT = 0.2
"""Seconds to wait for a project that another process, or the search for unsaved sessions, has open."""

_PICK_COLUMNS = """
    resource_id TEXT NOT NULL, network TEXT NOT NULL, station TEXT NOT NULL, location TEXT NOT NULL,
    channel TEXT NOT NULL, phase TEXT NOT NULL, time INTEGER NOT NULL, status TEXT NOT NULL, probability REAL,
    lower_uncertainty REAL, upper_uncertainty REAL, polarity TEXT, onset TEXT, model TEXT NOT NULL,
    comment TEXT NOT NULL
"""
PICK_FIELDS = (
    "resource_id, network, station, location, channel, phase, time, status, probability, "
    "lower_uncertainty, upper_uncertainty, polarity, onset, model, comment, used"
)
PICK_PLACEHOLDERS = ", ".join("?" * 16)

# `edited_picks` holds, for every edit, the picks it took away and those it put in their place: undoing is swapping.
_SCHEMA = f"""
CREATE TABLE picks ({_PICK_COLUMNS}, UNIQUE (resource_id));
CREATE INDEX picks_by_time ON picks (time);
CREATE TABLE edits (
    id INTEGER PRIMARY KEY, step INTEGER NOT NULL, text TEXT NOT NULL, size INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE edited_picks (
    edit INTEGER NOT NULL REFERENCES edits ON DELETE CASCADE, side TEXT NOT NULL, {_PICK_COLUMNS}
);
CREATE INDEX edited_picks_by_edit ON edited_picks (edit, side);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, edit INTEGER REFERENCES edits ON DELETE SET NULL, name TEXT NOT NULL, quakeml BLOB NOT NULL
);
CREATE TABLE waveforms (path TEXT PRIMARY KEY, relative TEXT);
CREATE TABLE view_state (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 1;
"""
_EVENTS = """
CREATE TABLE events (resource_id TEXT NOT NULL UNIQUE, time INTEGER NOT NULL, content TEXT NOT NULL);
CREATE INDEX events_by_time ON events (time);
CREATE TABLE edited_events (
    edit INTEGER NOT NULL REFERENCES edits ON DELETE CASCADE, side TEXT NOT NULL,
    resource_id TEXT NOT NULL, time INTEGER NOT NULL, content TEXT NOT NULL
);
CREATE INDEX edited_events_by_edit ON edited_events (edit, side);
PRAGMA user_version = 2;
"""
_LEFT_OUT = """
ALTER TABLE picks ADD COLUMN used INTEGER NOT NULL DEFAULT 1;
ALTER TABLE edited_picks ADD COLUMN used INTEGER NOT NULL DEFAULT 1;
PRAGMA user_version = 3;
"""
_MECHANISMS = """
UPDATE events SET content = substr(content, 1, length(content) - 1) || ',"mechanism":null}';
UPDATE edited_events SET content = substr(content, 1, length(content) - 1) || ',"mechanism":null}';
PRAGMA user_version = 4;
"""
_JUDGED = """
UPDATE events SET content = substr(content, 1, length(content) - 1)
    || ',"kind":"","reviewer":"","reviewed_at":null}';
UPDATE edited_events SET content = substr(content, 1, length(content) - 1)
    || ',"kind":"","reviewer":"","reviewed_at":null}';
PRAGMA user_version = 5;
"""
_VERSIONS = (_SCHEMA, _EVENTS, _LEFT_OUT, _MECHANISMS, _JUDGED)
"""What leads from each version of the schema to the next: a project of an older version is brought up to date."""
SCHEMA_VERSION = len(_VERSIONS)


def row_of(pick: Pick) -> tuple[object, ...]:
    """Values in the order of ``PICK_FIELDS``; the time in integer nanoseconds since 1970, exact."""
    return (
        pick.resource_id,
        *pick.channel_id,
        pick.phase,
        pick.time.ns,
        pick.status.value,
        pick.probability,
        pick.lower_uncertainty,
        pick.upper_uncertainty,
        None if pick.polarity is None else pick.polarity.value,
        pick.onset,
        pick.model,
        pick.comment,
        pick.used,
    )


def pick_of(row: tuple[Any, ...]) -> Pick:
    """The inverse of ``row_of``."""
    resource_id, network, station, location, channel, phase, time, status, probability, lower, upper = row[:11]
    polarity, onset, model, comment, used = row[11:]
    return Pick(
        ChannelId(network, station, location, channel),
        phase,
        UTCDateTime(ns=time),
        PickStatus(status),
        probability,
        lower,
        upper,
        None if polarity is None else Polarity(polarity),
        onset,
        model,
        comment,
        resource_id,
        bool(used),
    )


def open_in_memory() -> sqlite3.Connection:
    """An empty project that is nowhere on disk."""
    return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


class OpenElsewhere(QuakeViewError):
    """Another window, of this process or of another, has the project open."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} is open in another QuakeView window; close it there first.")


class LockedConnection(sqlite3.Connection):
    """A connection that holds the project's lock until it is closed; the system drops it when the process dies."""

    lock: FileLock | None = None

    def close(self) -> None:
        super().close()
        self._unlock()

    def close_and_delete(self, path: Path) -> None:
        """Close, and delete the file while nobody else can have opened it."""
        super().close()
        remove_file(path)
        self._unlock()

    def _unlock(self) -> None:
        if self.lock is not None:
            self.lock.release()
            self.lock = None


def open_file(path: Path, must_be_new: bool = False) -> LockedConnection:
    """Open or create a project file and keep it locked for this process until it is closed or dies.

    Raises:
        QuakeViewError: if the file is not a project or was written by a newer QuakeView.
        OpenElsewhere: if another window has it open.
        FileExistsError: if it ``must_be_new`` and is not.
        sqlite3.OperationalError, OSError: if it cannot be opened for writing.
    """
    try:
        with ExitStack() as failure:
            lock = _locked(path)
            failure.callback(lock.release)
            is_new = not path.exists()
            if must_be_new and not is_new:
                raise FileExistsError(errno.EEXIST, "there is such a file already", str(path))
            if is_new:
                remove_file(path)  # a log that was left behind would be taken for the new project's
                failure.callback(remove_file, path)
            connection = LockedConnection(path, isolation_level=None, timeout=_WAIT, check_same_thread=False)
            failure.callback(connection.close)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            _check_identity(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            _prepared(connection)
            _share_lock(lock, path)
            failure.pop_all()
    except sqlite3.Error as error:
        raise _translated(error, path) from error
    connection.lock = lock
    return connection


def read_file(path: Path) -> sqlite3.Connection:
    """A copy in memory of a project that cannot be written, with whatever its write-ahead log holds.

    Raises:
        QuakeViewError: if the file cannot be read or is not a project.
    """
    with tempfile.TemporaryDirectory(prefix="quakeview-") as folder:
        copy = Path(folder) / "copy.qvproj"
        try:
            copyfile(path, copy)
            with suppress(FileNotFoundError):
                copyfile(_log_of(path), _log_of(copy))
        except OSError as error:
            raise QuakeViewError(f"{path} could not be read ({error.strerror}).") from error
        with closing(open_file(copy)) as connection:
            return copy_to_memory(connection)


def copy_to_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Everything of a project in a database that needs no disk."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.backup(memory)
    return _prepared(memory)


def replace_content(
    path: Path, source: sqlite3.Connection, adapt: Callable[[sqlite3.Connection], None]
) -> LockedConnection:
    """Make ``path``, new or a project, a copy of ``source``, ``adapt`` it to its place, and open it.

    Raises as ``open_file``; whatever project was there is intact then, and no file is left where there was none.
    """
    existed = path.exists()
    target = open_file(path)
    try:
        source.backup(target)
        with transaction(target):
            adapt(target)
        return target
    except BaseException:
        if existed:
            target.close()
        else:
            target.close_and_delete(path)
        raise


def delete(path: Path) -> None:
    """Delete a project that nobody has open, if that is possible."""
    with suppress(QuakeViewError, OSError):
        lock = _locked(path)
        remove_file(path)
        lock.release()


def remove_file(path: Path) -> None:
    """Delete a project file with its write-ahead log; whoever does so holds the lock."""
    for file in (path, _log_of(path)):
        with suppress(OSError):
            file.unlink(missing_ok=True)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -65536")  # KiB
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for statements in _VERSIONS[version:]:
            for statement in statements.split(";"):
                connection.execute(statement)
    return connection


def _check_identity(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application != APPLICATION_ID and not (empty and application == 0):
        raise QuakeViewError(f"{path.name} is not a QuakeView project.")
    if version > SCHEMA_VERSION:
        raise QuakeViewError(f"{path.name} was saved by a newer QuakeView; update QuakeView to open it.")


def _locked(path: Path) -> FileLock:
    """A lock of our own, in a hidden file: SQLite's is lost as soon as this process closes any handle on the project,
    and opening a folder of data opens and closes every file in it.

    The hidden file stays for ever: were it deleted, one process could lock the old file and another the new one.
    """
    real = path.resolve()
    if not real.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(real.parent))
    lock = FileLock(real.with_name(f".{real.name}.lock"), timeout=_WAIT)
    try:
        lock.acquire(poll_interval=_WAIT / 10)
    except Timeout as error:
        if not Path(lock.lock_file).exists():
            raise PermissionError(errno.EACCES, "no file can be created there", str(path)) from error
        raise OpenElsewhere(path) from error
    return lock


def _share_lock(lock: FileLock, path: Path) -> None:
    """Let everybody lock a project who may write it: the hidden file of a colleague may be the one to lock."""
    with suppress(OSError):
        Path(lock.lock_file).chmod(path.stat().st_mode & 0o666)


def _translated(error: sqlite3.Error, path: Path) -> Exception:
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return OpenElsewhere(path)
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return QuakeViewError(f"{path.name} is not a QuakeView project.")
    return error


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")
