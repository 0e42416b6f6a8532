"""Small computations for the screen: one at a time on a worker thread, and only the newest matters."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal

from quakeview.errors import QuakeViewError

log = logging.getLogger(__name__)


class Background(QObject):
    """While one computation runs, of those asked for meanwhile only the last is kept. Signals on the GUI thread.

    Signals:
        ready: the result.
        failed: a sentence for the user.
    """

    ready = Signal(object)
    failed = Signal(str)
    _ended = Signal(int, object, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._generation = 0
        self._running = False
        self._waiting: Callable[[], Any] | None = None
        self._ended.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._running

    def ask(self, compute: Callable[[], Any]) -> None:
        """Run ``compute`` on a worker thread as soon as the one before has ended."""
        if self._running:
            self._waiting = compute
            return
        self._running = True
        generation = self._generation
        QThreadPool.globalInstance().start(lambda: self._run(generation, compute))

    def forget(self) -> None:
        """Whatever is under way or waiting is no longer wanted."""
        self._generation += 1
        self._waiting = None

    def _run(self, generation: int, compute: Callable[[], Any]) -> None:
        """The worker thread's part."""
        try:
            self._ended.emit(generation, compute(), "")
        except QuakeViewError as error:
            self._ended.emit(generation, None, str(error))
        except Exception as error:
            log.exception(self._name)
            self._ended.emit(generation, None, f"{self._name} failed unexpectedly: {error or type(error).__name__}.")

    def _receive(self, generation: int, result: Any, problem: str) -> None:
        self._running = False
        if generation == self._generation:
            if problem:
                self.failed.emit(problem)
            else:
                self.ready.emit(result)
        if (compute := self._waiting) is not None:
            self._waiting = None
            self.ask(compute)
