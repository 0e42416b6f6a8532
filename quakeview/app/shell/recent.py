"""Recent files and unsaved sessions, looked up on threads that nobody waits for: a disk may have gone to sleep."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from quakeview.app.shell.preferences import Preferences

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecentFile:
    """A file or folder that was opened; a ``folder`` only as far as is known yet."""

    path: Path
    folder: bool = False


class Recent(QObject):
    """What can be opened again. ``changed`` follows ``look`` if something is not as it was.

    A file counts as there until its disk says that it is not.
    """

    changed = Signal()
    _found = Signal(object, object)

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self._kinds: dict[str, str] = {}
        self.unsaved: list[Any] = []  # project.UnsavedSession, newest first
        self._threads: dict[str, threading.Thread] = {}
        self._found.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        preferences.changed.connect(lambda key: self.changed.emit() if key == preferences.RECENT.key else None)

    @property
    def files(self) -> list[RecentFile]:
        """The files and folders opened last that are not known to be gone."""
        kinds = {path: self._kinds.get(path, "file") for path in self._preferences[self._preferences.RECENT]}
        return [RecentFile(Path(path), kind == "folder") for path, kind in kinds.items() if kind != "gone"]

    def look(self) -> None:
        """Find out what is there now."""
        for path in self._preferences[self._preferences.RECENT]:
            self._ask(path, partial(_kind, path))
        self._ask("", _unsaved)

    def wait(self, seconds: float) -> None:
        """Until all is known, but not longer."""
        end = time.monotonic() + seconds
        for thread in tuple(self._threads.values()):
            thread.join(max(0.0, end - time.monotonic()))

    def _ask(self, name: str, question: Callable[[], Any]) -> None:
        """One thread for each path: a disk that does not answer holds up no other."""
        known = self._threads.get(name)
        if known is None or not known.is_alive():
            thread = threading.Thread(target=self._answer, args=(name, question), name="recent files", daemon=True)
            self._threads[name] = thread
            thread.start()

    def _answer(self, name: str, question: Callable[[], Any]) -> None:
        """The thread's part."""
        try:
            self._found.emit(name, question())
        except RuntimeError:  # the window has gone
            pass
        except Exception:
            log.exception("Recent files")

    def _receive(self, name: str, answer: Any) -> None:
        if name:
            changed, self._kinds[name] = self._kinds.get(name, "file") != answer, answer
        else:
            changed, self.unsaved = self.unsaved != answer, answer
        if changed:
            self.changed.emit()


def _kind(path: str) -> str:
    place = Path(path)
    try:
        return "folder" if place.is_dir() else "file" if place.exists() else "gone"
    except OSError:
        return "gone"


def _unsaved() -> list[Any]:
    """``quakeview.project.unsaved_sessions``, imported when it is called: it brings ObsPy."""
    from quakeview.project import unsaved_sessions

    return unsaved_sessions()
