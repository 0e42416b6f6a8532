"""Picking in the window: by hand, by model, reviewing, undo, tables, files, orders, filters."""

import threading
from functools import partial

import numpy as np
import obspy
import pytest
from obspy import UTCDateTime
from obspy.core.event import Catalog, Event, Origin
from obspy.core.inventory import Inventory, Network, Station
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from quakeview.app.waveforms.filter_dialog import FilterDialog
from quakeview.app.waveforms.session_files import SessionFilesDialog
from quakeview.app.waveforms.stations_table import COLUMNS
from quakeview.monitoring.exchange import write_picks
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project import AddPicks
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.filters import Filter
from tests.app import fake_picker
from tests.app.conftest import BAVARIA, MONTSERRAT, is_loaded
from tests.app.pointer import double_click
from tests.app.program import drop


@pytest.fixture
def controller(make_window):
    return make_window([MONTSERRAT])


@pytest.fixture
def workspace(controller):
    return controller.workspace


@pytest.fixture
def project(controller):
    return controller.session.project


def trigger(controller, *action_ids):
    for action_id in action_ids:
        assert controller.registry[action_id].isEnabled(), controller.registry[action_id].toolTip()
        controller.registry[action_id].trigger()


def point_of(view, row, fraction):
    """Where a trace is on the widget, at a fraction of the time in view."""
    component = view.component_of(view.scene.channel_ids()[row])
    return QPoint(round(component.rect.left() + fraction * component.rect.width()), round(component.rect.center().y()))


def pick_all(controller, qtbot):
    trigger(controller, "picks.all")
    qtbot.waitUntil(lambda: not controller.window.runner.active)


# --- by hand ----------------------------------------------------------------------------------------------------


def test_a_key_picks_under_the_mouse_and_the_inspector_and_table_show_it(workspace, project, qtbot):
    view = workspace.view
    place = point_of(view, 0, 0.3)
    qtbot.mouseMove(view, place)
    qtbot.keyClick(view, Qt.Key.Key_P)
    (pick,) = project.picks()
    assert (pick.phase, pick.status, pick.channel_id) == ("P", PickStatus.MANUAL, view.scene.channel_ids()[0])
    assert float(pick.time) == pytest.approx(view.time_at(place.x()), abs=1e-3)
    assert workspace.inspector.pick_section.value("Channel") == str(pick.channel_id)
    assert workspace.picks.table.selected_keys() == [pick.resource_id]
    assert view.selected_pick == pick.resource_id


def test_double_click_sets_the_phase_of_the_mode(controller, workspace, project, qtbot):
    trigger(controller, "picks.phase_s")
    double_click(workspace.view, point_of(workspace.view, 1, 0.5))
    assert [pick.phase for pick in project.picks()] == ["S"]
    assert not controller.registry["picks.phase_p"].isChecked()


def test_dragging_the_flag_moves_the_pick_on_its_channel(workspace, project, qtbot):
    view = workspace.view
    channel = view.scene.channel_ids()[0]
    view.pickRequested.emit(channel, view.time_at(point_of(view, 0, 0.4).x()), "P")
    view.grab()
    (before,) = project.picks()
    flag = view.scene.picks.flag_of(before.resource_id).rect.center().toPoint()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=flag)
    for step in (5, 20, 40):
        qtbot.mouseMove(view, flag + QPoint(step, 0))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=flag + QPoint(40, 0))
    (after,) = project.picks()
    assert after.channel_id == before.channel_id
    assert after.time - before.time == pytest.approx(view.time_at(40) - view.time_at(0), rel=0.05)


