"""A piece of a trace is selected by Shift+drag."""

import pytest
from PySide6.QtCore import Qt

from quakeview.app.traces import Alignment, TimeSelection
from quakeview.waveforms.channels import Instrument
from tests.app.traces.records import START, channel, drag, sample_view
from tests.app.traces.test_view import trace_point

SHIFT = Qt.KeyboardModifier.ShiftModifier


def select(qtbot, view, first: float, last: float) -> None:
    drag(qtbot, view, trace_point(view, first), trace_point(view, last), modifiers=SHIFT)


@pytest.mark.parametrize(("first", "last"), [(4.0, 8.0), (8.0, 4.0)])
def test_shift_drag_selects_in_either_direction_and_the_view_stays(qtbot, first, last):
    view = sample_view(qtbot)
    before = view.view
    with qtbot.waitSignal(view.selectionChanged):
        select(qtbot, view, first, last)
    second = (before[1] - before[0]) / view.plot_rect().width()
    assert view.selection.channel_id == channel("ST00", "Z")
    assert view.selection.first == pytest.approx(START + 4, abs=2 * second)
    assert view.selection.seconds == pytest.approx(4, abs=3 * second)
    assert view.view == before


def test_it_is_drawn_and_escape_or_a_shift_click_removes_it(qtbot):
    view = sample_view(qtbot)
    plain = view.grab().toImage()
    select(qtbot, view, 4, 8)
    view.leaveEvent(None)
    assert view.grab().toImage() != plain
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.selection is None
    select(qtbot, view, 4, 8)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, SHIFT, trace_point(view, 6))
    assert view.selection is None


def test_escape_during_the_drag_keeps_nothing(qtbot):
    view = sample_view(qtbot)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, SHIFT, trace_point(view, 4))
    qtbot.mouseMove(view, trace_point(view, 8))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, SHIFT, trace_point(view, 8))
    assert view.selection is None


def test_on_moved_stations_it_has_the_time_of_the_record(qtbot):
    view = sample_view(qtbot)
    station = Instrument.of(channel("ST00", "Z"))
    view.set_alignment(Alignment(START, "s after P", {station: 2.0}))
    select(qtbot, view, 4, 8)
    assert view.selection.first == pytest.approx(START + 6, abs=0.2)


def test_it_goes_with_its_channel(qtbot):
    view = sample_view(qtbot)
    view.set_selection(TimeSelection(channel("ST00", "Z"), START + 1, START + 2))
    view.set_stations([])
    assert view.selection is None
