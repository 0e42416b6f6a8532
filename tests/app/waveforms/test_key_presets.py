"""Short stories with the keys of other programs, pressed in the real window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from quakeview.monitoring.picks import Polarity
from tests.app.conftest import MONTSERRAT
from tests.app.keyboard import press
from tests.app.pointer import double_click, enter, leave


@pytest.fixture
def window_like(make_window):
    """``window_like(preset)`` is the window with the record of an earthquake and the keys of another program."""

    def make(preset: str):
        controller = make_window([MONTSERRAT])
        controller.preferences[controller.preferences.KEYS] = preset
        view = controller.workspace.view
        view.set_current_channel(view.scene.channel_ids()[0])
        view.setFocus()
        middle = sum(view.view) / 2
        view.set_view(middle - 5, middle + 5)
        return controller

    return make


def picks(controller) -> list:
    return sorted(controller.session.book, key=lambda pick: pick.time)


def test_snuffler_pages_with_space_and_names_what_was_picked(window_like):
    controller = window_like("Snuffler")
    view = controller.workspace.view
    first = view.view[0]
    press(view, "Space")
    assert view.view[0] == pytest.approx(first + 9)
    press(view, "B")
    assert view.view[0] == pytest.approx(first)
    row = view.component_of(view.current_channel)
    double_click(view, QPoint(500, round(row.rect.center().y())))
    assert [pick.phase for pick in picks(controller)] == ["P"]
    press(view, "F2", "Up", "Shift+Right")
    (pick,) = picks(controller)
    assert (pick.phase, pick.polarity) == ("S", Polarity.UP)
    assert pick.time.timestamp == pytest.approx(view.time_at(510), abs=0.02)
    press(view, "D")
    assert controller.workspace.review.ids == []
    press(view, "N", "Backspace")
    assert picks(controller) == []


def test_snuffler_shows_more_and_fewer_stations(window_like):
    controller = window_like("Snuffler")
    view = controller.workspace.view
    readable = view.visible_stations
    press(view, "-")
    assert view.visible_stations < readable
    press(view, "=")
    assert view.visible_stations == readable


def test_arrows_go_through_a_table_that_was_clicked_and_change_no_pick(window_like):
    """Snuffler's Up and Down are the polarity."""
    controller = window_like("Snuffler")
    workspace, view = controller.workspace, controller.workspace.view
    press(view, "Shift+F1", "Alt+Right", "Shift+F2")
    workspace.review.select([picks(controller)[0].resource_id])
    workspace.picks.table.setFocus(Qt.FocusReason.MouseFocusReason)
    leave(view)
    before = picks(controller)
    press(workspace.picks.table, "Down", "Left", "Shift+Right")
    assert picks(controller) == before
    assert workspace.review.ids == [before[1].resource_id]
    enter(view)
    press(workspace.picks.table, "Up")
    assert [pick.polarity for pick in picks(controller)] == [None, Polarity.UP]


def test_no_key_moves_traces_that_are_not_seen(window_like):
    controller = window_like("QuakeView")
    view, first = controller.workspace.view, controller.workspace.view.view
    controller.registry["view.helicorder"].trigger()
    press(QApplication.focusWidget(), "Right", "Space")
    assert (view.view, picks(controller)) == (first, [])
    controller.registry["view.helicorder"].trigger()
    press(QApplication.focusWidget(), "Right")
    assert view.view[0] > first[0]


def test_scolv_chooses_the_phase_sets_it_and_goes_to_the_next_trace(window_like):
    controller = window_like("scolv")
    view = controller.workspace.view
    ids = view.scene.channel_ids()
    press(view, "2", "Space")
    assert [(pick.phase, pick.channel_id) for pick in picks(controller)] == [("S", ids[0])]
    press(view, "F1", "Return", "Return")
    assert view.current_channel == ids[2]
    assert {pick.channel_id for pick in picks(controller) if pick.phase == "P"} == {ids[0], ids[1]}
    press(view, "S", "Shift+3")
    assert len(picks(controller)) == 3
    rows = len(view.scene.rows)
    press(view, "X")
    assert len(view.scene.rows) == rows - 1


def test_scolv_scales_time_and_amplitude(window_like):
    controller = window_like("scolv")
    view = controller.workspace.view
    press(view, ">")
    assert view.view[1] - view.view[0] == pytest.approx(5)
    press(view, "<", "Shift+Up", "S")
    assert view.view[1] - view.view[0] == pytest.approx(10)
    assert view.scene.gain == 1


def test_sac_picks_at_the_cursor_and_says_how_it_began(window_like):
    controller = window_like("SAC")
    view = controller.workspace.view
    press(view, "A", "U", "1")
    (pick,) = picks(controller)
    assert (pick.phase, pick.polarity, pick.upper_uncertainty) == ("P", Polarity.UP, 0.05)
    press(view, "Space")
    assert picks(controller)[0].polarity is None
    press(view, "Ctrl+Right", "T, 2")
    assert [pick.phase for pick in picks(controller)] == ["P", "S"]


def test_sac_zooms_between_two_presses_and_back(window_like):
    controller = window_like("SAC")
    view = controller.workspace.view
    before = view.view
    view.nudge_cursor(100)
    first = view.cursor_on_axis[1]
    press(view, "X")
    assert view.mark == first
    view.nudge_cursor(-200)
    last = view.cursor_on_axis[1]
    press(view, "X")
    assert view.view == pytest.approx((last, first))
    assert view.mark is None
    press(view, "O")
    assert view.view == pytest.approx(before)
    press(view, "O")
    assert view.view == pytest.approx(view._limits, abs=1)


def test_a_field_keeps_the_letters_of_every_program(window_like):
    for preset, keys in (("Snuffler", "BND"), ("SAC", "PAXO")):
        controller = window_like(preset)
        search, view = controller.workspace.picks.search, controller.workspace.view
        before = view.view
        search.setFocus()
        press(search, *keys, "Space", "Left")
        assert search.text().upper().strip() == keys
        assert (picks(controller), view.view) == ([], before)


def test_what_says_how_to_pick_names_the_keys_in_force(window_like):
    controller = window_like("scolv")
    inspector, panel = controller.workspace.inspector, controller.workspace.picks
    assert "press Shift+F1 or Shift+F2" in inspector.pick_section.big.text()
    assert "Press A to find" in panel.empty.text()
    controller.preferences[controller.preferences.KEYS] = "SAC"
    assert "press P or S" in inspector.pick_section.big.text()
    assert "Press Ctrl+P to find" in panel.empty.text()
