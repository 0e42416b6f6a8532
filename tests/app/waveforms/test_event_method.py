"""How events are located: chosen, looked at and edited in the dialog, and used from then on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.event_method import chosen_method
from quakeview.app.waveforms.event_method_dialog import EventMethodDialog
from quakeview.app.waveforms.velocity_model_dialog import VelocityModelDialog
from quakeview.events.velocity_models import read_velocity_model
from quakeview.stations.coordinates import Coordinates
from tests.app.conftest import BAVARIA

KOREA = {("KS", "GIJA"): Coordinates(35.8, 129.2, 100.0)}
LAW = 'name = "Valley"\nsource = "Me (2020)"\ndecay = 1.0\nloss = 0.003\nnearest_km = 5\nfarthest_km = 300\n'


@pytest.fixture
def preferences(qtbot, user_folders):
    return Preferences()


@pytest.fixture
def opened(qtbot, preferences):
    def open_dialog(coordinates=KOREA, deepest=None):
        dialog = EventMethodDialog(preferences, coordinates, deepest)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    return open_dialog


def pick(box, text):
    box.setCurrentIndex(box.findText(text))


def answer(monkeypatch, asking, path):
    monkeypatch.setattr(QFileDialog, asking, lambda *_: (str(path), "Velocity model (*.csv)"))


def browse(qtbot, monkeypatch, field, path):
    answer(monkeypatch, "getOpenFileName", path)
    qtbot.mouseClick(field.browse, Qt.MouseButton.LeftButton)
    assert field.choice == str(path)
    qtbot.waitUntil(lambda: field.thing is not None or bool(field.problem))


def write_into(qtbot, table, row, column, text):
    """Type into a cell as at the keyboard."""
    table.setCurrentCell(row, column)
    table.editItem(table.item(row, column))
    editor = table.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.findChild(QLineEdit) is None)


def test_at_first_the_model_is_that_of_the_place_and_the_scale_the_usual_one(opened):
    dialog = opened()
    assert dialog.model.box.currentText() == "For the place of the network: Korea"
    assert dialog.model_source.text() == "Kim & Kim (1983)"
    assert dialog.layers.table.layers() == [(0, 5.98, 3.4), (15, 6.38, 3.79), (32, 7.95, 4.58)]
    assert dialog.layers.table.item(0, 3).text() == "1.76"
    assert dialog.scale.box.currentText() == "IASPEI"
    assert "from 0 to 1000 km from the hypocentre" in dialog.scale_source.text()
    assert (dialog.picks.value(), dialog.stations.value()) == (6, 4)
    assert dialog.accept_button.isEnabled()


def test_without_coordinates_no_model_is_shown_as_that_of_the_place(opened, preferences):
    dialog = opened({})
    assert dialog.model.box.currentText() == "For the place of the network"
    assert dialog.layers.table.rowCount() == 0
    assert dialog.model_source.text().startswith("Which model that is depends")
    assert dialog.said.text() == ""
    assert not dialog.edit.isEnabled()
    dialog.accept_button.click()
    assert preferences[preferences.VELOCITY_MODEL] == ""


def test_what_is_chosen_is_kept_and_cancelling_keeps_what_was(opened, preferences):
    dialog = opened()
    pick(dialog.model.box, "Southern California")
    pick(dialog.scale.box, "Richter (1958)")
    assert "along the surface" in dialog.scale_source.text()
    dialog.picks.setValue(9)
    dialog.stations.setValue(5)
    dialog.reject()
    assert chosen_method(preferences)().velocity_model is None
    dialog.accept()
    method = chosen_method(preferences)()
    assert (method.velocity_model.name, method.law.name) == ("Southern California", "Richter (1958)")
    assert (method.rules.picks, method.rules.stations) == (9, 5)
    again = opened()
    assert again.model.box.currentText() == "Southern California"
    assert again.picks.value() == 9


def test_files_of_ones_own_are_kept_by_their_path(opened, preferences, qtbot, monkeypatch, tmp_path):
    (tmp_path / "valley.csv").write_text("depth_km,vp,vs\n0,5,2.9\n8,6,3.4\n")
    (tmp_path / "valley.toml").write_text(LAW)
    dialog = opened(deepest=12e3)
    browse(qtbot, monkeypatch, dialog.model, tmp_path / "valley.csv")
    browse(qtbot, monkeypatch, dialog.scale, tmp_path / "valley.toml")
    assert (dialog.model.box.currentText(), dialog.scale.box.currentText()) == ("valley", "Valley")
    assert dialog.scale_source.text() == "Me (2020). It holds from 5 to 300 km from the hypocentre."
    assert dialog.caution.text() == "The deepest earthquake is at 12 km; below 8 km velocities stay the same."
    dialog.accept_button.click()
    assert preferences[preferences.VELOCITY_MODEL] == str(tmp_path / "valley.csv")
    assert chosen_method(preferences)().law.name == "Valley"
    again = opened()
    qtbot.waitUntil(lambda: again.model.box.currentText() == "valley")


def test_a_broken_file_is_told_and_cannot_be_taken(opened, qtbot, monkeypatch, tmp_path):
    path = tmp_path / "broken.csv"
    path.write_text("depth_km,vp,vs\n0,5500,3200\n")
    dialog = opened()
    browse(qtbot, monkeypatch, dialog.model, path)
    assert "P velocities must be" in dialog.said.text()
    assert dialog.layers.table.rowCount() == 0
    assert not dialog.accept_button.isEnabled()
    pick(dialog.model.box, "iasp91")
    assert dialog.said.text() == ""
    assert dialog.accept_button.isEnabled()
    path.write_text("depth_km,vp,vs\n0,5.5,3.2\n")
    browse(qtbot, monkeypatch, dialog.model, path)
    assert dialog.caution.text().startswith("There is one layer")
    assert dialog.accept_button.isEnabled()


def test_a_file_that_has_gone_is_told_when_the_dialog_opens(opened, preferences, qtbot, tmp_path):
    preferences[preferences.VELOCITY_MODEL] = str(tmp_path / "gone.csv")
    dialog = opened()
    qtbot.waitUntil(lambda: "gone.csv cannot be read" in dialog.said.text())
    assert not dialog.accept_button.isEnabled()


def test_a_copy_is_edited_with_an_inversion_saved_and_chosen(opened, preferences, qtbot, monkeypatch, tmp_path):
    dialog = opened()
    qtbot.mouseClick(dialog.edit, Qt.MouseButton.LeftButton)
    editor = dialog.findChild(VelocityModelDialog)
    table = editor.layers.table
    table.setCurrentCell(1, 0)
    qtbot.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    assert [top for top, _, _ in table.layers()] == [0, 15, 23.5, 32]
    write_into(qtbot, table, 2, 1, "5.5")
    write_into(qtbot, table, 2, 2, "fast")
    assert "not a number" in editor.said.text()
    assert not editor.accept_button.isEnabled()
    write_into(qtbot, table, 2, 2, "3.1")
    assert table.item(2, 3).text() == "1.77"
    assert editor.caution.text() == "1 layer is slower than one above (from 23.5 km): no ray turns there."
    assert "slower than above" in editor.layers.plot.heading
    answer(monkeypatch, "getSaveFileName", tmp_path / "no folder" / "mine.csv")
    qtbot.mouseClick(editor.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(editor.said.text()))
    assert editor.isVisible()
    answer(monkeypatch, "getSaveFileName", tmp_path / "mine")
    qtbot.mouseClick(editor.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.model.box.currentText() == "mine")
    qtbot.waitUntil(lambda: dialog.findChild(VelocityModelDialog) is None)
    assert dialog.caution.text().startswith("1 layer is slower")
    dialog.accept_button.click()
    assert read_velocity_model(tmp_path / "mine.csv").vp.tolist() == [5980, 6380, 5500, 7950]
    assert preferences[preferences.VELOCITY_MODEL] == str(tmp_path / "mine.csv")


def test_layers_are_removed_but_not_the_last_one(opened, qtbot):
    dialog = opened()
    dialog.edit.click()
    editor = dialog.findChild(VelocityModelDialog)
    for _ in range(2):
        qtbot.mouseClick(editor.remove, Qt.MouseButton.LeftButton)
    assert editor.layers.table.layers() == [(0, 5.98, 3.4)]
    assert not editor.remove.isEnabled()
    assert editor.caution.text().startswith("There is one layer")
    editor.reject()
    assert len(dialog.layers.table.layers()) == 3


def test_from_the_menu_on_the_locator_has_the_model(make_window, qtbot):
    controller = make_window(BAVARIA)
    controller.session.coordinates = dict(KOREA)
    assert controller.session.events.revision()().locator.model.name == "Korea"
    controller.registry["events.method"].trigger()
    dialog = controller.workspace.findChild(EventMethodDialog)
    pick(dialog.model.box, "ak135")
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    assert controller.session.events.revision()().locator.model.name == "ak135"