def test_polarity_uncertainty_and_delete_by_key_and_each_is_one_undo(controller, workspace, project, qtbot):
    view = workspace.view
    view.pickRequested.emit(view.scene.channel_ids()[0], view.view[0] + 8, "P")
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.keyClick(view, Qt.Key.Key_4, Qt.KeyboardModifier.ShiftModifier)
    (pick,) = project.picks()
    assert (pick.polarity, pick.lower_uncertainty, pick.upper_uncertainty) == (Polarity.UP, 0.2, 0.2)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert project.picks()[0].polarity is Polarity.DOWN
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert not project.picks()
    for expected in (Polarity.DOWN, Polarity.UP):
        trigger(controller, "edit.undo")
        assert project.picks()[0].polarity is expected
    trigger(controller, "edit.undo", "edit.undo")
    assert project.picks()[0].upper_uncertainty == 0.1
    trigger(controller, "edit.undo")
    assert not project.picks()
    assert not controller.registry["edit.undo"].isEnabled()
    for _ in range(5):
        trigger(controller, "edit.redo")
    assert not project.picks()


def test_an_ampersand_in_a_name_is_shown_in_the_menu(controller, project):
    controller.session.book.apply(AddPicks((Pick(ChannelId("", "A&B", "", "BHZ"), "P", UTCDateTime(0)),)))
    assert "A&&B" in controller.registry["edit.undo"].text()


def test_nudging_a_pick_is_one_undo(controller, workspace, project, qtbot):
    view = workspace.view
    view.pickRequested.emit(view.scene.channel_ids()[0], view.view[0] + 8, "P")
    start = project.picks()[0].time
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert project.picks()[0].time > start
    trigger(controller, "edit.undo")
    assert project.picks()[0].time == start


def test_typing_in_the_filter_field_changes_no_pick(workspace, project, qtbot):
    view = workspace.view
    view.pickRequested.emit(view.scene.channel_ids()[0], view.view[0] + 8, "P")
    before = project.picks()
    workspace.picks.search.setFocus()
    qtbot.keyClicks(workspace.picks.search, "xn+-a")
    qtbot.keyClick(workspace.picks.search, Qt.Key.Key_Backspace)
    qtbot.keyClick(workspace.picks.search, Qt.Key.Key_Return)
    assert project.picks() == before
    assert workspace.picks.search.text() == "xn+-"


# --- by model ---------------------------------------------------------------------------------------------------


def test_pick_all_shows_picks_and_curves_and_says_why_a_station_has_none(controller, workspace, project, qtbot):
    pick_all(controller, qtbot)
    assert {pick.model for pick in project.picks()} == {fake_picker.NAME}
    assert len(project.picks()) == 2 * sum("Z" in found for found in controller.session.archive.stations.values())
    assert len(workspace.view.scene.curves) == len(project.picks()) / 2
    table = workspace.stations.table
    qtbot.waitUntil(lambda: not workspace._rows_timer.isActive())
    texts = [table.model().index(row, COLUMNS.index("Picking")).data() for row in range(table.model().rowCount())]
    assert sum("has no vertical component" in text for text in texts) == 3
    assert "2 picks found" in texts
    trigger(controller, "edit.undo")
    assert not project.picks()


def test_picks_come_station_by_station_and_cancel_keeps_the_finished(make_window, qtbot):
    controller = make_window([MONTSERRAT], pick=partial(fake_picker.pick_archive, pause=0.15))
    project = controller.session.project
    trigger(controller, "picks.all")
    assert not controller.registry["picks.all"].isEnabled()
    qtbot.waitUntil(lambda: len(project.picks()) >= 4)
    current = controller.window.current_job
    assert current.isVisible()
    assert "Picking" in current.text.text()
    with qtbot.waitSignal(controller.session.picking.job.cancelled):
        current.cancel.click()
    kept = len(project.picks())
    assert 4 <= kept < 2 * len(controller.session.archive.stations)
    assert controller.registry["picks.all"].isEnabled()


def test_only_the_selected_station_is_picked(controller, workspace, project, qtbot):
    qtbot.mouseClick(workspace.view, Qt.MouseButton.LeftButton, pos=point_of(workspace.view, 3, 0.2))
    trigger(controller, "picks.station")
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    station = workspace.view.scene.rows[1].station
    assert {pick.channel_id.station for pick in project.picks()} == {station.station}


