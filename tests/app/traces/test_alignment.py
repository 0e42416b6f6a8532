"""Stations moved in time: what is drawn moves, what is picked is at the true time."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF

from quakeview.app.traces import Alignment, PickMark, TraceView
from quakeview.waveforms.channels import Instrument
from tests.app.pointer import double_click
from tests.app.traces.records import START, channel, drag, record, sample_view
from tests.app.traces.test_view import ink

SHIFTS = {"ST00": 0.0, "ST01": 4.0, "ST02": -2.5}


@pytest.fixture
def view(qtbot) -> TraceView:
    view = sample_view(qtbot)
    shifts = {Instrument.of(channel(name)): seconds for name, seconds in SHIFTS.items()}
    view.set_alignment(Alignment(START + 10, "s after P", shifts, "not aligned: no P"))
    view.set_view(START + 5, START + 20)
    view.grab()
    return view


def place(view: TraceView, true: float, station: str, letter: str = "Z") -> QPoint:
    """Where a true time of a station is on the screen."""
    row = view.component_of(channel(station, letter))
    return QPointF(view.x_at(START + true - SHIFTS[station]), row.rect.center().y()).toPoint()


def test_waveforms_are_drawn_where_their_stations_are_moved_to(view):
    data = np.zeros(3000, np.float32)
    data[1300:1320] = 1000.0
    for name in SHIFTS:
        view.set_record(channel(name, "Z"), record(data))
    for name, shift in SHIFTS.items():
        area = view.component_of(channel(name, "Z")).rect
        half = area.height() / 4
        image = view.grab().toImage().copy(area.adjusted(0, 0, 0, -3 * half).toRect())
        dark = [
            x
            for x in range(image.width() - 120)  # the scale is at the right edge
            if any(image.pixelColor(x, y).lightness() < 110 for y in range(image.height()))
        ]
        assert np.median(dark) + area.left() == pytest.approx(view.x_at(START + 13.1 - shift), abs=12), name
    assert ink(view, "ST02").any()


@pytest.mark.parametrize("station", SHIFTS)
def test_a_command_and_a_double_click_pick_the_true_time(qtbot, view, station):
    position = place(view, 11.0, station)
    for ask in (lambda: view.pick_at_cursor("P"), lambda: double_click(view, position)):
        qtbot.mouseMove(view, position + QPoint(3, 0))
        qtbot.mouseMove(view, position)
        with qtbot.waitSignal(view.pickRequested) as asked:
            ask()
        assert asked.args[0] == channel(station, "Z")
        assert asked.args[1] == pytest.approx(START + 11.0, abs=0.02)


@pytest.mark.parametrize("station", SHIFTS)
def test_the_cursor_tells_the_true_time_and_the_sample_there(qtbot, view, station):
    with qtbot.waitSignal(view.cursorMoved) as moved:
        qtbot.mouseMove(view, place(view, 12.0, station))
    channel_id, time, value = moved.args
    assert channel_id == channel(station, "Z")
    assert time == pytest.approx(START + 12.0, abs=0.02)
    assert value == view.scene.records[channel_id][0].data[round((time - START) * 100)]
    assert view.cursor_position == (channel_id, pytest.approx(time))


def test_it_picks_where_the_cursor_stands_on_each_trace(qtbot, view):
    view.step_trace(1)
    for _ in range(3):
        view.step_trace(1)
    view.nudge_cursor(1)
    with qtbot.waitSignal(view.pickRequested) as asked:
        view.pick_at_cursor("S")
    assert asked.args[0] == channel("ST01", "Z")
    assert asked.args[1] == pytest.approx(START + 12.5 + 4.0, abs=0.1)


@pytest.mark.parametrize("station", SHIFTS)
def test_a_flag_is_drawn_at_its_place_dragged_and_nudged_by_true_seconds(qtbot, view, station):
    view.set_picks([PickMark("one", channel(station, "Z"), "P", START + 11.0)])
    view.grab()
    flag = view.scene.picks.flag_of("one")
    assert flag.line.x1() == pytest.approx(view.x_at(START + 11.0 - SHIFTS[station]), abs=1)
    begin = flag.rect.center().toPoint()
    with qtbot.waitSignal(view.pickMoved) as moved:
        drag(qtbot, view, begin, begin + QPoint(60, 0))
    assert moved.args == ["one", pytest.approx(START + 11.0 + view.time_at(60) - view.time_at(0))]
    view.select_pick("one")
    with qtbot.waitSignal(view.pickMoved) as moved:
        view.nudge_pick(1)
    assert moved.args[1] == pytest.approx(START + 11.0 + view.time_at(1) - view.time_at(0))


def test_a_pick_is_brought_into_view_where_its_station_is_moved_to(view):
    view.set_picks([PickMark("far", channel("ST01", "Z"), "P", START + 26.0)])
    view.set_view(START + 5, START + 8)
    view.show_pick("far")
    assert view.view[0] < START + 22.0 < view.view[1]
    assert not view.view[0] < START + 26.0 < view.view[1]


def test_a_station_without_the_time_says_so_and_is_not_moved(view):
    shifts = {station: shift for station, shift in view.scene.alignment.shifts.items() if station.station != "ST02"}
    with_all = view.grab().toImage()
    view.set_alignment(Alignment(START + 10, "s after P", shifts, "not aligned: no P"))
    assert view.shift_of(channel("ST02", "Z")) == 0.0
    band = view.band_at(QPointF(place(view, 12.0, "ST02"))).rect
    corner = band.adjusted(0, band.height() - 16, 90 - band.width(), 0).toRect()
    assert view.grab().toImage().copy(corner) != with_all.copy(corner)


def test_nothing_is_moved_any_more_when_it_is_off(view, qtbot):
    view.set_alignment(None)
    plain = sample_view(qtbot)
    plain.set_view(*view.view)
    view.set_limits(START, START + 30)
    plot = view.plot_rect().toRect()
    assert view.grab().toImage().copy(plot) == plain.grab().toImage().copy(plot)
