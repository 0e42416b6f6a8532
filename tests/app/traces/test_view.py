"""The trace view as a user works with it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage

from quakeview.app.drawing.shades import shades
from quakeview.app.traces import PickMark, PickStyle, Scaling, TraceView
from quakeview.colours import DARK, LIGHT
from quakeview.errors import QuakeViewError
from tests.app.pointer import double_click
from tests.app.traces.records import START, channel, drag, record, row, sample_view, wheel


def mark(pick_id="one", time=5.0, phase="P", station="ST00", **more) -> PickMark:
    return PickMark(pick_id, channel(station, "Z"), phase, START + time, **more)


def trace_point(view: TraceView, time: float, station: str = "ST00", letter: str = "Z") -> QPoint:
    row_on_screen = view.component_of(channel(station, letter))
    return QPointF(view.x_at(START + time), row_on_screen.rect.center().y()).toPoint()


def count(image: QImage, color: QColor) -> int:
    return int((pixels(image) == np.array([color.red(), color.green(), color.blue()])).all(axis=2).sum())


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return raw[:, : image.width(), 2::-1].copy()


def ink(view: TraceView, station: str, letter: str = "Z") -> np.ndarray:
    """Which pixel columns of a trace have anything darker than the grid."""
    area = view.component_of(channel(station, letter)).rect.toRect()
    return (pixels(view.grab().toImage().copy(area)).sum(axis=2) < 450).any(axis=0)


def test_waveforms_are_drawn_in_their_rows(qtbot):
    view = sample_view(qtbot)
    assert ink(view, "ST01", "N").mean() > 0.99


def test_a_gap_breaks_the_trace_and_is_hatched(qtbot):
    view = sample_view(qtbot)
    data = np.sin(np.arange(3000, dtype=np.float32))
    data[1000:2000] = np.nan
    view.set_record(channel("ST01", "N"), record(data))
    drawn = ink(view, "ST01", "N")
    third = len(drawn) // 3
    assert drawn[5 : third - 5].all()
    assert drawn[2 * third + 5 : -5].all()
    assert not drawn[third + 5 : 2 * third - 5].any()
    hatch = pixels(view.grab().toImage().copy(view.component_of(channel("ST01", "N")).rect.toRect()))
    assert len(np.unique(hatch[:, third + 5 : 2 * third - 5].reshape(-1, 3), axis=0)) > 2


def test_rows_without_waveform_say_why(qtbot):
    view = sample_view(qtbot)
    late = channel("ST00", "Z")
    view.set_record(late, None)
    assert view.scene.status(late) == "loading…"
    view.set_problem(late, "HHZ cannot be read.")
    assert view.scene.status(late) == "HHZ cannot be read."
    view.set_record(late, record(np.full(10, np.nan)))
    assert view.scene.status(late) == "no data in view"
    view.grab()


def test_ctrl_wheel_zooms_about_the_cursor(qtbot):
    view = sample_view(qtbot)
    position = QPointF(trace_point(view, 10.0))
    wheel(view, position, 3, Qt.KeyboardModifier.ControlModifier)
    assert view.view[1] - view.view[0] < 17
    assert view.time_at(position.x()) == pytest.approx(START + 10, abs=0.05)


def test_wheel_scrolls_stations_and_shift_wheel_pans(qtbot):
    view = sample_view(qtbot, n_stations=40)
    wheel(view, QPointF(500, 200), -2)
    assert view.band_at(QPointF(500, 5)) is not None
    view.grab()
    assert view.band_at(QPointF(500, 5)).row.label == "XX.ST02"
    view.set_view(START + 10, START + 15)
    wheel(view, QPointF(500, 200), -1, Qt.KeyboardModifier.ShiftModifier)
    assert view.view[0] == pytest.approx(START + 10.5)


def test_dragging_pans_without_slipping(qtbot):
    view = sample_view(qtbot)
    view.set_view(START + 10, START + 15)
    under_mouse = view.time_at(500)
    drag(qtbot, view, QPoint(500, 300), QPoint(420, 300))
    assert view.time_at(420) == pytest.approx(under_mouse, abs=0.02)


def test_right_drag_zooms_to_the_box_and_right_click_asks_for_the_menu(qtbot):
    view = sample_view(qtbot)
    begin, end = trace_point(view, 4.0), trace_point(view, 9.0)
    drag(qtbot, view, begin, end, Qt.MouseButton.RightButton)
    assert view.view == pytest.approx((START + 4, START + 9), abs=0.1)
    with qtbot.waitSignal(view.contextMenuRequested):
        qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=begin)


def test_the_view_never_leaves_the_record(qtbot):
    view = sample_view(qtbot)
    view.set_view(START + 1e6, START + 1e6 + 5)
    assert view.view[0] < START + 30 < view.view[1]
    for _ in range(40):
        view.zoom(0.5)
    assert view.view[1] - view.view[0] < 35
    for _ in range(60):
        view.zoom(2.0)
    assert view.view[1] - view.view[0] == pytest.approx(0.01, rel=0.05)
    view.grab()


def test_it_moves_the_view_the_trace_and_the_gain(qtbot):
    view = sample_view(qtbot, n_stations=20)
    view.set_view(START + 10, START + 12)
    view.pan(0.1)
    assert view.view[0] == pytest.approx(START + 10.2)
    view.go_to_end(last=False)
    assert view.view[0] == pytest.approx(START)
    view.go_to_end(last=True)
    assert view.view[1] == pytest.approx(START + 30)
    for _ in range(5):
        view.step_trace(1)
    assert view.current_channel == channel("ST01", "N")
    view.set_gain(2.0)
    assert view.scene.gain > 1
    shown = view.visible_stations
    view.taller()
    assert view.visible_stations < shown
    view.page_stations(1)
    view.grab()
    assert view.band_at(QPointF(500, 5)).number > 0


@pytest.mark.parametrize("phase", ["P", "S", "Pn"])
def test_a_pick_is_asked_for_under_the_mouse(qtbot, phase):
    view = sample_view(qtbot)
    qtbot.mouseMove(view, trace_point(view, 3.0))
    qtbot.mouseMove(view, trace_point(view, 12.0, "ST02", "E"))
    with qtbot.waitSignal(view.pickRequested) as asked:
        view.pick_at_cursor(phase)
    channel_id, time, asked_phase = asked.args
    assert (channel_id, asked_phase) == (channel("ST02", "E"), phase)
    assert time == pytest.approx(START + 12, abs=0.05)


def test_a_pick_goes_to_what_is_under_the_resting_mouse_after_scrolling_and_panning(qtbot):
    view = sample_view(qtbot, n_stations=40)
    view.set_view(START + 10, START + 15)
    position = trace_point(view, 12.0, "ST01", "N")
    qtbot.mouseMove(view, trace_point(view, 11.0))
    qtbot.mouseMove(view, position)
    wheel(view, QPointF(position), -3)
    view.pan(0.1)
    with qtbot.waitSignal(view.pickRequested) as asked:
        view.pick_at_cursor("P")
    assert asked.args[0] == channel("ST04", "N")
    assert asked.args[1] == pytest.approx(START + 12.5, abs=0.02)


def test_nothing_is_picked_on_a_trace_that_was_scrolled_away(qtbot):
    view = sample_view(qtbot, n_stations=40)
    view.set_current_channel(channel("ST00", "Z"))
    view.page_stations(1)
    with qtbot.assertNotEmitted(view.pickRequested):
        view.pick_at_cursor("P")
    assert view.component_of(channel("ST00", "Z")) is not None


def test_picking_without_the_mouse(qtbot):
    view = sample_view(qtbot)
    view.set_phase("S")
    view.step_trace(1)
    view.nudge_cursor(1)
    with qtbot.waitSignal(view.pickRequested) as asked:
        view.pick_at_cursor()
    assert asked.args[0] == channel("ST00", "Z")
    assert asked.args[1] == pytest.approx(START + 15, abs=0.2)
    assert asked.args[2] == "S"


def test_a_marked_time_crosses_all_stations(qtbot):
    view = sample_view(qtbot)
    rect = view.plot_rect().toRect()
    before = count(view.grab().toImage().copy(rect), view.colors.accent)
    view.set_mark(START + 12)
    assert view.mark == START + 12
    assert count(view.grab().toImage().copy(rect), view.colors.accent) - before >= rect.height() - 2
    view.set_mark(None)
    assert count(view.grab().toImage().copy(rect), view.colors.accent) == before


def test_double_click_picks_the_current_phase(qtbot):
    view = sample_view(qtbot)
    with qtbot.waitSignal(view.pickRequested) as asked:
        double_click(view, trace_point(view, 7.0, "ST01", "N"))
    assert asked.args[0] == channel("ST01", "N")
    assert asked.args[2] == "P"


def test_cursor_reports_time_and_sample(qtbot):
    view = sample_view(qtbot)
    with qtbot.waitSignal(view.cursorMoved) as moved:
        qtbot.mouseMove(view, trace_point(view, 9.0))
    channel_id, time, value = moved.args
    samples = view.scene.records[channel_id][0].data
    assert channel_id == channel("ST00", "Z")
    assert value == samples[round((time - START) * 100)]


def test_a_pick_crosses_its_station_and_no_other(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark(time=5.0)])
    image = view.grab().toImage()
    bands = {station: view.band_at(QPointF(trace_point(view, 5.0, station))).rect for station in ("ST00", "ST01")}
    own = count(image.copy(bands["ST00"].toRect()), view.colors.p)
    assert own > 0.8 * bands["ST00"].height()
    assert count(image.copy(bands["ST01"].toRect()), view.colors.p) == 0


def test_styles_differ_in_ink(qtbot):
    view = sample_view(qtbot)
    drawn = {}
    for style in PickStyle:
        view.set_picks([mark(style=style)])
        area = view.band_at(QPointF(trace_point(view, 5.0))).rect.adjusted(0, 20, 0, 0).toRect()
        drawn[style] = count(view.grab().toImage().copy(area), view.colors.p)
    assert drawn[PickStyle.MANUAL] > drawn[PickStyle.AUTOMATIC] > drawn[PickStyle.THEORETICAL] > 0
    assert drawn[PickStyle.REJECTED] == 0


def test_clicking_a_flag_selects_and_dragging_it_moves_the_pick_only(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark(time=5.0), mark("two", time=20.0, phase="S")])
    view.grab()
    flag = view.scene.picks.flag_of("one").rect.center().toPoint()
    with qtbot.waitSignal(view.pickClicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=flag)
    assert clicked.args == ["one"]
    assert view.selected_pick == "one"
    before = view.view
    pixels_per_second = view.x_at(START + 1) - view.x_at(START)
    target = flag + QPoint(round(3 * pixels_per_second), 0)
    with qtbot.waitSignal(view.pickMoved) as moved:
        drag(qtbot, view, flag, target)
    assert moved.args[0] == "one"
    assert moved.args[1] == pytest.approx(START + 8, abs=0.03)
    assert view.view == before


def test_escape_gives_up_a_drag(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark()])
    view.grab()
    flag = view.scene.picks.flag_of("one").rect.center().toPoint()
    with qtbot.assertNotEmitted(view.pickMoved):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=flag)
        qtbot.mouseMove(view, flag + QPoint(60, 0))
        qtbot.keyClick(view, Qt.Key.Key_Escape)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=flag + QPoint(60, 0))


def test_steps_nudge_the_selected_pick(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark()])
    view.select_pick("one")
    with qtbot.waitSignal(view.pickMoved) as moved:
        view.nudge_pick(-1)
    one_pixel = view.time_at(1) - view.time_at(0)
    assert moved.args[1] == pytest.approx(START + 5 - one_pixel, abs=1e-4)


def test_flags_do_not_overlap(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark(str(number), time=5 + 0.1 * number) for number in range(6)])
    view.grab()
    rects = [view.scene.picks.flag_of(str(number)) for number in range(6)]
    rects = [flag.rect for flag in rects if flag is not None]
    assert len(rects) >= 2
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])


def test_flags_in_low_bands_do_not_hide_the_onset(qtbot):
    view = sample_view(qtbot, n_stations=40)
    view.set_picks([mark(time=12.0)])
    view.set_visible_stations(2)
    view.grab()
    flag = view.scene.picks.flag_of("one")
    assert flag.rect.left() >= flag.line.x1() - 1
    view.set_visible_stations(30)
    view.grab()
    flag = view.scene.picks.flag_of("one")
    assert flag.rect.right() <= flag.line.x1() + 1


def test_ten_thousand_picks_are_shown_as_ticks_and_found_when_zoomed_in(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark(str(number), time=0.003 * number) for number in range(10_000)])
    assert count(view.grab().toImage(), view.colors.p) > 1000
    assert view.scene.picks.flag_of("5000") is None
    view.set_view(START + 14.99, START + 15.02)
    view.grab()
    assert view.scene.picks.flag_of("5000") is not None


def test_the_selected_pick_has_a_flag_even_in_a_crowd_and_can_be_dragged(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark(str(number), time=0.003 * number) for number in range(10_000)])
    view.select_pick("5000")
    image = view.grab().toImage()
    x, band = view.x_at(START + 15), view.bands[0].rect
    assert count(image.copy(round(x) - 3, round(band.center().y()), 7, 30), view.colors.p) > 30
    grip = QPoint(round(x) + 7, round(band.top()) + 8)
    with qtbot.waitSignal(view.pickMoved) as moved:
        drag(qtbot, view, grip, grip + QPoint(50, 0))
    assert moved.args[0] == "5000"


def test_tool_tips(qtbot):
    view = sample_view(qtbot)
    view.set_picks([mark(style=PickStyle.AUTOMATIC, probability=0.97, uncertainty=(0.05, 0.05), polarity="up")])
    view.grab()
    tip = view.tip_at(view.scene.picks.flag_of("one").rect.center().toPoint())
    for words in ("P  2020-01-01 00:00:05.000 UTC", "XX.ST00..HHZ", "automatic, probability 0.97", "±0.05 s", "up"):
        assert words in tip
    assert view.tip_at(QPoint(12, 40)) == "XX.ST00\n12 km"


def test_show_pick_scrolls_and_pans_to_it(qtbot):
    view = sample_view(qtbot, n_stations=30)
    view.set_picks([mark("far", time=25.0, station="ST29")])
    view.set_view(START, START + 4)
    view.show_pick("far")
    view.grab()
    assert view.scene.picks.flag_of("far") is not None


def test_units_widen_the_gutter_for_their_text(qtbot):
    view = sample_view(qtbot)
    with qtbot.waitSignal(view.gutterChanged) as changed:
        view.set_unit("m/s")
    assert changed.args == [view.gutter_width]
    assert view.plot_rect().left() == view.gutter_width


def test_common_scale_makes_weak_traces_small(qtbot):
    view = sample_view(qtbot)
    strong, weak = channel("ST00", "Z"), channel("ST01", "Z")
    view.set_record(strong, record(100 * np.sin(np.arange(3000))))
    view.set_record(weak, record(np.sin(np.arange(3000))))
    view.grab()
    assert view.scene.amplitudes[weak].full_scale == pytest.approx(1, rel=0.01)
    view.set_scaling(Scaling.COMMON)
    view.grab()
    assert view.scene.amplitudes[weak].full_scale == view.scene.amplitudes[strong].full_scale >= 99


def test_follow_keeps_the_end_in_view_until_the_user_pans(qtbot):
    view = sample_view(qtbot)
    view.set_view(START + 20, START + 30)
    view.set_follow(True)
    view.set_record(channel("ST00", "Z"), record(np.zeros(4000)))
    assert view.view[0] < START + 40 < view.view[1]
    with qtbot.waitSignal(view.followChanged) as changed:
        view.pan(-0.1)
    assert changed.args == [False]
    before = view.view
    view.set_record(channel("ST00", "Z"), record(np.zeros(9000)))
    assert view.view == before


def test_probability_curves_are_at_the_foot_of_their_station(qtbot):
    view = sample_view(qtbot)
    before = pixels(view.grab().toImage())
    peak = np.exp(-0.5 * ((np.arange(3000) - 1500) / 30) ** 2)
    view.set_curves(view.scene.rows[1].station, START, 100.0, peak, np.zeros(3000))
    changed = np.argwhere((pixels(view.grab().toImage()) != before).any(axis=2))
    band = view.band_at(QPointF(trace_point(view, 15.0, "ST01"))).rect
    assert len(changed) > 50
    assert changed[:, 0].min() > band.center().y()
    assert changed[:, 0].max() <= band.bottom()
    assert abs(np.median(changed[:, 1]) - view.x_at(START + 15)) < 5


def test_long_names_are_elided_inside_the_gutter_and_announced(qtbot):
    view = sample_view(qtbot)
    with qtbot.waitSignal(view.gutterChanged):
        view.set_stations([row("A" * 60)])
    assert view.gutter_width < 320
    assert view.tip_at(QPoint(12, 40)).startswith("XX.AAAA")


def test_light_and_dark(qtbot):
    view = sample_view(qtbot)
    for colors in (shades(LIGHT), shades(DARK)):
        view.set_colors(colors)
        assert count(view.grab().toImage(), colors.base) > 0.3 * view.width() * view.height()


def contrast(one: QColor, other: QColor) -> float:
    def luminance(color: QColor) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [shades(LIGHT), shades(DARK)], ids=["light", "dark"])
def test_text_and_phase_colours_can_be_read(colors):
    for background in (colors.base, colors.window):
        assert contrast(colors.text, background) > 7
        assert contrast(colors.muted, background) > 4.5
        assert min(contrast(color, background) for color in (colors.p, colors.s, colors.ink, colors.accent)) > 3.5


def test_pictures(qtbot, tmp_path):
    view = sample_view(qtbot)
    view.set_picks([mark()])
    (tmp_path / "view.png").write_bytes(view.picture(".png"))
    image = QImage(str(tmp_path / "view.png"))
    assert image.size() == view.size() * 2
    (tmp_path / "view.svg").write_bytes(view.picture(".svg"))
    drawing = (tmp_path / "view.svg").read_text()
    assert "polyline" in drawing
    assert "<image" not in drawing
    assert view.colors.p.name() in drawing
    with pytest.raises(QuakeViewError, match=r"\.png or \.svg"):
        view.picture(".pdf")


def test_nothing_open_says_so(qtbot):
    view = TraceView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    assert len(np.unique(pixels(view.grab().toImage()).reshape(-1, 3), axis=0)) > 2
    view.step_trace(1)
    view.pick_at_cursor()
    view.go_to_end(last=False)
    view.page_stations(1)
    assert view.current_channel is None


def test_accessible_names(qtbot):
    view = sample_view(qtbot)
    view.set_view(START + 1, START + 3)
    assert view.accessibleName()
    assert "00:00:01" in view.accessibleDescription()
