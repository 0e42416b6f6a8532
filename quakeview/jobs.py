"""A unit of background work: progress, partial results, cancel, result. No Qt here.

Every slow function of QuakeView takes ``progress: Progress = Progress()`` and calls ``progress.advance`` at least once
a second; that call is also where a cancelled job stops. The command line listens with a progress bar, the window
with the job panel.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


class Cancelled(Exception):
    """The user cancelled the work. Not an error: what was finished before is kept."""


class Flag(Protocol):
    """What ``threading.Event`` and the event of ``multiprocessing`` have in common."""

    def set(self) -> None: ...
    def is_set(self) -> bool: ...


class Progress:
    """The channel between a slow function and whoever watches it. The base class is silent."""

    def __init__(self, cancelled: Flag | None = None) -> None:
        """``cancelled`` is the flag that says whether the work was cancelled; None makes one."""
        self._cancelled: Flag = threading.Event() if cancelled is None else cancelled

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

    def part(
        self, first: float, last: float, total: float = 1.0, message: str = "", publishes: bool = False
    ) -> "Progress":
        """Return the progress of a piece of the work, which goes from ``first`` to ``last`` of ``total``.

        The piece stops when the whole is cancelled, and what it logs is logged by the whole. What it publishes is part
        of the piece and not of the whole's result, and goes nowhere, unless it ``publishes`` for the whole. A
        ``message`` is shown instead of the piece's own.
        """
        return _Part(self, first, last, total, message, publishes)

    def silent(self) -> "Progress":
        """Return a progress that shows nothing and stops when this one is cancelled."""
        return Progress(self._cancelled)

    def on_advance(self, done: float, total: float, message: str) -> None:
        """Override to show progress. Called from the thread that does the work."""

    def on_publish(self, partial: Any) -> None:
        """Override to use partial results as they come."""

    def on_log(self, text: str) -> None:
        """Override to keep the log."""


class _Part(Progress):
    """The progress of a piece of the work, as ``Progress.part`` returns it."""

    def __init__(self, whole: Progress, first: float, last: float, total: float, message: str, publishes: bool) -> None:
        super().__init__(whole._cancelled)
        self._whole, self._first, self._length, self._total = whole, first, last - first, total
        self._message, self._publishes = message, publishes

    def on_advance(self, done: float, total: float, message: str) -> None:
        share = done / total if total else 1.0
        self._whole.on_advance(self._first + self._length * share, self._total, self._message or message)

    def on_log(self, text: str) -> None:
        self._whole.log(text)

    def on_publish(self, partial: Any) -> None:
        if self._publishes:
            self._whole.publish(partial)


@dataclass(frozen=True)
class Job:
    """Work with a name: ``run(progress)`` does it and returns the result."""

    name: str
    run: Callable[[Progress], Any] = field(repr=False)
