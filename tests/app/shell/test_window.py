"""The window as a user meets it: first screen, opening, dropping, menus, dialogs, closing and coming back."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
)

from quakeview.colours import DARK, LIGHT
from tests.app import fake_picker
from tests.app.conftest import BAVARIA, MONTSERRAT, is_loaded
from tests.app.program import drop


def test_first_run_shows_the_welcome_screen_and_its_sample_opens_by_keyboard(make_window, qtbot):
    controller = make_window()
    window = controller.window
    assert window.stack.currentWidget() is window.welcome
    sample = next(entry for entry in window.welcome.entries if "Bavaria" in entry.accessibleName())
    sample.setFocus()
    qtbot.keyClick(sample, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: is_loaded(controller))
    assert window.stack.currentWidget() is controller.workspace
    assert [row.label for row in controller.workspace.view.scene.rows] == ["BW.UH1", "BW.UH2", "BW.UH3", "BW.UH4"]


def test_nothing_on_the_welcome_screen_is_clipped(make_window, qtbot, tmp_path):
    controller = make_window()
    long = tmp_path / f"gypjq_{'long_' * 20}gypjq.mseed"
    long.touch()
    for path in (MONTSERRAT, long):
        controller.preferences.remember_file(str(path))
    welcome = controller.window.welcome
    qtbot.waitUntil(lambda: long.name in [entry.accessibleName() for entry in welcome.entries])
    qtbot.wait(50)
    for entry in welcome.entries:
        assert entry.sizeHint().width() <= entry.width()
        for label in entry.findChildren(QLabel):
            assert label.fontMetrics().height() <= label.height()
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_dropped_files_are_drawn(make_window, qtbot):
    controller = make_window()
    drop(controller.window, [MONTSERRAT])
    qtbot.waitUntil(lambda: is_loaded(controller))
    view = controller.workspace.view
    row = view.scene.rows[0]
    assert [letter for letter, _ in row.channels] == ["Z", "N", "E"]
    image = view.grab().toImage()
    band = view.component_of(row.channels[0][1]).rect
    y = round(band.center().y())
    columns = range(round(band.left()) + 5, round(band.right()) - 140, 7)
    background = view.colors.base.rgb()
    drawn = [any(image.pixel(x, y + dy) != background for dy in range(-8, 9)) for x in columns]
    assert sum(drawn) > 0.9 * len(drawn)


def test_a_folder_opens_with_what_is_readable_and_says_what_is_not(make_window, qtbot, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    for path in BAVARIA[:2]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "notes.mseed").write_bytes(b"this is not a seismogram")
    controller = make_window()
    controller.open([folder])
    qtbot.waitUntil(lambda: is_loaded(controller))
    assert len(controller.session.archive.channels) == 2
    notice = controller.workspace.notice
    assert notice.isVisible()
    assert "notes.mseed" in notice.sentence.text()


def test_a_file_that_is_no_waveform_is_one_sentence_and_the_welcome_screen_stays(make_window, qtbot, tmp_path):
    wrong = tmp_path / "letter.txt"
    wrong.write_text("Dear seismologist,")
    controller = make_window()
    controller.open([wrong])
    qtbot.waitUntil(lambda: bool(controller._dialogs))
    assert "letter.txt" in controller._dialogs[0].sentence.text()
    assert controller.window.stack.currentWidget() is controller.window.welcome


def test_opened_files_are_among_the_recent_ones(make_window):
    controller = make_window([MONTSERRAT])
    controller.registry["file.close"].trigger()
    window = controller.window
    assert window.stack.currentWidget() is window.welcome
    assert MONTSERRAT.name in [entry.accessibleName() for entry in window.welcome.entries]
    window.recent_menu.aboutToShow.emit()
    assert [action.text() for action in window.recent_menu.actions()] == [str(MONTSERRAT)]


def test_the_next_start_reopens_files_picks_and_view(make_window, qtbot):
    controller = make_window([MONTSERRAT])
    view = controller.workspace.view
    first, _ = view.view
    view.set_view(first + 10, first + 20)
    channel = view.scene.rows[0].channels[0][1]
    view.pickRequested.emit(channel, first + 12.5, "P")
    controller.workspace.filter.choose(2.0, 15.0)
    controller.registry["view.sort_distance"].trigger()
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    controller.window.close()

    again = make_window()
    qtbot.waitUntil(lambda: is_loaded(again))
    assert again.window.stack.currentWidget() is again.workspace
    assert again.workspace.view.view == pytest.approx((first + 10, first + 20))
    assert [float(pick.time) for pick in again.session.project.picks()] == pytest.approx([first + 12.5])
    assert again.session.filter.label == "2–15 Hz"
    assert again.registry["view.filter"].isChecked()
    assert again.registry["view.sort_distance"].isChecked()


def test_a_project_is_saved_and_opened_by_dropping_it(make_window, qtbot, tmp_path, monkeypatch):
    controller = make_window([MONTSERRAT])
    view = controller.workspace.view
    view.pickRequested.emit(view.scene.rows[0].channels[0][1], view.view[0] + 5, "S")
    path = tmp_path / "montserrat.qvproj"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    controller.registry["file.save_project"].trigger()
    assert controller.window.windowTitle().startswith("montserrat")
    controller.registry["file.close"].trigger()
    assert not controller.session.project.picks()
    drop(controller.window, [path])
    qtbot.waitUntil(lambda: is_loaded(controller))
    assert [pick.phase for pick in controller.session.project.picks()] == ["S"]


def test_closing_a_session_with_unsaved_picks_asks_and_cancel_keeps_everything(make_window, monkeypatch):
    controller = make_window([MONTSERRAT])
    view = controller.workspace.view
    view.pickRequested.emit(view.scene.rows[0].channels[0][1], view.view[0] + 5, "P")
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    monkeypatch.setattr(QMessageBox, "exec", lambda box: answers.pop(0))
    controller.registry["file.close"].trigger()
    assert len(controller.session.project) == 1
    controller.registry["file.close"].trigger()
    assert len(controller.session.project) == 0
    assert not controller.session.archive.channels


def test_a_project_that_is_none_is_one_sentence(make_window, qtbot, tmp_path):
    path = tmp_path / "broken.qvproj"
    path.write_bytes(b"no database" * 100)
    controller = make_window([MONTSERRAT])
    controller.open([path])
    qtbot.waitUntil(lambda: bool(controller._dialogs))
    assert "broken.qvproj" in controller._dialogs[0].sentence.text()
    assert controller.session.archive.channels


@pytest.mark.parametrize(("choice", "colors"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_changes_live(make_window, choice, colors):
    controller = make_window([MONTSERRAT])
    controller.preferences[controller.preferences.THEME] = choice
    image = controller.window.grab().toImage()
    assert image.pixelColor(2, controller.window.height() - 40).name() == colors.window
    assert controller.workspace.view.colors.base.name() == colors.base


def test_every_control_has_a_name(make_window):
    controller = make_window([MONTSERRAT])
    made_by_qt = ("qt_", "ScrollLeftButton", "ScrollRightButton")
    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox):
        for widget in controller.window.findChildren(kind):
            named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
            inside = isinstance(widget.parent(), QAbstractSpinBox | QLineEdit)
            place = f"{widget.objectName()} in {widget.parent()}"
            assert named or inside or widget.objectName().startswith(made_by_qt), place


def test_dialogs_open_and_close(make_window, qtbot):
    controller = make_window()
    for action_id in ("edit.preferences", "help.about", "help.shortcuts"):
        controller.registry[action_id].trigger()
        dialog = controller._dialogs[0]
        assert dialog.isVisible()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not controller._dialogs[0].isVisible()


def test_preferences_are_in_force_at_once_and_kept(make_window, qtbot):
    controller = make_window([MONTSERRAT])
    controller.registry["edit.preferences"].trigger()
    dialog = controller._dialogs[0]
    dialog.p_threshold.setValue(0.55)
    dialog.keys.setCurrentText("SAC")
    dialog.keys.activated.emit(dialog.keys.currentIndex())
    assert "P 0.55" in controller.workspace.inspector.model_section.value("Thresholds")
    assert controller.registry["picks.up"].shortcut().toString() == "U"
    controller.window.close()
    again = make_window()
    assert again.preferences[again.preferences.P_THRESHOLD] == 0.55
    assert again.registry["picks.up"].shortcut().toString() == "U"


def test_an_unexpected_error_is_shown_with_its_traceback_and_the_window_lives(make_window):
    controller = make_window()
    try:
        raise RuntimeError("a screw is loose")
    except RuntimeError as error:
        controller.unexpected(error)
    dialog = controller._dialogs[0]
    assert "a screw is loose" in dialog.sentence.text()
    assert not dialog.text.isVisible()
    dialog.more.click()
    assert "test_window.py" in dialog.text.toPlainText()


def test_files_given_at_the_start_are_opened(make_window):
    controller = make_window([Path(path) for path in BAVARIA])
    assert len(controller.session.archive.stations) == 4


def test_closing_while_picking_leaves_no_thread_and_keeps_the_finished_stations(make_window, qtbot):
    controller = make_window([MONTSERRAT], pick=partial(fake_picker.pick_archive, pause=0.2))
    controller.registry["picks.all"].trigger()
    controller.workspace.filter.choose(1.0, 10.0)
    qtbot.waitUntil(lambda: len(controller.session.project) >= 2)
    controller.window.close()
    assert not controller.window.isVisible()
    again = make_window()
    qtbot.waitUntil(lambda: len(again.session.project) >= 2)  # projects are opened on a worker thread
