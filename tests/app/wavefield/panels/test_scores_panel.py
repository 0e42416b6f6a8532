"""Scores of forecasts beside those of simple baselines."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from quakeview.app.wavefield.panels.score_plots import AGAINST_INPUT, AGAINST_LEAD, AGAINST_TIME
from quakeview.app.wavefield.panels.scores_panel import ScoresPanel
from quakeview.app.wavefield.stage import Stage
from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.wavefield.forecasting import baselines
from quakeview.wavefield.forecasting.reference import Library
from quakeview.wavefield.forecasting.scores import score
from quakeview.wavefield.scenarios.datasets import DatasetEvent
from tests.app.fake_wavefield import HEADER, expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast

SMALL = {"x": np.arange(4000.0, 120_000.0, 8000.0), "y": np.arange(4000.0, 80_000.0, 8000.0)}


def small_wave(n_frames=112):
    return expanding_wave(n_frames, **SMALL)


@pytest.fixture
def no_events(monkeypatch, tmp_path):
    for name in ("shipped_models_dir", "user_models_dir"):
        monkeypatch.setattr(baselines, name, lambda: tmp_path)


@pytest.fixture
def panel(qtbot, no_events):
    panel = ScoresPanel(Stage())
    qtbot.addWidget(panel)
    panel.resize(1200, 340)
    panel.show()
    yield panel
    panel.stage.open(None)


def finished(panel):
    return panel.body.isVisible() and not panel.work.text() and not panel._scorer.busy


def show_scores(panel, qtbot, truth, forecasts, shown=0):
    panel.stage.open(truth)
    panel.stage.show_forecasts(forecasts[shown], forecasts)
    qtbot.waitUntil(lambda: finished(panel), timeout=20_000)


def cell(panel, name, column):
    row = [measure.name for measure in panel.model.rows].index(name)
    return panel.model.text(panel.model.rows[row], column)


def test_the_forecast_stands_beside_its_baselines(panel, qtbot):
    truth = small_wave()
    forecast = fake_forecast(truth, members=3, noise=0.3)
    show_scores(panel, qtbot, truth, [forecast])
    assert panel.model.columns == ("Score", "Forecast", "Persistence", "BSSA14")
    scores = score(truth, forecast)
    assert cell(panel, "acc", "Forecast") == f"{scores.acc:.3f}"
    assert cell(panel, "rfne", "Forecast") == f"{scores.rfne:.3f}"
    assert cell(panel, "rfne_z", "Forecast") == f"{scores.rfne_components[2]:.3f}"
    assert cell(panel, "spread_to_error", "Persistence") == "–"
    assert cell(panel, "acc", "BSSA14") == "–"
    assert float(cell(panel, "pgv_error", "BSSA14")) > float(cell(panel, "pgv_error", "Forecast"))
    rfne = next(measure for measure in panel.model.rows if measure.name == "rfne")
    assert panel.model.extra(rfne, "Forecast", Qt.ItemDataRole.FontRole).bold()
    assert panel.model.extra(rfne, "Persistence", Qt.ItemDataRole.FontRole) is None
    assert "Nearest event and ridge: There are no training events on this grid" in panel.said.text()
    assert "quakeview simulate" in panel.said.text()


def test_training_events_that_are_there_are_baselines_too(panel, qtbot, monkeypatch):
    truth = small_wave()
    frames = truth.frames(0, truth.n_frames)
    scale = np.sqrt(np.mean(np.square(frames)))
    event = DatasetEvent(0, "0.h5", "train", 45_000.0, 38_000.0, 8000.0, 6.0, 0.0, 90.0, 180.0)
    library = Library(truth.header, [event], np.array([scale]), (frames / scale).astype(np.float16)[None])
    monkeypatch.setattr(baselines, "training_events", lambda header, progress: library)
    show_scores(panel, qtbot, truth, [fake_forecast(truth, noise=0.3)])
    qtbot.waitUntil(lambda: finished(panel) and "Ridge" in panel.model.columns, timeout=20_000)
    assert panel.model.columns[:5] == ("Score", "Forecast", "Persistence", "Nearest event", "Ridge")
    assert float(cell(panel, "acc", "Nearest event")) > 0.999
    assert float(cell(panel, "rfne", "Ridge")) < 0.01


def test_all_forecasts_of_the_sequence_are_drawn(panel, qtbot):
    truth = small_wave()
    forecasts = [fake_forecast(truth, until, noise=noise) for until, noise in ((15.6, 0.5), (18.2, 0.3), (20.8, 0.1))]
    show_scores(panel, qtbot, truth, forecasts, shown=1)
    drawn = panel.plots._curves[1]._items
    assert set(drawn) == {
        *(("Forecast", each.issue_time) for each in forecasts),
        ("Persistence", forecasts[1].issue_time),
    }
    starts = [drawn["Forecast", each.issue_time].getData()[0][0] for each in forecasts]
    assert np.ptp(starts) < 1e-6
    panel.view.setCurrentText(AGAINST_TIME)
    starts = [drawn["Forecast", each.issue_time].getData()[0][0] for each in forecasts]
    np.testing.assert_allclose(np.diff(starts), 2.6, atol=0.01)
    panel.view.setCurrentText(AGAINST_INPUT)
    times, rfne = drawn["Forecast"].getData()
    np.testing.assert_allclose(times, [each.issue_time for each in forecasts])
    np.testing.assert_allclose(rfne, [score(truth, each).rfne for each in forecasts])
    panel.view.setCurrentText(AGAINST_LEAD)
    assert "Forecast" not in drawn


def test_what_cannot_be_scored_yet_says_why(panel, qtbot):
    assert "Open or simulate a scenario" in panel.empty.text()
    truth = small_wave()
    panel.stage.open(truth)
    assert "Press Forecast" in panel.empty.text()
    growing = fake_forecast(truth, complete=False)
    panel.stage.show_forecasts(growing, [])
    assert "being computed" in panel.empty.text()
    known = small_wave(50)
    panel.stage.open(known)
    panel.stage.show_forecasts(fake_forecast(truth), [])
    assert "has happened" in panel.empty.text()
    panel.stage.open(expanding_wave(x=HEADER.x[:20]))
    panel.stage.show_forecasts(fake_forecast(truth), [])
    qtbot.waitUntil(lambda: "different grids" in panel.empty.text())
    assert panel.empty.isVisible()


def test_nothing_is_computed_while_nobody_looks(panel, qtbot):
    truth = small_wave()
    panel.hide()
    panel.stage.open(truth)
    panel.stage.show_forecasts(fake_forecast(truth), [])
    qtbot.wait(50)
    assert not panel._scorer.busy
    assert not panel._columns
    panel.show()
    qtbot.waitUntil(lambda: finished(panel), timeout=20_000)


def test_the_table_is_copied_and_saved_and_the_picture_too(panel, qtbot, tmp_path):
    with pytest.raises(QuakeViewError, match="Open or simulate"):
        (tmp_path / "early.png").write_bytes(panel.picture(".png"))
    truth = small_wave()
    show_scores(panel, qtbot, truth, [fake_forecast(truth)])
    panel.table.copy()
    assert QApplication.clipboard().text().splitlines()[0].split("\t")[:3] == ["Score", "Forecast", "Persistence"]
    (tmp_path / "scores.csv").write_text(panel.table.text(",", only_selected=False))
    assert (tmp_path / "scores.csv").read_text().splitlines()[1].startswith("ACC,")
    (tmp_path / "scores.svg").write_bytes(panel.picture(".svg"))
    assert (tmp_path / "scores.svg").stat().st_size > 5000


def test_scores_with_too_few_stations_say_so(panel, qtbot):
    truth = small_wave()
    stations = tuple(Station(f"S{number}", 12_000.0 + 16_000.0 * number, 20_000.0) for number in range(5))
    show_scores(panel, qtbot, truth, [fake_forecast(truth, stations=stations, fewest=60)])
    assert panel.said.text().startswith("Not enough stations: 5 stations report")
