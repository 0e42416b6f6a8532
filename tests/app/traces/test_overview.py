import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from quakeview.app.traces import OverviewBar
from tests.app.traces.records import START, drag, record
from tests.app.traces.test_view import count


@pytest.fixture
def bar(qtbot):
    overview = OverviewBar()
    qtbot.addWidget(overview)
    overview.resize(900, 70)
    overview.set_gutter(100)
    overview.set_span(START, START + 1000)
    overview.set_record(record(np.sin(np.arange(100_000))), "XX.AAA..HHZ")
    overview.set_window(START + 400, START + 600)
    overview.show()
    qtbot.waitExposed(overview)
    overview.grab()
    return overview


def point(overview: OverviewBar, seconds: float) -> QPoint:
    plot = overview.plot_rect()
    return QPoint(round(plot.left() + seconds / 1000 * plot.width()), round(plot.center().y()))


def test_dragging_the_window_moves_it(qtbot, bar):
    with qtbot.waitSignal(bar.windowChanged):
        drag(qtbot, bar, point(bar, 500), point(bar, 700))
    assert bar.window_range == pytest.approx((START + 600, START + 800), abs=2)


def test_dragging_an_edge_resizes_it(qtbot, bar):
    drag(qtbot, bar, point(bar, 600), point(bar, 900))
    assert bar.window_range == pytest.approx((START + 400, START + 900), abs=3)
    drag(qtbot, bar, point(bar, 400), point(bar, 950))
    first, last = bar.window_range
    assert first < last


def test_a_click_outside_centres_the_window(qtbot, bar):
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=point(bar, 150))
    assert sum(bar.window_range) / 2 == pytest.approx(START + 150, abs=2)


def test_keys(qtbot, bar):
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert bar.window_range[0] == pytest.approx(START + 420)
    qtbot.keyClick(bar, Qt.Key.Key_End)
    assert bar.window_range == pytest.approx((START + 800, START + 1000))
    qtbot.keyClick(bar, Qt.Key.Key_Plus)
    assert bar.window_range[1] - bar.window_range[0] == pytest.approx(160)


def test_a_narrow_window_can_still_be_seen_and_grabbed(qtbot, bar):
    bar.set_window(START + 500, START + 500.01)
    assert bar.window_rect().width() >= 4
    drag(qtbot, bar, bar.window_rect().center().toPoint(), point(bar, 700))
    assert bar.window_range[0] == pytest.approx(START + 700, abs=3)


def test_pick_density_is_drawn_where_the_picks_are(qtbot, bar):
    bar.set_pick_times(np.full(50, START + 250), np.array([]))
    image = bar.grab().toImage()
    x = point(bar, 250).x()
    assert count(image, bar.colors.p) == 0  # outside the window it is shaded
    bar.set_window(START + 200, START + 300)
    before = bar.grab().toImage()
    assert before.copy(x - 6, 0, 12, 70) != image.copy(x - 6, 0, 12, 70)


def test_empty(qtbot):
    overview = OverviewBar()
    qtbot.addWidget(overview)
    overview.grab()
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=QPoint(50, 20))
    qtbot.keyClick(overview, Qt.Key.Key_Right)
    overview.clear()
    overview.grab()
