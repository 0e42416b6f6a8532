"""The frame of the wizard: steps, back and next, and what cannot be gone on with."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from quakeview.app.training.wizard.goal_page import GoalPage
from quakeview.app.training.wizard.page import WizardPage
from quakeview.app.training.wizard.wizard import TrainingWizard
from quakeview.training.planning.plan import TrainingPlan
from tests.training.planning.test_plan import plan_for


class NamePage(WizardPage):
    title = "Name"
    question = "What is it called?"

    def __init__(self, wavefields: bool = True) -> None:
        super().__init__()
        self.line = QLineEdit(self)
        self.line.textEdited.connect(lambda _: self.changed.emit())
        self.wavefields = wavefields

    def show_plan(self, plan: TrainingPlan) -> None:
        self.line.setText(plan.name)

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        return replace(before, name=self.line.text())

    def problem(self) -> str:
        return "" if self.line.text() else "Give it a name."

    def is_for(self, plan: TrainingPlan) -> bool:
        return self.wavefields or not plan.the_goal.is_wavefield


@pytest.fixture
def wizard(qtbot: Any, user_folders: Path) -> TrainingWizard:
    wizard = TrainingWizard([GoalPage(), NamePage(), NamePage(wavefields=False)])
    qtbot.addWidget(wizard)
    wizard.resize(1100, 700)
    wizard.show()
    return wizard


def click(qtbot: Any, button: Any) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_each_step_is_asked_for_and_can_be_gone_back_to(qtbot: Any, wizard: TrainingWizard) -> None:
    goals = wizard.page
    assert isinstance(goals, GoalPage)
    click(qtbot, goals.buttons["magnitude"])
    click(qtbot, wizard.next)
    assert wizard.question.text() == "What is it called?"
    assert not wizard.next.isEnabled()
    assert wizard.said.text() == "Give it a name."
    qtbot.keyClicks(wizard.page.line, "Mine")  # type: ignore[attr-defined]
    assert wizard.next.isEnabled()
    click(qtbot, wizard.back)
    assert goals.buttons["magnitude"].isChecked()
    assert (wizard.the_plan.goal, wizard.the_plan.name) == ("magnitude", "Mine")


def test_steps_that_a_goal_does_not_need_are_not_asked(qtbot: Any, wizard: TrainingWizard) -> None:
    assert wizard.steps.count() == 3
    click(qtbot, wizard.page.buttons["stations"])  # type: ignore[attr-defined]
    assert wizard.steps.count() == 2
    click(qtbot, wizard.next)
    assert not wizard.next.isVisible()


def test_a_step_is_reached_by_a_click_unless_one_before_it_is_not_done(qtbot: Any, wizard: TrainingWizard) -> None:
    def click_step(number: int) -> None:
        middle = wizard.steps.visualItemRect(wizard.steps.item(number)).center()
        qtbot.mouseClick(wizard.steps.viewport(), Qt.MouseButton.LeftButton, pos=middle)

    click_step(2)
    assert wizard.page is wizard.pages[1]
    wizard.start(TrainingPlan(name="Mine"))
    click_step(2)
    assert wizard.page is wizard.pages[2]
    click_step(0)
    assert wizard.page is wizard.pages[0]


def test_a_run_file_is_gone_on_with(qtbot: Any, wizard: TrainingWizard, tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(plan_for("stations", tmp_path).run_toml(), "utf-8")
    wizard.open_run_file(path)
    qtbot.waitUntil(lambda: wizard.the_plan.goal == "stations")
    assert wizard.page.buttons["stations"].isChecked()  # type: ignore[attr-defined]


def test_a_run_file_that_cannot_be_read_is_a_sentence(qtbot: Any, wizard: TrainingWizard, tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("name = 'x'")
    wizard.open_run_file(path)
    qtbot.waitUntil(lambda: "missing" in wizard.notice.sentence.text())
