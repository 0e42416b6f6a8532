"""What is known of the chosen run, and of others beside it: curves, comparison, run file, log."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QSizePolicy,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.texts import captioned
from quakeview.app.training.compare_table import CompareTable
from quakeview.app.training.curves_panel import CurvesPanel
from quakeview.app.training.examples_panel import ExamplesPanel
from quakeview.app.widgets.elided import ElidedLabel
from quakeview.app.work.background import Background
from quakeview.training.runs.reading import RunsRead, RunsReader
from quakeview.training.runs.run_state import Status
from quakeview.training.runs.summary import RunSummary
from quakeview.training.runs.words import facts_text, status_text

_NARROWEST = 120
_WHOLE = 1000
"""Steps of the progress bar."""


class RunPage(QWidget):
    """The head says how the chosen run is; the tabs are read on a thread, again whenever it has changed.

    Args:
        actions: what can be done with the run.
    """

    def __init__(self, actions: Sequence[QAction]) -> None:
        super().__init__()
        self._shown: list[RunSummary] = []
        self._reader = RunsReader()
        self._reading = Background("Reading a training run")
        self._reading.ready.connect(self._use)
        self._disk: dict[Path, int] = {}
        self.title, self.status = captioned("", "heading"), captioned("", "value")
        self.message = captioned("", "caption")
        self._reading.failed.connect(self.message.setText)
        self.facts = ElidedLabel("Facts about the run", _NARROWEST)
        self.bar = QProgressBar()
        self.curves, self.examples, self.compare = CurvesPanel(), ExamplesPanel(), CompareTable()
        self.run_file, self.log = _text("Run file"), _text("Log")
        self.tabs = QTabWidget()
        self._arrange(actions)

    def _arrange(self, actions: Sequence[QAction]) -> None:
        self.message.setWordWrap(True)
        self.facts.setProperty("role", "caption")
        self.bar.setRange(0, _WHOLE)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Part of the run that is done")
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            action.enabledChanged.connect(button.setVisible)
            buttons.addWidget(button)
            button.setVisible(action.isEnabled())
        buttons.addStretch()
        head = QVBoxLayout()
        head.setContentsMargins(16, 10, 16, 6)
        head.setSpacing(4)
        first = QHBoxLayout()
        first.setSpacing(12)
        for label in (self.title, self.status, self.message):
            label.setTextFormat(Qt.TextFormat.PlainText)
        first.addWidget(self.title)
        first.addWidget(self.status)
        first.addStretch()
        head.addLayout(first)
        for widget in (self.bar, self.message, self.facts):
            head.addWidget(widget)
        head.addLayout(buttons)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.curves, "Curves")
        self.tabs.addTab(self.examples, "Examples")
        self.tabs.addTab(self.compare, "Scores and Settings")
        self.tabs.addTab(self.run_file, "Run File")
        self.tabs.addTab(self.log, "Log")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.tabs, 1)

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Show runs as they are now, the first in the head; none empties the page."""
        others = [run.path for run in runs] != [run.path for run in self._shown]
        changed = others or list(runs) != self._shown
        self._shown = list(runs)
        self._show_head()
        if others:
            self._reading.forget()
        if changed and runs:
            paths = [run.path for run in runs]
            self._reading.ask(lambda _: self._reader.read(paths))

    def _show_head(self) -> None:
        if not self._shown:
            return
        run = self._shown[0]
        self.title.setText(run.name)
        self.status.setText(status_text(run))
        self.message.setText(run.message or (run.doing if not run.doing.startswith("step ") else ""))
        self.message.setVisible(bool(self.message.text()))
        self.facts.setText(facts_text(run, self._disk.get(run.path)))
        self.bar.setVisible(run.status is Status.RUNNING)
        self.bar.setValue(round(_WHOLE * run.spent))

    def _use(self, read: RunsRead) -> None:
        """Show what was read, unless other runs are looked at by now."""
        if read.paths != tuple(run.path for run in self._shown):
            return
        self._disk[read.paths[0]] = read.disk
        self._show_head()
        self.curves.show_runs(read.curves)
        self.examples.show_files(read.examples)
        self.compare.show_runs(read.names, read.compared)
        _set_text(self.run_file, read.run_file)
        _set_text(self.log, read.log or "Nothing has been said yet.")

    def shut_down(self) -> None:
        """Read no more."""
        self._reading.forget()
        self.examples.shut_down()


def _text(name: str) -> QPlainTextEdit:
    """A text to read and to copy from."""
    text = QPlainTextEdit(readOnly=True)
    text.setAccessibleName(name)
    text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    text.setTabChangesFocus(True)
    return text


def _set_text(field: QPlainTextEdit, text: str) -> None:
    """Show a text; one that has grown is shown at its end if that was seen."""
    if field.toPlainText() == text:
        return
    bar = field.verticalScrollBar()
    at_end = bar.value() == bar.maximum()
    field.setPlainText(text)
    bar.setValue(bar.maximum() if at_end else 0)
