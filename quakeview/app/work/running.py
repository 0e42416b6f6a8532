"""Jobs on worker threads, heard on the GUI thread."""

import logging
import time
import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Job, Progress

_REPORT_EVERY = 0.05
"""Seconds between two reports of progress to the GUI thread."""

log = logging.getLogger(__name__)


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


class _Reporter(Progress):
    """Carries what the job says from its thread to the ``RunningJob``."""

    def __init__(self, send: Callable[[str, tuple[Any, ...]], None]) -> None:
        super().__init__()
        self._send = send
        self._last = 0.0

    def on_advance(self, done: float, total: float, message: str) -> None:
        now = time.monotonic()
        if done >= total or now - self._last >= _REPORT_EVERY:
            self._last = now
            self._send("advance", (done, total, message))

    def on_publish(self, partial: Any) -> None:
        self._send("publish", (partial,))

    def on_log(self, text: str) -> None:
        self._send("log", (text,))


class RunningJob(QObject):
    """A job under way. Every signal comes on the GUI thread; ``ended`` is the last one.

    Attributes:
        error: a sentence for the user, once failed; ``details`` is the traceback.
    """

    advanced = Signal()
    published = Signal(object)
    logged = Signal(str)
    finished = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()
    ended = Signal()
    _event = Signal(str, object)

    def __init__(self, job: Job, parent: QObject) -> None:
        super().__init__(parent)
        self.name = job.name
        self.state = State.WAITING
        self.done, self.total, self.message = 0.0, 0.0, ""
        self.error, self.details = "", ""
        self.lines: list[str] = []
        self._started = time.monotonic()
        self.progress = _Reporter(lambda kind, values: self._event.emit(kind, values))
        self._event.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._work: Callable[[Progress], Any] | None = job.run
        self.future: Future[None] | None = None

    @property
    def active(self) -> bool:
        return self.state in (State.WAITING, State.RUNNING)

    @property
    def seconds_left(self) -> float | None:
        """From the pace so far; None while it is too early to tell."""
        elapsed = time.monotonic() - self._started
        if self.state is not State.RUNNING or not self.total or self.done <= 0 or elapsed < 1:
            return None
        return elapsed * max(self.total - self.done, 0) / self.done

    def cancel(self) -> None:
        """Ask the job to stop; it does at its next report of progress."""
        self.progress.cancel()
        self.message = "Stopping…"
        self.advanced.emit()

    def wait(self) -> None:
        """Wait until its thread is done with it, or never begins; not on the GUI thread."""
        if self.future is not None:
            with suppress(CancelledError):
                self.future.exception()

    def run(self) -> None:
        """The worker thread's part."""
        self._event.emit("start", ())
        try:
            if self.progress.cancelled:
                raise Cancelled
            assert self._work is not None
            self._event.emit("finish", (self._work(self.progress),))
        except Cancelled:
            self._event.emit("cancel", ())
        except QuakeViewError as error:
            self._event.emit("fail", (str(error), traceback.format_exc()))
        except MemoryError:
            sentence = "There is not enough memory; open fewer files or a shorter time."
            self._event.emit("fail", (sentence, traceback.format_exc()))
        except Exception as error:
            sentence = f"{self.name} failed unexpectedly: {error or type(error).__name__}."
            self._event.emit("fail", (sentence, traceback.format_exc()))

    def _receive(self, kind: str, values: tuple[Any, ...]) -> None:
        match kind:
            case "start":
                self.state, self._started = State.RUNNING, time.monotonic()
            case "advance":
                if not self.progress.cancelled:
                    self.done, self.total, self.message = values
            case "publish":
                self.published.emit(*values)
            case "log":
                self.lines.append(*values)
                self.logged.emit(*values)
            case "finish":
                self.state, self.done = State.FINISHED, self.total
                self.finished.emit(*values)
            case "cancel":
                self.state = State.CANCELLED
                self.cancelled.emit()
            case "fail":
                self.state = State.FAILED
                self.error, self.details = values
                log.error("%s: %s\n%s", self.name, self.error, self.details)
                self.failed.emit(*values)
        if kind not in ("publish", "log"):
            self.advanced.emit()
        if kind in ("finish", "cancel", "fail"):
            self._work = None
            self.ended.emit()


class JobRunner(QObject):
    """Runs jobs side by side on a few threads.

    Signals:
        started: a ``RunningJob`` that will be shown in the job panel.
        failed: the same, when it failed and nobody else said so.
    """

    started = Signal(object)
    failed = Signal(object)

    THREADS = 4
    KEPT = 30
    UNNOTICED = 400
    """Milliseconds after which work that was not announced is shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(self.THREADS, thread_name_prefix="job")
        self._futures: set[Future[None]] = set()
        self.jobs: list[RunningJob] = []
        self._closing = False

    def start(self, job: Job, announced: bool = True) -> RunningJob:
        """Run ``job`` as soon as a thread is free.

        Args:
            announced: ``started`` says so at once, and ``failed`` if it fails; else only work that takes its time is
                shown at all, and who started it says what went wrong.
        """
        running = RunningJob(job, self)
        self.jobs.append(running)
        self._forget_oldest()
        if announced:
            running.failed.connect(lambda: self.failed.emit(running))
            self.started.emit(running)
        else:
            QTimer.singleShot(self.UNNOTICED, running, lambda: self.started.emit(running) if running.active else None)
        if not self._closing:
            running.future = future = self._pool.submit(running.run)
            self._futures.add(future)
            future.add_done_callback(self._futures.discard)
        return running

    @property
    def active(self) -> list[RunningJob]:
        return [job for job in self.jobs if job.active]

    def shutdown(self, milliseconds: int = 10_000) -> bool:
        """Cancel everything and wait for the threads. Call it when the window is gone."""
        self._closing = True
        for job in self.active:
            job.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        ended = not wait(list(self._futures), milliseconds / 1000).not_done
        if ended:
            self._pool.shutdown()
        return ended

    def _forget_oldest(self) -> None:
        ended = [job for job in self.jobs if not job.active]
        for job in ended[: max(0, len(self.jobs) - self.KEPT)]:
            self.jobs.remove(job)
            job.deleteLater()
