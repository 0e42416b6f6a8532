"""A project while it is open. The interface is described in ``quakeview.project``."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any, Self, TypeVar

import obspy

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.monitoring import quakeml
from quakeview.monitoring.picks import Pick
from quakeview.paths import user_state_dir
from quakeview.project import history, storage
from quakeview.project.edits import Change, Difference
from quakeview.project.event_rows import event_of
from quakeview.project.storage import PICK_FIELDS, transaction

T = TypeVar("T")
_UNTITLED = "untitled-"
"""How the names of the files begin that nobody chose."""
_CONTENT = ("picks", "events", "edits", "documents", "waveforms")
"""Tables of which one has a row as soon as something was put into a project."""


class Project:
    """Picks with undo and redo, waveform paths, imported catalogues and view state, all of it always saved.

    Whoever edits or shows picks does so through a ``PickBook``, which keeps them in memory.

    Raises:
        QuakeViewError: if ``path`` is not a project, comes from a newer version, is open elsewhere or cannot be
            created. An existing project that cannot be written opens all the same, see ``problem``.
    """

    def __init__(self, path: Path | str | None = None, must_be_new: bool = False) -> None:
        self.path = None if path is None else Path(path).absolute()
        self.is_untitled = self.path is None or is_untitled(self.path)
        self.problem: str | None = None
        self._lock = RLock()
        self._problem_listeners: list[Callable[[str], None]] = []
        self._closed = False
        self._connection = storage.open_in_memory() if self.path is None else self._connect(self.path, must_be_new)

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """A project that exists. Raises ``QuakeViewError`` also if it does not."""
        if not Path(path).exists():
            raise QuakeViewError(f"{path} does not exist; it was moved or deleted.")
        return cls(path)

    @classmethod
    def untitled(cls) -> Self:
        """A new and empty project, saved in the user's state folder until its user chooses a file.

        It takes the first number that no file has: what is in an untitled file belongs to another session.
        """
        folder = user_state_dir()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for number in count(1):
                path = folder / f"{_UNTITLED}{number}{storage.EXTENSION}"
                with suppress(FileExistsError, storage.OpenElsewhere):
                    if not path.exists():
                        return cls(path, must_be_new=True)
        except (QuakeViewError, OSError) as error:
            reason = str(error) if isinstance(error, QuakeViewError) else _reason(error)
        project = cls()
        project.problem = _kept_in_memory(f"{folder} cannot be written ({reason})")
        return project

    @property
    def title(self) -> str:
        """What the user calls it: the file's name without its extension, or ``Untitled 2``."""
        if self.path is None:
            return "Untitled"
        return self.path.stem.capitalize().replace("-", " ") if self.is_untitled else self.path.stem

    @property
    def is_blank(self) -> bool:
        """Nothing was ever put into it."""
        with self._lock:
            query = "SELECT " + " + ".join(f"(SELECT count(*) FROM {table})" for table in _CONTENT)
            return self._connection.execute(query).fetchone()[0] == 0

    def close(self) -> None:
        """Close; an untitled project that nothing was put into leaves no file."""
        with self._lock:
            if not self._closed and self.is_untitled and self.is_blank:
                self.discard()
            else:
                self._closed = True
                self._connection.close()

    def discard(self) -> None:
        """Close, and delete the file if nobody chose its name."""
        with self._lock:
            self._closed = True
            self._leave_file()

    def _leave_file(self) -> None:
        if not self.is_untitled or self.path is None:
            self._connection.close()
        elif isinstance(self._connection, storage.LockedConnection):
            self._connection.close_and_delete(self.path)
        else:
            self._connection.close()
            storage.delete(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- picks -------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        with self._lock:
            return self._connection.execute("SELECT count(*) FROM picks").fetchone()[0]

    def picks(self) -> list[Pick]:
        """Read all picks, by time."""
        with self._lock:
            rows = self._connection.execute(f"SELECT {PICK_FIELDS} FROM picks ORDER BY time")
            return [storage.pick_of(row) for row in rows]

    def events(self) -> list[Event]:
        """Read all events, by time."""
        with self._lock:
            rows = self._connection.execute("SELECT resource_id, time, content FROM events ORDER BY time")
            return [event_of(row) for row in rows]

    def record(self, text: str, difference: Difference, extends: int | None = None) -> int:
        """Write an edit and return its undo step. With ``extends`` it joins that step, if that is still the newest."""
        return self._write(lambda: history.record(self._connection, text, difference, extends))

    def undo(self) -> Change | None:
        """Take the newest step back and return what that changed; None if there is no step."""
        return self._write(lambda: history.undo(self._connection))

    def redo(self) -> Change | None:
        """Do the step that was undone last again and return what that changed; None if there is no step."""
        return self._write(lambda: history.redo(self._connection))

    @property
    def undo_text(self) -> str | None:
        """What ``undo`` would take back."""
        return self._next(history.last_done)

    @property
    def redo_text(self) -> str | None:
        """What ``redo`` would do again."""
        return self._next(history.first_undone)

    def history(self) -> list[str]:
        """The steps that can be undone, oldest first."""
        with self._lock:
            return history.texts(self._connection)

    def _next(self, find: Callable[[sqlite3.Connection], tuple[int, str] | None]) -> str | None:
        with self._lock:
            step = find(self._connection)
        return None if step is None else step[1]

    def subscribe_problem(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call ``listener`` with a sentence when edits can no longer be saved; returns the unsubscriber."""
        self._problem_listeners.append(listener)
        return lambda: self._problem_listeners.remove(listener)

    # --- everything else a project holds -----------------------------------------------------------------------

    @property
    def has_waveforms(self) -> bool:
        """Whether files or folders belong to it, there or not."""
        with self._lock:
            return self._connection.execute("SELECT EXISTS (SELECT * FROM waveforms)").fetchone()[0] == 1

    @property
    def waveforms(self) -> tuple[Path, ...]:
        """Files and folders in the order they were added, where they are now. This looks at the disk."""
        return tuple(place.found() for place in self.waveform_places())

    def waveform_places(self) -> tuple["WaveformPlace", ...]:
        """Where the files and folders were, and would be if they had moved together with the project."""
        with self._lock:
            rows = self._connection.execute("SELECT path, relative FROM waveforms ORDER BY rowid").fetchall()
        return tuple(WaveformPlace(Path(path), self._beside(relative)) for path, relative in rows)

    def _beside(self, relative: str | None) -> Path | None:
        if relative is None or self.path is None:
            return None
        return Path(os.path.normpath(self.path.parent / relative))

    def move_waveforms(self, moved: dict[Path, Path]) -> None:
        """Remember that files and folders are in other places now."""
        rows = [(str(new), self._relative(new, self.path), str(old)) for old, new in moved.items()]
        self._write(
            lambda: self._connection.executemany(
                "UPDATE OR REPLACE waveforms SET path = ?, relative = ? WHERE path = ?", rows
            )
        )

    def add_waveforms(self, paths: Iterable[Path | str]) -> None:
        """Remember files and folders; those already there are ignored."""
        absolute = [Path(path).absolute() for path in paths]
        rows = [(str(path), self._relative(path, self.path)) for path in absolute]
        self._write(lambda: self._connection.executemany("INSERT OR IGNORE INTO waveforms VALUES (?, ?)", rows))

    def remove_waveforms(self, paths: Iterable[Path | str]) -> None:
        """Forget files and folders; picks on them stay."""
        rows = [(str(Path(path).absolute()),) for path in paths]
        self._write(lambda: self._connection.executemany("DELETE FROM waveforms WHERE path = ?", rows))

    @property
    def view_state(self) -> dict[str, Any]:
        """What the window needs to reopen where it was: anything JSON can hold."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM view_state").fetchone()
        return json.loads(row[0]) if row else {}

    @view_state.setter
    def view_state(self, state: dict[str, Any]) -> None:
        text = json.dumps(state)
        self._write(lambda: self._connection.execute("INSERT OR REPLACE INTO view_state VALUES (1, ?)", (text,)))

    def documents(self) -> tuple[bytes, ...]:
        """QuakeML of the imported catalogues, oldest first, for ``exchange.write_picks``."""
        with self._lock:
            return history.documents(self._connection)

    def catalog(self) -> obspy.Catalog:
        """Events of the imported catalogues as they were imported; the picks as they are now are in ``picks``."""
        return quakeml.merged_catalog(self.documents())

    # --- the file ----------------------------------------------------------------------------------------------

    def save_as(self, path: Path | str) -> None:
        """Copy everything, undo history included, to ``path`` and go on there.

        Raises:
            QuakeViewError: if that is impossible; the project goes on where it was.
        """
        path = Path(path).absolute()
        with self._lock:
            if path == self.path and self.problem is None:
                self.is_untitled = False
                return
            connection = self._copy_to(path)
            if self.path == path:
                self._connection.close()
            else:
                self._leave_file()
            self._connection, self.path, self.is_untitled, self.problem = connection, path, False, None

    def _copy_to(self, path: Path) -> sqlite3.Connection:
        def adapt(connection: sqlite3.Connection) -> None:
            for (waveform,) in connection.execute("SELECT path FROM waveforms").fetchall():
                relative = self._relative(Path(waveform), path)
                connection.execute("UPDATE waveforms SET relative = ? WHERE path = ?", (relative, waveform))

        try:
            return storage.replace_content(path, self._connection, adapt)
        except (sqlite3.Error, OSError) as error:
            raise QuakeViewError(f"{path} could not be written ({_reason(error)}); choose another place.") from error

    def _connect(self, path: Path, must_be_new: bool) -> sqlite3.Connection:
        try:
            return storage.open_file(path, must_be_new)
        except FileExistsError:
            raise
        except (sqlite3.Error, OSError) as error:
            if not path.exists():
                raise QuakeViewError(
                    f"{path} could not be created ({_reason(error)}); choose another place."
                ) from error
            connection = storage.read_file(path)
            self.problem = _kept_in_memory(f"{path} cannot be written ({_reason(error)})")
            return connection

    def _write(self, action: Callable[[], T]) -> T:
        """Run ``action`` in a transaction; if the disk fails, go on in memory so that no edit is lost."""
        with self._lock:
            try:
                with transaction(self._connection):
                    return action()
            except sqlite3.OperationalError as error:
                if self.problem is not None:
                    raise
                self._continue_in_memory(str(error))
            with transaction(self._connection):
                return action()

    def _continue_in_memory(self, reason: str) -> None:
        memory = storage.copy_to_memory(self._connection)
        self._connection.close()
        self._connection = memory
        self.problem = _kept_in_memory(f"{self.path} can no longer be written ({reason})")
        for listener in tuple(self._problem_listeners):
            listener(self.problem)

    @staticmethod
    def _relative(waveform: Path, project: Path | None) -> str | None:
        try:
            return None if project is None else os.path.relpath(waveform, project.parent)
        except ValueError:  # another drive
            return None


@dataclass(frozen=True)
class WaveformPlace:
    """A file or folder of a project: where it was, and where it would be if it had moved with the project."""

    path: Path
    beside: Path | None

    def found(self) -> Path:
        """Where it is now, ``path`` if nowhere. This looks at the disk."""
        return self.beside if self.beside is not None and not self.path.exists() and self.beside.exists() else self.path


def is_untitled(path: Path) -> bool:
    """Whether the project at ``path`` is one that its user gave no name."""
    return path.parent == user_state_dir() and path.name.startswith(_UNTITLED)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _kept_in_memory(reason: str) -> str:
    return f"{reason}: your edits are kept in memory only, save the project elsewhere."
