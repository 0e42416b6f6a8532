"""A new scenario: the dialog, the wavefield that grows, cancelling, failing."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox

from quakeview.app.wavefield.dialogs.new_scenario import POINT, SRF, NewScenarioDialog, file_name
from quakeview.errors import QuakeViewError
from quakeview.simulation.sources import hayward_fault
from quakeview.simulation.waves.presets import PRESETS, Preset
from quakeview.wavefield.scenarios.library import scenarios_dir
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.app.fake_wavefield import HEADER
from tests.app.wavefield_files import FakeMaker, write_scenario

MAKER = "quakeview.wavefield.scenarios.making.make_scenario"


@pytest.fixture
def dialog(qtbot, user_folders):
    dialog = NewScenarioDialog(scenarios_dir(), "cpu")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.simulate.isEnabled, timeout=180_000)  # kernels are compiled at the first time
    return dialog


def ready(qtbot, dialog):
    qtbot.waitUntil(dialog.simulate.isEnabled, timeout=180_000)  # kernels are compiled at the first time


def refused(qtbot, dialog):
    """The sentence in place of the cost."""
    qtbot.waitUntil(lambda: bool(dialog.problem.text()), timeout=20_000)
    assert not dialog.simulate.isEnabled()
    return dialog.problem.text()


# --- the dialog -------------------------------------------------------------------------------------------------


def test_the_dialog_says_the_cost_and_where_the_seed_puts_the_earthquake(dialog, qtbot):
    assert "of memory" in dialog.cost.text()
    first = dialog.map.scene.overlays.epicentre
    assert dialog.map.scene.overlays.outline is not None
    dialog.seed.setValue(7)
    qtbot.waitUntil(lambda: dialog.map.scene.overlays.epicentre != first)
    assert (dialog.x_km.value(), dialog.y_km.value()) == pytest.approx(
        [value / 1000 for value in dialog.map.scene.overlays.epicentre], abs=0.06
    )


def test_return_in_a_number_simulates_and_cancel_is_never_the_default(dialog, qtbot):
    asked = []
    dialog.simulateRequested.connect(lambda *request: asked.append(request))
    dialog.show()
    cancel = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Cancel)
    dialog.magnitude.setValue(6.5)
    assert not dialog.simulate.isEnabled()
    assert not cancel.isDefault()
    ready(qtbot, dialog)
    qtbot.keyClick(dialog.magnitude, Qt.Key.Key_Return)
    assert len(asked) == 1


def test_a_larger_size_costs_more(dialog, qtbot):
    tiny = dialog.cost.text()
    dialog.preset.setCurrentIndex(dialog.preset.findData("standard"))
    ready(qtbot, dialog)
    assert dialog.cost.text() != tiny
    assert dialog.request().preset == "standard"


def test_a_click_on_the_map_chooses_a_hypocentre_on_the_fault(dialog, qtbot):
    place = dialog.map._frame().at(60_000, 30_000)
    qtbot.mouseClick(dialog.map, Qt.MouseButton.LeftButton, pos=QPoint(round(place.x()), round(place.y())))
    qtbot.waitUntil(lambda: not dialog.drawn.isChecked())
    ready(qtbot, dialog)
    x, y, depth = dialog.request().hypocentre
    assert x == pytest.approx(60_000, abs=500)
    assert y == hayward_fault.Y
    assert dialog.map.scene.overlays.epicentre == pytest.approx((x, y))
    assert depth == 1000 * dialog.depth_km.value()


def test_a_point_source_has_a_mechanism_and_a_place_of_its_own(dialog, qtbot):
    dialog.source.setCurrentIndex(dialog.source.findData(POINT))
    assert dialog.dip.isVisible()
    assert not dialog.seed.isVisible()
    dialog.x_km.setValue(100.0)
    dialog.y_km.setValue(10.0)
    dialog.dip.setValue(45.0)
    ready(qtbot, dialog)
    request = dialog.request()
    assert request.source == "point"
    assert request.hypocentre[:2] == (100_000.0, 10_000.0)
    assert request.dip == 45.0
    assert dialog.map.scene.overlays.outline is None


def test_a_hypocentre_off_the_fault_is_refused_in_place(dialog, qtbot):
    dialog.drawn.setChecked(False)
    dialog.y_km.setValue(60.0)
    assert "not on the Hayward fault" in refused(qtbot, dialog)
    dialog.drawn.setChecked(True)
    ready(qtbot, dialog)
    assert not dialog.problem.text()


def test_an_srf_file_that_is_none_is_refused_in_place(dialog, qtbot, tmp_path):
    dialog.source.setCurrentIndex(dialog.source.findData(SRF))
    assert "Choose the SRF file" in refused(qtbot, dialog)
    wrong = tmp_path / "letter.srf"
    wrong.write_text("Dear seismologist,")
    dialog.srf.setText(str(wrong))
    qtbot.waitUntil(lambda: "letter.srf" in dialog.problem.text(), timeout=20_000)
    assert not dialog.simulate.isEnabled()


def test_a_name_that_is_taken_is_refused_and_the_suggested_one_is_free(dialog, qtbot):
    write_scenario(scenarios_dir() / "mine.h5", 1)
    dialog.name.setFocus()
    dialog.name.selectAll()
    qtbot.keyClicks(dialog.name, "mine")
    assert "already" in refused(qtbot, dialog)
    dialog.name.selectAll()
    qtbot.keyClicks(dialog.name, " ")
    qtbot.waitUntil(lambda: "name" in dialog.problem.text() and "already" not in dialog.problem.text())


def test_magnitude_slider_and_box_agree_and_give_the_name(dialog):
    dialog.magnitude_slider.setValue(68)
    assert dialog.magnitude.value() == 6.8
    assert "M6.8" in dialog.name.text()
    dialog.magnitude.setValue(5.2)
    assert dialog.magnitude_slider.value() == 52


@pytest.mark.parametrize(("name", "expected"), [("M6/7: a?", "M6-7- a-"), (" ..a. ", "a")])
def test_names_become_file_names(name, expected):
    assert file_name(name) == expected


# --- simulating -------------------------------------------------------------------------------------------------


def simulate(controller, qtbot):
    """Open the dialog from the menu and press Simulate."""
    controller.registry["wavefield.new"].trigger()
    dialog = controller.wavefield.dialog
    qtbot.waitUntil(dialog.simulate.isEnabled, timeout=180_000)  # kernels are compiled at the first time
    path = dialog.path
    qtbot.mouseClick(dialog.simulate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: controller.wavefield.has_wavefield)
    return path


def test_the_wavefield_grows_on_the_map_and_becomes_its_file(make_window, qtbot, monkeypatch):
    maker = FakeMaker(pause=0.01)
    monkeypatch.setattr(MAKER, maker)
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    assert isinstance(workspace.stage.wavefield, LiveWavefield)
    seen = []
    workspace.player.frameChanged.connect(seen.append)
    qtbot.waitUntil(lambda: workspace.stage.path == path, timeout=20_000)
    assert seen == sorted(seen)
    assert len(set(seen)) >= 3
    assert isinstance(workspace.stage.wavefield, Scenario)
    qtbot.waitUntil(lambda: workspace.player.time == pytest.approx((HEADER.planned_frames - 1) * HEADER.frame_step))
    assert maker.requests[0].magnitude == 6.0
    assert workspace.inspector.simulation.value("File") == path.name


def test_the_last_frames_are_followed_too(make_window, qtbot, monkeypatch):
    """All at once, so that the wavefield is complete before the map has looked at it again."""
    monkeypatch.setattr(MAKER, FakeMaker())
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    qtbot.waitUntil(lambda: workspace.stage.path == path, timeout=20_000)
    qtbot.waitUntil(lambda: workspace.player.index == HEADER.planned_frames - 1)


def test_the_user_may_go_back_while_it_grows_and_stays_there(make_window, qtbot, monkeypatch):
    monkeypatch.setattr(MAKER, FakeMaker(pause=0.01))
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    qtbot.waitUntil(lambda: workspace.player.n_frames > 20)
    workspace.player.seek(7)
    workspace.stage.choose_point(30_000, 20_000)
    points = workspace.stage.points
    qtbot.waitUntil(lambda: workspace.stage.path == path, timeout=20_000)
    qtbot.wait(50)
    assert workspace.player.index == 7
    assert workspace.player.n_frames == HEADER.planned_frames
    assert workspace.stage.points == points
    expected = workspace.stage.wavefield.frame(7)[1]
    qtbot.waitUntil(lambda: np.array_equal(workspace.map.scene.values, expected))


def test_cancelling_keeps_what_there_is_and_says_so(make_window, qtbot, monkeypatch):
    monkeypatch.setattr(MAKER, FakeMaker(pause=0.02))
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    qtbot.waitUntil(lambda: workspace.player.n_frames > 10)
    controller.window.current_job.cancel.click()
    qtbot.waitUntil(lambda: workspace.stage.path == path)
    assert "cancelled" in workspace.notice.sentence.text()
    with Scenario.open(path) as scenario:
        assert str(scenario.n_frames) in workspace.notice.sentence.text()
        assert 10 < scenario.n_frames < HEADER.planned_frames
        assert workspace.player.n_frames == scenario.n_frames


def test_a_full_disk_is_a_sentence_and_keeps_what_was_written(make_window, qtbot, monkeypatch):
    monkeypatch.setattr(MAKER, FakeMaker(failure=QuakeViewError("The disk is full; make room and simulate again.")))
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    qtbot.waitUntil(lambda: workspace.stage.path == path)
    assert "The disk is full" in workspace.notice.sentence.text()
    assert workspace.player.n_frames == 20


def test_a_simulation_goes_on_while_another_scenario_is_shown(make_window, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(MAKER, FakeMaker(pause=0.01))
    other = write_scenario(tmp_path / "other.h5")
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    controller.open([other])
    qtbot.waitUntil(lambda: workspace.stage.path == other)
    controller.registry["wavefield.close"].trigger()
    assert workspace.gallery.running.isVisible()
    qtbot.mouseClick(workspace.gallery.running, Qt.MouseButton.LeftButton)
    assert isinstance(workspace.stage.wavefield, LiveWavefield)
    controller.registry["wavefield.close"].trigger()
    qtbot.waitUntil(lambda: "finished" in workspace.notice.sentence.text(), timeout=20_000)
    assert not workspace.gallery.running.isVisible()
    qtbot.waitUntil(
        lambda: (
            str(path) in [workspace.gallery.model.item(i).toolTip() for i in range(workspace.gallery.model.rowCount())]
        )
    )


def test_the_file_that_is_being_written_is_shown_live_and_not_deleted(make_window, qtbot, monkeypatch):
    monkeypatch.setattr(MAKER, FakeMaker(pause=0.02))
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    qtbot.waitUntil(path.exists)
    controller.registry["wavefield.close"].trigger()
    workspace.gallery.deleteRequested.emit(path)
    assert "being simulated" in workspace.notice.sentence.text()
    assert path.exists()
    workspace.gallery.openRequested.emit(path)
    assert isinstance(workspace.stage.wavefield, LiveWavefield)


def test_closing_the_window_while_it_simulates_keeps_what_there_is(make_window, qtbot, monkeypatch):
    monkeypatch.setattr(MAKER, FakeMaker(pause=0.02))
    controller = make_window()
    path = simulate(controller, qtbot)
    qtbot.waitUntil(lambda: controller.wavefield.player.n_frames > 5)
    controller.window.close()
    with Scenario.open(path) as scenario:
        assert 0 < scenario.n_frames < HEADER.planned_frames

    again = make_window()
    qtbot.waitUntil(lambda: again.wavefield is not None and again.wavefield.stage.path == path)


def test_a_real_simulation_draws_waves(make_window, qtbot, monkeypatch):
    """Eight times fewer nodes and a few seconds, but everything from the dialog to the file."""
    monkeypatch.setitem(PRESETS, "tiny", Preset(2000.0, 0.07, 1.04, 8.32))
    controller = make_window()
    path = simulate(controller, qtbot)
    workspace = controller.wavefield
    qtbot.waitUntil(lambda: workspace.stage.path == path, timeout=60_000)
    wavefield = workspace.stage.wavefield
    assert wavefield.complete
    assert wavefield.n_frames == 8
    assert wavefield.rupture is not None
    qtbot.waitUntil(lambda: np.array_equal(workspace.map.scene.values, wavefield.frame(7)[1]))
    assert 1e-5 < wavefield.peak < 1.0
    x, y, _ = wavefield.hypocentre
    near, far = wavefield.pgv[wavefield.nearest(x, y)], wavefield.pgv[-1, 0]
    assert near > 3 * far
