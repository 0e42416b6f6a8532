"""One's own keys: chosen in the dialog, in force at once, there at the next start, given to a colleague."""

import tomllib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from quakeview.app.shell.dialogs import ErrorDialog
from quakeview.app.shell.keys_dialog import KeysDialog
from tests.app.conftest import MONTSERRAT

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def controller(make_window):
    return make_window([MONTSERRAT])


def keys_dialog(controller):
    controller.registry["edit.keys"].trigger()
    return controller._dialogs[0]


def record(dialog, action_id, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    dialog.select(action_id)
    QTest.keyClick(dialog.recorder, key, modifiers)


def names(dialog) -> list[str]:
    return [item.text(0) for item in dialog._items.values() if not item.isHidden()]


def test_an_own_key_is_in_force_at_once_and_survives_a_restart(make_window, controller, qtbot):
    view = controller.workspace.view
    dialog = keys_dialog(controller)
    record(dialog, "traces.page_forward", Qt.Key.Key_F7)
    assert dialog.said.text() == "F7 is free."
    dialog.use_too.click()
    assert controller.registry.keys["traces.page_forward"] == ("Shift+Right", "F7")
    dialog.accept()
    middle = sum(view.view) / 2
    view.set_view(middle - 5, middle + 5)
    QTest.keyClick(view, Qt.Key.Key_F7)
    assert view.view[0] == pytest.approx(middle + 4)
    controller.window.close()
    again = make_window([MONTSERRAT])
    assert again.registry.keys["traces.page_forward"] == ("Shift+Right", "F7")
    again.registry["help.shortcuts"].trigger()
    assert "Shift+Right, F7" in {label.text() for label in again._dialogs[0].findChildren(QLabel)}


def test_the_preferences_lead_to_the_keys(controller):
    controller.registry["edit.preferences"].trigger()
    controller._dialogs[0].own_keys.click()
    assert isinstance(controller._dialogs[0], KeysDialog)


def test_a_key_that_another_action_has_is_told_and_taken_away_there(controller):
    dialog = keys_dialog(controller)
    record(dialog, "events.final", Qt.Key.Key_N)
    assert dialog.said.text() == "N is the key of Next Pick (Picks)."
    assert not dialog.use_alone.isVisible()
    dialog.take.click()
    assert controller.registry.keys["events.final"] == ("N",)
    assert controller.registry.keys["picks.next"] == ()
    assert controller.registry["picks.next"].shortcuts() == []


def test_a_conflict_can_be_given_up(controller):
    dialog = keys_dialog(controller)
    record(dialog, "events.final", Qt.Key.Key_N)
    dialog.give_up.click()
    assert dialog.recorder.keySequence().isEmpty()
    assert controller.registry.keys["picks.next"] == ("N",)
    assert controller.registry.scheme.own == {}


def test_a_key_of_another_workspace_is_free(controller):
    dialog = keys_dialog(controller)
    record(dialog, "view.map", Qt.Key.Key_F5)
    assert dialog.said.text() == "F5 is free."


def test_a_key_that_the_action_has_is_not_called_free(controller):
    dialog = keys_dialog(controller)
    record(dialog, "view.map", Qt.Key.Key_M)
    assert dialog.said.text() == "Map has M already."


def test_a_sign_is_the_digit_with_shift(controller):
    dialog = keys_dialog(controller)
    record(dialog, "view.map", Qt.Key.Key_Exclam, SHIFT)
    assert "is the key of Weight 0" in dialog.said.text()


def test_esc_is_nobodys_key(controller):
    dialog = keys_dialog(controller)
    record(dialog, "view.map", Qt.Key.Key_Escape)
    assert "choose another key" in dialog.said.text()
    assert not dialog.use_alone.isEnabled()
    assert dialog.isVisible()


def test_one_and_all_actions_are_reset(controller):
    dialog = keys_dialog(controller)
    for action_id, key in (("view.map", Qt.Key.Key_F7), ("view.jobs", Qt.Key.Key_F8)):
        record(dialog, action_id, key)
        dialog.use_alone.click()
    dialog.select("view.map")
    dialog.reset.click()
    assert controller.registry.keys["view.map"] == ("M",)
    assert controller.registry.keys["view.jobs"] == ("F8",)
    dialog.reset_all.click()
    assert controller.registry.keys["view.jobs"] == ("Ctrl+J",)
    assert not dialog.reset_all.isEnabled()


def test_a_heading_is_no_action(controller):
    dialog = keys_dialog(controller)
    dialog.select("view.map")
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(1))
    QTest.keyClick(dialog.recorder, Qt.Key.Key_F7)
    dialog.use_alone.click()
    assert controller.registry.scheme.own == {"view.map": ("F7",)}


