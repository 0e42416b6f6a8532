"""Maps of measures and the plot against distance."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from quakeview.app.wavefield.panels.measures_panel import AGAINST_DISTANCE, AGAINST_TRUTH, MeasuresPanel
from quakeview.app.wavefield.stage import Stage
from tests.app.fake_wavefield import append_frames, expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast


@pytest.fixture
def panel(qtbot):
    panel = MeasuresPanel(Stage())
    qtbot.addWidget(panel)
    panel.resize(1100, 320)
    panel.show()
    return panel


def is_measured(panel):
    return panel.maps[3].value_at(50_000, 40_000) is not None


def test_the_maps_are_those_of_the_wavefield(panel, qtbot):
    wavefield = expanding_wave()
    panel.stage.open(wavefield)
    qtbot.waitUntil(lambda: is_measured(panel), timeout=60_000)
    ix, iy = wavefield.nearest(61_000, 25_000)
    pgv, t_pgv, mmi, duration = (view.value_at(61_000, 25_000) for view in panel.maps)
    assert pgv == wavefield.pgv[ix, iy]
    assert t_pgv == wavefield.t_pgv[ix, iy]
    assert 4 < mmi < 8
    assert 0 < duration < 10
    assert "PGV and MMI are lower bounds. Illustrative" in panel.caveat.text()


def test_the_mouse_reads_all_maps_at_once(panel, qtbot):
    panel.stage.open(expanding_wave())
    qtbot.waitUntil(lambda: is_measured(panel), timeout=60_000)
    view = panel.maps[2]
    qtbot.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    qtbot.waitUntil(lambda: "duration" in panel.here.text())
    assert "cm/s" in panel.here.text()
    assert "MMI V" in panel.here.text()


def test_one_map_can_be_shown_large(panel, qtbot):
    panel.stage.open(expanding_wave())
    panel.view.setCurrentText("MMI")
    assert [view.isVisible() for view in panel.maps] == [False, False, True, False]


def test_maps_grow_and_the_duration_waits_for_the_end(panel, qtbot):
    wavefield = expanding_wave(n_frames=0)
    panel.stage.open(wavefield)
    assert "has not written a frame yet" in panel.empty.text()
    append_frames(wavefield, 30)
    panel.stage.grow()
    qtbot.waitUntil(lambda: panel.body.isVisible() and panel.maps[0].value_at(50_000, 40_000) is not None)
    assert not is_measured(panel)
    append_frames(wavefield, 82)
    panel.stage.grow()
    qtbot.waitUntil(lambda: is_measured(panel), timeout=60_000)


def test_the_relation_is_chosen(panel, qtbot):
    panel.stage.open(expanding_wave())
    panel.view.setCurrentText(AGAINST_DISTANCE)
    qtbot.waitUntil(lambda: panel.attenuation.shown is not None, timeout=60_000)
    panel.relation.setCurrentIndex(panel.relation.findData("CY14"))
    qtbot.waitUntil(lambda: panel.attenuation.shown.relation == "CY14", timeout=60_000)
    assert [entry.words for entry in panel.attenuation.key] == ["CY14 ± σ", "simulated, median"]


@pytest.mark.parametrize("size", [(1100, 320), (1060, 370), (800, 300)])
def test_beside_the_maps_no_room_is_left_empty(panel, qtbot, size):
    panel.resize(*size)
    panel.stage.open(expanding_wave())
    qtbot.waitUntil(lambda: is_measured(panel), timeout=60_000)
    plots = [view._frame().plot.height() for view in panel.maps]
    margins = [view.height() - plot for view, plot in zip(panel.maps, plots, strict=True)]
    assert max(margins) < 60
    assert panel.attenuation.isVisible()
    assert panel.attenuation.width() + panel.grid.width() == pytest.approx(panel.width(), abs=4)


def test_where_no_plot_fits_the_maps_have_all_room(panel, qtbot):
    panel.resize(620, 640)
    panel.stage.open(expanding_wave())
    qtbot.waitUntil(lambda: panel.grid.width() == panel.width())
    assert not panel.attenuation.isVisible()
    assert not panel.relation.isVisible()


def test_a_forecast_is_compared_over_its_own_frames(panel, qtbot):
    truth = expanding_wave()
    forecast = fake_forecast(truth, 15.6, noise=0.0)
    forecast._members[0].pgv *= 1.5**3
    panel.stage.open(truth)
    panel.stage.show_forecasts(forecast, [])
    panel.view.setCurrentText(AGAINST_TRUTH)
    qtbot.waitUntil(lambda: panel.comparison.shown is not None, timeout=60_000)
    shown = panel.comparison.shown
    assert shown.since == "from 15.6 s on"
    assert shown.truth.max() <= np.hypot(*truth.frames(30, truth.n_frames)[:2]).max() * 1.001
    assert shown.error == pytest.approx(50, abs=0.1)
    assert panel.comparison.isVisible()
    panel.stage.show_forecasts(None, [])
    assert panel.view.findText(AGAINST_TRUTH) == -1
    assert panel.comparison.shown is None


def test_a_forecast_lies_beside_the_relation(panel, qtbot):
    truth = expanding_wave()
    panel.stage.open(truth)
    panel.stage.show_forecasts(fake_forecast(truth, 15.6), [])
    panel.view.setCurrentText(AGAINST_DISTANCE)
    qtbot.waitUntil(lambda: panel.attenuation.shown is not None and bool(panel.attenuation.shown.since), timeout=60_000)
    shown = panel.attenuation.shown
    assert shown.forecast.shape == shown.later.shape == shown.pgv.shape
    assert (shown.later <= 1.01 * shown.pgv).all()
    assert panel.attenuation.key[-1].words == "forecast"


def test_the_picture_holds_what_is_shown(panel, qtbot, tmp_path):
    panel.stage.open(expanding_wave())
    qtbot.waitUntil(lambda: is_measured(panel), timeout=60_000)
    (tmp_path / "maps.svg").write_bytes(panel.picture(".svg"))
    drawn = (tmp_path / "maps.svg").read_text()
    assert "T_PGV" in drawn
    assert "Duration" in drawn
