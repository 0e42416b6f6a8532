"""The step that tries the plan for some seconds and says what the whole run will cost."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy

from quakeview.app.texts import captioned
from quakeview.app.training.wizard.page import ScrolledPage, WizardContext
from quakeview.app.widgets.sections import Section
from quakeview.app.work.running import RunningJob
from quakeview.jobs import Job, Progress
from quakeview.paths import user_runs_dir
from quakeview.training.planning.estimate import SECONDS, Estimate, estimate
from quakeview.training.planning.plan import TrainingPlan

_WHAT = (
    f"A trial runs the real training for about {SECONDS:.0f} seconds and keeps nothing of it. It says how long the run "
    "takes on this computer, and finds what is wrong before hours are spent. It can be left out."
)
_ANOTHER = "The plan has changed since this trial; try again."


class EstimatePage(ScrolledPage):
    """A button, a bar that can be cancelled, and the figures with what they mean."""

    title = "Estimate"
    question = "What will it cost?"

    def __init__(self, context: WizardContext) -> None:
        super().__init__()
        self._runner = context.runner
        self._job: RunningJob | None = None
        self._plan = TrainingPlan()
        self._tried: TrainingPlan | None = None
        self.add_text(_WHAT)
        self.try_button, self.cancel = QPushButton("Try for 20 Seconds"), QPushButton("Cancel")
        self.bar, self.doing = QProgressBar(), captioned("", "caption")
        self.figures = Section("The whole run")
        self.old = captioned(_ANOTHER, "warning")
        self.failure = captioned("", "error")
        self._cautions: list[QLabel] = []
        self._arrange()
        self.try_button.clicked.connect(self.begin)
        self.cancel.clicked.connect(self.leave)
        self._show_busy(False)

    # --- the plan ----------------------------------------------------------------------------------------------

    def show_plan(self, plan: TrainingPlan) -> None:
        self._plan = plan
        self.old.setVisible(self._tried is not None and self._tried != plan)

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        return before

    def leave(self) -> None:
        """A trial whose figures nobody waits for ends."""
        if self._job is not None:
            self._job.cancel()

    shut_down = leave

    # --- the trial ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Try the plan."""
        plan, folder = self._plan, user_runs_dir()
        self._clear()
        self._show_busy(True)

        def work(progress: Progress) -> Estimate:
            return estimate(plan, folder, progress=progress)

        job = self._job = self._runner.start(Job("Trying a training run", work))
        job.advanced.connect(lambda: self._follow(job))
        job.finished.connect(lambda found: self._show(plan, found))
        job.failed.connect(lambda sentence, _: self.failure.setText(sentence))
        job.ended.connect(lambda: self._end(job))

    def _follow(self, job: RunningJob) -> None:
        if job is self._job:
            self.bar.setValue(round(100 * job.done / job.total) if job.total else 0)
            self.doing.setText(job.message)

    def _show(self, plan: TrainingPlan, found: Estimate) -> None:
        self._tried = plan
        self.figures.show_rows(found.rows())
        self.figures.show()
        for sentence in found.cautions():
            label = captioned(sentence, "warning")
            label.setWordWrap(True)
            self._cautions.append(label)
            self.column.insertWidget(self.column.count() - 1, label)
        self.show_plan(self._plan)

    def _end(self, job: RunningJob) -> None:
        if job is self._job:
            self._job = None
            self._show_busy(False)

    # --- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        row = QHBoxLayout()
        self.try_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.try_button)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        row.addStretch()
        self.bar.setAccessibleName("Trial")
        self.bar.setTextVisible(False)
        self.column.addLayout(row)
        for widget in (self.doing, self.failure, self.old, self.figures):
            if isinstance(widget, QLabel):
                widget.setWordWrap(True)
            self.column.addWidget(widget)
        self.figures.layout_.setContentsMargins(0, 8, 0, 0)
        self.figures.big.hide()
        self.figures.hide()
        self.old.hide()
        self.column.addStretch()
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _clear(self) -> None:
        self.failure.setText("")
        self.figures.hide()
        self._tried = None
        self.old.hide()
        for label in self._cautions:
            self.column.removeWidget(label)
            label.deleteLater()
        self._cautions = []

    def _show_busy(self, busy: bool) -> None:
        self.try_button.setEnabled(not busy)
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        self.doing.setVisible(busy)
        self.bar.setValue(0)
