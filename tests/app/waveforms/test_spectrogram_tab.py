"""The spectrogram with its choices, its picks and its cursor, in the window."""

import numpy as np
import pytest
from obspy import UTCDateTime
from PySide6.QtCore import QPoint, Qt

from quakeview.app.traces.spectrogram_panel import Look
from quakeview.app.waveforms.spectrogram_tab import SpectrogramTab
from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick
from quakeview.project import AddPicks
from tests.app.conftest import BAVARIA
from tests.app.traces.test_view import pixels

START = UTCDateTime("2010-05-27T16:24:10")


@pytest.fixture
def controller(make_window, qtbot):
    """A minute of a real record in view, and its spectrogram."""
    controller = make_window(BAVARIA)
    workspace = controller.workspace
    controller.window.resize(1300, 800)
    workspace.view.set_view(float(START), float(START) + 60)
    with qtbot.waitSignal(workspace.spectrogram.panel.ready):
        qtbot.keyClick(workspace.view, Qt.Key.Key_G)
    return controller


@pytest.fixture
def tab(controller):
    return controller.workspace.spectrogram


def choose(qtbot, tab, choice, text: str):
    with qtbot.waitSignal(tab.panel.ready):
        choice.setCurrentText(text)
    return tab.panel.shown


def test_the_choices_of_windows_are_what_is_computed_and_said(tab, qtbot):
    assert tab.panel.caption.startswith("dB relative to 1 (counts)²/Hz · Detrended · windows of")
    assert choose(qtbot, tab, tab.window_length, "Window: 5.12 s").window == pytest.approx(5.12)
    assert choose(qtbot, tab, tab.overlap, "Overlap: 0 %").power.shape[1] == 12
    assert choose(qtbot, tab, tab.overlap, "Overlap: 75 %").power.shape[1] == 47
    assert "windows of 5.12 s" in tab.panel.caption


def test_filtered_as_shown_or_not(controller, tab, qtbot):
    with qtbot.waitSignal(tab.panel.ready):
        qtbot.keyClick(controller.workspace.view, Qt.Key.Key_F)
        qtbot.waitUntil(lambda: not controller.window.runner.active)
    qtbot.waitUntil(lambda: "1–10 Hz" in tab.panel.caption)
    high = tab.panel.shown.power[-20:]
    raw = choose(qtbot, tab, tab.data, "Unfiltered").power[-20:]
    assert np.nanmedian(raw) > np.nanmedian(high) + 10
    assert "not filtered" in tab.panel.caption


def test_axis_reference_and_range_change_the_picture_at_once(tab):
    panel, before = tab.panel, pixels(tab.panel.grab().toImage())
    for choice, text, look in (
        (tab.axis, "Logarithmic", Look(True)),
        (tab.level, "Relative", Look(True, True)),
        (tab.range, "Range: 40 dB", Look(True, True, 40.0)),
    ):
        choice.setCurrentText(text)
        assert panel.look == look
        after = pixels(panel.grab().toImage())
        assert (after != before).any()
        before = after
    assert panel.caption.startswith("dB relative to the maximum in view")


def test_the_choices_are_remembered(controller, tab, qtbot):
    tab.axis.setCurrentText("Logarithmic")
    tab.range.setCurrentText("Range: 60 dB")
    other = SpectrogramTab(controller.preferences)
    qtbot.addWidget(other)
    assert other.panel.look == Look(True, False, 60.0)
    assert other.window_length.currentText() == "Window: auto"


def test_the_range_is_what_was_chosen():
    power = np.linspace(-50, 70, 200, dtype=np.float32).reshape(20, 10)
    scale = Look(decibels=40.0).scale(power)
    assert (scale.low, scale.high) == (30.0, 70.0)
    automatic = Look().scale(power)
    assert -50 < automatic.low < automatic.high < 70


def test_picks_of_the_station_are_drawn_and_follow_the_book(controller, tab):
    channel = controller.workspace.view.scene.channel_ids()[0]
    plain = pixels(tab.panel.grab().toImage())
    controller.session.book.apply(AddPicks((Pick(channel, "P", START + 30, resource_id="p"),)))
    with_pick = pixels(tab.panel.grab().toImage())
    columns = np.flatnonzero((plain != with_pick).any(axis=(0, 2)))
    assert abs(columns.mean() - tab.panel.x_at(float(START) + 30)) < 3
    assert len(columns) < 8
    controller.session.book.undo()
    assert (pixels(tab.panel.grab().toImage()) == plain).all()


def test_many_picks_are_short_lines_at_the_upper_edge(controller, tab):
    channel = controller.workspace.view.scene.channel_ids()[0]
    plain = pixels(tab.panel.grab().toImage())
    picks = tuple(Pick(channel, "P", START + 0.1 * n, resource_id=f"p{n}") for n in range(600))
    controller.session.book.apply(AddPicks(picks))
    rows = np.flatnonzero((pixels(tab.panel.grab().toImage()) != plain).any(axis=(1, 2)))
    assert rows.max() - rows.min() < 12


def test_the_cursor_is_at_one_time_in_both(controller, tab, qtbot):
    view, panel = controller.workspace.view, tab.panel
    qtbot.mouseMove(panel, QPoint(round(panel.x_at(float(START) + 20)), 40))
    assert view.cursor_position[1] == pytest.approx(float(START) + 20, abs=0.1)
    qtbot.mouseMove(view, QPoint(round(view.x_at(float(START) + 40)), 40))
    assert panel.marked == pytest.approx(float(START) + 40, abs=0.1)


def test_it_is_a_picture_when_there_is_one(tab, make_window):
    assert tab.picture(".png").startswith(b"\x89PNG")
    assert b"<svg" in tab.picture(".svg")
    tab.clear()
    with pytest.raises(QuakeViewError, match="no spectrogram is shown"):
        tab.picture(".png")