def test_an_action_can_have_no_key(controller):
    dialog = keys_dialog(controller)
    dialog.select("events.review")
    dialog.no_key.click()
    assert controller.registry["events.review"].shortcuts() == []
    assert not dialog.no_key.isEnabled()


def test_actions_are_found_by_name_and_by_key(controller):
    dialog = keys_dialog(controller)
    QTest.keyClicks(dialog.search, "mark as rev")
    assert names(dialog) == ["Mark as Reviewed"]
    assert "Agree with the selected events" in dialog.said.text()
    dialog.search.clear()
    QTest.keyClick(dialog.search_key, Qt.Key.Key_K, CONTROL)
    assert names(dialog) == ["Command Palette"]
    dialog.search_key.clear()
    assert len(names(dialog)) > 100


def test_own_keys_stay_when_another_program_is_chosen(controller):
    dialog = keys_dialog(controller)
    record(dialog, "view.map", Qt.Key.Key_F7)
    dialog.use_alone.click()
    dialog.preset.setCurrentText("Snuffler")
    dialog.preset.activated.emit(dialog.preset.currentIndex())
    assert controller.preferences[controller.preferences.KEYS] == "Snuffler"
    assert controller.registry.keys["view.map"] == ("F7",)
    assert controller.registry.keys["traces.page_forward"] == ("Space",)


def test_a_colleague_gets_the_keys_as_a_file(controller, make_window, qtbot, tmp_path, monkeypatch):
    dialog = keys_dialog(controller)
    record(dialog, "view.map", Qt.Key.Key_F7)
    dialog.use_alone.click()
    file = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), "Keys (*.toml)"))
    dialog.save.click()
    qtbot.waitUntil(file.exists)
    assert tomllib.loads(file.read_text()) == {"preset": "QuakeView", "keys": {"view.map": ["F7"]}}
    file.write_text(file.read_text().replace("F7", "F8").replace('QuakeView"', 'scolv"'))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    dialog.load.click()
    qtbot.waitUntil(lambda: controller.registry.keys["view.map"] == ("F8",))
    assert controller.registry.scheme.preset == dialog.preset.currentText() == "scolv"


def test_a_damaged_file_is_refused_and_nothing_changes(controller, qtbot, tmp_path, monkeypatch):
    dialog = keys_dialog(controller)
    file = tmp_path / "broken.toml"
    file.write_text("keys = [")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    dialog.load.click()
    qtbot.waitUntil(lambda: controller.window.findChildren(ErrorDialog) + dialog.findChildren(ErrorDialog) != [])
    told = (controller.window.findChildren(ErrorDialog) + dialog.findChildren(ErrorDialog))[0]
    assert "is not valid TOML" in told.sentence.text()
    assert controller.registry.keys["view.map"] == ("M",)


def test_own_keys_that_are_damaged_are_told_at_the_start_and_left_alone(make_window, user_folders):
    file = user_folders / "config" / "quakeview" / "keys.toml"
    file.parent.mkdir(parents=True)
    file.write_text("damaged")
    controller = make_window()
    told = controller._dialogs[0].sentence.text()
    assert "is not valid TOML" in told
    assert "left as it is" in told
    assert controller.registry.keys["view.map"] == ("M",)
    assert file.read_text() == "damaged"


def test_fields_of_the_dialog_are_reached_with_tab_and_have_names(controller):
    dialog = keys_dialog(controller)
    assert all(
        w.accessibleName() for w in (dialog.preset, dialog.search, dialog.search_key, dialog.tree, dialog.recorder)
    )
    dialog.recorder.setFocus()
    QTest.keyClick(dialog.recorder, Qt.Key.Key_Tab)
    assert dialog.recorder.keySequence().isEmpty()
