"""The panels of a wavefield: what they show, when they grow, and what they say when there is nothing to show."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from quakeview.app.drawing import theme
from quakeview.app.wavefield.panels.traces_panel import TracesPanel
from quakeview.app.wavefield.stage import Stage
from quakeview.colours import DARK
from quakeview.errors import QuakeViewError
from tests.app.fake_wavefield import append_frames, expanding_wave, velocity


@pytest.fixture
def traces(qtbot):
    panel = TracesPanel(Stage())
    qtbot.addWidget(panel)
    panel.resize(1100, 320)
    panel.show()
    return panel


def wait_for(qtbot, panel, count):
    qtbot.waitUntil(lambda: len(panel.model.rows) == count and panel.body.isVisible())


def cells(panel, row):
    model = panel.table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_a_click_shows_the_velocity_of_the_nearest_node(traces, qtbot):
    wavefield = expanding_wave()
    traces.stage.open(wavefield)
    with qtbot.waitSignal(traces.stage.pointsChanged):
        traces.stage.choose_point(49_400, 41_700)
    assert traces.stage.points == [(49_000.0, 41_000.0)]
    wait_for(qtbot, traces, 1)
    expected = velocity(wavefield, 49_000.0, 41_000.0, wavefield.times)
    for component, plot in enumerate(traces.plots.plots[:3]):
        times, shown = plot.listDataItems()[0].getData()
        np.testing.assert_allclose(times, wavefield.times)
        np.testing.assert_allclose(shown, 100 * expected[component], atol=1e-3 * 100 * np.abs(expected).max())
    horizontal = np.hypot(*expected[:2])
    peak = horizontal.argmax()
    number, pgv, t_pgv, mmi, x, y, longitude, latitude = cells(traces, 0)
    assert (number, x, y) == ("1", "49.00", "41.00")
    assert float(pgv) == pytest.approx(100 * horizontal[peak], rel=1e-2)
    assert float(t_pgv) == pytest.approx(wavefield.times[peak], abs=0.01)
    assert mmi == "VII"
    known = wavefield.region.to_geographic(49_000.0, 41_000.0)
    assert (float(longitude), float(latitude)) == pytest.approx(tuple(map(float, known)), abs=1e-4)


def test_points_can_be_removed_and_their_table_copied_and_saved(traces, qtbot, tmp_path):
    traces.stage.open(expanding_wave())
    for x in (20_000, 50_000, 80_000):
        traces.stage.choose_point(x, 41_000)
    wait_for(qtbot, traces, 3)
    traces.table.select_key(1)
    traces.remove_selected()
    wait_for(qtbot, traces, 2)
    assert [x for x, _ in traces.stage.points] == [19_000, 79_000]
    traces.table.clearSelection()
    traces.table.copy()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:2] == ["Point", "PGV (cm/s)"]
    assert len(lines) == 3
    (tmp_path / "points.csv").write_text(traces.table.text(",", only_selected=False))
    assert (tmp_path / "points.csv").read_text().splitlines()[2].startswith("2,")
    traces.clear()
    assert traces.empty.isVisible()
    assert "Click a point of the map" in traces.empty.text()


def test_a_node_is_chosen_only_once(traces, qtbot):
    traces.stage.open(expanding_wave())
    traces.stage.choose_point(20_100, 41_000)
    traces.stage.choose_point(19_900, 41_100)
    assert len(traces.stage.points) == 2
    traces.stage.choose_point(20_100, 41_000)
    assert len(traces.stage.points) == 2


def test_traces_grow_with_the_simulation(traces, qtbot):
    wavefield = expanding_wave(n_frames=0)
    traces.stage.open(wavefield)
    traces.stage.choose_point(50_000, 41_000)
    assert "has not written a frame yet" in traces.empty.text()
    append_frames(wavefield, 30)
    traces.stage.grow()
    wait_for(qtbot, traces, 1)
    assert len(traces.plots.plots[0].listDataItems()[0].getData()[0]) == 30
    append_frames(wavefield, 82)
    traces.stage.grow()
    qtbot.waitUntil(lambda: len(traces.plots.plots[0].listDataItems()[0].getData()[0]) == 112)
    same = expanding_wave()
    traces.stage.replace(same)
    assert traces.stage.points == [(51_000.0, 41_000.0)] or traces.stage.points == [(49_000.0, 41_000.0)]
    assert traces.body.isVisible()


def test_no_spectrum_is_drawn_above_the_simulated_frequency(traces, qtbot):
    traces.stage.open(expanding_wave(frequency=0.2))
    traces.stage.choose_point(50_000, 41_000)
    wait_for(qtbot, traces, 1)
    frequencies, _ = traces.plots.plots[3].listDataItems()[0].getOriginalDataset()
    assert frequencies.min() > 0
    assert 0.18 < frequencies.max() <= 0.2
    assert "up to 0.2 Hz: PGV and MMI are lower bounds. Illustrative" in traces.caveat.text()


def test_scales_are_common_or_own(traces, qtbot):
    traces.stage.open(expanding_wave())
    traces.stage.choose_point(50_000, 50_000)
    wait_for(qtbot, traces, 1)
    rows = traces.plots.plots[:3]

    def limits():
        return [plot.vb.viewRange()[1][1] for plot in rows]

    assert len(set(np.round(limits(), 6))) == 1
    traces.scale.setCurrentIndex(1)
    for plot, limit in zip(rows, limits(), strict=True):
        assert limit == pytest.approx(1.12 * np.abs(plot.listDataItems()[0].getData()[1]).max(), rel=1e-3)


def test_a_time_is_shown_and_chosen(traces, qtbot):
    traces.stage.open(expanding_wave())
    traces.stage.choose_point(50_000, 41_000)
    wait_for(qtbot, traces, 1)
    traces.set_time(21.5)
    assert {cursor.value() for cursor in traces.plots.cursors} == {21.5}
    first = traces.plots.plots[0].vb
    middle = traces.plots.mapFromScene(first.sceneBoundingRect().center())
    with qtbot.waitSignal(traces.timeChosen) as chosen:
        qtbot.mouseClick(traces.plots.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert chosen.args[0] == pytest.approx(0.52 * 111 / 2, abs=0.5)


def test_curves_follow_the_theme(traces, qtbot, qapp):
    traces.stage.open(expanding_wave())
    traces.stage.choose_point(50_000, 41_000)
    wait_for(qtbot, traces, 1)

    def colour():
        return traces.plots.plots[0].listDataItems()[0].opts["pen"].color().name()

    before, palette = colour(), QApplication.palette()
    try:
        QApplication.setPalette(theme.palette(DARK))
        qtbot.waitUntil(lambda: colour() != before)
    finally:
        QApplication.setPalette(palette)
    qtbot.waitUntil(lambda: colour() == before)


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_picture_is_saved(traces, qtbot, tmp_path, suffix):
    with pytest.raises(QuakeViewError, match="Open or simulate a scenario"):
        (tmp_path / f"early.{suffix}").write_bytes(traces.picture(f".{suffix}"))
    traces.stage.open(expanding_wave())
    traces.stage.choose_point(50_000, 41_000)
    wait_for(qtbot, traces, 1)
    (tmp_path / f"traces.{suffix}").write_bytes(traces.picture(f".{suffix}"))
    assert (tmp_path / f"traces.{suffix}").stat().st_size > 5000
    with pytest.raises(QuakeViewError, match=r"\.png or \.svg"):
        (tmp_path / "traces.bmp").write_bytes(traces.picture(".bmp"))
