"""The stage of the Wavefield workspace: what it tells, how often, and what another wavefield makes it forget."""

from collections import Counter
from typing import Any

import pytest
from PySide6.QtCore import SignalInstance

from quakeview.app.wavefield.stage import Stage
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.forecast_making import Settings
from quakeview.wavefield.forecasting.station_choice import StationChoice, StationKind
from tests.app.fake_forecaster import forecaster_card
from tests.app.fake_wavefield import HEADER, expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast

NODE = (49_000.0, 41_000.0)


@pytest.fixture
def stage(qapp: Any) -> Stage:
    return Stage()


@pytest.fixture
def told(stage: Stage) -> Counter[str]:
    """How often each signal was emitted."""
    counts: Counter[str] = Counter()
    for name in dir(stage):
        if isinstance(signal := getattr(stage, name), SignalInstance) and name in vars(Stage):
            signal.connect(lambda *_, name=name: counts.update([name]))
    return counts


def test_another_wavefield_forgets_forecast_points_and_limit_but_not_the_component(stage: Stage) -> None:
    truth = expanding_wave()
    stage.open(truth)
    stage.choose_component(Component.Z)
    stage.choose_limit(0.1)
    stage.choose_point(*NODE)
    forecast = fake_forecast(truth)
    stage.show_forecasts(forecast, [forecast])
    stage.show_time(20.8)
    stage.open(expanding_wave())
    assert (stage.forecast, stage.forecasts, stage.comparison, stage.peaks) == (None, [], None, None)
    assert (stage.points, stage.chosen_limit, stage.time) == ([], None, 0.0)
    assert stage.component is Component.Z


def test_looks_are_found_again_on_another_grid(stage: Stage) -> None:
    stage.open(expanding_wave())
    stage.choose_component(Component.X)
    stage.choose_limit(0.05)
    stage.choose_point(*NODE)
    stage.show_time(10.4)
    stage.open(expanding_wave(x=HEADER.x[::2], y=HEADER.y[::2]), None, stage.looks)
    assert stage.component is Component.X
    assert (stage.limit, stage.time) == (0.05, 10.4)
    assert stage.points == [(49_000.0, 41_000.0)]


def test_a_point_is_chosen_once_and_pointed_at_again(stage: Stage, told: Counter[str]) -> None:
    stage.choose_point(*NODE)
    stage.open(expanding_wave())
    told.clear()
    for x in (49_400.0, 20_000.0, 48_700.0):
        stage.choose_point(x, 41_300.0)
    assert len(stage.points) == 2
    assert told == {"pointsChanged": 2, "pointChosen": 3}


def test_frames_are_told_at_once_and_growth_seldom(stage: Stage, told: Counter[str], qtbot: Any) -> None:
    stage.open(expanding_wave(3))
    for _ in range(20):
        stage.grow()
    assert (told["frameCame"], told["grown"]) == (20, 0)
    qtbot.waitUntil(lambda: told["grown"] == 1)


def test_a_forecast_that_is_finished_has_grown_and_is_no_other(stage: Stage, told: Counter[str]) -> None:
    truth = expanding_wave()
    stage.open(truth)
    first, second = fake_forecast(truth), fake_forecast(truth, 18.2)
    stage.show_forecasts(first, [])
    comparison = stage.comparison
    told.clear()
    stage.show_forecasts(first, [first])
    assert told == {"forecastsChanged": 1, "frameCame": 1, "grown": 1}
    assert stage.comparison is comparison
    told.clear()
    stage.show_forecasts(second, [first, second])
    assert told == {"forecastChanged": 1, "forecastsChanged": 1}
    assert stage.until == 18.2


def test_the_measure_takes_the_place_of_the_waves_only_beside_a_forecast(stage: Stage) -> None:
    truth = expanding_wave()
    stage.open(truth)
    stage.choose_measure(stage.measure)
    assert not stage.measured
    stage.show_forecasts(fake_forecast(truth), [])
    stage.choose_measure(stage.measure)
    assert stage.measured
    stage.show_forecasts(None, [])
    assert not stage.measured


def test_records_are_forecast_from_their_own_stations(stage: Stage, told: Counter[str], tmp_path: Any) -> None:
    settings = Settings(forecaster_card(tmp_path), StationChoice(StationKind.FEW))
    stage.choose_settings(settings)
    stage.choose_settings(settings)
    assert told["settingsChanged"] == 1
    assert stage.settings == settings
    wavefield = expanding_wave()
    wavefield._known = wavefield.pgv > 0
    stage.open(wavefield)
    assert stage.settings == Settings(settings.card)


def test_an_input_is_one_of_those_there_are(stage: Stage) -> None:
    stage.choose_input(16.0)
    assert stage.until == 15.6
