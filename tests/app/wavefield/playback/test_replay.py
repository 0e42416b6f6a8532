"""A forecast beside what happened: linked maps in one scale, peaks with their spread, the input on the scrubber."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage

from quakeview.app.maps.mapview import MapView
from quakeview.app.wavefield.playback.comparison_bar import Beside
from quakeview.app.wavefield.playback.replay import Replay
from quakeview.app.wavefield.playback.scrubber import LANE, Scrubber
from quakeview.app.wavefield.stage import Stage
from quakeview.geography import Station
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.stations import StationRecords
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.mapped_measures import MMI, PGV, T_PGV, Measure
from quakeview.wavefield.scenarios.header import Header, Wavefield
from quakeview.wavefield.scenarios.live import LiveWavefield
from tests.wavefield.forecasting.fakes import fake_forecast, plain_calibration

STEP, N_FRAMES, ISSUED = 0.52, 60, 30
HEADER = Header(
    name="rings",
    region=HAYWARD,
    x=np.linspace(0, HAYWARD.length, 24),
    y=np.linspace(0, HAYWARD.width, 16),
    frame_step=STEP,
    planned_frames=N_FRAMES,
    frequency=0.5,
    model_name="formula",
    illustrative=False,
    hypocentre=(40_000.0, 38_000.0, 8_000.0),
)
STATIONS = (Station("A", 20_000.0, 20_000.0), Station("B", 70_000.0, 60_000.0), Station("C", 100_000.0, 30_000.0))
CHOICES = [15.6, 18.2, 20.8]


def frames(count: int) -> np.ndarray:
    """A front that moves along X, (count, 3, nx, ny), m/s."""
    x = np.arange(24)[None, :, None]
    t = np.arange(count)[:, None, None]
    wave = np.exp(-(((x - 0.4 * t) / 3) ** 2)) * np.linspace(0.5, 1.5, 16)
    return np.stack([0.1 * wave, -0.2 * wave, 0.05 * wave], axis=1).astype(np.float32)


def happened(count: int = N_FRAMES) -> LiveWavefield:
    wavefield = LiveWavefield(HEADER)
    for index, frame in enumerate(frames(count)):
        wavefield.append(index, frame)
    return wavefield


@pytest.fixture
def truth() -> LiveWavefield:
    return happened()


@pytest.fixture
def replay(qtbot: Any) -> Iterator[Replay]:
    replay = Replay(Stage())
    qtbot.addWidget(replay)
    replay.resize(1200, 420)
    replay.show()
    yield replay
    replay.stage.open(None)
    replay.player.close()


def shown(replay: Replay, wavefield: Wavefield, forecast: Forecast | None) -> Replay:
    replay.stage.open(wavefield)
    replay.stage.show_forecasts(forecast, [])
    return replay


def go_to(replay: Replay, qtbot: Any, index: int) -> None:
    """Until the frame is on the maps."""
    replay.player.seek(index)
    qtbot.waitUntil(lambda: replay.waves.index == index and replay.waves.frame is not None)


def visible(replay: Replay) -> list[str]:
    return [view.scene.title for view in replay.maps if view.isVisible()]


def values(view: MapView) -> np.ndarray:
    assert view.scene.values is not None
    return view.scene.values


# --- waves -----------------------------------------------------------------------------------------------------


def test_three_linked_maps_of_one_moment_in_one_scale(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    forecast = fake_forecast(truth, members=3, noise=0.3)
    shown(replay, truth, forecast)
    go_to(replay, qtbot, 40)
    assert visible(replay) == ["Truth", "Forecast by Fake", "Error"]
    assert replay.waves.forecast.scene.subtitle == "3 members"
    np.testing.assert_array_equal(values(replay.map), truth.frame(40)[1])
    np.testing.assert_array_equal(values(replay.waves.forecast), forecast.frame(40)[1])
    np.testing.assert_array_equal(values(replay.waves.error), forecast.frame(40)[1] - truth.frame(40)[1])
    scales = {view.scene.scale for view in replay.waves.views}
    assert len(scales) == 1
    bars = [view.scene.decorations.bar for view in replay.waves.views if view.scene.decorations is not None]
    assert bars == [False, False, True]
    replay.map.zoom(2.0)
    assert len({view.view for view in replay.waves.views}) == 1
    replay.stage.choose_limit(0.123)
    assert {view.scene.scale.high for view in replay.waves.views if view.scene.scale is not None} == {0.123}


def test_error_of_the_horizontal_velocity_is_the_length_of_the_difference(
    replay: Replay, truth: LiveWavefield, qtbot: Any
) -> None:
    forecast = fake_forecast(truth, noise=0.3)
    shown(replay, truth, forecast)
    go_to(replay, qtbot, 40)
    replay.stage.choose_component(Component.HORIZONTAL)
    difference = forecast.frame(40) - truth.frame(40)
    np.testing.assert_allclose(values(replay.waves.error), np.hypot(difference[0], difference[1]))


def test_before_the_issue_the_input_is_shown_and_no_error(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    shown(replay, truth, fake_forecast(truth, stations=STATIONS))
    go_to(replay, qtbot, 20)
    scene = replay.waves.forecast.scene
    assert (scene.title, scene.sparse) == ("Input", True)
    assert "3 stations" in scene.subtitle
    known = np.isfinite(values(replay.waves.forecast))
    assert known.sum() == len(STATIONS)
    np.testing.assert_array_equal(values(replay.waves.forecast)[known], truth.frame(20)[1][known])
    assert replay.waves.error.scene.values is None
    assert scene.overlays.sites == ()
    go_to(replay, qtbot, ISSUED)
    assert (scene.title, scene.sparse) == ("Forecast by Fake", False)
    assert [(site.x, site.y) for site in scene.overlays.sites] == [(each.x, each.y) for each in STATIONS]
    assert np.isfinite(values(replay.waves.error)).all()


def test_dots_have_the_colours_of_the_velocity(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    shown(replay, truth, fake_forecast(truth, stations=STATIONS))
    replay.stage.choose_limit(0.01)
    go_to(replay, qtbot, 10)
    view = replay.waves.forecast
    view.set_geography(None)
    ix, iy = truth.nearest(STATIONS[0].x, STATIONS[0].y)
    bounds = view.scene.bounds
    x, y = bounds.left + (ix + 0.5) / 24 * bounds.width, bounds.bottom + (iy + 0.5) / 16 * bounds.height
    at = view._frame().at(x, y).toPoint()
    picture = view.grab().toImage()
    ratio = picture.devicePixelRatio()
    dot = picture.pixelColor(round(at.x() * ratio), round(at.y() * ratio))
    assert dot.blue() > dot.red() + 40  # Y is negative
    assert picture.pixelColor(round((at.x() + 12) * ratio), round(at.y() * ratio)) == view.scene.colors.base


def test_what_is_not_computed_yet_says_so_until_it_is(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    forecast = Forecast(observe(truth, 15.6), N_FRAMES - ISSUED, ForecastModel("Slow", 1))
    shown(replay, truth, forecast)
    go_to(replay, qtbot, 50)
    assert replay.waves.forecast.scene.values is None
    assert replay.waves.forecast._message == "Computing…"
    assert replay.waves.error.scene.values is None
    assert replay.bar.scrubber.reach is not None
    assert replay.bar.scrubber.reach.computed == pytest.approx(15.6)
    assert "computed until 15.6 s" in replay.comparison_bar.status.text()
    forecast.append(truth.frames(ISSUED, N_FRAMES)[None])
    replay.stage.grow()
    qtbot.waitUntil(lambda: replay.waves.error.scene.values is not None)
    np.testing.assert_array_equal(values(replay.waves.forecast), truth.frame(50)[1])
    assert replay.bar.scrubber.reach.computed == pytest.approx(31.2)
    assert "computed" not in replay.comparison_bar.status.text()


def test_a_forecast_runs_ahead_of_a_simulation(replay: Replay, qtbot: Any) -> None:
    truth, whole = happened(35), happened()
    forecast = Forecast(observe(truth, 15.6), N_FRAMES - ISSUED, ForecastModel("Fast", 1))
    forecast.append(whole.frames(ISSUED, N_FRAMES)[None])
    shown(replay, truth, forecast)
    assert replay.player.n_frames == N_FRAMES
    go_to(replay, qtbot, 50)
    assert replay.map.scene.values is None
    assert replay.map._message == "Not there yet…"
    np.testing.assert_array_equal(values(replay.waves.forecast), whole.frame(50)[1])
    for index in range(35, N_FRAMES):
        truth.append(index, whole.frame(index))
    replay.stage.grow()
    qtbot.waitUntil(lambda: replay.map.scene.values is not None)
    assert replay.player.index == 50
    qtbot.waitUntil(lambda: np.array_equal(values(replay.map), truth.frame(50)[1]))


def test_time_playback_and_zoom_stay_when_another_forecast_comes(
    replay: Replay, truth: LiveWavefield, qtbot: Any
) -> None:
    shown(replay, truth, fake_forecast(truth))
    go_to(replay, qtbot, 45)
    replay.map.zoom(2.0)
    view = replay.map.view
    replay.stage.show_forecasts(fake_forecast(truth, until=18.2), [])
    assert replay.map.scene.values is not None
    qtbot.waitUntil(lambda: replay.waves.frame is not None)
    assert (replay.player.index, replay.map.view) == (45, view)
    replay.player.set_speed(0.25)
    replay.player.play()
    replay.stage.show_forecasts(fake_forecast(truth, until=20.8), [])
    assert replay.player.playing
    replay.player.pause()
    replay.stage.replace(happened())
    assert replay.stage.comparison is not None
    assert replay.stage.comparison.forecast.issue_time == pytest.approx(20.8)


def test_without_a_forecast_the_measure_is_beside_the_waves_again(
    replay: Replay, truth: LiveWavefield, qtbot: Any
) -> None:
    shown(replay, truth, fake_forecast(truth))
    replay.stage.choose_measure(T_PGV)
    replay.stage.show_forecasts(None, [])
    go_to(replay, qtbot, 40)
    assert visible(replay) == ["Velocity Y", "T_PGV"]
    np.testing.assert_array_equal(values(replay.map), truth.frame(40)[1])
    np.testing.assert_array_equal(values(replay.peaks), truth.t_pgv)
    assert not replay.comparison_bar.isVisible()
    assert replay.bar.scrubber.reach is None


def test_real_stations_are_dots_and_so_is_the_error(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    nodes = np.array([truth.nearest(station.x, station.y) for station in STATIONS]).T
    recorded = truth.traces(*nodes)[..., :45]
    records = StationRecords(
        HEADER, datetime(2020, 1, 1, tzinfo=UTC), STATIONS, recorded, np.ones((len(STATIONS), 45), bool)
    )
    forecast = Forecast(records.observation(15.6), N_FRAMES - ISSUED, ForecastModel("Fake", 1))
    forecast.append(1.5 * truth.frames(ISSUED, N_FRAMES)[None])
    replay.stage.open(records.wavefield())
    qtbot.waitUntil(lambda: replay.map.scene.values is not None)
    assert replay.map.scene.sparse
    assert np.isfinite(values(replay.map)).sum() == len(STATIONS)
    replay.stage.show_forecasts(forecast, [])
    go_to(replay, qtbot, 40)
    assert visible(replay) == ["Recorded", "Forecast by Fake", "Error"]
    error = values(replay.waves.error)
    assert replay.waves.error.scene.sparse
    np.testing.assert_allclose(error[tuple(nodes)], 0.5 * truth.frame(40)[1][tuple(nodes)], rtol=1e-2, atol=1e-6)
    assert np.isnan(error).sum() == error.size - len(STATIONS)
    go_to(replay, qtbot, 55)
    assert replay.map.scene.values is None
    assert "known until 23.4 s" in replay.map._message
    assert replay.waves.forecast.scene.values is not None


# --- measures --------------------------------------------------------------------------------------------------


def measured(replay: Replay, qtbot: Any, measure: Measure) -> None:
    replay.stage.choose_measure(measure)
    qtbot.waitUntil(lambda: not replay.measures._background.busy and replay.peaks.scene.values is not None)


def test_measures_are_of_the_frames_from_the_issue_on(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    forecast = fake_forecast(truth, members=4, noise=0.3)
    shown(replay, truth, forecast)
    measured(replay, qtbot, PGV)
    assert visible(replay) == ["Truth", "Forecast by Fake", "Error", "Standard deviation"]
    assert replay.peaks.scene.subtitle == "PGV from 15.6 s on"
    after = truth.frames(ISSUED, N_FRAMES)
    pgv = np.hypot(after[0], after[1]).max(axis=-1)
    np.testing.assert_allclose(values(replay.peaks), pgv, rtol=1e-6)
    np.testing.assert_array_equal(values(replay.measures.forecast), forecast.pgv)
    assert replay.peaks.scene.scale == replay.measures.forecast.scene.scale
    large = pgv >= 0.01 * pgv.max()
    error = values(replay.measures.error)
    np.testing.assert_allclose(error[large], np.log(forecast.pgv / pgv)[large], rtol=1e-4)
    assert np.isnan(error[~large]).all()
    assert not large.all()
    np.testing.assert_array_equal(values(replay.measures.spread), forecast.ln_pgv_std)
    measured(replay, qtbot, T_PGV)
    times = (ISSUED + np.hypot(after[0], after[1]).argmax(axis=-1)) * STEP
    np.testing.assert_allclose(values(replay.peaks)[large], times[large], rtol=1e-5)
    assert replay.measures.error.scene.scale is not None
    assert replay.measures.error.scene.scale.unit == "s"
    measured(replay, qtbot, MMI)
    expected = mmi_from_pgv(forecast.pgv) - mmi_from_pgv(pgv)
    np.testing.assert_allclose(values(replay.measures.error), expected, atol=1e-4)
    replay.stage.choose_component(Component.X)
    go_to(replay, qtbot, 40)
    assert visible(replay) == ["Truth", "Forecast by Fake", "Error"]


def test_measures_follow_a_forecast_that_grows(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    forecast = Forecast(observe(truth, 15.6), N_FRAMES - ISSUED, ForecastModel("Slow", 1))
    shown(replay, truth, forecast)
    replay.stage.choose_measure(PGV)
    qtbot.waitUntil(lambda: replay.peaks._message.startswith("No frame"))
    forecast.append(truth.frames(ISSUED, 40)[None])
    replay.stage.grow()
    qtbot.waitUntil(lambda: replay.peaks.scene.values is not None)
    assert replay.measures.spread.scene.values is None
    assert "one member" in replay.measures.spread._message
    first = values(replay.peaks).copy()
    forecast.append(truth.frames(40, N_FRAMES)[None])
    replay.stage.grow()
    qtbot.waitUntil(lambda: values(replay.peaks).sum() > first.sum())
    np.testing.assert_allclose(values(replay.measures.forecast), values(replay.peaks), rtol=1e-5)


# --- small windows ---------------------------------------------------------------------------------------------


def test_a_small_window_has_one_map_beside_the_forecast(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    shown(replay, truth, fake_forecast(truth))
    go_to(replay, qtbot, 40)
    bar = replay.comparison_bar
    assert not bar.beside[Beside.TRUTH].isVisible()
    replay.resize(810, 330)
    qtbot.waitUntil(lambda: visible(replay) == ["Truth", "Forecast by Fake"])
    qtbot.mouseClick(bar.beside[Beside.ERROR], Qt.MouseButton.LeftButton)
    assert visible(replay) == ["Forecast by Fake", "Error"]
    np.testing.assert_array_equal(values(replay.waves.error), values(replay.waves.forecast) - truth.frame(40)[1])
    assert not bar.beside[Beside.SPREAD].isVisible()
    qtbot.mouseClick(bar.measure, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.beside[Beside.SPREAD], Qt.MouseButton.LeftButton)
    assert visible(replay) == ["Forecast by Fake", "Standard deviation"]
    qtbot.mouseClick(bar.waves, Qt.MouseButton.LeftButton)
    assert visible(replay) == ["Truth", "Forecast by Fake"]


# --- the scrubber ----------------------------------------------------------------------------------------------


@pytest.fixture
def scrubber(qtbot: Any) -> Scrubber:
    scrubber = Scrubber()
    qtbot.addWidget(scrubber)
    scrubber.resize(500, 44)
    scrubber.set_times(np.arange(200) * STEP, 200)
    scrubber.set_window_choices(CHOICES)
    scrubber.show()
    return scrubber


def test_the_end_of_the_input_is_dragged_to_the_choices(scrubber: Scrubber, qtbot: Any) -> None:
    chosen: list[float] = []
    scrubber.windowChosen.connect(chosen.append)
    assert scrubber.input_window == (0.0, 15.6)
    grip, far = (QPoint(round(scrubber.x_of(time)), round(LANE / 2)) for time in (15.6, 90.0))
    qtbot.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=grip)
    qtbot.mouseMove(scrubber, QPoint(round(scrubber.x_of(18.0)), 5))
    assert chosen == [18.2]
    qtbot.mouseMove(scrubber, far)
    qtbot.mouseRelease(scrubber, Qt.MouseButton.LeftButton, pos=far)
    assert chosen == [18.2, 20.8]
    assert scrubber.input_window == (0.0, 20.8)
    assert scrubber.value() == 0
    qtbot.mouseClick(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(far.x(), round(scrubber._middle)))
    assert scrubber.value() > 150


def test_the_end_of_the_input_is_moved_by_keys(scrubber: Scrubber, qtbot: Any) -> None:
    chosen: list[float] = []
    scrubber.windowChosen.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(scrubber, key, Qt.KeyboardModifier.ShiftModifier)
    assert chosen == [18.2, 20.8, 18.2]
    assert scrubber.value() == 0
    assert scrubber.accessibleDescription() == "Input from 0.0 s to 18.2 s"
    qtbot.keyClick(scrubber, Qt.Key.Key_Right)
    assert scrubber.value() == 1


def test_the_scrubber_shows_input_and_reach_of_the_forecast(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    chosen: list[float] = []
    replay.stage.inputChosen.connect(lambda: chosen.append(replay.stage.until))
    shown(replay, truth, fake_forecast(truth, until=18.2))
    assert replay.bar.scrubber.input_window == (0.0, pytest.approx(18.2))
    replay.bar.scrubber.step_window(1)
    assert chosen == [20.8]
    assert "18.2" in replay.bar.scrubber._tip(QPointF(replay.bar.scrubber.x_of(25.0), 4.0))


def test_an_input_that_began_before_the_waves_is_marked_from_their_first_frame(
    truth: LiveWavefield, qtbot: Any
) -> None:
    scrubber = Scrubber()
    qtbot.addWidget(scrubber)
    observation = replace(observe(truth, 15.6), stop=10)
    scrubber.set_forecast(Forecast(observation, 20, ForecastModel("Fake", 1)))
    assert scrubber.input_window == (0.0, pytest.approx(5.2))


# --- pictures --------------------------------------------------------------------------------------------------


def test_the_picture_holds_all_maps(replay: Replay, truth: LiveWavefield, qtbot: Any, tmp_path: Path) -> None:
    shown(replay, truth, fake_forecast(truth))
    go_to(replay, qtbot, 40)
    (tmp_path / "maps.png").write_bytes(replay.picture(".png"))
    picture = QImage(str(tmp_path / "maps.png"))
    assert picture.width() >= 2 * replay.grid.width()


# --- what a forecast is worth ----------------------------------------------------------------------------------

FIVE = tuple(Station(f"S{number}", 11_000.0 + 20_000.0 * number, 21_000.0) for number in range(5))


def test_with_too_few_stations_maps_say_so_and_show_nothing(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    shown(replay, truth, fake_forecast(truth, stations=FIVE, fewest=60))
    go_to(replay, qtbot, 40)
    for view in (replay.waves.forecast, replay.waves.error):
        assert view.scene.values is None
        assert "Not enough stations: 5 stations report" in view._message
    replay.stage.choose_measure(PGV)
    qtbot.waitUntil(lambda: "Not enough stations" in replay.measures.forecast._message)
    assert replay.measures.forecast.scene.values is None
    assert replay.measures.error.scene.values is None


def test_places_too_far_from_stations_are_blank(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    at_one_end = tuple(replace(station, x=station.x / 2) for station in FIVE)
    forecast = fake_forecast(truth, stations=at_one_end, fewest=5)
    enough = forecast.support.enough
    assert enough.any()
    assert not enough.all()
    shown(replay, truth, forecast)
    go_to(replay, qtbot, 40)
    np.testing.assert_array_equal(np.isfinite(values(replay.waves.forecast)), enough)
    np.testing.assert_array_equal(np.isfinite(values(replay.waves.error)), enough)
    assert replay.waves.forecast.scene.subtitle == "blank: not enough stations"


def test_a_forecast_without_skill_is_faded(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    forecast = fake_forecast(truth)
    forecast.model = replace(forecast.model, calibration=plain_calibration(3, lead_rfne=(0.5, 1.2)))
    assert forecast.skill_end == pytest.approx(35.6)
    forecast.model = replace(forecast.model, calibration=replace(forecast.model.calibration, lead_ends=(10.0, 20.0)))
    shown(replay, truth, forecast)
    go_to(replay, qtbot, 40)
    assert not replay.waves.forecast._faded
    strong = replay.waves.forecast.grab().toImage()
    go_to(replay, qtbot, 50)
    assert replay.waves.forecast._faded
    assert replay.waves.forecast.scene.subtitle == "faded: no skill after 26 s"
    replay.waves.forecast.set_image(values(replay.waves.forecast))
    assert replay.waves.forecast.grab().toImage() != strong
    go_to(replay, qtbot, 20)
    assert not replay.waves.forecast._faded


def test_silent_stations_are_hollow(replay: Replay, truth: LiveWavefield, qtbot: Any) -> None:
    replay.stage.open(truth)
    replay.stage.silent = FIVE[3:]
    replay.stage.show_forecasts(fake_forecast(truth, stations=FIVE[:3]), [])
    go_to(replay, qtbot, 40)
    sites = replay.waves.forecast.scene.overlays.sites
    assert sorted(site.silent for site in sites) == [False] * 3 + [True] * 2
    view = replay.waves.forecast
    view.set_image(None)
    view.set_message("")
    picture, frame = view.grab().toImage(), view._frame()
    ratio = picture.devicePixelRatio()
    colours = []
    for station in (FIVE[0], FIVE[4]):
        at = frame.at(station.x, station.y)
        colours.append(picture.pixelColor(round(at.x() * ratio), round(at.y() * ratio)))
    assert colours[0] == view.scene.colors.accent
    assert colours[1] == view.scene.colors.base
