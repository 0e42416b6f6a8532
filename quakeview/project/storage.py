"""The SQLite database under a project: schema, opening, locking, and picks as rows."""

import errno
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from shutil import copyfile

from filelock import FileLock, Timeout
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId

EXTENSION = ".qvproj"
APPLICATION_ID = 0x51564A31  # "QVJ1"
SCHEMA_VERSION = 1

_PICK_COLUMNS = """
    resource_id TEXT NOT NULL, network TEXT NOT NULL, station TEXT NOT NULL, location TEXT NOT NULL,
    channel TEXT NOT NULL, phase TEXT NOT NULL, time INTEGER NOT NULL, status TEXT NOT NULL, probability REAL,
    lower_uncertainty REAL, upper_uncertainty REAL, polarity TEXT, onset TEXT, model TEXT NOT NULL,
    comment TEXT NOT NULL
"""
PICK_FIELDS = (
    "resource_id, network, station, location, channel, phase, time, status, probability, "
    "lower_uncertainty, upper_uncertainty, polarity, onset, model, comment"
)
PICK_PLACEHOLDERS = ", ".join("?" * 15)

# `edited_picks` holds, for every edit, the picks it took away and those it put in their place: undoing is swapping.
_SCHEMA = f"""
CREATE TABLE picks ({_PICK_COLUMNS}, UNIQUE (resource_id));
CREATE INDEX picks_by_channel ON picks (network, station, location, channel, time);
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
PRAGMA user_version = {SCHEMA_VERSION};
"""


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
    )


def pick_of(row: tuple) -> Pick:
    """The inverse of ``row_of``."""
    resource_id, network, station, location, channel, phase, time, status, probability, lower, upper = row[:11]
    polarity, onset, model, comment = row[11:]
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
    )


def open_in_memory() -> sqlite3.Connection:
    """An empty project that is nowhere on disk."""
    return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


class _LockedConnection(sqlite3.Connection):
    """A connection that holds the project's lock until it is closed; the system drops it when the process dies."""

    lock: FileLock | None = None

    def close(self) -> None:
        super().close()
        if self.lock is not None:
            _unlock(self.lock)
            self.lock = None


def open_file(path: Path) -> sqlite3.Connection:
    """Open or create a project file and keep it locked for this process until it is closed or dies.

    Raises:
        QuakeViewError: if the file is not a project, was written by a newer QuakeView, or another window has it open.
        sqlite3.OperationalError, OSError: if it cannot be opened for writing.
    """
    try:
        with ExitStack() as failure:
            lock = _locked(path)
            failure.callback(_unlock, lock)
            if not path.exists():
                failure.callback(remove_file, path)
            connection = _LockedConnection(path, isolation_level=None, timeout=0.2, check_same_thread=False)
            failure.callback(connection.close)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            _check_identity(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            _prepared(connection)
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


def replace_content(path: Path, source: sqlite3.Connection) -> sqlite3.Connection:
    """Make ``path``, new or a project, a copy of ``source`` in one transaction, and open it.

    Raises as ``open_file``; whatever project was there is intact then.
    """
    target = open_file(path)
    try:
        source.backup(target)
        return target
    except BaseException:
        target.close()
        raise


def remove_file(path: Path) -> None:
    """Delete a closed project file with its write-ahead log."""
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
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in _SCHEMA.split(";"):
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
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        if not Path(lock.lock_file).exists():
            raise PermissionError(errno.EACCES, "no file can be created there", str(path)) from error
        raise QuakeViewError(_open_elsewhere(path)) from error
    return lock


def _unlock(lock: FileLock) -> None:
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


def _open_elsewhere(path: Path) -> str:
    return f"{path.name} is open in another QuakeView window; close it there first."


def _translated(error: sqlite3.Error, path: Path) -> Exception:
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return QuakeViewError(_open_elsewhere(path))
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return QuakeViewError(f"{path.name} is not a QuakeView project.")
    return error


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")
