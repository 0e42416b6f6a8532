"""Forecasts from records of stations, of wavefields on other grids, files of forecasts, and the next start."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from quakeview.app.wavefield.dialogs.station_dialog import StationDialog
from quakeview.geography import geography
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting import forecast_making, forecaster
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.station_choice import StationChoice, StationKind
from quakeview.wavefield.forecasting.stations import StationWavefield
from quakeview.wavefield.scenarios.live import LiveWavefield
from tests.app.fake_forecaster import FakeForecaster, forecaster_card
from tests.app.fake_wavefield import HEADER, expanding_wave
from tests.app.forecast_steps import choose, forecast_it, is_shown, said
from tests.app.program import drop
from tests.app.wavefield_files import write_scenario

# --- real stations ----------------------------------------------------------------------------------------------


@pytest.fixture
def records(tmp_path):
    """MiniSEED and StationXML of a few virtual stations, from the origin time on."""
    from quakeview.wavefield.scenarios.virtual_stations import write_miniseed

    wave = expanding_wave()
    path = tmp_path / "stations.mseed"
    return [path, write_miniseed(wave, geography(wave.region).stations[:5], path)]


def test_records_dropped_on_the_workspace_are_forecast_from(controller, workspace, qtbot, fake, records):
    drop(controller.window, records)
    qtbot.waitUntil(lambda: bool(workspace.findChildren(StationDialog)))
    dialog = workspace.findChildren(StationDialog)[0]
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled())
    assert dialog.origin.text() == "2000-01-01 00:00:00"
    dialog.accept_button.click()
    stage = workspace.stage
    qtbot.waitUntil(lambda: isinstance(stage.wavefield, StationWavefield) and not controller.window.runner.active)
    assert len(stage.wavefield.records.stations) == 5
    assert not workspace.strip.stations.isEnabled()
    controller.registry["forecast.run"].trigger()
    qtbot.waitUntil(lambda: stage.forecast is not None and not controller.window.runner.active)
    forecast = stage.forecast
    assert len(forecast.observation.stations) == 5
    assert forecast.n_frames * forecast.frame_step > 100
    workspace.grab()


def test_records_without_metadata_cannot_be_opened(controller, workspace, qtbot, records):
    workspace.forecasts.ask_for_stations(records[:1])
    dialog = workspace.findChildren(StationDialog)[0]
    qtbot.waitUntil(lambda: bool(dialog.origin.text()))
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


def test_records_of_another_time_are_a_sentence(controller, workspace, qtbot, records):
    from datetime import UTC, datetime

    workspace.session.open_stations(
        forecaster_card(Path("x")), records[:1], records[1:], datetime(2020, 1, 1, tzinfo=UTC)
    )
    qtbot.waitUntil(lambda: "No station can be used" in said(workspace))
    assert not controller._dialogs


# --- wavefields on another grid ---------------------------------------------------------------------------------


@pytest.fixture
def finer(controller, workspace, qtbot, tmp_path):
    """A scenario with twice as many nodes along X and twice as many frames, open at 20.28 s, a point at a node."""
    x = np.arange(500.0, HEADER.region.length, 1000.0)
    path = write_scenario(tmp_path / "finer.h5", 224, x=x, frame_step=0.26, planned_frames=224)
    controller.open([path])
    qtbot.waitUntil(lambda: workspace.stage.path == path and is_shown(controller))
    workspace.stage.choose_point(30_500.0, 21_000.0)
    workspace.stage.choose_component(Component.Z)
    workspace.player.seek_time(20.28)
    return path


def is_as_the_forecaster_knows_it(wavefield):
    return wavefield.header.frame_shape == HEADER.frame_shape and wavefield.frame_step == HEADER.frame_step


def test_a_finer_scenario_is_shown_as_the_forecaster_knows_it(finer, controller, workspace, qtbot, fake):
    forecast = forecast_it(controller, qtbot)
    wavefield = workspace.stage.wavefield
    assert is_as_the_forecaster_knows_it(wavefield)
    assert forecast.issue_time == pytest.approx(15.6)
    np.testing.assert_allclose(wavefield.frame(40), expanding_wave().frame(40), atol=2e-3)
    assert said(workspace) == "The scenario is shown as the forecaster knows it; its file is unchanged."
    assert "resampled to 2 km and 0.52 s" in workspace.notice.text.toPlainText()
    assert workspace.stage.points == [(31_000.0, 21_000.0)]
    assert workspace.player.time == pytest.approx(20.28)
    assert workspace.stage.component is Component.Z
    assert workspace.stage.comparison is not None
    assert workspace.stage.comparison.truth is wavefield
    assert workspace.stage.path == finer


def test_the_next_forecast_needs_no_resampling(finer, controller, workspace, qtbot, fake):
    forecast_it(controller, qtbot)
    wavefield = workspace.stage.wavefield
    choose(workspace.strip, StationKind.FEW)
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: len(fake.observed) == 2 and not controller.window.runner.active)
    assert workspace.stage.wavefield is wavefield


def test_a_finer_scenario_is_replayed_as_it_happened(finer, controller, workspace, qtbot, fake):
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: isinstance(workspace.stage.wavefield, LiveWavefield))
    assert is_as_the_forecaster_knows_it(workspace.stage.wavefield)
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    assert is_as_the_forecaster_knows_it(workspace.stage.wavefield)
    assert workspace.stage.wavefield.n_frames == HEADER.planned_frames
    assert workspace.stage.points == [(31_000.0, 21_000.0)]


def test_a_scenario_too_coarse_is_a_sentence_and_stays(controller, workspace, qtbot, tmp_path, fake):
    path = write_scenario(tmp_path / "coarse.h5", x=np.arange(2000.0, HEADER.region.length, 4000.0))
    controller.open([path])
    qtbot.waitUntil(lambda: workspace.stage.path == path and is_shown(controller))
    before = workspace.stage.wavefield
    qtbot.keyClick(workspace.map, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "too coarse" in said(workspace))
    assert workspace.stage.wavefield is before
    assert workspace.stage.forecast is None


# --- files and state --------------------------------------------------------------------------------------------


def write_forecast_file(path):
    from quakeview.wavefield.forecasting.forecast_file import write_forecast

    wave = expanding_wave()
    forecast = FakeForecaster().forecast(observe(wave, 18.2), 42.12)
    write_forecast(forecast, path)
    return path


def test_a_saved_forecast_opens_with_its_scenario(make_window, qtbot, tmp_path, file, fake, cards, monkeypatch):
    monkeypatch.setattr("quakeview.wavefield.scenarios.samples.sample_scenario", lambda: file)
    path = write_forecast_file(tmp_path / "forecast.h5")
    controller = make_window(models=cards)
    controller.open([path])
    qtbot.waitUntil(lambda: is_shown(controller))
    stage = controller.wavefield.stage
    assert stage.forecast.issue_time == pytest.approx(18.2)
    assert stage.wavefield.name == HEADER.name
    assert controller.preferences[controller.preferences.RECENT][0] == str(path)
    assert controller.wavefield.strip.stage.until == pytest.approx(18.2)


def test_a_saved_forecast_without_its_scenario_says_that_it_is_one(
    make_window, qtbot, tmp_path, fake, cards, monkeypatch
):
    monkeypatch.setattr("quakeview.wavefield.scenarios.samples.sample_scenario", lambda: tmp_path / "gone.h5")
    path = write_forecast_file(tmp_path / "forecast.h5")
    controller = make_window(models=cards)
    controller.open([path])
    qtbot.waitUntil(lambda: is_shown(controller))
    workspace = controller.wavefield
    assert "without what happened" in said(workspace)
    assert "forecast at 18.2 s" in workspace.stage.wavefield.name
    assert workspace.inspector.forecast.isVisible()
    assert not controller.registry["forecast.run"].isEnabled()


def test_the_next_start_comes_back_to_the_choices_without_computing(
    controller, workspace, make_window, qtbot, fake, cards
):
    choose(workspace.strip, StationKind.FEW)
    workspace.strip.missing.setValue(25)
    workspace.strip.members.setValue(2)
    workspace.strip.step_input(2)
    forecast_it(controller, qtbot)
    controller.window.close()

    again = make_window(models=cards)
    qtbot.waitUntil(lambda: is_shown(again))
    strip = again.wavefield.strip
    assert strip.choice == StationChoice(StationKind.FEW, 25)
    assert strip.members.value() == 2
    assert strip.stage.until == pytest.approx(20.8)
    assert again.wavefield.stage.forecast is None
    assert len(fake.observed) == 1


def test_new_scenarios_are_for_forecasts_where_there_is_a_forecaster(controller, workspace, qtbot):
    controller.registry["wavefield.new"].trigger()
    dialog = workspace.dialog
    assert dialog.preset.currentData() == "forecast"
    assert "For forecasts: up to 0.25 Hz, 1000 m grid, Vs ≥ 1500 m/s" in dialog.preset.currentText()
    dialog.reject()


def test_the_strip_fits_a_small_window(controller, workspace, qtbot):
    controller.window.resize(1100, 700)
    forecast_it(controller, qtbot)
    qtbot.waitUntil(lambda: controller.window.width() == 1100)
    assert controller.window.minimumSizeHint().height() <= 700
    assert workspace.strip.live.geometry().right() <= workspace.strip.width()


def test_forecasts_are_of_the_device_that_is_preferred(controller, workspace, qtbot, monkeypatch, fake):
    asked = []
    monkeypatch.setattr(forecaster, "load_forecaster", lambda folder, device: asked.append(device) or fake)
    controller.preferences[controller.preferences.DEVICE] = "cpu"
    forecast_it(controller, qtbot)
    assert asked == ["cpu"]
    assert forecast_making.LONGEST == 100.0
