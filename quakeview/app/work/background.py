"""Small computations for the screen: one at a time on a worker thread, and only the newest matters."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress

log = logging.getLogger(__name__)

_running: "set[Background]" = set()
"""So that the last reference to one is never dropped, and the object never destroyed, on its worker thread."""


def threads_now() -> list[threading.Thread]:
    """List the threads that compute at the moment; on the GUI thread, where they are started."""
    return [background._thread for background in _running if background._thread is not None]


def wait_for_all(seconds: float) -> None:
    """Wait until those that were forgotten have ended, but not longer. For the end, when the window is gone."""
    end = time.monotonic() + seconds
    for thread in threads_now():
        thread.join(max(end - time.monotonic(), 0.0))


class Background(QObject):
    """While one computation runs, of those asked for meanwhile only the last is kept. Signals on the GUI thread.

    Signals:
        ready: the result.
        failed: a sentence for the user.
    """

    ready = Signal(object)
    failed = Signal(str)
    _ended = Signal(object, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._running: Progress | None = None
        self._waiting: Callable[[Progress], Any] | None = None
        self._thread: threading.Thread | None = None
        self._ended.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._running is not None

    def ask(self, compute: Callable[[Progress], Any]) -> None:
        """Run ``compute`` on a worker thread as soon as the one before has ended."""
        if self._running is not None:
            self._waiting = compute
            return
        self._running = Progress()
        self._thread = threading.Thread(target=self._run, args=(self._running, compute), name=self._name)
        _running.add(self)
        self._thread.start()

    def forget(self) -> None:
        """Whatever is under way or waiting is no longer wanted."""
        self._waiting = None
        if self._running is not None:
            self._running.cancel()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the thread has ended, but not longer than ``seconds``."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, progress: Progress, compute: Callable[[Progress], Any]) -> None:
        """The worker thread's part."""
        try:
            self._ended.emit(compute(progress), "")
        except Cancelled:
            self._ended.emit(None, "")
        except QuakeViewError as error:
            self._ended.emit(None, str(error))
        except Exception as error:
            log.exception(self._name)
            self._ended.emit(None, f"{self._name} failed unexpectedly: {error or type(error).__name__}.")

    def _receive(self, result: Any, problem: str) -> None:
        assert self._running is not None
        assert self._thread is not None
        self._thread.join()
        _running.discard(self)
        wanted = not self._running.cancelled
        self._running = None
        if wanted and problem:
            self.failed.emit(problem)
        elif wanted:
            self.ready.emit(result)
        if (compute := self._waiting) is not None:
            self._waiting = None
            self.ask(compute)
