"""The Wavefield workspace as a user meets it: scenarios, replay, points, keys, and coming back."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QMessageBox

from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.section_traces import TO_POINT
from quakeview.wavefield.scenarios.library import scenarios_dir
from tests.app.conftest import MONTSERRAT, is_loaded
from tests.app.fake_wavefield import HEADER
from tests.app.program import drop
from tests.app.wavefield_files import write_scenario


@pytest.fixture
def file(tmp_path):
    return write_scenario(tmp_path / "m6.h5")


def is_shown(controller, path):
    """The scenario is open, its first frame is on the map, and nothing is under way."""
    workspace = controller.wavefield
    return (
        workspace is not None
        and workspace.stage.path == path
        and workspace.map.scene.values is not None
        and not controller.window.runner.active
    )


@pytest.fixture
def controller(make_window, qtbot, file):
    controller = make_window()
    controller.open([file])
    qtbot.waitUntil(lambda: is_shown(controller, file))
    return controller


@pytest.fixture
def workspace(controller):
    return controller.wavefield


def press(qtbot, widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    widget.setFocus()
    qtbot.keyClick(widget, key, modifier)


def click_map(qtbot, view, x, y):
    """Click the map at a point in metres."""
    place = view._frame().at(x, y)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(place.x()), round(place.y())))


# --- opening ----------------------------------------------------------------------------------------------------


def test_a_dropped_scenario_opens_in_its_workspace(make_window, qtbot, file):
    controller = make_window()
    drop(controller.window, [file])
    qtbot.waitUntil(lambda: is_shown(controller, file))
    assert controller.window.stack.currentWidget() is controller.wavefield
    assert controller.registry["view.wavefield"].isChecked()
    assert controller.preferences[controller.preferences.RECENT][0] == str(file)
    inspector = controller.wavefield.inspector
    assert inspector.earthquake.big.text() == "M 6.0"
    assert inspector.earthquake.value("Hypocentre") == "X 45.0 km, Y 38.0 km"
    assert inspector.simulation.value("Frequency") == "up to 0.15 Hz"
    assert "illustrative" in inspector.simulation.value("Earth model")
    assert "lower bounds" in inspector.caveat.text()


def test_the_sample_on_the_welcome_screen_opens_by_keyboard(make_window, qtbot, file, monkeypatch):
    monkeypatch.setattr("quakeview.wavefield.scenarios.samples.sample_scenario", lambda: file)
    controller = make_window()
    entry = next(entry for entry in controller.window.welcome.entries if "Hayward" in entry.accessibleName())
    press(qtbot, entry, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: is_shown(controller, file))
    gallery = controller.wavefield.gallery
    qtbot.waitUntil(lambda: gallery.model.rowCount() > 0)
    assert controller.wavefield.isAncestorOf(controller.window.focusWidget())
    assert not gallery.isAncestorOf(controller.window.focusWidget())


def test_the_wavefield_costs_the_start_nothing(make_window):
    controller = make_window()
    assert controller.wavefield is None
    controller.registry["view.wavefield"].trigger()
    assert controller.wavefield is not None


def test_scenario_and_waveforms_opened_together_go_where_they_belong(make_window, qtbot, file):
    controller = make_window()
    controller.open([MONTSERRAT, file])
    qtbot.waitUntil(lambda: is_loaded(controller) and is_shown(controller, file))


@pytest.mark.parametrize("content", [b"this is no HDF5", b""])
def test_a_wrong_file_is_one_sentence_and_what_was_open_stays(controller, workspace, qtbot, tmp_path, file, content):
    wrong = tmp_path / "wrong.h5"
    wrong.write_bytes(content)
    controller.open([wrong])
    qtbot.waitUntil(lambda: bool(controller._dialogs))
    assert "wrong.h5" in controller._dialogs[0].sentence.text()
    assert workspace.stage.path == file
    assert workspace.has_wavefield


def test_an_incomplete_scenario_shows_what_there_is(make_window, qtbot, tmp_path):
    path = write_scenario(tmp_path / "stopped.h5", 40)
    controller = make_window()
    controller.open([path])
    qtbot.waitUntil(lambda: is_shown(controller, path))
    assert controller.wavefield.inspector.simulation.value("Frames").startswith("40 of 112")
    controller.wavefield.player.seek(1000)
    assert controller.wavefield.player.index == 39


def test_the_rail_shows_the_scenarios_and_closing_comes_back_to_them(controller, workspace, qtbot, file):
    controller.registry["wavefield.close"].trigger()
    assert workspace.pages.currentWidget() is workspace.gallery
    assert not workspace.toolbar.isVisible()
    qtbot.waitUntil(lambda: str(file) in paths_in(workspace.gallery))
    controller.registry["view.waveforms"].trigger()
    qtbot.mouseClick(controller.window.rail_button("view.wavefield"), Qt.MouseButton.LeftButton)
    assert controller.window.stack.currentWidget() is workspace


def test_the_next_start_comes_back_to_time_component_and_points(controller, workspace, make_window, qtbot, file):
    controller.registry["wavefield.z"].trigger()
    workspace.limit.box.setValue(5.0)
    workspace.player.seek_time(20.0)
    workspace.stage.choose_point(30_000, 20_000)
    points = workspace.stage.points
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    controller.window.close()

    again = make_window()
    qtbot.waitUntil(lambda: is_shown(again, file))
    assert again.window.stack.currentWidget() is again.wavefield
    stage = again.wavefield.stage
    qtbot.waitUntil(lambda: stage.time == pytest.approx(20.0, abs=HEADER.frame_step))
    assert stage.component is Component.Z
    assert stage.limit == pytest.approx(0.05)
    assert stage.points == points


def test_the_next_start_shows_the_scenarios_alone_where_they_were_shown(controller, workspace, make_window, qtbot):
    controller.registry["wavefield.close"].trigger()
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    controller.window.close()

    again = make_window()
    qtbot.waitUntil(lambda: again.wavefield is not None and again.wavefield.gallery.isVisible())
    assert not again.wavefield.panels_dock.isVisible()
    assert not again.wavefield.toolbar.isVisible()


# --- scenarios --------------------------------------------------------------------------------------------------


def paths_in(gallery):
    return [gallery.model.item(row).toolTip() for row in range(gallery.model.rowCount())]


@pytest.fixture
def gallery(make_window, qtbot):
    """Two scenarios of the user, one of them incomplete."""
    controller = make_window()
    write_scenario(scenarios_dir() / "finished.h5")
    write_scenario(scenarios_dir() / "stopped.h5", 40)
    controller.registry["view.wavefield"].trigger()
    gallery = controller.wavefield.gallery
    qtbot.waitUntil(lambda: sum("scenarios" in path for path in paths_in(gallery)) >= 2)
    return gallery


def row_of(gallery, name):
    return next(row for row, path in enumerate(paths_in(gallery)) if Path(path).name == name)


def test_scenarios_are_listed_with_maps_and_what_is_known(gallery):
    index = gallery.model.index(row_of(gallery, "stopped.h5"), 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "M 6.0" in said
    assert "40 frames" in said
    shown = index.data(Qt.ItemDataRole.UserRole)
    assert not shown.card.complete
    image = shown.image
    colours = {image.pixel(x, image.height() // 2) for x in range(0, image.width(), 8)}
    assert len(colours) > 10
    gallery.grab()


def test_enter_opens_and_delete_asks_before_it_deletes(gallery, qtbot, monkeypatch):
    doomed = scenarios_dir() / "stopped.h5"
    gallery.list.setCurrentIndex(gallery.model.index(row_of(gallery, "stopped.h5"), 0))
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    press(qtbot, gallery.list, Qt.Key.Key_Delete)
    assert doomed.exists()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    press(qtbot, gallery.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not doomed.exists() and str(doomed) not in paths_in(gallery))
    gallery.list.setCurrentIndex(gallery.model.index(row_of(gallery, "finished.h5"), 0))
    workspace = gallery.window().centralWidget().currentWidget()
    press(qtbot, gallery.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.stage.path == scenarios_dir() / "finished.h5")


def test_a_damaged_file_among_the_scenarios_is_said_and_hides_no_other(make_window, qtbot):
    controller = make_window()
    write_scenario(scenarios_dir() / "finished.h5")
    (scenarios_dir() / "damaged.h5").write_bytes(b"nothing")
    controller.registry["view.wavefield"].trigger()
    workspace = controller.wavefield
    qtbot.waitUntil(lambda: str(scenarios_dir() / "finished.h5") in paths_in(workspace.gallery))
    assert "damaged.h5" in workspace.notice.sentence.text()


# --- replay -----------------------------------------------------------------------------------------------------


def test_keys_play_step_and_go_to_the_ends(controller, workspace, qtbot):
    player, view = workspace.player, workspace.map
    press(qtbot, view, Qt.Key.Key_Right)
    press(qtbot, view, Qt.Key.Key_Right)
    press(qtbot, view, Qt.Key.Key_Left)
    assert player.index == 1
    press(qtbot, view, Qt.Key.Key_End)
    assert player.index == player.n_frames - 1
    press(qtbot, view, Qt.Key.Key_Home)
    assert player.index == 0
    player.set_speed(8.0)
    press(qtbot, view, Qt.Key.Key_Space)
    assert player.playing
    assert controller.registry["wavefield.play"].text() == "Pause"
    qtbot.waitUntil(lambda: player.index > 3)
    press(qtbot, view, Qt.Key.Key_Space)
    assert not player.playing


def test_the_map_shows_the_frame_and_component_that_are_chosen(controller, workspace, qtbot, file):
    workspace.player.seek(50)
    frame = workspace.stage.wavefield.frame(50)
    for key, expected in (
        (Qt.Key.Key_X, frame[0]),
        (Qt.Key.Key_Y, frame[1]),
        (Qt.Key.Key_Z, frame[2]),
        (Qt.Key.Key_H, np.hypot(frame[0], frame[1])),
    ):
        press(qtbot, workspace.map, key)
        qtbot.waitUntil(lambda expected=expected: np.array_equal(workspace.map.scene.values, expected))
    assert workspace.map.scene.scale.low == 0
    np.testing.assert_array_equal(workspace.replay.peaks.scene.values, workspace.stage.wavefield.pgv)


def test_the_colours_do_not_change_with_time_and_their_limit_can_be_chosen(controller, workspace):
    scale = workspace.map.scene.scale
    assert controller.registry["wavefield.auto_limit"].isChecked()
    workspace.player.seek(60)
    assert workspace.map.scene.scale == scale
    workspace.limit.box.setValue(2.5)
    assert workspace.map.scene.scale.high == pytest.approx(0.025)
    assert workspace.map.scene.scale.low == pytest.approx(-0.025)
    assert not controller.registry["wavefield.auto_limit"].isChecked()
    controller.registry["wavefield.auto_limit"].trigger()
    assert workspace.map.scene.scale == scale


def test_a_click_on_the_map_adds_a_trace_and_both_maps_show_the_point(workspace, qtbot):
    workspace.tabs.setCurrentWidget(workspace.measures)
    click_map(qtbot, workspace.map, 61_000, 45_000)
    qtbot.waitUntil(lambda: len(workspace.stage.points) == 1)
    ((x, y),) = workspace.stage.points
    assert (x, y) == pytest.approx((61_000, 45_000), abs=1_100)
    assert workspace.map.marks == workspace.replay.peaks.marks == [(x, y)]
    assert workspace.tabs.currentWidget() is workspace.traces
    press(qtbot, workspace.map, Qt.Key.Key_Delete)
    assert workspace.map.marks == []


def test_the_record_section_can_lead_to_the_last_point(workspace, qtbot):
    workspace.tabs.setCurrentWidget(workspace.section)
    workspace.section.line.setCurrentText(TO_POINT)
    workspace.stage.choose_point(70_000, 45_000)
    x, y = workspace.stage.points[-1]
    x0, y0, _ = workspace.stage.wavefield.hypocentre
    length = pytest.approx(np.hypot(x - x0, y - y0))

    def leads_to_the_point():
        section = workspace.section.section
        return section is not None and section.line.distance.max() == length

    qtbot.waitUntil(leads_to_the_point)


def test_the_map_beside_the_waves_shows_what_is_chosen(controller, workspace, make_window, qtbot, file):
    wavefield, peaks = workspace.stage.wavefield, workspace.replay.peaks
    assert controller.registry["wavefield.pgv"].isChecked()
    np.testing.assert_array_equal(peaks.scene.values, wavefield.pgv)
    controller.registry["wavefield.t_pgv"].trigger()
    assert peaks.scene.title == "T_PGV"
    assert peaks.scene.scale.unit == "s"
    np.testing.assert_array_equal(peaks.scene.values, wavefield.t_pgv)
    controller.registry["wavefield.mmi"].trigger()
    assert peaks.scene.scale.name == "MMI"
    assert peaks.scene.subtitle == "lower bound"
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    controller.window.close()

    again = make_window()
    qtbot.waitUntil(lambda: is_shown(again, file))
    assert again.wavefield.replay.peaks.scene.title == "MMI"
    assert again.registry["wavefield.mmi"].isChecked()


def test_panels_leave_the_maps_their_part_of_a_small_window(controller, workspace, qtbot):
    controller.window.resize(1360, 900)
    workspace.resizeDocks([workspace.panels_dock], [560], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: workspace.panels_dock.height() > 500)
    controller.window.resize(1100, 700)
    qtbot.waitUntil(lambda: workspace.panels_dock.height() <= 0.5 * workspace.height())
    assert workspace.map.height() >= 180


def test_maps_zoom_together(controller, workspace):
    controller.registry["wavefield.zoom_in"].trigger()
    assert workspace.map.view.width == pytest.approx(workspace.map.scene.bounds.width / 2)
    assert workspace.replay.peaks.view == workspace.map.view
    controller.registry["wavefield.all"].trigger()
    assert workspace.replay.peaks.view == workspace.map.scene.bounds


def test_the_whole_workspace_fits_a_small_window(controller, workspace, qtbot):
    workspace.tabs.setCurrentWidget(workspace.section)
    qtbot.waitUntil(lambda: workspace.section.section is not None)
    size = controller.window.minimumSizeHint()
    assert size.width() <= 1100
    assert size.height() <= 700


def test_every_panel_can_be_shown(workspace, qtbot):
    for number in range(workspace.tabs.count()):
        workspace.tabs.setCurrentIndex(number)
        workspace.player.seek(40 + number)
        qtbot.wait(20)
        workspace.grab()


def test_no_panel_widens_the_window(controller, workspace, qtbot):
    controller.window.resize(1100, 700)
    for panel in workspace.panels:
        workspace.tabs.setCurrentWidget(panel)
        qtbot.wait(20)
        assert controller.window.minimumSizeHint().width() <= 1100
    assert controller.window.width() == 1100


def test_keys_of_the_wavefield_leave_the_picks_alone(make_window, qtbot, file):
    controller = make_window([MONTSERRAT])
    view = controller.workspace.view
    view.pickRequested.emit(view.scene.rows[0].channels[0][1], view.view[0] + 5, "P")
    controller.open([file])
    qtbot.waitUntil(lambda: is_shown(controller, file))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_X, Qt.Key.Key_A, Qt.Key.Key_P):
        press(qtbot, controller.wavefield.map, key)
    assert len(controller.session.project) == 1
    assert not controller.window.runner.active


def test_every_control_has_a_name(workspace):
    made_by_qt = ("qt_", "ScrollLeftButton", "ScrollRightButton")
    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox):
        for widget in workspace.findChildren(kind):
            named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
            inside = isinstance(widget.parent(), QAbstractSpinBox | QLineEdit | QComboBox)
            place = f"{widget} in {widget.parent()}"
            assert named or inside or widget.objectName().startswith(made_by_qt), place


def test_closing_while_playing_leaves_no_thread(controller, workspace, qtbot):
    workspace.player.play()
    workspace.stage.choose_point(30_000, 20_000)
    controller.window.close()
    assert not workspace.player.playing
