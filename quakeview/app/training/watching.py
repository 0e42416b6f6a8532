"""All runs, looked at once a second on a thread: they are processes of their own, which only write files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.app.work.background import Background
from quakeview.training.runs.summary import AllRuns, RunSummary

_EVERY = 1000
"""Milliseconds between two looks."""


class RunsWatch(QObject):
    """What is known of all runs.

    Signals:
        changed: the runs were looked at, and ``runs`` says how they are.
        failed: a sentence for the user.

    Attributes:
        runs: as of the last look, by path; None before the first.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.runs: dict[Path, RunSummary] | None = None
        self.all = AllRuns()
        self._looking = Background("runs")
        self._looking.ready.connect(self._use)
        self._looking.failed.connect(self.failed)
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)

    def set_watched(self, watched: bool) -> None:
        """Look again and again as long as somebody sees the runs."""
        if watched:
            self.look()
            self._timer.start()
        else:
            self._timer.stop()

    def look(self) -> None:
        """Look now, after a look that is under way."""
        self._looking.ask(lambda progress: self.all.look())

    def do(self, work: Callable[[], Any]) -> Background:
        """Do something to a run on a thread, and look again when it is done."""
        doing = Background("run")
        doing.ready.connect(lambda _: self.look())
        doing.failed.connect(self.failed)
        doing.ask(lambda _: work())
        return doing

    def shut_down(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._looking.forget()

    def _use(self, found: list[RunSummary]) -> None:
        self.runs = {summary.path: summary for summary in found}
        self.changed.emit()
