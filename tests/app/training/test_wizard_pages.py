"""The pages that say what the model begins as, how it learns, what it costs, and that start it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from quakeview.app.training.actions import TRAINING
from quakeview.app.training.wizard.estimate_page import EstimatePage
from quakeview.app.training.wizard.model_page import ModelPage
from quakeview.app.training.wizard.settings_page import SettingsPage
from quakeview.app.training.wizard.start_page import StartPage
from quakeview.app.training.wizard.wizard import TrainingWizard
from quakeview.registry import ModelCard
from quakeview.training.planning.estimate import Estimate
from quakeview.training.planning.model_choice import Way
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.record_config import DataConfig
from tests.app.program import Program
from tests.training.planning.test_plan import plan_for
from tests.training.run_files import write_run

FOUND = Estimate(300, 240.0, 7, 10**9, 10**8, 10**11, 10**6, 0.02, 0.6, 8.0)


@pytest.fixture
def program(make_window: Any, qtbot: Any) -> Program:
    program = make_window()
    program.registry["training.new"].trigger()
    qtbot.waitUntil(lambda: program.workspaces[TRAINING].workspace.wizard is not None)
    return program


@pytest.fixture
def wizard(program: Program) -> TrainingWizard:
    return program.workspaces[TRAINING].workspace.wizard


@pytest.fixture
def plan(tmp_path: Path) -> TrainingPlan:
    return replace(plan_for("picking", tmp_path), name="", model={})


def page_of(wizard: TrainingWizard, kind: type, plan: TrainingPlan) -> Any:
    wizard.start(plan, at=kind)
    assert isinstance(wizard.page, kind)
    return wizard.page


def write(qtbot: Any, line: QLineEdit, text: str) -> None:
    line.selectAll()
    qtbot.keyClicks(line, text)


def test_a_model_that_is_installed_is_fine_tuned(
    qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan, card: ModelCard
) -> None:
    page = page_of(wizard, ModelPage, plan)
    assert page.model.currentText() == card.name
    assert "trained on nothing at all" in page.about.text()
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    assert wizard.the_plan.model == {"init": card.name}
    assert wizard.the_plan.training.max_steps == 100


def test_a_network_from_scratch_has_blocks_and_few_shots_have_few_events(
    qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan
) -> None:
    page = page_of(wizard, ModelPage, plan)
    page.buttons[Way.SCRATCH].click()
    page.layers.setCurrentText("6")
    page.layers.activated.emit(page.layers.currentIndex())
    page.few_shot.click()
    assert wizard.the_plan.model == {"preset": "small", "n_layers": 6}
    page.blocks.setCurrentText("Nothing in their place")
    page.blocks.activated.emit(page.blocks.currentIndex())
    assert wizard.the_plan.model == {"preset": "small", "blocks": "none"}
    assert not page.layers.isVisible()
    assert isinstance(wizard.the_plan.data, DataConfig)
    assert wizard.the_plan.data.fraction == 0.1
    page.few_shot.click()
    assert wizard.the_plan.data == plan.data


def test_gpt2_that_is_not_there_is_a_sentence(
    qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quakeview.training.planning.model_choice.cached_gpt2", lambda: None)
    page = page_of(wizard, ModelPage, plan)
    page.buttons[Way.GPT2].click()
    assert wizard.said.text() == "GPT-2 is being looked for."
    qtbot.waitUntil(lambda: "GPT-2 is not in the cache" in wizard.said.text())
    assert not wizard.next.isEnabled()


def test_without_a_model_of_that_kind_one_cannot_be_fine_tuned(wizard: TrainingWizard, plan: TrainingPlan) -> None:
    page = page_of(wizard, ModelPage, plan.with_goal("magnitude"))
    assert "No such model is installed" in page.about.text()
    assert not wizard.next.isEnabled()


def test_settings_are_suggested_until_they_are_changed(qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan) -> None:
    page = page_of(wizard, SettingsPage, plan)
    assert not page.suggest.isEnabled()
    minutes = page.plain.editors["max_minutes"]
    write(qtbot, minutes, "12")
    assert wizard.the_plan.settings is not None
    assert wizard.the_plan.settings.max_minutes == 12
    write(qtbot, minutes, "soon")
    assert wizard.said.text() == "Time (minutes) must be a number, not 'soon'."
    assert not wizard.next.isEnabled()
    page.suggest.click()
    assert wizard.the_plan.settings is None
    assert minutes.text() == f"{plan.training.max_minutes:g}"
    assert wizard.next.isEnabled()


def test_what_only_experts_change_is_hidden_and_changes_the_plan(
    qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan
) -> None:
    page = page_of(wizard, SettingsPage, plan)
    assert not page.windows.isVisible()
    page.more.click()
    assert page.windows.isVisible()
    write(qtbot, page.windows.editors["stretch_range"], "0.8, 1.25")
    write(qtbot, page.seed.editors["seed"], "7")
    assert isinstance(wizard.the_plan.data, DataConfig)
    assert wizard.the_plan.data.windows.stretch_range == (0.8, 1.25)
    assert wizard.the_plan.seed == 7
    write(qtbot, page.experts.editors["ema_decay"], "2")
    assert "ema_decay in [training] must be at least 0 and below 1" in wizard.said.text()


def test_a_trial_says_what_the_run_costs(
    qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quakeview.app.training.wizard.estimate_page.estimate", lambda *_, **__: FOUND)
    page = page_of(wizard, EstimatePage, plan)
    page.try_button.click()
    qtbot.waitUntil(lambda: page.figures.value("Time") != "")
    assert page.figures.value("Time") == "4 min 00 s, 300 steps of 0.6 s"
    assert not page.old.isVisible()
    page.show_plan(replace(plan, seed=5))
    assert page.old.isVisible()


def test_a_run_file_that_is_saved_is_opened_again(
    qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(wizard, StartPage, plan)
    assert page.name.text() == "Picker-records"
    write(qtbot, page.name, "Mine & yours")
    target = tmp_path / "mine.toml"
    monkeypatch.setattr(
        "quakeview.app.widgets.saving.QFileDialog.getSaveFileName", lambda *_: (str(target), "Run files (*.toml)")
    )
    page.save.click()
    qtbot.waitUntil(target.exists)
    wizard.start()
    wizard.open_run_file(target)
    qtbot.waitUntil(lambda: wizard.the_plan.name == "Mine & yours")
    assert wizard.the_plan.data == plan.data


def test_a_name_that_is_taken_is_a_sentence(
    qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan, card: ModelCard
) -> None:
    page = page_of(wizard, StartPage, plan)
    write(qtbot, page.name, card.name)
    assert "There is a model called" in wizard.said.text()
    assert not page.begin.isEnabled()


def test_what_keeps_a_run_from_starting_is_a_sentence(qtbot: Any, wizard: TrainingWizard, plan: TrainingPlan) -> None:
    page = page_of(wizard, StartPage, plan)
    write(qtbot, page.name, "a/b")
    page.begin.click()
    qtbot.waitUntil(lambda: "cannot be the name of a model" in page.failure.text())
    assert page.begin.isEnabled()


def test_a_run_is_changed_in_the_wizard(qtbot: Any, program: Program, wizard: TrainingWizard, tmp_path: Path) -> None:
    workspace = program.workspaces[TRAINING].workspace
    qtbot.mouseClick(wizard.close_button, Qt.MouseButton.LeftButton)
    assert not wizard.isVisible()
    workspace.open_run(write_run(tmp_path, steps=7))
    qtbot.waitUntil(lambda: workspace.chosen is not None)
    program.registry["training.change"].trigger()
    qtbot.waitUntil(lambda: wizard.the_plan.settings is not None)
    assert wizard.isVisible()
    assert wizard.the_plan.training.max_steps == 7
    assert wizard.the_plan.name == ""
