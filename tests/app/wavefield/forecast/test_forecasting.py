"""Forecasting in the Wavefield workspace: strip, job, windows, replay as it happened, stations, files, coming back."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from quakeview.errors import QuakeViewError
from quakeview.geography import geography
from quakeview.wavefield.forecasting.forecast_making import INPUTS
from quakeview.wavefield.forecasting.station_choice import StationChoice, StationKind
from quakeview.wavefield.scenarios.live import LiveWavefield
from tests.app.fake_forecaster import OTHER_GRID
from tests.app.fake_wavefield import HEADER
from tests.app.forecast_steps import choose, forecast_it, is_shown, said
from tests.app.wavefield_files import write_scenario

# --- one forecast -----------------------------------------------------------------------------------------------


def test_f5_forecasts_from_everything_known_until_15_6_s(controller, workspace, qtbot, fake, file):
    forecast = forecast_it(controller, qtbot)
    assert forecast.complete
    assert forecast.issue_time == pytest.approx(15.6)
    assert fake.observed[0].dense
    assert forecast.n_frames == HEADER.planned_frames
    np.testing.assert_allclose(forecast.frame(10), workspace.stage.wavefield.frame(10))
    assert workspace.stage.forecasts == [forecast]
    assert workspace.stage.comparison.forecast is forecast
    assert workspace.strip.line.text() == "Made from all nodes until 15.6 s"


def test_the_inspector_says_who_forecast_what_and_how_well(controller, workspace, qtbot):
    assert not workspace.inspector.forecast.isVisible()
    forecast_it(controller, qtbot)
    section = workspace.inspector.forecast
    assert section.isVisible()
    assert section.value("Model") == "Fake"
    assert section.value("Ensemble") == "3 members"
    assert section.value("Score") == "ACC 0.90"
    assert section.value("Band") == "no band"
    assert section.value("Input") == "everywhere, 0.0 – 15.6 s"
    assert section.value("Computed in").endswith(" s")
    assert workspace.inspector.trained.isVisible()
    qtbot.waitUntil(lambda: "median" in section.value("PGV error"))


def test_frames_are_shown_while_the_rest_is_computed(controller, workspace, qtbot, fake):
    fake.pause = 0.05
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    stage = workspace.stage
    qtbot.waitUntil(lambda: stage.forecast is not None and stage.forecast.n_frames > stage.forecast.issued)
    assert not stage.forecast.complete
    assert workspace.stage.comparison.forecast is stage.forecast
    assert workspace.strip.cancel.isVisible()
    assert not workspace.strip.run.isVisible()
    assert "so far" in workspace.strip.line.text()
    qtbot.waitUntil(lambda: stage.forecast.complete and not controller.window.runner.active)
    assert workspace.strip.run.isVisible()


def test_the_forecaster_is_loaded_once(controller, workspace, qtbot, fake):
    forecast_it(controller, qtbot)
    forecast_it(controller, qtbot)
    assert len(fake.loads) == 1
    assert len(fake.observed) == 2
    assert len(workspace.stage.forecasts) == 1


def test_without_a_model_the_action_says_how_to_get_one(make_window, qtbot, file):
    controller = make_window()
    controller.open([file])
    qtbot.waitUntil(lambda: is_shown(controller))
    action = controller.registry["forecast.run"]
    assert not action.isEnabled()
    assert "No forecaster that can be used is installed" in action.toolTip()
    assert "quakeview train" in action.toolTip()
    assert controller.wavefield.strip.model.currentText() == "No forecaster"


def test_the_model_says_what_it_learnt_and_how_good_it_is(workspace):
    assert workspace.strip.model.currentText() == "Fake forecaster"
    assert "trained on a wave by formula" in workspace.strip.model.toolTip()
    assert "acc 0.90" in workspace.strip.model.toolTip()


def test_members_that_are_chosen_are_asked_for(controller, workspace, qtbot):
    workspace.strip.members.setValue(2)
    assert forecast_it(controller, qtbot).model.members == 2
    workspace.strip.members.setValue(1)
    assert workspace.strip.members.text() == "1 member"


# --- stations ---------------------------------------------------------------------------------------------------


def test_drawn_stations_some_of_them_silent(controller, workspace, qtbot, fake):
    assert not workspace.strip.missing.isEnabled()
    choose(workspace.strip, StationKind.FEW)
    workspace.strip.missing.setValue(50)
    forecast_it(controller, qtbot)
    assert len(fake.observed[0].stations) == 50
    assert fake.observed[0].known.any(axis=-1).sum() == 50
    assert workspace.strip.line.text() == "Made from 50 stations until 15.6 s"
    assert workspace.inspector.forecast.value("Input").startswith("50 stations")


def test_stations_of_a_file_and_its_name_in_the_list(controller, workspace, qtbot, fake, tmp_path, monkeypatch):
    path = tmp_path / "mine.csv"
    path.write_text("name,lon,lat\nOAK,-122.27,37.80\nFAR,-120.0,37.8\n")
    monkeypatch.setattr(
        "quakeview.app.wavefield.forecast.forecast_controls.QFileDialog.getOpenFileName", lambda *_: (str(path), "")
    )
    choose(workspace.strip, StationKind.FILE)
    assert workspace.strip.stations.currentText() == "mine.csv"
    forecast_it(controller, qtbot)
    assert [station.code for station in fake.observed[0].stations] == ["OAK"]


def test_stations_all_outside_are_a_sentence(controller, workspace, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "far.csv"
    path.write_text("name,lon,lat\nFAR,-110.0,37.8\n")
    monkeypatch.setattr(
        "quakeview.app.wavefield.forecast.forecast_controls.QFileDialog.getOpenFileName", lambda *_: (str(path), "")
    )
    choose(workspace.strip, StationKind.FILE)
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "far.csv" in said(workspace))
    assert workspace.stage.forecast is None
    assert not controller._dialogs


def test_a_file_that_is_no_list_of_stations_is_refused_when_it_is_chosen(workspace, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "notes.csv"
    path.write_text("dear diary\n")
    monkeypatch.setattr(
        "quakeview.app.wavefield.forecast.forecast_controls.QFileDialog.getOpenFileName", lambda *_: (str(path), "")
    )
    choose(workspace.strip, StationKind.FEW)
    choose(workspace.strip, StationKind.FILE)
    qtbot.waitUntil(lambda: "notes.csv" in said(workspace))
    assert workspace.strip.choice == StationChoice(StationKind.FEW)
    assert workspace.strip.stations.itemText(workspace.strip.stations.findData(StationKind.FILE)) == "From a file…"


def test_silent_stations_are_known_to_the_map(controller, workspace, qtbot):
    choose(workspace.strip, StationKind.FEW)
    workspace.strip.missing.setValue(50)
    forecast_it(controller, qtbot)
    workspace.player.seek_time(20.0)
    sites = workspace.replay.waves.forecast.scene.overlays
    qtbot.waitUntil(lambda: len(sites.sites) == 101)
    assert sum(site.silent for site in sites.sites) == 51


def test_alerts_rest_on_all_inputs_whichever_were_looked_at(controller, workspace, qtbot, fake):
    shown = forecast_it(controller, qtbot)
    workspace.tabs.setCurrentWidget(workspace.warning)
    stage = workspace.stage
    qtbot.waitUntil(lambda: len(stage.forecasts) == len(INPUTS) and not controller.window.runner.active)
    qtbot.waitUntil(lambda: workspace.warning.shown is not None and not workspace.warning.shown.missing)
    assert stage.forecast is shown
    assert [round(each.issue_time, 1) for each in stage.forecasts] == list(INPUTS)
    assert not workspace.warning.so_far.isVisible()
    assert said(workspace) == ""


def test_choices_of_stations_are_what_they_say():
    drawn = StationChoice(StationKind.MANY).stations(HEADER)
    assert len({(station.x, station.y) for station in drawn}) == 564
    assert drawn == StationChoice(StationKind.MANY).stations(HEADER)
    assert StationChoice(StationKind.VIRTUAL).stations(HEADER) == geography(HEADER.region).stations
    assert StationChoice().stations(HEADER) == ()
    fewer = StationChoice(StationKind.MANY, missing=25).stations(HEADER)
    assert len(fewer) == 423
    assert set(fewer) < set(drawn)


# --- input windows ----------------------------------------------------------------------------------------------


def test_keys_move_the_input_and_a_window_that_is_there_is_shown_at_once(controller, workspace, qtbot, fake):
    first = forecast_it(controller, qtbot)
    qtbot.keyClick(workspace.map, Qt.Key.Key_BracketRight)
    stage = workspace.stage
    qtbot.waitUntil(lambda: len(stage.forecasts) == 2 and not controller.window.runner.active)
    assert [each.issue_time for each in stage.forecasts] == pytest.approx([15.6, 18.2])
    assert stage.forecast.issue_time == pytest.approx(18.2)
    qtbot.keyClick(workspace.map, Qt.Key.Key_BracketLeft)
    assert stage.forecast is first
    assert workspace.stage.comparison.forecast is first
    assert len(fake.observed) == 2


def test_a_window_on_the_scrubber_is_the_one_of_the_strip(controller, workspace, qtbot):
    workspace.stage.choose_input(20.8)
    assert workspace.stage.until == pytest.approx(20.8)
    assert forecast_it(controller, qtbot).issue_time == pytest.approx(20.8)


def test_other_settings_begin_another_sequence(controller, workspace, qtbot):
    forecast_it(controller, qtbot)
    workspace.strip.step_input(1)
    qtbot.waitUntil(lambda: len(workspace.stage.forecasts) == 2 and not controller.window.runner.active)
    choose(workspace.strip, StationKind.VIRTUAL)
    forecast = forecast_it(controller, qtbot)
    assert workspace.stage.forecasts == [forecast]


def test_an_input_longer_than_the_data_is_a_sentence(make_window, qtbot, tmp_path, fake, cards):
    controller = make_window(models=cards)
    controller.open([write_scenario(tmp_path / "short.h5", 20)])
    qtbot.waitUntil(lambda: is_shown(controller))
    qtbot.keyClick(controller.wavefield.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "choose a shorter input" in said(controller.wavefield))


# --- other settings than those of the forecast -------------------------------------------------------------------


def stale(workspace):
    label = workspace.replay.comparison_bar.stale
    return label.text() if label.isVisible() else ""


def test_changed_settings_mark_the_forecast_until_it_is_made_again(controller, workspace, qtbot):
    forecast_it(controller, qtbot)
    assert stale(workspace) == ""
    workspace.strip.members.setValue(2)
    assert stale(workspace) == "settings changed: press F5"
    workspace.strip.members.setValue(0)
    assert stale(workspace) == ""
    choose(workspace.strip, StationKind.FEW)
    assert stale(workspace) == "settings changed: press F5"
    workspace.strip.missing.setValue(20)
    forecast_it(controller, qtbot)
    assert stale(workspace) == ""
    workspace.strip.missing.setValue(30)
    assert stale(workspace) == "settings changed: press F5"


def test_a_failed_forecast_with_other_settings_keeps_the_good_ones(controller, workspace, qtbot, fake):
    first = forecast_it(controller, qtbot)
    workspace.strip.step_input(1)
    stage = workspace.stage
    qtbot.waitUntil(lambda: len(stage.forecasts) == 2 and not controller.window.runner.active)
    second = stage.forecast
    fake.failure = QuakeViewError("The network gave numbers that are none.")
    choose(workspace.strip, StationKind.FEW)
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "numbers that are none" in said(workspace) and not controller.window.runner.active)
    assert stage.forecast is second
    assert stage.forecasts == [first, second]
    assert workspace.stage.comparison.forecast is second
    assert stale(workspace) == "settings changed: press F5"


def test_combo_and_scrubber_end_the_input_at_the_same_time(controller, workspace, qtbot, fake):
    scrubber, strip = workspace.replay.bar.scrubber, workspace.strip
    assert scrubber.input_window[1] == pytest.approx(strip.stage.until) == pytest.approx(15.6)
    qtbot.keyClick(workspace.map, Qt.Key.Key_BracketRight)
    assert scrubber.input_window[1] == pytest.approx(strip.stage.until) == pytest.approx(18.2)
    forecast_it(controller, qtbot)
    fake.failure = QuakeViewError("No.")
    qtbot.keyClick(workspace.map, Qt.Key.Key_BracketRight)
    qtbot.waitUntil(lambda: said(workspace) != "" and not controller.window.runner.active)
    assert scrubber.input_window[1] == pytest.approx(strip.stage.until) == pytest.approx(18.2)


# --- what goes wrong --------------------------------------------------------------------------------------------


def test_a_cancelled_forecast_is_dropped_and_the_one_before_shown(controller, workspace, qtbot, fake):
    first = forecast_it(controller, qtbot)
    fake.pause = 0.05
    workspace.strip.step_input(1)
    stage = workspace.stage
    qtbot.waitUntil(lambda: stage.forecast is not first and stage.forecast.n_frames > 40)
    qtbot.mouseClick(workspace.strip.cancel, Qt.MouseButton.LeftButton)
    assert stage.forecast is first
    assert stage.forecasts == [first]
    assert workspace.stage.comparison.forecast is first
    assert "The forecast from 18.2 s was cancelled" in said(workspace)
    assert "not kept" in said(workspace)
    qtbot.waitUntil(lambda: not controller.window.runner.active)


def test_cancel_in_the_job_panel_does_the_same(controller, workspace, qtbot, fake):
    fake.pause = 0.05
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: workspace.stage.forecast is not None)
    controller.window.runner.active[0].cancel()
    qtbot.waitUntil(lambda: workspace.stage.forecast is None)
    assert "not kept" in said(workspace)
    assert workspace.stage.forecasts == []


def test_a_model_for_another_grid_is_a_sentence_and_no_dialog(controller, workspace, qtbot, fake):
    fake.failure, fake.failing_step = OTHER_GRID, 0
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "another grid" in said(workspace))
    assert workspace.stage.forecast is None
    assert not controller._dialogs


def test_a_failure_half_way_is_said_and_nothing_of_it_kept(controller, workspace, qtbot, fake):
    fake.failure = QuakeViewError("The network gave numbers that are none.")
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "numbers that are none" in said(workspace))
    assert "which had come to t = " in said(workspace)
    assert workspace.stage.forecasts == []


# --- other wavefields -------------------------------------------------------------------------------------------


def test_forecasts_go_with_their_wavefield(controller, workspace, qtbot, tmp_path):
    forecast_it(controller, qtbot)
    other = write_scenario(tmp_path / "other.h5")
    controller.open([other])
    qtbot.waitUntil(lambda: workspace.stage.path == other and is_shown(controller))
    assert workspace.stage.forecasts == []
    assert workspace.stage.comparison is None
    assert not workspace.inspector.forecast.isVisible()


def test_a_forecast_stays_when_the_file_takes_the_place_of_the_frames_in_memory(controller, workspace, qtbot):
    forecast = forecast_it(controller, qtbot)
    workspace.stage.replace(workspace.stage.wavefield)
    assert workspace.stage.forecast is forecast
    assert workspace.stage.comparison.forecast is forecast


def test_opening_another_while_one_is_made_ends_it(controller, workspace, qtbot, fake, tmp_path):
    fake.pause = 0.05
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: workspace.stage.forecast is not None)
    other = write_scenario(tmp_path / "other.h5")
    controller.open([other])
    qtbot.waitUntil(lambda: workspace.stage.path == other and is_shown(controller))
    assert workspace.stage.forecast is None
    assert not said(workspace)


def test_clear_shows_the_scenario_alone(controller, workspace, qtbot):
    forecast_it(controller, qtbot)
    controller.registry["forecast.clear"].trigger()
    assert workspace.stage.forecasts == []
    assert workspace.stage.comparison is None
    assert not controller.registry["forecast.clear"].isEnabled()


# --- as it happened ---------------------------------------------------------------------------------------------


def test_as_it_happened_only_the_past_is_known_and_forecasts_follow(controller, workspace, qtbot):
    truth, live = workspace.stage.wavefield, workspace.session.as_it_happened
    live.speed = 40.0
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: isinstance(workspace.stage.wavefield, LiveWavefield))
    assert live.running
    assert controller.registry["forecast.live"].isChecked()
    for moment, count in ((8.0, 1), (13.5, 2)):
        qtbot.waitUntil(lambda moment=moment: live.now > moment)
        live.hold(True)
        qtbot.waitUntil(lambda count=count: len(workspace.stage.forecasts) >= count)
        qtbot.waitUntil(lambda: not workspace.session.forecasting.busy)
        live.hold(False)
    live.hold(True)
    known = workspace.stage.wavefield
    for forecast in workspace.stage.forecasts:
        assert forecast.issue_time <= live.now + 1e-6
        np.testing.assert_allclose(forecast.frame(10), truth.frame(10), atol=1e-3 * truth.peak)
    assert known.n_frames < truth.n_frames
    assert workspace.strip.line.text().startswith("Held at ")
    assert "all nodes, forecast" in workspace.strip.line.text()
    live.hold(False)
    qtbot.waitUntil(lambda: not live.running)
    assert workspace.stage.wavefield is truth
    assert workspace.stage.wavefield is truth
    assert workspace.stage.forecast is not None
    assert not controller.registry["forecast.live"].isChecked()


def test_ending_it_shows_the_truth_again(controller, workspace, qtbot):
    truth = workspace.stage.wavefield
    workspace.session.as_it_happened.speed = 20.0
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: workspace.session.as_it_happened.now > 3)
    controller.registry["forecast.live"].trigger()
    assert workspace.stage.wavefield is truth
    qtbot.waitUntil(lambda: not controller.window.runner.active)


def test_opening_another_ends_the_replay(controller, workspace, qtbot, tmp_path):
    workspace.session.as_it_happened.speed = 5.0
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: isinstance(workspace.stage.wavefield, LiveWavefield))
    other = write_scenario(tmp_path / "other.h5")
    controller.open([other])
    qtbot.waitUntil(lambda: workspace.stage.path == other and is_shown(controller))
    assert not workspace.session.as_it_happened.running
    assert not isinstance(workspace.stage.wavefield, LiveWavefield)
    assert not controller._dialogs


def test_inputs_are_left_out_if_forecasts_take_too_long(controller, workspace, qtbot, fake):
    fake.pause = 0.02
    workspace.session.as_it_happened.speed = 40.0
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: workspace.session.as_it_happened.now > INPUTS[-1])
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    issued = [round(each.issue_time, 1) for each in workspace.stage.forecasts]
    assert issued[-1] == INPUTS[-1]
    assert len(issued) < len(INPUTS)


def test_closing_meanwhile_leaves_no_thread(controller, workspace, qtbot, fake):
    fake.pause = 0.05
    workspace.session.as_it_happened.speed = 20.0
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: workspace.session.forecasting.busy)
    controller.window.close()
