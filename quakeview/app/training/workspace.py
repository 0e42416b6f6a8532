"""The Training workspace: the runs on the left, the chosen one on the right."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.notice import Notice
from quakeview.app.shell.preferences import Preferences
from quakeview.app.texts import captioned
from quakeview.app.training.run_list import RunList
from quakeview.app.training.run_page import RunPage
from quakeview.app.training.watching import RunsWatch
from quakeview.app.training.wizard.page import WizardContext
from quakeview.app.training.wizard.pages import make_wizard
from quakeview.app.training.wizard.wizard import TrainingWizard
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.running import JobRunner
from quakeview.atomic import make_folder
from quakeview.errors import QuakeViewError
from quakeview.paths import user_runs_dir
from quakeview.training.runs import starting
from quakeview.training.runs.run_folder import RunFolder
from quakeview.training.runs.summary import RunSummary

_EMPTY = (
    "No model has been trained here yet.\n\nA run teaches a model from labelled records or simulated wavefields. It is "
    "a process of its own: it goes on when this window is closed, and is found again when it is opened."
)


class TrainingWorkspace(QWidget):
    """Shows the runs, and tells them what the person wants of them."""

    def __init__(
        self, runner: JobRunner, registry: ActionRegistry, preferences: Preferences, models: ModelList
    ) -> None:
        super().__init__()
        self._runner, self._registry, self._preferences, self._models = runner, registry, preferences, models
        self.notice = Notice()
        self.watch = RunsWatch(self)
        self.list = RunList()
        self.page = RunPage(self.watch)
        self.pages = QStackedWidget()
        self.front = QStackedLayout(self)
        self.wizard: TrainingWizard | None = None
        self.empty = self._empty_page()
        self._arrange()
        self._bind()
        self.watch.changed.connect(self._show)
        self.watch.failed.connect(self.notice.say)
        self.list.chosen.connect(self._show_chosen)

    # --- layout ------------------------------------------------------------------------------------------------

    def _empty_page(self) -> QWidget:
        page = QWidget()
        said = captioned(_EMPTY, "caption")
        said.setWordWrap(True)
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        said.setMaximumWidth(560)
        layout = QVBoxLayout(page)
        layout.addStretch()
        layout.addWidget(said, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(12)
        layout.addWidget(self._button("training.new"), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        return page

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 12, 12, 12)
        bar.setSpacing(8)
        bar.addWidget(captioned("Training", "heading"))
        bar.addStretch()
        for action_id in ("training.new", "training.open", "training.folder"):
            bar.addWidget(self._button(action_id))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.list)
        split.addWidget(self.page)
        split.setSizes([280, 800])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        for page in (self.empty, split):
            self.pages.addWidget(page)
        runs = QWidget()
        layout = QVBoxLayout(runs)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(bar)
        layout.addWidget(self.pages, 1)
        self.front.addWidget(runs)

    def _button(self, action_id: str) -> QPushButton:
        action = self._registry[action_id]
        button = QPushButton(action.text())
        button.setToolTip(action.toolTip())
        button.clicked.connect(action.trigger)
        return button

    def _bind(self) -> None:
        for action_id, do, can in (
            ("training.start", self._start, lambda run: not _lives(run)),
            ("training.pause", lambda: self._do(starting.pause), _lives),
            ("training.stop", lambda: self._do(starting.stop), _lives),
            ("training.change", self.change_run, lambda run: True),
        ):
            self._registry.bind(action_id, do, partial(self._can, can))

    def _can(self, can: Callable[[RunSummary], bool]) -> bool | str:
        run = self.chosen
        if run is None or run.status is None:
            return "Choose a run first."
        return can(run)

    # --- what is shown -----------------------------------------------------------------------------------------

    @property
    def chosen(self) -> RunSummary | None:
        """The run that is looked at."""
        path = self.list.chosen_path
        return self.watch.runs.get(path) if self.watch.runs and path else None

    def choose(self, path: Path) -> None:
        """Show a run as soon as it is known."""
        self.list.wanted = path.resolve()
        self.watch.look()

    def _show(self) -> None:
        runs = list((self.watch.runs or {}).values())
        self.list.show_runs(runs)
        self.pages.setCurrentIndex(1 if runs else 0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        self.page.show_run(self.chosen)
        self._registry.refresh()

    def set_colors(self) -> None:
        """Follow the theme."""
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.watch.set_watched(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watch.set_watched(False)

    def shut_down(self) -> None:
        """Look no more; the runs go on."""
        self.watch.shut_down()
        if self.wizard is not None:
            self.wizard.shut_down()

    # --- what can be done --------------------------------------------------------------------------------------

    def new_run(self) -> None:
        """Plan a run in the wizard, which goes on where it was left."""
        self.front.setCurrentWidget(self._the_wizard())

    def change_run(self) -> None:
        """Plan a run like the chosen one in the wizard."""
        assert self.chosen is not None
        run = self.watch.all.run(self.chosen.path)
        self.new_run()
        self._the_wizard().open_run(run)

    def _the_wizard(self) -> TrainingWizard:
        if self.wizard is None:
            self.wizard = make_wizard(WizardContext(self._models, self._runner, self._preferences))
            self.wizard.closed.connect(lambda: self.front.setCurrentIndex(0))
            self.wizard.started.connect(self._show_started)
            self.front.addWidget(self.wizard)
        return self.wizard

    def _show_started(self, run: RunFolder) -> None:
        """The wizard has started a run: watch it, and let the next plan begin anew."""
        self.front.setCurrentIndex(0)
        self.choose(run.path)
        self._the_wizard().start()

    def _start(self) -> None:
        self._do(starting.resume)

    def _do(self, work: Callable[[RunFolder], Any]) -> None:
        """Do something to the chosen run, on a thread."""
        assert self.chosen is not None
        run = self.watch.all.run(self.chosen.path)
        self.watch.do(lambda: work(run))

    def ask_for_run(self) -> None:
        """Ask for a run file to start, or the run file in a folder that is to be listed."""
        name, _ = QFileDialog.getOpenFileName(self, "Open run", str(user_runs_dir()), "Run files (*.toml)")
        if name:
            self.open_run(Path(name))

    def open_run(self, run_toml: Path) -> None:
        """List the run that a run file describes; it is not started."""
        self.watch.do(lambda: starting.prepare(run_toml)).ready.connect(lambda made: self.choose(made[0].path))

    def open_folder(self) -> None:
        """Show where runs are kept."""
        try:
            folder = make_folder(user_runs_dir())
        except QuakeViewError as error:
            self.notice.say(str(error))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _lives(run: RunSummary) -> bool:
    return run.status is not None and run.status.lives
