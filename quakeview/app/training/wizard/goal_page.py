"""The first step: what the model is to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout

from quakeview.app.texts import captioned
from quakeview.app.training.wizard.page import ScrolledPage
from quakeview.training.planning.goals import GOALS, Goal
from quakeview.training.planning.plan import TrainingPlan


class GoalPage(ScrolledPage):
    """A radio button for each goal, with a sentence of what it does and what it needs."""

    title = "Goal"
    question = "What shall the model do?"

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        self._add_goals("Records of single stations", [goal for goal in GOALS if goal.is_of_records])
        self._add_goals("Wavefields", [goal for goal in GOALS if goal.is_wavefield])
        self._add_goals("Seismicity", [goal for goal in GOALS if goal.is_seismicity])
        self.column.addStretch()
        self._group.buttonClicked.connect(lambda _: self.changed.emit())

    def show_plan(self, plan: TrainingPlan) -> None:
        self.buttons[plan.goal].setChecked(True)

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        return before.with_goal(next(name for name, button in self.buttons.items() if button.isChecked()))

    def _add_goals(self, title: str, goals: list[Goal]) -> None:
        self.add_text(title, "heading")
        for goal in goals:
            button = QRadioButton(goal.title)
            text = captioned(f"{goal.text} Learns from {goal.labels}.", "caption")
            text.setWordWrap(True)
            text.setContentsMargins(24, 0, 0, 0)
            button.setAccessibleDescription(text.text())
            self._group.addButton(button)
            self.buttons[goal.id] = button
            both = QVBoxLayout()
            both.setSpacing(2)
            both.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            both.addWidget(text)
            self.column.addLayout(both)
