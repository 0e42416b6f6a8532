"""The wizard: steps on the left, the page of one of them on the right, Back and Next below."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.shell.notice import Notice
from quakeview.app.texts import captioned
from quakeview.app.training.wizard.page import WizardPage
from quakeview.app.work.background import Background
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.runs.run_folder import RunFolder

_STEPS_WIDTH = 190
_STEP = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class TrainingWizard(QWidget):
    """Keeps the plan, and asks one page after the other for its part of it.

    Attributes:
        the_plan: as far as it is made.

    Signals:
        closed: the person goes back to the runs; the plan stays.
        started: the folder of a run that was started from the plan.
    """

    closed = Signal()
    started = Signal(object)

    def __init__(self, pages: Sequence[WizardPage]) -> None:
        super().__init__()
        self.the_plan = TrainingPlan()
        self.pages = tuple(pages)
        self.notice = Notice()
        self.steps = QListWidget()
        self.question = captioned("", "heading")
        self.stack = QStackedWidget()
        self.said = captioned("", "warning")
        self.back, self.next = QPushButton("Back"), QPushButton("Next")
        self.open_button, self.close_button = QPushButton("Open Run File…"), QPushButton("Close")
        self._reading = Background("Reading a run file")
        self._arrange()
        self._connect()
        self.start()

    @property
    def steps_now(self) -> list[WizardPage]:
        """The pages that are for the plan as it is."""
        return [page for page in self.pages if page.is_for(self.the_plan)]

    @property
    def page(self) -> WizardPage:
        """The page in front."""
        return self.pages[self.stack.currentIndex()]

    def start(self, plan: TrainingPlan | None = None, at: type[WizardPage] | None = None) -> None:
        """Begin with a plan; a new one if it is None. ``at``: the step to begin with, the first if None."""
        self.page.leave()
        self.the_plan = plan or TrainingPlan()
        there = [page for page in self.steps_now if at is not None and isinstance(page, at)]
        self._show(there[0] if there else self.steps_now[0])

    def go_to(self, page: WizardPage) -> None:
        """Leave the page in front, with what was chosen on it, for another one."""
        self.the_plan = self.page.plan(self.the_plan)
        self.page.leave()
        self._show(page)

    def open_run_file(self, path: Path) -> None:
        """Begin with the plan of a run file."""
        self._reading.ask(lambda _: TrainingPlan.from_run_toml(path))

    def open_run(self, run: RunFolder) -> None:
        """Begin with the plan of a run, under a name that is still to be chosen."""
        self._reading.ask(lambda _: replace(TrainingPlan.from_run_toml(run.run_file), name=""))

    def shut_down(self) -> None:
        """End what the pages compute."""
        self._reading.forget()
        for page in self.pages:
            page.shut_down()

    # --- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.steps.setAccessibleName("Steps")
        self.steps.setFixedWidth(_STEPS_WIDTH)
        self.steps.setSpacing(2)
        self.question.setContentsMargins(24, 16, 24, 8)
        self.said.setWordWrap(True)
        self.open_button.setToolTip("Begin with a run file that was saved or sent by a colleague")
        self.close_button.setToolTip("Go back to the runs; what was chosen here is kept until the window closes")
        self.next.setDefault(True)
        for page in self.pages:
            self.stack.addWidget(page)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 10, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.question)
        right.addWidget(self.stack, 1)
        right.addLayout(foot)
        left = QVBoxLayout()
        left.setContentsMargins(12, 14, 12, 12)
        left.setSpacing(8)
        left.addWidget(captioned("Train a model", "heading"))
        left.addWidget(self.steps, 1)
        left.addWidget(self.open_button)
        left.addWidget(self.close_button)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addLayout(left)
        both.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(both, 1)

    def _connect(self) -> None:
        for page in self.pages:
            page.changed.connect(lambda page=page: self._take(page))
        self.steps.itemClicked.connect(self._go_to_item)
        self.steps.itemActivated.connect(self._go_to_item)
        self.back.clicked.connect(lambda: self._go_by(-1))
        self.next.clicked.connect(lambda: self._go_by(1))
        self.open_button.clicked.connect(self._ask_for_run_file)
        self.close_button.clicked.connect(self.closed)
        self._reading.ready.connect(self.start)
        self._reading.failed.connect(self.notice.say)

    # --- what is shown -----------------------------------------------------------------------------------------

    def _show(self, page: WizardPage) -> None:
        page.show_plan(self.the_plan)
        self.stack.setCurrentWidget(page)
        self.question.setText(page.question)
        self._refresh()

    def _take(self, page: WizardPage) -> None:
        """Something is chosen on a page."""
        if page is self.page:
            self.the_plan = page.plan(self.the_plan)
            self._refresh()

    def _refresh(self) -> None:
        """Show the steps as they are for the plan, and whether one can go on."""
        pages, problem = self.steps_now, self.page.problem()
        at = pages.index(self.page)
        while self.steps.count() > len(pages):
            self.steps.takeItem(self.steps.count() - 1)
        while self.steps.count() < len(pages):
            self.steps.addItem(QListWidgetItem())
        for number, page in enumerate(pages):
            item = self.steps.item(number)
            item.setText(f"{number + 1}  {page.title}")
            item.setSizeHint(QSize(_STEPS_WIDTH - 20, 34))
            item.setFlags(_STEP if number <= at or not problem else Qt.ItemFlag.NoItemFlags)
        self.steps.setCurrentRow(at)
        self.said.setText(problem)
        self.back.setEnabled(at > 0)
        self.next.setVisible(at < len(pages) - 1)
        self.next.setEnabled(not problem)

    # --- going on ----------------------------------------------------------------------------------------------

    def _go_by(self, steps: int) -> None:
        pages = self.steps_now
        self.go_to(pages[pages.index(self.page) + steps])

    def _go_to_item(self, item: QListWidgetItem) -> None:
        """Go to a step; forward only as far as no page before it has a problem."""
        pages, wanted = self.steps_now, self.steps.row(item)
        while pages.index(self.page) < wanted and not self.page.problem():
            self._go_by(1)
        if pages.index(self.page) > wanted:
            self.go_to(pages[wanted])

    def _ask_for_run_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open run file", "", "Run files (*.toml)")
        if name:
            self.open_run_file(Path(name))
