"""A forecaster of seismicity is trained through the wizard on the sample catalogue; what cannot be is a sentence."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from quakeview.app.training.actions import TRAINING
from quakeview.app.training.wizard.catalogue_page import CataloguePage
from quakeview.app.training.wizard.days_page import DaysPage
from quakeview.app.training.wizard.settings_page import SettingsPage
from quakeview.app.training.wizard.start_page import StartPage
from quakeview.registry import find_model
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.learned.forecaster import LearnedForecast
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.run_state import Status
from quakeview.training.seismicity.config import DataConfig
from tests.app.training.test_wizard_story import go_on_to, write
from tests.training.seismicity.catalogue_runs import TEST, sequences, write_catalogue


def click(qtbot: Any, button: Any) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def program(make_window: Any) -> Any:
    program = make_window()
    program.registry["training.new"].trigger()
    return program


@pytest.fixture
def wizard(program: Any, qtbot: Any) -> Any:
    wizard = program.workspaces[TRAINING].workspace.wizard
    click(qtbot, wizard.page.buttons["seismicity"])
    return wizard


def test_the_sample_catalogue_is_learnt_from_through_the_wizard(
    program: Any, wizard: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    page = go_on_to(qtbot, wizard, CataloguePage)
    assert "Choose a catalogue" in wizard.said.text()
    click(qtbot, page.sample)
    qtbot.waitUntil(lambda: wizard.next.isEnabled(), timeout=20_000)
    assert "it seems complete from magnitude" in page.said.text()
    days = go_on_to(qtbot, wizard, DaysPage)
    qtbot.waitUntil(lambda: wizard.next.isEnabled(), timeout=20_000)
    assert days.counts.text().startswith("train: ")
    assert _steps(wizard) == ["Goal", "Catalogue", "Days", "Settings", "Estimate", "Run"]
    days.network.editors["reference"].setCurrentText("smoothed + recent")
    days.network.changed.emit()
    settings = go_on_to(qtbot, wizard, SettingsPage)
    write(qtbot, settings.plain.editors["max_steps"], "3")
    start = go_on_to(qtbot, wizard, StartPage)
    assert start.name.text().startswith("Seismicity-")
    write(qtbot, start.name, "Mine")
    click(qtbot, start.begin)
    qtbot.waitUntil(lambda: bool(known_runs()), timeout=20_000)
    [run] = known_runs()
    qtbot.waitUntil(lambda: run.state.status is Status.FINISHED, timeout=120_000)
    made = load_forecaster(find_model("Mine", "seismicity").folder)
    assert isinstance(made, LearnedForecast)
    assert (made.name, made.reference.name) == ("Mine", "smoothed + recent")


def test_other_dates_divide_the_catalogue_anew(wizard: Any, qtbot: Any, tmp_path: Path) -> None:
    page = go_on_to(qtbot, wizard, CataloguePage)
    write_catalogue(tmp_path / "mine.csv", sequences())
    page.file.line.setText(str(tmp_path / "mine.csv"))
    qtbot.waitUntil(lambda: wizard.next.isEnabled(), timeout=20_000)
    days = go_on_to(qtbot, wizard, DaysPage)
    qtbot.waitUntil(lambda: wizard.next.isEnabled(), timeout=20_000)
    before = days.counts.text()
    write(qtbot, days.dates.editors["test_from"], date_of(TEST))
    qtbot.waitUntil(lambda: wizard.next.isEnabled() and days.counts.text() != before, timeout=20_000)
    assert isinstance(wizard.the_plan.data, DataConfig)
    assert wizard.the_plan.data.test_from == date_of(TEST)
    write(qtbot, days.dates.editors["test_from"], "soon")
    qtbot.waitUntil(lambda: "no date" in wizard.said.text(), timeout=20_000)
    assert not wizard.next.isEnabled()


def test_a_file_that_is_no_catalogue_is_a_sentence(wizard: Any, qtbot: Any, tmp_path: Path) -> None:
    page = go_on_to(qtbot, wizard, CataloguePage)
    (tmp_path / "letter.csv").write_text("Dear colleague,\nwhat a day it was.\n")
    page.file.line.setText(str(tmp_path / "letter.csv"))
    qtbot.waitUntil(lambda: "letter.csv" in wizard.said.text(), timeout=20_000)
    assert not wizard.next.isEnabled()
    click(qtbot, page.sample)
    qtbot.waitUntil(lambda: wizard.next.isEnabled(), timeout=20_000)


def _steps(wizard: Any) -> list[str]:
    return [wizard.steps.item(row).text().split("  ")[1] for row in range(wizard.steps.count())]
