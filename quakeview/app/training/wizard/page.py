"""What a step of the training wizard is."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from quakeview.app.shell.preferences import Preferences
from quakeview.app.texts import captioned
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.running import JobRunner
from quakeview.training.planning.plan import TrainingPlan

_WIDEST = 860
"""Pixels: lines that are longer are hard to read."""


@dataclass(frozen=True)
class WizardContext:
    """What pages may need of the window.

    Attributes:
        models: that can be started from.
        runner: of jobs in the background.
    """

    models: ModelList
    runner: JobRunner
    preferences: Preferences


class WizardPage(QWidget):
    """One step. It shows a plan, changes its own part of it, and says why one cannot go on.

    Attributes:
        title: in the list of steps.
        question: what the person is asked, above the page.

    Signals:
        changed: something else is chosen, or ``problem`` may have another answer.
    """

    title = ""
    question = ""

    changed = Signal()

    def show_plan(self, plan: TrainingPlan) -> None:
        """Show what is planned; called whenever the page comes to the front, and emits nothing."""
        raise NotImplementedError

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        """Return the plan with what is chosen on this page."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why one cannot go on, in a sentence that says what to do; empty if one can."""
        return ""

    def is_for(self, plan: TrainingPlan) -> bool:
        """Whether this step is asked for such a plan."""
        return True

    def leave(self) -> None:
        """Another page comes to the front: end what is computed for this one only."""

    def shut_down(self) -> None:
        """The wizard is put away: let go of files and threads."""


class ScrolledPage(WizardPage):
    """A page of one column, as wide as can be read, that is scrolled if it is higher than the window.

    Attributes:
        column: where widgets are added.
    """

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(24, 4, 24, 20)
        self.column.setSpacing(10)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAlignment(Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def add_text(self, text: str = "", role: str = "caption") -> QLabel:
        """Add a text that is as wide as the column."""
        label = captioned(text, role)
        label.setWordWrap(True)
        self.column.addWidget(label)
        return label
