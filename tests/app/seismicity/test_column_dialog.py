"""Which column is what, and which data centre is asked, as a person says it."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QFileDialog, QWidget

from quakeview.app.seismicity import fdsn_events_dialog
from quakeview.app.seismicity.column_dialog import ColumnDialog
from quakeview.app.seismicity.fdsn_events_dialog import EventsDialog, EventsDownload
from quakeview.seismicity.reading import ColumnMap, read_catalogue, table_of
from quakeview.seismicity.reading.fdsn_events import EventQuery
from tests.app.program import Program

STRANGE = "wann,y,x,tief,staerke\n2019-07-04 17:33:49,35.7,-117.5,10500,6.4\n2019-07-05 17:33:49,35.8,-117.6,8000,5\n"


@pytest.fixture
def dialog(tmp_path: Path, qtbot: Any) -> ColumnDialog:
    path = tmp_path / "strange.csv"
    path.write_text(STRANGE)
    table = table_of(path)
    assert table is not None
    found = ColumnDialog(table, ColumnMap({"time": "wann"}))
    qtbot.addWidget(found)
    found.show()
    return found


def choose(dialog: ColumnDialog, place: int, words: str) -> None:
    box = dialog.roles[place]
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def test_columns_are_chosen_until_the_table_can_be_read(dialog: ColumnDialog, tmp_path: Path) -> None:
    assert not dialog.accept_button.isEnabled()
    assert "latitude" in dialog.said.text()
    for place, words in ((1, "latitude (°)"), (2, "longitude (°)"), (3, "depth (m)"), (4, "magnitude")):
        choose(dialog, place, words)
    assert dialog.accept_button.isEnabled()
    assert "2019-07-04 17:33:49.000 UTC, 35.700° N, 117.500° W, 10.5 km deep, M 6.4" in dialog.said.text()
    dialog.zone.setValue(9)
    assert "2019-07-04 08:33:49.000 UTC" in dialog.said.text()
    dialog.accept()
    assert read_catalogue(tmp_path / "strange.csv", dialog.columns).catalogue.depth.tolist() == [10_500, 8000]


def test_a_wrong_choice_is_marked_and_said(dialog: ColumnDialog) -> None:
    choose(dialog, 1, "latitude (°)")
    choose(dialog, 2, "longitude (°)")
    before = dialog.view.item(1, 3).foreground().color()
    choose(dialog, 3, "magnitude")
    assert "tief: 2 cells of 2 cannot be the magnitude" in dialog.said.text()
    assert dialog.view.item(1, 3).foreground().color() != before
    choose(dialog, 4, "magnitude")
    assert dialog.roles[3].currentText() == "not used"
    assert "tief" not in dialog.said.text()


def test_a_catalogue_is_asked_of_a_data_centre_and_saved(
    program: Program, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def save(centre: str, query: EventQuery, path: Path, progress: object) -> list[str]:
        asked.append((centre, query))
        path.write_text(STRANGE)
        return ["2 events"]

    monkeypatch.setattr(fdsn_events_dialog, "save_events", save)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "got.csv"), ""))
    download = EventsDownload(program.window.runner, program.window)
    saved: list[tuple[Path, list[str]]] = []
    download.saved.connect(lambda path, notes: saved.append((path, notes)))
    download.ask(tmp_path, (170.0, -50.0, -170.0, -30.0))
    (dialog,) = program.window.findChildren(EventsDialog)
    dialog.start.setDate(QDate(2019, 1, 1))
    dialog.end.setDate(QDate(2020, 1, 1))
    dialog.magnitude.setValue(5.0)
    dialog.accept()
    qtbot.waitUntil(lambda: bool(saved))
    assert saved == [(tmp_path / "got.csv", ["2 events"])]
    assert asked == [("USGS", EventQuery(1546300800.0, 1577836800.0, 5.0, (170.0, -50.0, -170.0, -30.0)))]


def test_a_contradictory_query_is_said_before_it_is_asked(qtbot: Any) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = EventsDialog(None, parent)
    assert dialog.accept_button.isEnabled()
    assert "of magnitude 4.5 and more from" in dialog.said.text()
    assert not dialog.sides[0].isEnabled()
    dialog.end.setDate(dialog.start.date())
    assert not dialog.accept_button.isEnabled()
    assert "after its start" in dialog.said.text()