def test_picking_again_keeps_what_a_person_decided(controller, workspace, project, qtbot):
    pick_all(controller, qtbot)
    first, second, *_ = project.picks()
    workspace.review.select([first.resource_id])
    trigger(controller, "picks.reject")
    workspace.review.select([second.resource_id])
    trigger(controller, "picks.confirm")
    count = len(project.picks())
    pick_all(controller, qtbot)
    assert len(project.picks()) == count
    assert controller.session.book.get(first.resource_id).status is PickStatus.REJECTED
    assert controller.session.book.get(second.resource_id).status is PickStatus.CONFIRMED


def test_a_failing_picker_is_told_in_a_sentence(make_window, qtbot):
    def broken(*_, **__):
        raise RuntimeError("the weights are full of NaN")

    controller = make_window([MONTSERRAT], pick=broken)
    trigger(controller, "picks.all")
    qtbot.waitUntil(lambda: bool(controller._dialogs))
    assert "the weights are full of NaN" in controller._dialogs[0].sentence.text()
    assert controller.registry["picks.all"].isEnabled()


def test_the_gui_thread_does_not_pick(make_window, qtbot):
    threads = []

    def watch(*args, **kwargs):
        threads.append(threading.current_thread())
        return fake_picker.pick_archive(*args, **kwargs)

    controller = make_window([MONTSERRAT], pick=watch)
    pick_all(controller, qtbot)
    assert threads
    assert threading.main_thread() not in threads


def test_without_a_model_the_window_says_how_to_get_one(make_window):
    controller = make_window([MONTSERRAT], models=[])
    workspace = controller.workspace
    assert not controller.registry["picks.all"].isEnabled()
    assert "Import a checkpoint" in workspace.inspector.model_section.big.text()
    assert "No picker that can be used" in workspace.picks.empty.text()


# --- review and tables ------------------------------------------------------------------------------------------


def test_review_by_keys_goes_through_all_picks(controller, workspace, project, qtbot):
    pick_all(controller, qtbot)
    view = workspace.view
    view.setFocus()
    total = len(project.picks())
    qtbot.keyClick(view, Qt.Key.Key_N)
    for number in range(total):
        qtbot.keyClick(view, Qt.Key.Key_Return if number % 2 else Qt.Key.Key_X)
    statuses = [pick.status for pick in project.picks()]
    assert statuses.count(PickStatus.REJECTED) == total / 2
    assert statuses.count(PickStatus.CONFIRMED) == total / 2


def test_next_and_previous_go_round(controller, workspace, project, qtbot):
    pick_all(controller, qtbot)
    ids = [pick.resource_id for pick in project.picks()]
    qtbot.keyClick(workspace.view, Qt.Key.Key_N)
    assert workspace.view.selected_pick == ids[0]
    qtbot.keyClick(workspace.view, Qt.Key.Key_B)
    assert workspace.view.selected_pick == ids[-1]


def test_choosing_a_row_brings_the_pick_into_view(controller, workspace, project, qtbot):
    pick_all(controller, qtbot)
    view = workspace.view
    first, _ = view.view
    view.set_view(first, first + 2)
    pick = project.picks()[-1]
    workspace.picks.table.select_key(pick.resource_id)
    assert view.selected_pick == pick.resource_id
    assert view.view[0] < float(pick.time) < view.view[1]


def test_the_table_is_filtered_sorted_copied_and_saved(controller, workspace, project, qtbot, tmp_path):
    pick_all(controller, qtbot)
    panel = workspace.picks
    panel.search.setText("MBGA")
    assert panel.table.model().rowCount() == 2
    panel.table.copy()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["Channel", "Phase", "Time (UTC)"]
    assert len(lines) == 3
    assert all("MBGA" in line for line in lines[1:])
    panel.search.clear()
    panel.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    shown = [panel.table.model().index(row, 3).data() for row in range(panel.table.model().rowCount())]
    assert shown == sorted(shown, reverse=True)
    (tmp_path / "table.csv").write_text(panel.table.text(",", only_selected=False))
    assert len((tmp_path / "table.csv").read_text().splitlines()) == len(project.picks()) + 1
    workspace.review.select([project.picks()[0].resource_id])
    trigger(controller, "picks.reject")
    panel.status.setCurrentText("Rejected")
    assert panel.table.model().rowCount() == 1


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["quakeml", "csv", "obs"])
def test_picks_go_out_and_come_back(controller, workspace, project, qtbot, tmp_path, monkeypatch, suffix):
    pick_all(controller, qtbot)
    before = [(pick.phase, round(float(pick.time), 2)) for pick in project.picks()]
    path = tmp_path / f"picks.{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    trigger(controller, "file.export_picks")
    qtbot.waitUntil(lambda: path.exists() and not controller.window.runner.active)
    trigger(controller, "edit.undo")
    assert not project.picks()
    drop(controller.window, [path])
    qtbot.waitUntil(lambda: len(project.picks()) == len(before))
    assert [(pick.phase, round(float(pick.time), 2)) for pick in project.picks()] == before
    if suffix != "obs":
        assert {pick.channel_id for pick in project.picks()} <= set(controller.session.archive.channels)


