"""Phases beyond P and S, onsets and weight classes, by the keyboard."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from quakeview.app.shell.dialogs import PreferencesDialog
from quakeview.project import PickBook, Project
from tests.app.conftest import MONTSERRAT


@pytest.fixture
def controller(make_window: Any) -> Any:
    return make_window([MONTSERRAT])


def put_cursor(controller: Any, share: float = 0.3) -> None:
    """On the first trace, at a share of the width."""
    view = controller.workspace.view
    row = view.bands[0].components[0]
    plot = view.plot_rect()
    point = QPointF(plot.left() + share * plot.width(), row.rect.center().y()).toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    QTest.mouseMove(view, point)


def only_pick(controller: Any) -> Any:
    (pick,) = controller.session.book
    return pick


def press(controller: Any, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(controller.workspace.view, key, modifier)


@pytest.mark.parametrize(("key", "phase"), [(Qt.Key.Key_3, "Pn"), (Qt.Key.Key_6, "Sg"), (Qt.Key.Key_8, "Lg")])
def test_a_key_picks_its_phase_at_the_cursor(controller: Any, key: Qt.Key, phase: str) -> None:
    put_cursor(controller)
    press(controller, key)
    assert only_pick(controller).phase == phase
    assert controller.session.project.undo_text == f"Add {phase} on {only_pick(controller).channel_id}"


def test_a_phase_is_the_mode_until_another_is(controller: Any) -> None:
    registry = controller.registry
    registry["picks.mode_4"].trigger()
    assert not registry["picks.phase_p"].isChecked()
    put_cursor(controller)
    press(controller, Qt.Key.Key_Space)
    assert only_pick(controller).phase == "Pg"
    registry["picks.phase_s"].trigger()
    assert not registry["picks.mode_4"].isChecked()
    assert controller.workspace.view.phase == "S"


def test_a_pick_gets_another_phase_and_undo_gives_it_back(controller: Any) -> None:
    put_cursor(controller)
    press(controller, Qt.Key.Key_P)
    controller.registry["picks.change_3"].trigger()
    assert only_pick(controller).phase == "Pn"
    controller.registry["edit.undo"].trigger()
    assert only_pick(controller).phase == "P"


def test_the_preferences_name_other_phases_for_the_keys(controller: Any, qtbot: Any) -> None:
    preferences, registry = controller.workspace.preferences, controller.registry
    dialog = PreferencesDialog(preferences, controller.window.models)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.phases.setFocus()
    dialog.phases.selectAll()
    QTest.keyClicks(dialog.phases, "pP PKP")
    QTest.keyClick(dialog.phases, Qt.Key.Key_Return)
    assert registry["picks.pick_4"].text() == "Pick PKP"
    assert not registry["picks.pick_5"].isEnabled()
    QTest.keyClicks(dialog.phases, " PKP")
    QTest.keyClick(dialog.phases, Qt.Key.Key_Return)
    assert "up to seven different phases" in dialog.said.text()
    assert preferences[preferences.PHASES] == "pP PKP"
    dialog.close()
    dialog.deleteLater()
    put_cursor(controller)
    registry["picks.pick_4"].trigger()
    assert only_pick(controller).phase == "PKP"


def test_onset_and_weight_by_keys_are_kept_by_the_project(controller: Any, tmp_path: Path) -> None:
    put_cursor(controller)
    press(controller, Qt.Key.Key_P)
    assert only_pick(controller).uncertainty == 0.1
    press(controller, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
    assert only_pick(controller).onset == "emergent"
    press(controller, Qt.Key.Key_I)
    press(controller, Qt.Key.Key_1, Qt.KeyboardModifier.ShiftModifier)
    press(controller, Qt.Key.Key_5, Qt.KeyboardModifier.ShiftModifier)
    pick = only_pick(controller)
    assert (pick.onset, pick.uncertainty, pick.used) == ("impulsive", 0.02, False)
    for name in ("a.qvproj", "b.qvproj"):
        controller.session.project.save_as(tmp_path / name)
    with Project(tmp_path / "a.qvproj") as project:
        assert PickBook(project).get(pick.resource_id) == pick
    controller.registry["edit.undo"].trigger()
    assert only_pick(controller).used
    press(controller, Qt.Key.Key_5, Qt.KeyboardModifier.ShiftModifier)
    press(controller, Qt.Key.Key_3, Qt.KeyboardModifier.ShiftModifier)
    assert (only_pick(controller).uncertainty, only_pick(controller).used) == (0.1, True)


def test_table_and_inspector_say_weight_onset_and_what_it_is_located_as(controller: Any) -> None:
    put_cursor(controller)
    press(controller, Qt.Key.Key_4)
    press(controller, Qt.Key.Key_I)
    section = controller.workspace.inspector.pick_section
    model = controller.workspace.picks.model
    said = {column: model.text(model.row_at(0), column) for column in ("Weight", "Onset", "Phase")}
    assert said == {"Weight": "2", "Onset": "impulsive", "Phase": "Pg"}
    assert (section.value("Weight"), section.value("Located as")) == ("2", "Pg, first through the crust")
    assert section.value("Uncertainty") == "±0.1 s, as new picks have"
    press(controller, Qt.Key.Key_5, Qt.KeyboardModifier.ShiftModifier)
    assert (section.value("Weight"), section.value("Located as")) == ("4, not used", "not used: left out by hand")


def test_other_uncertainties_of_the_classes(controller: Any) -> None:
    preferences = controller.workspace.preferences
    preferences[preferences.UNCERTAINTIES] = "0.05 0.1 0.3 1"
    preferences[preferences.NEW_PICKS] = 3
    assert controller.registry["picks.weight_1"].text() == "Weight 1: ±0.1 s"
    put_cursor(controller)
    press(controller, Qt.Key.Key_S)
    assert only_pick(controller).uncertainty == 1.0
    press(controller, Qt.Key.Key_2, Qt.KeyboardModifier.ShiftModifier)
    assert only_pick(controller).uncertainty == 0.1
    assert controller.workspace.picks.model.text(only_pick(controller), "Weight") == "1"
