"""The Seismicity workspace as a person uses it: one catalogue on map, time line and in the table."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QTabBar,
    QTableView,
)

from quakeview.app.seismicity.actions import SEISMICITY
from quakeview.app.seismicity.filter_row import EPOCH, FilterRow
from quakeview.app.seismicity.map_tools import MapTools
from quakeview.app.seismicity.region_dialog import RegionDialog
from quakeview.app.widgets.tool_button import ToolButton
from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.region import Region
from tests.app.pointer import drag
from tests.app.program import Program, drop
from tests.app.seismicity.catalogue_files import FIRST_DAY, write_catalogue

LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.usefixtures("without_forecasts")


def test_without_a_catalogue_it_says_what_to_do(program: Program) -> None:
    labels = program.seismicity.pages.currentWidget().findChildren(QLabel)
    assert any("No catalogue is open" in label.text() for label in labels)
    assert program.seismicity.pages.currentIndex() == 0
    assert program.registry["seismicity.open"].isEnabled()
    assert "Open a catalogue first" in program.registry["seismicity.box"].toolTip()


def test_a_catalogue_is_on_map_time_line_and_in_the_table(seismicity: Any) -> None:
    assert seismicity.table.count.text() == "400 earthquakes"
    assert len(seismicity.map.dots.x) == len(seismicity.time_line.dots.x) == 400
    assert "400 earthquakes" in seismicity.map.accessibleDescription()
    assert seismicity.state.choices.day == FIRST_DAY + 199


def test_what_is_to_know_about_the_file_is_said(seismicity: Any) -> None:
    assert "400 earthquakes" in seismicity.notice.sentence.text()
    assert "origin time" in seismicity.notice.sentence.text()


def test_a_file_that_is_no_catalogue_leaves_what_was_shown(seismicity: Any, qtbot: Any, tmp_path: Path) -> None:
    before = seismicity.state.catalogue
    (tmp_path / "none.csv").write_text("")
    seismicity.open([tmp_path / "none.csv"])
    qtbot.waitUntil(lambda: not seismicity.session.is_reading)
    assert seismicity.state.catalogue is before


def test_a_click_on_the_map_selects_everywhere(seismicity: Any, qtbot: Any) -> None:
    view, largest = seismicity.map, int(np.nanargmax(seismicity.state.catalogue.magnitude))
    x, y = view.dots.pixels(view.frame)
    place = view.shown.columns.index[str(largest)]
    small = int(np.argmin(np.hypot(x - x[place], y - y[place])))
    qtbot.mouseClick(view, LEFT, pos=QPoint(round(x[small]), round(y[small])))
    (chosen,) = seismicity.state.selection
    assert seismicity.table.table.selected_keys() == [chosen]
    assert seismicity.time_line.shown.selection == (str(chosen),)


def test_a_row_of_the_table_is_selected_on_the_map(seismicity: Any) -> None:
    seismicity.table.table.selectRow(5)
    assert seismicity.state.selection == (5,)
    assert seismicity.map.shown.selection == ("5",)


def test_days_are_brushed_on_the_time_line(seismicity: Any, qtbot: Any) -> None:
    line = seismicity.time_line
    plot = line.frame.plot
    drag(line, QPointF(plot.left() + 30, plot.top() + 4), QPointF(plot.left() + 130, plot.top() + 20))
    first, last = seismicity.state.choices.period
    assert FIRST_DAY < first < last < FIRST_DAY + 200
    inside = (seismicity.state.catalogue.time >= first * DAY) & (seismicity.state.catalogue.time < last * DAY)
    assert len(seismicity.map.dots.x) == seismicity.table.rows.rowCount() == inside.sum() > 0
    assert len(line.dots.x) == 400
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert seismicity.state.choices.period is None
    assert len(seismicity.map.dots.x) == 400


def test_a_selected_earthquake_that_is_filtered_out_comes_back(seismicity: Any) -> None:
    seismicity.state.select([5])
    seismicity.state.choose(period=(FIRST_DAY + 100, FIRST_DAY + 200))
    assert seismicity.map.shown.selection == ()
    assert "selected" not in seismicity.map.accessibleDescription()
    seismicity.state.choose(period=None)
    assert seismicity.map.shown.selection == ("5",)
    assert seismicity.table.table.selected_keys() == [5]


def test_the_brush_is_moved_and_resized(seismicity: Any, qtbot: Any) -> None:
    line, state = seismicity.time_line, seismicity.state
    state.choose(period=(FIRST_DAY + 50, FIRST_DAY + 80))
    frame = line.frame

    def at(day: int) -> QPointF:
        return QPointF(frame.at(day * DAY, 0.0).x(), frame.plot.top() + 3)

    drag(line, at(FIRST_DAY + 65), at(FIRST_DAY + 95))
    first, last = state.choices.period
    assert last - first == 30
    assert abs(first - FIRST_DAY - 80) <= 1
    drag(line, at(last), at(FIRST_DAY + 150))
    assert state.choices.period[0] == first
    assert abs(state.choices.period[1] - FIRST_DAY - 150) <= 1


def test_a_click_on_the_axis_chooses_the_last_known_day(seismicity: Any, qtbot: Any) -> None:
    line = seismicity.time_line
    frame = line.frame
    x = frame.at((FIRST_DAY + 60.5) * DAY, 0.0).x()
    qtbot.mouseClick(line, LEFT, pos=QPoint(round(x), round(frame.plot.bottom()) + 8))
    assert abs(seismicity.state.choices.day - FIRST_DAY - 60) <= 1
    qtbot.keyClick(line, Qt.Key.Key_PageDown)
    assert seismicity.bar.day.date().toString("yyyy-MM-dd") in line.accessibleDescription()


def test_a_box_is_drawn_and_filters_the_table(program: Program, seismicity: Any, qtbot: Any) -> None:
    program.registry["seismicity.box"].trigger()
    view = seismicity.map
    plot = view.frame.plot
    drag(view, plot.center() - QPointF(60, 60), plot.center() + QPointF(60, 60))
    region = seismicity.state.choices.region
    assert region is not None
    assert not program.registry["seismicity.box"].isChecked()
    inside = int(region.contains(seismicity.state.catalogue.latitude, seismicity.state.catalogue.longitude).sum())
    assert 0 < inside < 400
    assert len(seismicity.time_line.dots.x) == inside
    assert seismicity.table.rows.rowCount() == 400
    seismicity.table.status.setCurrentText("In the region")
    assert seismicity.table.rows.rowCount() == inside
    program.registry["seismicity.no_region"].trigger()
    assert seismicity.state.choices.region is None
    assert seismicity.table.rows.rowCount() == 400


def test_a_click_is_no_box(program: Program, seismicity: Any, qtbot: Any) -> None:
    program.registry["seismicity.box"].trigger()
    qtbot.mouseClick(seismicity.map, LEFT, pos=seismicity.map.rect().center())
    assert "from corner to corner" in seismicity.notice.sentence.text()
    assert seismicity.state.choices.region is None


def test_the_last_known_day_is_one_of_the_catalogue(seismicity: Any, qtbot: Any) -> None:
    qtbot.keyClick(seismicity.time_line, Qt.Key.Key_PageDown)
    assert seismicity.state.choices.day == FIRST_DAY + 199
    seismicity.bar.day.setDate(EPOCH.addDays(FIRST_DAY - 50))
    assert seismicity.state.choices.day == FIRST_DAY
    assert seismicity.bar.day.date() == EPOCH.addDays(FIRST_DAY)


def test_a_polygon_is_drawn_corner_by_corner(program: Program, seismicity: Any, qtbot: Any) -> None:
    program.registry["seismicity.polygon"].trigger()
    view = seismicity.map
    middle = view.frame.plot.center()
    for dx, dy in ((-80, 60), (80, 60), (0, -70)):
        qtbot.mouseClick(view, LEFT, pos=(middle + QPointF(dx, dy)).toPoint())
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert len(seismicity.state.choices.region.corners) == 3
    assert seismicity.state.choices.region.contains([36.0], [140.0])


def test_a_drawing_is_given_up(program: Program, seismicity: Any, qtbot: Any) -> None:
    program.registry["seismicity.polygon"].trigger()
    qtbot.mouseClick(seismicity.map, LEFT, pos=seismicity.map.rect().center())
    qtbot.keyClick(seismicity.map, Qt.Key.Key_Escape)
    assert seismicity.map.tool is None
    assert not program.registry["seismicity.polygon"].isChecked()
    assert seismicity.state.choices.region is None


def test_two_corners_are_no_region(program: Program, seismicity: Any, qtbot: Any) -> None:
    program.registry["seismicity.polygon"].trigger()
    qtbot.mouseClick(seismicity.map, LEFT, pos=seismicity.map.rect().center())
    qtbot.keyClick(seismicity.map, Qt.Key.Key_Return)
    assert seismicity.state.choices.region is None
    assert "three corners" in seismicity.notice.sentence.text()


def test_choices_are_made_in_the_bar(seismicity: Any) -> None:
    bar, state = seismicity.bar, seismicity.state
    bar.magnitude.setValue(5.2)
    bar.cell.setValue(50)
    bar.window_choice.setCurrentIndex(1)
    bar.window_choice.activated.emit(1)
    assert (state.choices.magnitude, state.choices.cell_size) == (5.2, 50_000.0)
    assert (state.choices.window.first, state.choices.window.last) == (10, 20)


def test_cells_are_made_in_the_region_only(program: Program, seismicity: Any) -> None:
    assert "draw one first" in program.registry["seismicity.area"].toolTip()
    seismicity.state.choose(region=Region.box(35, 139, 37, 141))
    program.registry["seismicity.area"].trigger()
    assert seismicity.state.choices.area == seismicity.state.choices.region
    program.registry["seismicity.area"].trigger()
    assert seismicity.state.choices.area is None


def test_magnitudes_and_days_are_typed(seismicity: Any) -> None:
    row = seismicity.table.findChild(FilterRow)
    assert row.most.value() == 6.9
    row.least.setValue(4.0)
    large = seismicity.state.catalogue.magnitude >= 4.0
    assert seismicity.table.rows.rowCount() == len(seismicity.map.dots.x) == large.sum()
    row.first.setDate(EPOCH.addDays(FIRST_DAY + 100))
    assert seismicity.state.choices.period == (FIRST_DAY + 100, FIRST_DAY + 200)
    row.findChild(ToolButton).click()
    assert seismicity.table.rows.rowCount() == 400
    assert row.first.date() == EPOCH.addDays(FIRST_DAY)


def test_a_region_is_typed(program: Program, seismicity: Any) -> None:
    program.registry["seismicity.type_region"].trigger()
    dialog = seismicity.findChild(RegionDialog)
    dialog.corners.setPlainText("35 139 34 141")
    assert "exchange the two" in dialog.said.text()
    assert not dialog.accept_button.isEnabled()
    dialog.corners.setPlainText("35 139 37 141")
    assert "35.0° N to 37.0° N" in dialog.said.text()
    dialog.accept_button.click()
    assert seismicity.state.choices.region == Region.box(35, 139, 37, 141)


def test_the_table_is_sorted_and_copied(seismicity: Any) -> None:
    table = seismicity.table.table
    table.sortByColumn(seismicity.table.rows.columns.index("Magnitude"), Qt.SortOrder.DescendingOrder)
    assert seismicity.table.rows.text(seismicity.table.rows.row_at(0), "Magnitude") == "6.90"
    table.selectRow(0)
    table.copy()
    header, row = QApplication.clipboard().text().splitlines()
    assert header.split("\t")[:2] == ["Origin time (UTC)", "Magnitude"]
    assert row.split("\t")[1] == "6.90"
    assert table.isColumnHidden(seismicity.table.rows.columns.index("Identifier"))


def test_columns_are_wide_enough_when_the_table_is_seen_late(seismicity: Any, qtbot: Any) -> None:
    assert not seismicity.table.isVisible()
    seismicity.tabs.setCurrentWidget(seismicity.table)
    table = seismicity.table.table
    needed = table.fontMetrics().horizontalAdvance(seismicity.table.rows.text(0, "Origin time (UTC)"))
    qtbot.waitUntil(lambda: table.columnWidth(0) > needed)


def test_colours_tell_depth_where_it_is_known(seismicity: Any) -> None:
    tools = seismicity.findChild(MapTools)
    assert tools.colour_by.currentText() == "Depth"
    tools.colour_by.setCurrentText("Time")
    tools.colour_by.activated.emit(tools.colour_by.currentIndex())
    assert seismicity.map.shown.scale.name == "Time"


def test_the_sample_needs_no_data(program: Program, qtbot: Any) -> None:
    program.registry["seismicity.sample"].trigger()
    qtbot.waitUntil(lambda: program.seismicity.has_catalogue)
    assert 1000 < len(program.seismicity.state.catalogue) < 10_000


def test_everything_is_reached_by_keyboard_and_has_a_name(seismicity: Any) -> None:
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QTableView)
    controls = [widget for kind in kinds for widget in seismicity.findChildren(kind)]
    own = [widget for widget in controls if not isinstance(widget.parent(), (QTabBar, QTableView, QLineEdit))]
    assert [each for each in own if not (each.accessibleName() or getattr(each, "text", str)())] == []
    for view in (seismicity.map, seismicity.time_line, seismicity.table.table, seismicity.bar.region):
        assert view.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_several_catalogues_keep_their_choices(seismicity: Any, qtbot: Any, tmp_path: Path) -> None:
    seismicity.state.choose(region=Region.box(35, 139, 37, 141), magnitude=5.0)
    seismicity.open([write_catalogue(tmp_path / "other.csv", events=150, seed=5)])
    qtbot.waitUntil(lambda: len(seismicity.state.opened) == 2)
    assert seismicity.state.name == "other.csv"
    assert seismicity.state.choices.region is None
    assert seismicity.table.count.text() == "150 earthquakes"
    seismicity.bar.catalogues.setCurrentIndex(0)
    seismicity.bar.catalogues.activated.emit(0)
    assert seismicity.state.name == "kanto.csv"
    assert seismicity.bar.magnitude.value() == 5.0
    seismicity.registry["seismicity.close"].trigger()
    assert seismicity.state.name == "other.csv"


def test_what_is_dropped_is_another_catalogue(seismicity: Any, program: Program, qtbot: Any, tmp_path: Path) -> None:
    drop(program.window, [write_catalogue(tmp_path / "dropped.csv", events=120)])
    qtbot.waitUntil(lambda: seismicity.state.name == "dropped.csv")


def test_all_is_there_after_a_restart(
    seismicity: Any, program: Program, make_window: Callable[..., Program], qtbot: Any, tmp_path: Path
) -> None:
    seismicity.open([write_catalogue(tmp_path / "other.csv", events=150, seed=5)])
    qtbot.waitUntil(lambda: len(seismicity.state.opened) == 2)
    seismicity.state.show(seismicity.state.opened[0])
    region = Region.box(35, 139, 37, 141)
    seismicity.state.choose(region=region, day=FIRST_DAY + 30, least=3.5)
    program.window.close()
    again = make_window()
    assert again.controller._front.id == SEISMICITY
    qtbot.waitUntil(lambda: len(again.seismicity.state.opened) == 2)
    qtbot.waitUntil(lambda: again.seismicity.state.name == "kanto.csv")
    choices = again.seismicity.state.choices
    assert (choices.region, choices.day, choices.least) == (region, FIRST_DAY + 30, 3.5)


def test_what_was_not_read_again_yet_is_not_lost(
    seismicity: Any, program: Program, make_window: Callable[..., Program], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seismicity.state.current.about = ["They are simulated."]
    program.window.close()
    held = threading.Event()
    monkeypatch.setattr("quakeview.app.seismicity.session.read_catalogue", lambda *_: held.wait() and None)
    hurried = make_window()
    hurried.registry[SEISMICITY].trigger()
    threading.Timer(0.2, held.set).start()
    hurried.window.close()
    monkeypatch.undo()
    again = make_window()
    qtbot.waitUntil(lambda: again.seismicity.has_catalogue)
    assert again.seismicity.state.notes[0] == "They are simulated."


def test_another_one_is_shown_if_the_one_that_was_shown_is_gone(
    seismicity: Any, program: Program, make_window: Callable[..., Program], qtbot: Any, tmp_path: Path
) -> None:
    other = write_catalogue(tmp_path / "other.csv", events=150, seed=5)
    seismicity.open([other])
    qtbot.waitUntil(lambda: seismicity.state.name == "other.csv")
    program.window.close()
    other.unlink()
    again = make_window()
    qtbot.waitUntil(lambda: again.seismicity.state.name == "kanto.csv")


def test_a_catalogue_that_is_gone_is_told_after_a_restart(
    seismicity: Any, program: Program, make_window: Callable[..., Program], qtbot: Any, catalogue_file: Path
) -> None:
    program.window.close()
    catalogue_file.unlink()
    again = make_window()
    qtbot.waitUntil(lambda: "kanto.csv" in again.seismicity.notice.sentence.text())
    assert again.seismicity.pages.currentIndex() == 0