def test_a_picture_of_the_view(controller, qtbot, tmp_path, monkeypatch):
    for name in ("view.png", "view.svg"):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (str(tmp_path / name), ""))
        trigger(controller, "file.picture")
        qtbot.waitUntil((tmp_path / name).exists)
    assert (tmp_path / "view.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "view.svg").read_bytes()


def test_more_files_join_what_is_open(controller, qtbot):
    controller.open(BAVARIA[:2])
    qtbot.waitUntil(lambda: is_loaded(controller) and len(controller.session.archive.stations) == 13)
    assert {row.label for row in controller.workspace.view.scene.rows} >= {"BW.UH1", "MBGA"}


# --- order, filter, station -------------------------------------------------------------------------------------


def test_distance_needs_an_event_and_coordinates_else_s_minus_p(make_window, qtbot, tmp_path):
    controller = make_window(BAVARIA)
    workspace = controller.workspace
    trigger(controller, "view.sort_distance")
    assert "Sorted by name" in workspace._order_label
    pick_all(controller, qtbot)
    trigger(controller, "view.sort_distance")
    assert "S−P" in workspace._order_label

    places = {"UH1": 48.3, "UH2": 48.2, "UH3": 48.1, "UH4": 48.0}
    stations = [Station(code, latitude, 11.6, 500.0) for code, latitude in places.items()]
    Inventory([Network("BW", stations)], "test").write(str(tmp_path / "stations.xml"), "STATIONXML")
    origin = Origin(time=UTCDateTime("2010-05-27T16:24:30"), latitude=48.0, longitude=11.6)
    Catalog([Event(origins=[origin])]).write(str(tmp_path / "event.xml"), "QUAKEML")
    drop(controller.window, [tmp_path / "stations.xml", tmp_path / "event.xml"])
    qtbot.waitUntil(lambda: controller.session.earthquake is not None and bool(controller.session.coordinates))
    assert [row.label for row in workspace.view.scene.rows] == ["BW.UH4", "BW.UH3", "BW.UH2", "BW.UH1"]
    assert workspace.view.scene.rows[1].subtitle == "11 km, 0°"
    assert workspace.view.scene.events


def test_the_filter_is_applied_to_everything_shown(controller, workspace, qtbot):
    session = controller.session
    channel = workspace.view.scene.channel_ids()[0]
    (before,) = session.records[channel]
    workspace.filter.choose(5.0, 20.0)
    qtbot.waitUntil(lambda: all(found[0].filter.low == 5.0 for found in session.records.values()))
    (after,) = session.records[channel]
    expected = obspy.Trace(before.data.copy(), {"sampling_rate": before.sampling_rate})
    expected.detrend("linear").filter("bandpass", freqmin=5.0, freqmax=20.0, corners=4)
    inner = slice(300, -300)
    assert np.corrcoef(after.data[inner], expected.data[inner])[0, 1] > 0.99
    trigger(controller, "view.filter")
    qtbot.waitUntil(lambda: all(found[0].filter.low is None for found in session.records.values()))
    trigger(controller, "view.filter")
    qtbot.waitUntil(lambda: all(found[0].filter.low == 5.0 for found in session.records.values()))


@pytest.mark.parametrize(
    ("low", "high", "note"),
    [
        (1.0, 60.0, "> 1 Hz only (rate 75.1"),
        (None, 60.0, "not filtered (rate 75.1"),
        (50.0, 60.0, "not filtered (rate 75.1"),
    ],
)
def test_a_corner_above_half_the_rate_is_left_out_and_told_on_the_trace(controller, workspace, qtbot, low, high, note):
    session, scene = controller.session, workspace.view.scene
    workspace.filter.choose(low, high)
    qtbot.waitUntil(lambda: all(scene.notes.get(channel, "").startswith(note) for channel in scene.channel_ids()))
    assert not scene.problems
    assert all(
        found[0].filter == Filter(session.filter.detrend, low if low == 1 else None)
        for found in session.records.values()
    )
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    session.load_records()
    assert not controller.window.runner.active
    workspace.filter.choose(1.0, 10.0)
    qtbot.waitUntil(lambda: not any(scene.notes.values()))


def test_the_custom_filter_dialog_refuses_crossed_corners(controller, workspace, qtbot):
    trigger(controller, "view.custom_filter")
    dialog = workspace.findChild(FilterDialog)
    dialog.low.setValue(8)
    dialog.high.setValue(3)
    assert not dialog.accept_button.isEnabled()
    dialog.high.setValue(12)
    dialog.accept_button.click()
    assert controller.session.filter.label == "8–12 Hz"


def test_the_station_is_inspected_with_its_problems(controller, workspace, qtbot):
    qtbot.waitUntil(lambda: workspace.stations.table.model().rowCount() > 0)
    row = next(row for row in workspace.view.scene.rows if row.station.station == "MBLG")
    workspace.stations.table.select_key(row.station)
    section = workspace.inspector.station_section
    assert "MBLG" in section.big.text()
    assert section.value("Rate").startswith("75.")
    qtbot.waitUntil(lambda: "missing" in section.value("Data"))


def test_the_spectrogram_of_the_chosen_trace(controller, workspace, qtbot):
    qtbot.mouseClick(workspace.view, Qt.MouseButton.LeftButton, pos=point_of(workspace.view, 0, 0.5))
    with qtbot.waitSignal(workspace.spectrogram.panel.ready):
        qtbot.keyClick(workspace.view, Qt.Key.Key_G)
    assert workspace.tabs.currentWidget() is workspace.spectrogram
    assert workspace.spectrogram.panel.view == pytest.approx(workspace.view.view)


def test_overview_and_traces_show_the_same_time(workspace):
    first, last = workspace.view.view
    workspace.overview.windowChanged.emit(first + 5, first + 9)
    assert workspace.view.view == pytest.approx((first + 5, first + 9))
    workspace.view.set_view(first + 1, last - 1)
    assert workspace.overview.window_range == pytest.approx((first + 1, last - 1))


def test_files_are_removed_and_stations_brought_back_in_the_dialog(controller, qtbot, tmp_path):
    session = controller.session
    controller.workspace._choose_station(next(iter(session.stations)))
    before = set(session.stations)
    controller.registry["file.remove_station"].trigger()
    assert len(session.stations) == len(before) - 1
    controller.registry["file.files"].trigger()
    dialog = controller.workspace.findChild(SessionFilesDialog)
    qtbot.mouseClick(dialog.bring_back, Qt.MouseButton.LeftButton)
    assert set(session.stations) == before
    assert not dialog.bring_back.isVisible()
    dialog.list.selectAll()
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.stations)
    assert controller.window.stack.currentWidget() is controller.window.welcome
    assert dialog.list.count() == 0
    dialog.close()


def test_an_import_says_how_many_picks_were_there_already(controller, qtbot, tmp_path):
    session, view = controller.session, controller.workspace.view
    view.pickRequested.emit(view.scene.rows[0].channels[0][1], view.view[0] + 5, "P")
    path = tmp_path / "picks.obs"
    write_picks(session.project.picks(), path)
    heard = []
    session.noticed.connect(lambda sentence, _: heard.append(sentence))
    controller.open([path])
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["0 picks came from picks.obs; 1 was already there."]
    assert len(session.project) == 1
