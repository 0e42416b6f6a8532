"""Files that the person chose to write: whole, or one sentence and nothing lost."""

import ast
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from quakeview.app.shell.dialogs import ErrorDialog
from quakeview.app.widgets import saving
from quakeview.errors import QuakeViewError
from tests.app.conftest import MONTSERRAT

APP = Path(saving.__file__).parents[1]


def dialogs():
    return [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, ErrorDialog) and widget.isVisible()
    ]


def errors():
    return [dialog.sentence.text() for dialog in dialogs()]


@pytest.fixture
def parent(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    yield widget
    for dialog in dialogs():
        dialog.close()


@pytest.fixture
def chosen(monkeypatch):
    """``chosen(path)``: what the person types in the dialog."""

    def choose(path, kind=""):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), kind))

    return choose


def test_one_module_asks_where_to_save():
    """So that no place forgets what to do if the file cannot be written."""
    asking = [
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "getSaveFileName"
    ]
    assert asking == ["widgets/saving.py"]


def test_a_name_without_a_suffix_gets_that_of_the_kind(parent, chosen, tmp_path):
    chosen(tmp_path / "map", "SVG (*.svg)")
    assert saving.ask_for_path(parent, "", "", "PNG (*.png);;SVG (*.svg)") == tmp_path / "map.svg"
    chosen(tmp_path / "picks", "")
    assert saving.ask_for_path(parent, "", "", "QuakeML (*.quakeml *.xml);;CSV (*.csv)") == tmp_path / "picks.quakeml"
    chosen(tmp_path / "M 6.0 map", "PNG (*.png)")
    assert saving.ask_for_path(parent, "", "", "PNG (*.png);;SVG (*.svg)") == tmp_path / "M 6.0 map.png"
    chosen("")
    assert saving.ask_for_path(parent, "", "", "PNG (*.png)") is None


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No])
def test_the_suffix_never_replaces_another_file_unasked(parent, chosen, tmp_path, monkeypatch, answer):
    """The dialog of the system only knew the name without it."""
    (tmp_path / "map.png").write_bytes(b"mine")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    chosen(tmp_path / "map", "PNG (*.png)")
    path = saving.ask_for_path(parent, "", "", "PNG (*.png)")
    assert path == (tmp_path / "map.png" if answer is QMessageBox.StandardButton.Yes else None)


def test_what_is_written_is_made_for_the_suffix(parent, chosen, tmp_path, qtbot):
    chosen(tmp_path / "table.CSV")
    saving.save_as(parent, "Save table", "table.csv", "CSV (*.csv)", str.encode)
    qtbot.waitUntil(lambda: (tmp_path / "table.CSV").exists())
    assert (tmp_path / "table.CSV").read_bytes() == b".csv"


@pytest.mark.parametrize("place", ["missing/table.csv", "file/table.csv", "folder", "x" * 300 + ".csv"])
def test_a_bad_place_is_one_sentence_and_nothing_is_lost(parent, chosen, tmp_path, qtbot, place):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    chosen(tmp_path / place, "CSV (*)" if place == "folder" else "")
    saving.save_as(parent, "Save table", "table.csv", "CSV (*.csv)", lambda _: b"rows")
    qtbot.waitUntil(lambda: bool(errors()) or (tmp_path / "folder.csv").exists())
    if place != "folder":
        assert len(errors()) == 1
        assert "could not be written" in errors()[0]
    assert (tmp_path / "file").read_text() == "mine"
    assert not list((tmp_path / "folder").iterdir())


def test_a_full_disk_keeps_what_was_there(parent, chosen, tmp_path, qtbot, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "table.csv"
    path.write_text("old")
    chosen(path)
    monkeypatch.setattr("quakeview.atomic.os.fsync", full)
    saving.save_as(parent, "Save table", "table.csv", "CSV (*.csv)", lambda _: b"new")
    qtbot.waitUntil(lambda: bool(errors()))
    assert "No space left on device" in errors()[0]
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


def test_nothing_to_show_is_said(parent, chosen, tmp_path, qtbot):
    def nothing(_):
        raise QuakeViewError("There is no picture to save.")

    chosen(tmp_path / "map.png")
    saving.save_as(parent, "Save picture", "map.png", "PNG (*.png)", nothing)
    assert errors() == ["There is no picture to save."]


def test_every_export_of_the_window_says_where_it_failed(make_window, chosen, tmp_path, qtbot):
    """Picks, pictures, projects and tables into a folder that is not there."""
    controller = make_window([MONTSERRAT])
    workspace = controller.workspace
    view = workspace.view
    view.pickRequested.emit(view.scene.rows[0].channels[0][1], view.view[0] + 5, "P")
    (tmp_path / "file").write_text("mine")
    exports = {
        "picks.csv": controller.registry["file.export_picks"].trigger,
        "picks.quakeml": controller.registry["file.export_picks"].trigger,
        "view.png": controller.registry["file.picture"].trigger,
        "view.svg": controller.registry["file.picture"].trigger,
        "day.qvproj": controller.registry["file.save_project"].trigger,
        "table.csv": workspace.picks.table.ask_where_to_save,
    }
    for name, export in exports.items():
        for folder in ("missing", "file"):
            chosen(tmp_path / folder / name)
            export()
            qtbot.waitUntil(lambda: bool(errors()))
            (sentence,) = errors()
            assert name in sentence
            assert "unexpected" not in sentence
            for dialog in dialogs():
                dialog.close()
    assert len(controller.session.project.picks()) == 1
    assert (tmp_path / "file").read_text() == "mine"
