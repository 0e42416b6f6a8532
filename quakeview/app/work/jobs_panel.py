"""The job panel, and the line about the current job in the status bar."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.drawing import theme
from quakeview.app.texts import captioned, literal
from quakeview.app.work.running import JobRunner, RunningJob, State
from quakeview.texts import duration

_STEPS = 1000
_REFRESH_EVERY = 150
"""Milliseconds between two pictures of the current job."""
_WIDEST_NAME = 320
"""Pixels of the status bar for what the current job is called."""


def progress_bar(job: RunningJob | None, bar: QProgressBar) -> None:
    """Show how far ``job`` is in ``bar``; a moving bar while that is unknown."""
    if job is not None and job.total > 0:
        bar.setRange(0, _STEPS)
        bar.setValue(round(_STEPS * min(job.done / job.total, 1)))
    else:
        bar.setRange(0, 0 if job is not None and job.active else 1)


def describe(job: RunningJob) -> str:
    """One line: what it is doing, and how long it will take."""
    match job.state:
        case State.WAITING:
            return "Waiting"
        case State.FINISHED:
            return "Finished"
        case State.CANCELLED:
            return "Cancelled; what was finished is kept"
        case State.FAILED:
            return job.error
    left = job.seconds_left
    return " · ".join(part for part in (job.message, f"{duration(left)} left" if left is not None else "") if part)


class JobRow(QFrame):
    """One job: name, bar, time left, Cancel; then its log or its error."""

    def __init__(self, job: RunningJob) -> None:
        super().__init__()
        self.job = job
        self.setProperty("role", "notice")
        self.title = captioned(job.name, "")
        self.line = captioned("", "caption")
        self.line.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(f"Progress of {job.name}")
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName(f"Cancel {job.name}")
        self.cancel.clicked.connect(job.cancel)
        self.more = QPushButton("Details")
        self.more.setAccessibleName(f"Details of {job.name}")
        self.more.setCheckable(True)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(f"Log of {job.name}")
        self.text.setFixedHeight(120)
        self.copy = QPushButton("Copy")
        self.copy.setAccessibleName(f"Copy the details of {job.name}")
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text.toPlainText()))
        self.more.toggled.connect(self._refresh)
        self._arrange()
        job.advanced.connect(self._refresh)
        job.logged.connect(self._refresh)
        self._refresh()

    def _arrange(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self.title)
        first.addStretch()
        for button in (self.copy, self.more, self.cancel):
            first.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(first)
        layout.addWidget(self.bar)
        layout.addWidget(self.line)
        layout.addWidget(self.text)

    def _refresh(self) -> None:
        job = self.job
        text = "\n".join([*job.lines, job.details]).strip()
        self.line.setText(describe(job))
        if job.state is State.FAILED and self.line.property("role") != "error":
            self.line.setProperty("role", "error")
            self.line.style().polish(self.line)
        self.bar.setVisible(job.active)
        progress_bar(job, self.bar)
        self.cancel.setVisible(job.active)
        self.cancel.setEnabled(not job.progress.cancelled)
        self.more.setVisible(bool(text))
        opened = bool(text) and self.more.isChecked()
        self.text.setVisible(opened)
        self.copy.setVisible(opened)
        if opened and text != self.text.toPlainText():
            self.text.setPlainText(text)


class JobsPanel(QScrollArea):
    """All jobs of this session, the newest on top."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self.rows: list[JobRow] = []
        self._runner = runner
        self._empty = captioned("Nothing is running. Opening files, picking and simulations appear here.", "caption")
        self._empty.setContentsMargins(12, 12, 12, 12)
        inside = QWidget()
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._empty)
        self._layout.addStretch()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Jobs")
        runner.started.connect(self._add)

    def sizeHint(self) -> QSize:
        return QSize(360, 180)

    def _add(self, job: RunningJob) -> None:
        self._empty.hide()
        row = JobRow(job)
        self.rows.insert(0, row)
        self._layout.insertWidget(0, row)
        for old in [row for row in self.rows if row.job not in self._runner.jobs]:
            self.rows.remove(old)
            old.deleteLater()


class CurrentJob(QWidget):
    """In the status bar: the job that runs now, with bar and cancel; a click opens the panel."""

    clicked = Signal()

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_EVERY)
        self._timer.timeout.connect(self.refresh)
        self.text = QToolButton()
        self.text.setAccessibleName("Current job")
        self.text.clicked.connect(self.clicked)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(160)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the current job")
        self.left = QLabel()
        self.cancel = QToolButton()
        self.cancel.setAccessibleName("Cancel the current job")
        self.cancel.setToolTip("Cancel the current job")
        self.cancel.clicked.connect(self._cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        for widget in (self.text, self.bar, self.left, self.cancel):
            layout.addWidget(widget)
        runner.started.connect(self._watch)
        self.refresh()

    def refresh(self) -> None:
        """Show the oldest job under way, or nothing."""
        active = self._runner.active
        self.setVisible(bool(active))
        if not active:
            return
        job = active[0]
        others = f" (+{len(active) - 1})" if len(active) > 1 else ""
        message = f": {job.message}" if job.message else ""
        said = f"{job.name}{message}"
        shown = self.fontMetrics().elidedText(said, Qt.TextElideMode.ElideMiddle, _WIDEST_NAME)
        self.text.setText(literal(shown) + others)
        self.text.setToolTip(f"{said}\nShow all jobs")
        left = job.seconds_left
        self.left.setText(f"{duration(left)} left" if left is not None else "")
        self.cancel.setIcon(theme.icon("close"))
        self.cancel.setEnabled(not job.progress.cancelled)
        progress_bar(job, self.bar)

    def _watch(self, job: RunningJob) -> None:
        job.advanced.connect(self._refresh_soon)
        job.ended.connect(self.refresh)
        self.refresh()

    def _refresh_soon(self) -> None:
        """A progress bar repaints at once, and all of the window that waits to be painted with it."""
        if not self._timer.isActive():
            self._timer.start()

    def _cancel(self) -> None:
        for job in self._runner.active[:1]:
            job.cancel()
