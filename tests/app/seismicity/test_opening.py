"""Where catalogues come from: files whose columns are said, data centres, events that were located here."""

from pathlib import Path
from typing import Any

import pytest
from obspy import UTCDateTime
from PySide6.QtWidgets import QPushButton

from quakeview.app.seismicity.column_dialog import ColumnDialog
from quakeview.app.seismicity.fdsn_events_dialog import EventsDialog
from quakeview.events.event import Event, Magnitude, Origin
from quakeview.project.event_edits import ReplaceEvents
from quakeview.seismicity.region import Region
from tests.app.conftest import BAVARIA
from tests.app.program import Program

COLUMNS = "alpha,beta,gamma,delta\n"


def _unclear(path: Path) -> Path:
    """A file of which only a person knows which column is what."""
    rows = [f"{4 + number / 10:.1f},20{number:02d}-03-04 05:06:07,{30 + number},{40 + number}" for number in range(10)]
    path.write_text(COLUMNS + "\n".join(rows) + "\n")
    return path


@pytest.fixture
def dialog(program: Program, qtbot: Any, tmp_path: Path) -> ColumnDialog:
    program.seismicity.open([_unclear(tmp_path / "unclear.csv")])
    qtbot.waitUntil(lambda: program.seismicity.findChild(ColumnDialog) is not None)
    return program.seismicity.findChild(ColumnDialog)


def _say(dialog: ColumnDialog, number: int, words: str) -> None:
    box = dialog.roles[number]
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def test_columns_that_nobody_can_guess_are_asked_for(dialog: ColumnDialog, program: Program, qtbot: Any) -> None:
    for number, words in ((0, "magnitude"), (1, "origin time"), (2, "latitude (°)"), (3, "not used")):
        _say(dialog, number, words)
    assert "No column is the longitude" in dialog.said.text()
    assert not dialog.accept_button.isEnabled()
    _say(dialog, 3, "longitude (°)")
    assert "2000-03-04 05:06:07" in dialog.said.text()
    dialog.zone.setValue(9)
    assert "2000-03-03 20:06:07" in dialog.said.text()
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: program.seismicity.has_catalogue)
    catalogue = program.seismicity.state.catalogue
    assert (catalogue.latitude[0], catalogue.longitude[0], catalogue.magnitude[0]) == (30, 40, 4)


def test_columns_are_remembered(
    dialog: ColumnDialog, program: Program, make_window: Any, qtbot: Any, tmp_path: Path
) -> None:
    for number, words in ((0, "magnitude"), (1, "origin time"), (2, "longitude (°)"), (3, "latitude (°)")):
        _say(dialog, number, words)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: program.seismicity.has_catalogue)
    program.window.close()
    again = make_window()
    qtbot.waitUntil(lambda: again.seismicity.has_catalogue)
    assert again.seismicity.state.catalogue.longitude[0] == 30


def test_columns_of_an_open_catalogue_are_changed(seismicity: Any, program: Program, qtbot: Any) -> None:
    program.registry["seismicity.columns"].trigger()
    qtbot.waitUntil(lambda: seismicity.findChild(ColumnDialog) is not None)
    dialog = seismicity.findChild(ColumnDialog)
    first = seismicity.state.catalogue.time[0]
    dialog.zone.setValue(0)
    _say(dialog, 4, "not used")
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: "there are no magnitudes" in " ".join(seismicity.state.notes))
    assert seismicity.state.catalogue.time[0] == first
    assert len(seismicity.state.opened) == 1


def test_downloaded_events_are_shown_with_what_the_data_centre_says(
    seismicity: Any, program: Program, qtbot: Any, monkeypatch: pytest.MonkeyPatch, catalogue_file: Path
) -> None:
    def save(centre: str, query: Any, path: Path, progress: Any) -> list[str]:
        path.write_text(catalogue_file.read_text())
        return [f"{centre}: 400 events."]

    target = catalogue_file.with_name("asked.csv")
    monkeypatch.setattr("quakeview.app.seismicity.fdsn_events_dialog.save_events", save)
    monkeypatch.setattr("quakeview.app.seismicity.fdsn_events_dialog.ask_for_path", lambda *_: target)
    seismicity.state.choose(region=Region.box(-25, 170, -10, -170))
    program.registry["seismicity.download"].trigger()
    dialog = program.window.findChild(EventsDialog)
    assert dialog.wanted()[1].box == (170, -25, 190, -10)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: seismicity.state.name == "asked.csv")
    assert "USGS: 400 events." in seismicity.notice.sentence.text()


def test_events_that_were_located_here_are_a_catalogue(make_window: Any, qtbot: Any) -> None:
    program = make_window(BAVARIA)
    action = program.registry["events.seismicity"]
    assert not action.isEnabled()
    time = UTCDateTime("2010-05-27T16:24:30")
    events = [Event(Origin(time + 60 * n, 48.1, 11.6, 5000.0), (Magnitude("ML", 1.0 + n),)) for n in range(3)]
    program.session.book.apply(ReplaceEvents((), tuple(events), "Add Events"))
    program.registry.refresh()
    action.trigger()
    qtbot.waitUntil(lambda: program.seismicity is not None and program.seismicity.has_catalogue)
    assert program.seismicity.state.catalogue.magnitude.tolist() == [1.0, 2.0, 3.0]
    assert "Located events of" in program.seismicity.state.name
    assert program.controller._front.id == "view.seismicity"


def test_the_first_page_offers_all_ways(program: Program) -> None:
    buttons = program.seismicity.pages.currentWidget().findChildren(QPushButton)
    assert [button.text() for button in buttons] == [
        "Open a Catalogue…",
        "Download Events…",
        "Try the Sample Catalogue",
    ]
