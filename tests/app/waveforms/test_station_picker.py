"""The picking view: one station large, by the same actions and editors as the traces."""

from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import AddPicks
from quakeview.waveforms.channels import Instrument
from tests.app.conftest import BAVARIA


@pytest.fixture
def controller(make_window: Any) -> Any:
    return make_window(list(BAVARIA))


@pytest.fixture
def picker(controller: Any, qtbot: Any) -> Any:
    controller.workspace._choose_station(list(controller.session.stations)[2])
    QTest.keyClick(controller.workspace.view, Qt.Key.Key_Q)
    page = controller.workspace.picker
    assert page.isVisible()
    return page


def automatic(controller: Any, number: int = 2) -> list[Pick]:
    """An automatic P at each of some stations."""
    session = controller.session
    picks = []
    for station in list(session.stations)[:number]:
        channel = session.components(station)[0][1]
        time = session.archive.segments(channel)[0].start + 30
        picks.append(Pick(channel, "P", time, PickStatus.AUTOMATIC, 0.8, model="some model"))
    session.book.apply(AddPicks(picks))
    return picks


def move_to(view: Any, share: float, row: int) -> None:
    """The pointer over a trace."""
    plot, rect = view.plot_rect(), view.bands[0].components[row].rect
    QTest.mouseMove(view, QPointF(plot.left() + share * plot.width(), rect.center().y()).toPoint())


def test_q_shows_the_station_of_the_current_trace_and_q_the_traces_again(controller: Any) -> None:
    workspace, stations = controller.workspace, list(controller.session.stations)
    workspace._choose_station(stations[2])
    QTest.keyClick(workspace.view, Qt.Key.Key_Q)
    picker = workspace.picker
    assert [row.station for row in picker.view.scene.rows] == [stations[2]]
    assert [letter for letter, _ in picker.view.scene.rows[0].channels] == ["Z", "N", "E"]
    assert picker.view.scene.records is workspace.view.scene.records
    assert not workspace.view.isVisible()
    QTest.keyClick(picker.view, Qt.Key.Key_Q)
    assert workspace.view.isVisible()
    assert not picker.isVisible()


def test_keys_pick_at_the_cursor_of_the_page_and_undo_is_the_same(controller: Any, picker: Any) -> None:
    move_to(picker.view, 0.4, 1)
    channel, seconds = picker.view.cursor_position
    QTest.keyClick(picker.view, Qt.Key.Key_S)
    (pick,) = controller.session.book
    assert (pick.phase, pick.channel_id) == ("S", channel)
    assert pick.time.ns / 1e9 == pytest.approx(seconds, abs=1e-3)
    assert controller.workspace.review.ids == [pick.resource_id]
    assert picker.view.scene.picks.get(pick.resource_id) is not None
    move_to(picker.view, 0.6, 0)
    QTest.keyClick(picker.view, Qt.Key.Key_6)
    assert {pick.phase for pick in controller.session.book} == {"S", "Sg"}
    controller.registry["edit.undo"].trigger()
    assert list(controller.session.book) == [pick]


def test_enter_confirms_and_goes_to_the_pick_and_the_station_that_wait(controller: Any, picker: Any) -> None:
    first, second = automatic(controller)
    controller.workspace.review.select([first.resource_id])
    assert picker.station == Instrument.of(first.channel_id)
    controller.registry["picks.confirm"].trigger()
    book = controller.session.book
    assert book.get(first.resource_id).status is PickStatus.CONFIRMED
    assert controller.workspace.review.ids == [second.resource_id]
    assert picker.view.scene.rows[0].station == Instrument.of(second.channel_id)
    first_time, last_time = picker.view.view
    assert first_time < second.time.ns / 1e9 < last_time


def test_the_list_says_the_state_of_each_pick_and_a_click_goes_there(controller: Any, picker: Any, qtbot: Any) -> None:
    first, second = automatic(controller)
    controller.workspace.review.editor.reject([second.resource_id])
    controller.workspace.view.show_all()
    picker._follow()
    model = picker.list.model
    rows = {model.row_at(number).station: model.row_at(number) for number in range(model.rowCount())}
    assert model.text(rows[Instrument.of(first.channel_id)], "P") == "○"
    picker.list.table.select_key(Instrument.of(second.channel_id))
    picker.list._choose()
    assert picker.station == Instrument.of(second.channel_id)
    picker._follow()
    assert model.text(model.row_at(model.row_of(picker.station)), "P") == "✕"
    assert picker.title.text() == ".".join(picker.station[:2])


def test_page_down_goes_to_the_next_station_and_the_wheel_enlarges(controller: Any, picker: Any) -> None:
    before = picker.station
    QTest.keyClick(picker.view, Qt.Key.Key_PageDown)
    assert picker.stations.index(picker.station) == picker.stations.index(before) + 1
    gain = picker.view.scene.gain
    centre = QPointF(picker.view.plot_rect().center())
    event = QWheelEvent(
        centre,
        QPointF(picker.view.mapToGlobal(centre.toPoint())),
        QPointF(0, 0).toPoint(),
        QPointF(0, 120).toPoint(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picker.view, event)
    assert picker.view.scene.gain > gain
    assert controller.workspace.view.scene.gain == 1.0


def test_the_tables_make_room_and_come_back(controller: Any) -> None:
    workspace, registry = controller.workspace, controller.registry
    assert workspace.tabs.isVisible()
    registry["view.picker"].trigger()
    assert not workspace.tabs.isVisible()
    assert not registry["view.panel_tables"].isChecked()
    registry["view.picker"].trigger()
    assert workspace.tabs.isVisible()
    registry["view.panel_tables"].trigger()
    registry["view.picker"].trigger()
    registry["view.picker"].trigger()
    assert not workspace.tabs.isVisible()


def test_panels_are_hidden_and_stay_so(controller: Any, make_window: Any) -> None:
    registry, workspace = controller.registry, controller.workspace
    height, width = workspace.view.height(), workspace.view.width()
    for name in ("inspector", "tables", "overview"):
        registry[f"view.panel_{name}"].trigger()
    QApplication.processEvents()
    assert not any(panel.isVisible() for panel in (workspace.inspector, workspace.tabs, workspace.overview))
    assert workspace.view.height() > height + 100
    assert workspace.view.width() > width + 100
    controller.window.close()
    again = make_window(list(BAVARIA[:1]))
    assert not any(panel.isVisible() for panel in (again.workspace.inspector, again.workspace.overview))
    assert not again.registry["view.panel_tables"].isChecked()
    again.registry["view.spectrum"].trigger()
    assert again.workspace.tabs.isVisible()
