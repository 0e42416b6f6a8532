"""The Training workspace: the runs on the left, the chosen one on the right."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
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
from quakeview.app.training.wizard.start_page import StartPage
from quakeview.app.training.wizard.wizard import TrainingWizard
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.running import JobRunner
from quakeview.atomic import make_folder
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from quakeview.paths import user_runs_dir
from quakeview.training.planning.sample import sample_plan
from quakeview.training.runs import starting, waiting
from quakeview.training.runs.run_folder import RunFolder
from quakeview.training.runs.summary import RunSummary
from quakeview.training.runs.using import Used, use_model

_EMPTY = (
    "No model has been trained here yet.\n\nA run teaches a model from labelled records or simulated wavefields. It is "
    "a process of its own: it goes on when this window is closed, and is found again when it is opened."
)


_OF_A_RUN = (
    "training.start",
    "training.pause",
    "training.stop",
    "training.earlier",
    "training.use",
    "training.evaluate",
    "training.change",
    "training.delete",
)


class TrainingWorkspace(QWidget):
    """Shows the runs, and tells them what the person wants of them.

    Signals:
        evaluateRequested: the folder of a run whose model is to be evaluated.
    """

    evaluateRequested = Signal(object)

    def __init__(
        self, runner: JobRunner, registry: ActionRegistry, preferences: Preferences, models: ModelList
    ) -> None:
        super().__init__()
        self._runner, self._registry, self._preferences, self._models = runner, registry, preferences, models
        self.notice = Notice()
        self.watch = RunsWatch(self)
        self._busy: set[Path] = set()  # runs to which something is being done
        self.list = RunList()
        self.page = RunPage([registry[action_id] for action_id in _OF_A_RUN])
        self.pages = QStackedWidget()
        self.front = QStackedLayout(self)
        self.wizard: TrainingWizard | None = None
        self._with_models: set[Path] = set()
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
        said.setFixedWidth(560)
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
            ("training.start", lambda: self._do(starting.resume), lambda run: not _lives(run)),
            ("training.pause", lambda: self._do(starting.pause), _lives),
            ("training.stop", lambda: self._do(starting.stop), _lives),
            ("training.change", self.change_run, lambda run: True),
            ("training.earlier", lambda: self._do(_earlier), lambda run: run.place > 1),
            ("training.use", self._use_model, _can_be_used),
            ("training.delete", self._ask_to_delete, _at_rest),
            ("training.evaluate", self._evaluate, _can_be_used),
        ):
            self._registry.bind(action_id, do, partial(self._can, can))

    def _can(self, can: Callable[[RunSummary], bool | str]) -> bool | str:
        run = self.chosen
        if run is None:
            return "Choose a run first."
        if run.status is None and can is not _at_rest:
            return run.message
        return "It is being done already." if run.path in self._busy else can(run)

    # --- what is shown -----------------------------------------------------------------------------------------

    @property
    def chosen_runs(self) -> list[RunSummary]:
        """The runs that are looked at; actions are about the first."""
        runs = self.watch.runs or {}
        return [runs[path] for path in self.list.chosen_paths if path in runs]

    @property
    def chosen(self) -> RunSummary | None:
        """The run that actions are about."""
        return next(iter(self.chosen_runs), None)

    def choose(self, path: Path) -> None:
        """Show the run of this folder, without links in its path, as soon as it is known."""
        self.list.wanted = path
        self.watch.look()

    def _show(self) -> None:
        runs = list((self.watch.runs or {}).values())
        self.list.show_runs(runs)
        self.pages.setCurrentIndex(1 if runs else 0)
        self._show_chosen()
        self._look_for_models({run.path for run in runs if run.has_model})

    def _look_for_models(self, made: set[Path]) -> None:
        """A run has made its model, which may be among the user's: let all workspaces know it."""
        if made - self._with_models:
            self._models.refresh()
        self._with_models = made

    def _show_chosen(self) -> None:
        self.page.show_runs(self.chosen_runs)
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
        self.page.shut_down()
        self.watch.shut_down()
        if self.wizard is not None:
            self.wizard.shut_down()

    # --- what can be done --------------------------------------------------------------------------------------

    def new_run(self) -> None:
        """Plan a run in the wizard, which goes on where it was left."""
        self.front.setCurrentWidget(self._the_wizard())

    def plan_sample(self) -> None:
        """Plan the run of the sample records in the wizard, ready to be started."""
        self.new_run()
        self._the_wizard().start(sample_plan(), at=StartPage)

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

    def _use_model(self) -> None:
        """Add the model of the run to the user's models, and use it."""
        assert self.chosen is not None
        run = self.watch.all.run(self.chosen.path)
        job = self._runner.start(
            Job(f"Adding the model of {self.chosen.name}", lambda progress: use_model(run, progress))
        )
        job.finished.connect(self._say_used)

    def _say_used(self, used: Used) -> None:
        self._models.refresh()
        if used.problem:
            self.notice.say(f"The model is among the models as {used.card.name}. {used.problem}")
        else:
            self.notice.confirm(f"{used.card.name} is among the models, and used for its task from now on.")

    def _ask_to_delete(self) -> None:
        run = self.chosen
        assert run is not None
        question = (
            f"Delete what {run.name} wrote to {run.path}? Its model goes too, unless it is among your models. "
            "This cannot be undone."
        )
        if QMessageBox.question(self, "Delete run", question) == QMessageBox.StandardButton.Yes:
            self._do(starting.delete)

    def _then_choose(self, work: Callable[[], RunFolder]) -> None:
        """Make a run on a thread, and show it."""
        self.watch.do(work).ready.connect(lambda run: self.choose(run.path))

    def _evaluate(self) -> None:
        assert self.chosen is not None
        self.evaluateRequested.emit(self.chosen.path)

    def _do(self, work: Callable[[RunFolder], Any]) -> None:
        """Do something to the chosen run, on a thread."""
        assert self.chosen is not None
        run = self.watch.all.run(self.chosen.path)
        self._busy.add(run.path)
        doing = self.watch.do(lambda: work(run))
        for ended in (doing.ready, doing.failed):
            ended.connect(lambda _: self._busy.discard(run.path))
        self._registry.refresh()

    def ask_for_run(self) -> None:
        """Ask for a run file to start, or the run file in a folder that is to be listed."""
        name, _ = QFileDialog.getOpenFileName(self, "Open run", str(user_runs_dir()), "Run files (*.toml)")
        if name:
            self.open_run(Path(name))

    def open_run(self, run_toml: Path) -> None:
        """List the run that a run file describes, or in whose folder it lies; it is not started."""
        self._then_choose(lambda: starting.add(run_toml))

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


def _at_rest(run: RunSummary) -> bool:
    """Also of a run that cannot be read: it can be taken out of the list."""
    return not _lives(run)


def _can_be_used(run: RunSummary) -> bool | str:
    return run.has_model or "It has not made a model yet."


def _earlier(run: RunFolder) -> None:
    """Let a waiting run train before the one that is before it."""
    line = waiting.waiting()
    if run.path in line:
        waiting.move(run.path, max(line.index(run.path) - 1, 0))
