"""A unit of background work: progress, partial results, cancel, result. No Qt here.

Every slow function of QuakeView takes ``progress: Progress = Progress()`` and calls ``progress.advance`` at least once
a second; that call is also where a cancelled job stops. The command line listens with a progress bar, the window
with the job panel.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Cancelled(Exception):
    """The user cancelled the work. Not an error: what was finished before is kept."""


class Progress:
    """The channel between a slow function and whoever watches it. The base class is silent."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next ``advance``. May be called from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def advance(self, done: float, total: float, message: str = "") -> None:
        """Report that ``done`` of ``total`` is finished.

        Raises:
            Cancelled: if ``cancel`` was called.
        """
        if self.cancelled:
            raise Cancelled
        self.on_advance(done, total, message)

    def publish(self, partial: Any) -> None:
        """Hand over a part of the result (the picks of one station, one frame) before the whole is done."""
        self.on_publish(partial)

    def log(self, text: str) -> None:
        """A line for the job's log."""
        self.on_log(text)

    def on_advance(self, done: float, total: float, message: str) -> None:
        """Override to show progress. Called from the thread that does the work."""

    def on_publish(self, partial: Any) -> None:
        """Override to use partial results as they come."""

    def on_log(self, text: str) -> None:
        """Override to keep the log."""


@dataclass(frozen=True)
class Job:
    """Work with a name: ``run(progress)`` does it and returns the result."""

    name: str
    run: Callable[[Progress], Any] = field(repr=False)
