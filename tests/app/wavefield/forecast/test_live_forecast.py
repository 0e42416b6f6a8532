"""The replay of an earthquake as it happened: the playhead against the clock, through all forecasts."""

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt

from quakeview.errors import QuakeViewError
from quakeview.geography import geography
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting import forecaster
from quakeview.wavefield.forecasting.forecast_making import INPUTS
from quakeview.wavefield.forecasting.station_choice import StationKind
from quakeview.wavefield.scenarios import live as live_module
from quakeview.wavefield.scenarios.live import LiveWavefield
from tests.app.fake_forecaster import forecaster_card
from tests.app.fake_wavefield import HEADER, expanding_wave
from tests.app.forecast_steps import choose
from tests.app.wavefield_files import write_scenario

STEP = HEADER.frame_step


class Clock:
    """The time of the replay; it goes on when it is told to."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now

    def sleep(self, _):
        time.sleep(0.001)


@pytest.fixture
def controller(make_window, qtbot, tmp_path, fake, card):
    controller = make_window(models=[card, forecaster_card(tmp_path / "forecaster")])
    controller.open([write_scenario(tmp_path / "m6.h5")])
    qtbot.waitUntil(lambda: controller.wavefield is not None and controller.wavefield.has_wavefield)
    return controller


@pytest.fixture
def workspace(controller):
    return controller.wavefield


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(live_module, "time", clock)
    return clock


@pytest.fixture
def replayed(controller, workspace, qtbot, clock):
    """``replayed(until)`` lets it happen until then, frame after frame, and looks at the playhead at each."""
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: isinstance(workspace.stage.wavefield, LiveWavefield))
    began = clock.now
    player, live = workspace.player, workspace.session.as_it_happened

    def go_on(until, follow=True):
        while clock.now - began < until - 1e-6:
            clock.now = min(clock.now + STEP, began + until)
            passed = clock.now - began
            qtbot.waitUntil(lambda passed=passed: 0 <= passed - live.now < STEP + 1e-6)
            if follow:
                qtbot.waitUntil(lambda: player.time == pytest.approx(live.now) and shown_time(workspace) == player.time)
            if live.due is not None:
                qtbot.waitUntil(lambda: bool(workspace.stage.forecasts) and not workspace.session.forecasting.busy)

    return go_on


def shown_time(workspace):
    """Of the frame that is on the maps, s."""
    return pytest.approx(STEP * workspace.replay.waves.index)


def test_the_playhead_keeps_up_with_the_clock_through_all_forecasts(workspace, qtbot, replayed, fake):
    replayed(35.0)
    assert [round(each.issue_time, 1) for each in workspace.stage.forecasts] == list(INPUTS)
    assert workspace.player.index == round(34.84 / STEP)
    assert workspace.replay.bar.time.text() == "t = 34.8 s"
    assert workspace.replay.comparison_bar.live.text() == "Now 34.8 s: all nodes, forecast 10 of 10"
    assert len(fake.observed) == len(INPUTS)
    assert [round(each.time, 1) for each in fake.observed] == list(INPUTS)


def test_the_error_is_there_as_soon_as_there_is_a_forecast(workspace, qtbot, replayed):
    error = workspace.replay.waves.error
    replayed(7.0)
    assert workspace.stage.comparison is None
    for until in (9.0, 14.0, 20.0):
        replayed(until)
        index = workspace.player.index
        qtbot.waitUntil(lambda: error.scene.values is not None)
        forecast = workspace.stage.forecast
        truth = workspace.stage.wavefield
        expected = Component.Y.values(forecast.frame(index) - truth.frame(index))
        np.testing.assert_allclose(error.scene.values, expected, atol=1e-7)


def test_a_forecast_is_made_from_nothing_that_was_not_known(workspace, qtbot, replayed, fake):
    replayed(7.7)
    assert fake.observed == []
    replayed(8.2)
    assert fake.observed[0].time == pytest.approx(7.8)


def test_the_forecast_before_is_shown_until_the_next_has_come_to_now(workspace, qtbot, replayed, fake, clock):
    replayed(10.3)
    first = workspace.stage.forecast
    fake.pause = 0.05
    clock.now += STEP
    qtbot.waitUntil(lambda: len(fake.observed) == 2)
    qtbot.waitUntil(lambda: workspace.stage.forecast is not first)
    second = workspace.stage.forecast
    assert second.n_frames > workspace.stage.wavefield.n_frames
    assert not second.complete
    fake.pause = 0.0


def test_pause_holds_the_earthquake_and_play_goes_on(workspace, qtbot, replayed, clock):
    replayed(9.0)
    live, player = workspace.session.as_it_happened, workspace.player
    assert player.playing
    qtbot.keyClick(workspace.map, Qt.Key.Key_Space)
    assert live.held
    assert not player.playing
    assert workspace.replay.comparison_bar.live.text().startswith("Held at 8.8 s")
    clock.now += 5.0
    qtbot.wait(50)
    assert live.now == pytest.approx(8.84)
    assert player.time == pytest.approx(8.84)
    qtbot.keyClick(workspace.map, Qt.Key.Key_Space)
    assert player.playing
    clock.now += 1.2
    qtbot.waitUntil(lambda: player.time == pytest.approx(live.now) and 9.8 < live.now < 10.5)


def test_who_goes_back_is_left_there_until_he_returns_to_now(workspace, qtbot, replayed):
    replayed(9.0)
    player, bar = workspace.player, workspace.replay.bar
    assert not bar.now.isVisible()
    player.set_speed(0.25)
    player.seek_time(2.0)
    assert bar.now.isVisible()
    replayed(16.0, follow=False)
    assert player.time < 6.0
    qtbot.mouseClick(bar.now, Qt.MouseButton.LeftButton)
    assert player.following
    assert not bar.now.isVisible()
    assert player.time == pytest.approx(15.6)
    replayed(19.0)


def test_who_pauses_and_steps_back_stays_there(workspace, qtbot, replayed):
    replayed(9.0)
    player = workspace.player
    qtbot.mouseClick(workspace.replay.bar.back, Qt.MouseButton.LeftButton)
    assert workspace.session.as_it_happened.held
    assert player.time == pytest.approx(8.84 - STEP)
    qtbot.mouseClick(workspace.replay.bar.on, Qt.MouseButton.LeftButton)
    assert player.following
    qtbot.mouseClick(workspace.replay.bar.play, Qt.MouseButton.LeftButton)
    replayed(12.0, follow=False)
    qtbot.waitUntil(lambda: player.time == pytest.approx(workspace.session.as_it_happened.now))


def test_component_and_measure_may_change_meanwhile(workspace, controller, qtbot, replayed):
    replayed(9.0)
    controller.registry["wavefield.z"].trigger()
    replayed(12.0)
    controller.registry["wavefield.pgv"].trigger()
    replayed(14.0, follow=False)
    qtbot.waitUntil(lambda: workspace.player.time == pytest.approx(workspace.session.as_it_happened.now))
    controller.registry["wavefield.x"].trigger()
    replayed(16.0)
    truth, index = workspace.stage.wavefield, workspace.player.index
    qtbot.waitUntil(lambda: np.allclose(workspace.map.scene.values, Component.X.values(truth.frame(index)), atol=1e-6))


def test_other_stations_are_forecast_from_at_once(workspace, qtbot, replayed, fake):
    replayed(11.0)
    choose(workspace.strip, StationKind.FEW)
    qtbot.waitUntil(lambda: len(fake.observed) == 3 and not workspace.session.forecasting.busy)
    assert len(fake.observed[-1].stations) == 101
    assert fake.observed[-1].time == pytest.approx(10.4)
    assert [len(each.observation.stations) for each in workspace.stage.forecasts] == [101]
    assert not workspace.replay.comparison_bar.stale.isVisible()
    replayed(14.0)
    assert len(fake.observed[-1].stations) == 101


def test_a_forecast_that_fails_leaves_the_one_before(workspace, qtbot, replayed, fake, clock):
    replayed(9.0)
    good = workspace.stage.forecast
    fake.failure, fake.failing_step = QuakeViewError("The network gave numbers that are none."), 0
    replayed(12.0)
    assert workspace.stage.forecast is good
    assert "numbers that are none" in workspace.notice.sentence.text()
    fake.failure = None
    replayed(14.0)
    assert workspace.stage.forecast.issue_time == pytest.approx(13.0)


def test_stopped_it_stays_at_its_moment_and_everything_is_known(workspace, controller, qtbot, replayed):
    replayed(12.0)
    controller.registry["forecast.live"].trigger()
    player = workspace.player
    assert not isinstance(workspace.stage.wavefield, LiveWavefield)
    assert player.time == pytest.approx(11.96)
    assert not player.playing
    assert workspace.stage.live is None
    assert not workspace.replay.comparison_bar.live.isVisible()
    assert workspace.strip.input.isEnabled()
    assert controller.registry["forecast.run"].isEnabled()
    qtbot.keyClick(workspace.map, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: player.time > 12.5)


def test_no_input_can_be_chosen_meanwhile(workspace, controller, qtbot, replayed):
    replayed(9.0)
    assert not workspace.strip.input.isEnabled()
    assert not controller.registry["forecast.run"].isEnabled()
    assert not controller.registry["forecast.next"].isEnabled()
    assert "by themselves" in controller.registry["forecast.run"].toolTip()
    assert workspace.stage.until == pytest.approx(7.8)
    assert workspace.replay.bar.scrubber.input_window[1] == pytest.approx(7.8)


def test_it_begins_when_the_forecaster_is_loaded(workspace, controller, qtbot, monkeypatch):
    def refuse(*_):
        raise QuakeViewError("The model is damaged; import it again.")

    monkeypatch.setattr(forecaster, "load_forecaster", refuse)
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: not workspace.session.as_it_happened.running)
    assert not isinstance(workspace.stage.wavefield, LiveWavefield)
    assert controller._dialogs


def test_records_of_stations_stay_dots(workspace, controller, qtbot, clock, tmp_path):
    from datetime import UTC, datetime

    from quakeview.wavefield.scenarios.virtual_stations import write_miniseed

    wave = expanding_wave()
    path = tmp_path / "stations.mseed"
    metadata = write_miniseed(wave, geography(wave.region).stations[:5], path)
    workspace.session.open_stations(workspace.strip.settings.card, [path], [metadata], datetime(2000, 1, 1, tzinfo=UTC))
    qtbot.waitUntil(lambda: workspace.stage.wavefield.known is not None and not controller.window.runner.active)
    sites = workspace.stage.wavefield.known
    controller.registry["forecast.live"].trigger()
    qtbot.waitUntil(lambda: isinstance(workspace.stage.wavefield, LiveWavefield))
    clock.now += 9.0
    qtbot.waitUntil(lambda: workspace.stage.forecast is not None and not workspace.session.forecasting.busy)
    assert workspace.map.scene.sparse
    np.testing.assert_array_equal(np.isfinite(workspace.map.scene.values), sites)
    assert not workspace.strip.stations.isEnabled()
    controller.registry["forecast.live"].trigger()
