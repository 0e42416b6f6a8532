"""Traces beside what was forecast of them."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from quakeview.app.wavefield.panels.points_table import FORECAST_COLUMNS
from quakeview.app.wavefield.panels.traces_panel import TracesPanel
from quakeview.app.wavefield.stage import Stage
from quakeview.geography import Station
from quakeview.wavefield.forecasting.point_traces import read_points
from quakeview.wavefield.forecasting.stations import StationRecords
from tests.app.fake_wavefield import append_frames, expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast, plain_calibration

POINT = (79_000.0, 41_000.0)


@pytest.fixture
def panel(qtbot):
    panel = TracesPanel(Stage())
    qtbot.addWidget(panel)
    panel.resize(1300, 360)
    panel.show()
    return panel


def show(panel, qtbot, truth, forecast, point=POINT):
    panel.stage.open(truth)
    panel.stage.show_forecasts(forecast, [])
    panel.stage.choose_point(*point)
    qtbot.waitUntil(lambda: bool(panel.model.rows) and panel.model.rows[0][1].forecast is not None)


def curves(panel, row):
    """Name: (x, y) of what is drawn into a plot."""
    drawn = panel.plots._curves[row]._items
    return {name: item.getData() for name, item in drawn.items()}


def cell(panel, column, row=0):
    model = panel.table.model()
    return model.index(row, panel.model.columns.index(column)).data()


def test_truth_input_forecast_and_band_are_drawn(panel, qtbot):
    truth = expanding_wave()
    forecast = fake_forecast(truth, members=4, noise=0.2)
    show(panel, qtbot, truth, forecast)
    ix, iy = truth.nearest(*POINT)
    expected, band = (100 * read([ix], [iy])[0] for read in (forecast.traces, forecast.band_traces))
    for axis in range(3):
        drawn = curves(panel, axis)
        assert set(drawn) == {"truth", "input", "band", "forecast"}
        assert drawn["input"][0].max() <= forecast.issue_time + 1e-6
        times, mean = drawn["forecast"]
        assert times[0] == pytest.approx(forecast.issue_time)
        np.testing.assert_allclose(mean, expected[axis, forecast.issued :], atol=1e-6)
        low = drawn["band"][1][: len(mean)]
        np.testing.assert_allclose(low, mean - band[axis, forecast.issued :], atol=1e-5)
        assert panel.plots.issues[axis].value() == pytest.approx(forecast.issue_time)
        assert panel.plots.inputs[axis].getRegion() == pytest.approx((0.0, forecast.issue_time))
    assert set(curves(panel, 3)) == {0, "forecast"}
    assert "forecast, 90 % band" in panel.plots.heading


def test_peaks_are_judged_over_the_same_frames(panel, qtbot):
    truth = expanding_wave()
    forecast = fake_forecast(truth, until=18.2, members=3, noise=0.1)
    show(panel, qtbot, truth, forecast)
    assert tuple(panel.model.columns) == FORECAST_COLUMNS
    ix, iy = truth.nearest(*POINT)
    later = truth.traces([ix], [iy])[0][:, forecast.issued :]
    pgv = 100 * np.hypot(later[0], later[1]).max()
    assert 0 < pgv < 99 * truth.pgv[ix, iy]
    assert float(cell(panel, "PGV (cm/s)")) == pytest.approx(pgv, rel=1e-2)
    assert float(cell(panel, "Forecast (cm/s)")) == pytest.approx(100 * forecast.pgv[ix, iy], rel=1e-2)
    assert float(cell(panel, "σ of ln")) == pytest.approx(forecast.ln_pgv_std[ix, iy], abs=0.006)
    assert float(cell(panel, "ln error")) == pytest.approx(np.log(100 * forecast.pgv[ix, iy] / pgv), abs=0.006)
    assert cell(panel, "T_PGV (s)") == cell(panel, "Forecast (s)")
    assert "from 18.2 s on" in panel.caveat.text()


def test_the_forecast_grows_and_its_curves_are_kept(panel, qtbot):
    truth = expanding_wave()
    forecast = fake_forecast(truth, members=2, complete=False)
    show(panel, qtbot, truth, forecast)
    item = panel.plots._curves[0]._items["forecast"]
    before = len(item.getData()[0])
    rest = truth.frames(forecast.n_frames, truth.n_frames)
    forecast.append(np.stack([rest, rest]))
    panel.stage.grow()
    qtbot.waitUntil(lambda: len(item.getData()[0]) > before)
    assert panel.plots._curves[0]._items["forecast"] is item
    assert len(item.getData()[0]) == truth.n_frames - forecast.issued


def test_one_member_has_no_band_and_that_is_said(panel, qtbot):
    truth = expanding_wave()
    show(panel, qtbot, truth, fake_forecast(truth, members=1))
    assert "band" not in curves(panel, 0)
    assert "one member, no spread" in panel.plots.heading
    assert cell(panel, "σ of ln") == "–"


def test_nothing_was_input_away_from_the_stations(panel, qtbot):
    truth = expanding_wave()
    station = Station("AA", 21_000.0, 21_000.0)
    show(panel, qtbot, truth, fake_forecast(truth, stations=(station,)))
    assert "input" not in curves(panel, 0)
    assert "none from here" in panel.plots.heading
    panel.stage.choose_point(station.x, station.y)
    qtbot.waitUntil(lambda: "input" in curves(panel, 0))


def test_the_future_is_not_judged_before_it_has_happened(panel, qtbot):
    truth = expanding_wave()
    forecast = fake_forecast(truth)
    known = expanding_wave(n_frames=60)
    show(panel, qtbot, known, forecast)
    assert cell(panel, "PGV (cm/s)") == cell(panel, "ln error") == "–"
    assert len(curves(panel, 0)["forecast"][0]) == 112 - forecast.issued
    append_frames(known, 52)
    panel.stage.grow()
    qtbot.waitUntil(lambda: cell(panel, "PGV (cm/s)") != "–")


def test_records_are_shown_only_where_there_is_a_station():
    truth = expanding_wave()
    ix, iy = truth.nearest(*POINT)
    velocity = truth.traces([ix], [iy])
    valid = np.ones((1, truth.n_frames), bool)
    valid[:, 70:75] = False
    station = Station("AA", float(truth.x[ix]), float(truth.y[iy]))
    records = StationRecords(truth.header, datetime(2026, 1, 1, tzinfo=UTC), (station,), velocity, valid)
    forecast = fake_forecast(truth, stations=(station,))
    here, away = read_points(records.wavefield(), [(station.x, station.y), (21_000.0, 21_000.0)], forecast)
    assert here.correlation(0) == pytest.approx(1.0, abs=1e-5)
    assert np.isnan(here.velocity[:, 70:75]).all()
    assert here.pgv > 0
    assert np.isnan(away.pgv)
    assert np.isnan(away.t_pgv)
    assert np.isfinite(away.forecast.pgv)


def test_without_its_forecast_a_trace_is_as_before(panel, qtbot):
    truth = expanding_wave()
    show(panel, qtbot, truth, fake_forecast(truth))
    panel.stage.show_forecasts(None, [])
    qtbot.waitUntil(lambda: panel.model.rows[0][1].forecast is None)
    assert set(curves(panel, 0)) == {0}
    assert not panel.plots.issues[0].isVisible()
    assert panel.plots.heading == ""


def test_where_there_are_not_enough_stations_no_forecast_is_drawn_and_why_is_said(panel, qtbot):
    truth = expanding_wave()
    stations = tuple(Station(f"S{number}", 21_000.0 + 4000.0 * number, 21_000.0) for number in range(5))
    show(panel, qtbot, truth, fake_forecast(truth, stations=stations, fewest=60))
    assert not {"forecast", "band"} & set(curves(panel, 0))
    assert "not enough stations" in panel.plots.heading
    assert "5 stations report, and Fake was trained with 60" in panel.plots.toolTip()
    for column in ("Forecast (cm/s)", "σ of ln", "ln error", "Forecast MMI"):
        assert cell(panel, column) == "–"


def test_what_is_no_better_than_silence_is_pale(panel, qtbot):
    truth = expanding_wave()
    forecast = fake_forecast(truth)
    forecast.model = replace(forecast.model, calibration=plain_calibration(3, lead_rfne=(0.5, 1.2, 1.3)))
    show(panel, qtbot, truth, forecast)
    drawn = curves(panel, 0)
    assert drawn["forecast"][0].max() < 35.6 <= drawn["beyond"][0].min()
    assert "pale after 36 s" in panel.plots.heading
    assert "no better than predicting no motion" in panel.plots.toolTip()
