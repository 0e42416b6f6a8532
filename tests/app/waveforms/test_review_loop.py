"""The analyst's loop by keyboard: from event to event, station to station and pick to pick, seen large, and undone."""

from collections import Counter
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from quakeview.app.keys.scheme import KeyScheme
from quakeview.events.event import Event, EventStatus
from quakeview.events.reviewing import in_review_order
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import AddPicks
from tests.app.program import Program
from tests.app.review_network import picks_of_both, write_network


@pytest.fixture
def controller(make_window: Any, qtbot: Any, tmp_path: Any) -> Program:
    """Two earthquakes have been found in the picks of a network; the table of events is in front."""
    picks = picks_of_both()
    controller = make_window(write_network(tmp_path, picks), models=[])
    controller.session.book.apply(AddPicks(picks))
    controller.registry.refresh()
    controller.registry["events.find"].trigger()
    qtbot.waitUntil(lambda: len(controller.session.book.events) == 2)
    return controller


def press(controller: Program, qtbot: Any, *keys: str) -> None:
    """Press keys in the window, wherever the focus is."""
    for name in keys:
        *modifiers, key = name.split("+") if name != "+" else ["+"]
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Shift": Qt.KeyboardModifier.ShiftModifier}[modifier]
        codes = {"'": Qt.Key.Key_Apostrophe, ";": Qt.Key.Key_Semicolon, ".": Qt.Key.Key_Period}
        qtbot.keyClick(controller.workspace.view, codes.get(key) or getattr(Qt.Key, f"Key_{key}"), held)


def settled(controller: Program, qtbot: Any) -> None:
    """Every event has been located again."""
    qtbot.wait(1)
    qtbot.waitUntil(lambda: not controller.window.runner.active)


def selected(controller: Program) -> Pick:
    (pick_id,) = controller.workspace.review.ids
    return controller.session.book.get(pick_id)


def opened(controller: Program) -> Event:
    return controller.session.events.open


def order(controller: Program) -> list[Pick]:
    event = opened(controller)
    return in_review_order(event, controller.session.book.find(event.pick_ids))


def said(controller: Program) -> str:
    toast = controller.workspace.loop.toast
    return toast.text() if toast.isVisible() else ""


def test_an_opened_event_is_gone_through_from_the_nearest_station_to_the_farthest(
    controller: Program, qtbot: Any
) -> None:
    press(controller, qtbot, ".")
    picks = order(controller)
    distances = [
        each.distance
        for pick in picks
        for each in opened(controller).origin.arrivals
        if each.pick_id == pick.resource_id
    ]
    assert distances == sorted(distances)
    for pick in picks[:4]:
        assert selected(controller) == pick
        press(controller, qtbot, "N")
    press(controller, qtbot, "Shift+N", "'")
    assert selected(controller) == picks[4]
    press(controller, qtbot, ";")
    assert selected(controller) == picks[2]
    press(controller, qtbot, ";", ";")
    assert selected(controller) == picks[0]
    assert said(controller) == "That is the nearest station."


def test_after_the_last_pick_a_key_says_so_and_the_next_one_opens_the_next_event(
    controller: Program, qtbot: Any
) -> None:
    press(controller, qtbot, ".")
    event, last = opened(controller), order(controller)[-1]
    controller.workspace.review.select([last.resource_id])
    press(controller, qtbot, "X")
    assert controller.session.book.get(last.resource_id).status is PickStatus.REJECTED
    assert said(controller).startswith("That was the last pick, and 27 picks of this event still wait.")
    settled(controller, qtbot)
    assert opened(controller).resource_id == event.resource_id
    press(controller, qtbot, "N")
    assert opened(controller).resource_id != event.resource_id
    assert selected(controller) == order(controller)[0]


def test_one_key_shows_a_pick_large_and_the_same_key_exactly_what_was_there(controller: Program, qtbot: Any) -> None:
    press(controller, qtbot, ".")
    view = controller.workspace.view
    before = view.framing
    press(controller, qtbot, "Z")
    first, last = view.view
    onset = selected(controller).time.ns / 1e9
    assert 1.2 < last - first < 6
    assert (onset - first) / (last - first) == pytest.approx(1 / 3, abs=0.01)
    assert [band.row.station.station for band in view.bands] == [selected(controller).channel_id.station]
    press(controller, qtbot, "Return", "Return", "Return")
    assert view.view != (first, last)
    assert [band.row.station.station for band in view.bands] == [selected(controller).channel_id.station]
    press(controller, qtbot, "Z")
    assert view.framing == before
    settled(controller, qtbot)


def test_the_zoom_goes_on_to_the_next_event_and_ends_where_that_one_is_shown(controller: Program, qtbot: Any) -> None:
    press(controller, qtbot, ".")
    view = controller.workspace.view
    press(controller, qtbot, "Z", ".")
    onset = selected(controller).time.ns / 1e9
    assert view.view[0] < onset < view.view[1] < onset + 5
    press(controller, qtbot, "Z")
    window = controller.workspace.event_traces.window(opened(controller))
    assert view.view == pytest.approx(window)


def test_each_edit_says_what_it_did_and_the_map_marks_where_the_event_was(controller: Program, qtbot: Any) -> None:
    press(controller, qtbot, ".")
    event = opened(controller)
    controller.workspace.review._move(selected(controller).resource_id, selected(controller).time.ns / 1e9 + 0.4)
    qtbot.waitUntil(lambda: said(controller).startswith(event.time.strftime("%H:%M")))
    now = opened(controller)
    assert "RMS" in said(controller)
    assert controller.workspace.events.map.shown.trail == event.origin
    rows = controller.workspace.inspector.event_section._values
    assert rows["Last edit"].text() in said(controller)
    residual = controller.workspace.inspector.pick_section._values["Residual"].text()
    assert " s late, " in residual
    assert "standard deviations" in residual
    press(controller, qtbot, "Ctrl+Z")
    assert opened(controller) == event != now
    assert controller.workspace.events.map.shown.trail is None
    assert "Last edit" not in controller.workspace.inspector.event_section._values


def test_undo_says_what_it_undid_and_goes_there(controller: Program, qtbot: Any) -> None:
    press(controller, qtbot, ".")
    event, pick = opened(controller), selected(controller)
    press(controller, qtbot, "X")
    settled(controller, qtbot)
    press(controller, qtbot, ".")
    assert opened(controller).resource_id != event.resource_id
    controller.workspace.view.show_all()
    controller.workspace.refresh()
    assert controller.registry["edit.undo"].text() == f"Undo: Reject {pick.phase} at XX.{pick.channel_id.station}"
    press(controller, qtbot, "Ctrl+Z")
    assert said(controller) == f"Undone: Reject {pick.phase} at XX.{pick.channel_id.station}"
    assert opened(controller) == event
    assert selected(controller) == pick


def test_undoing_an_added_pick_shows_where_it_was(controller: Program, qtbot: Any) -> None:
    press(controller, qtbot, ".")
    channel = selected(controller).channel_id
    time = selected(controller).time.ns / 1e9 + 30
    controller.workspace.review.editor.add(channel, time, "P")
    controller.workspace.view.set_view(time - 40, time - 35)
    press(controller, qtbot, "Ctrl+Z")
    first, last = controller.workspace.view.view
    assert first < time < last
    assert last - first == pytest.approx(5)


def test_a_pick_is_moved_to_another_event_by_keys(controller: Program, qtbot: Any) -> None:
    press(controller, qtbot, ".", "N")
    event, pick = opened(controller), selected(controller)
    other = next(each for each in controller.session.book.events if each.resource_id != event.resource_id)
    press(controller, qtbot, "Ctrl+M")
    menu = QApplication.activePopupWidget()
    texts = [action.text() for action in menu.actions()]
    assert texts[0].startswith(f"&1  {event.time.strftime('%H:%M:%S')}")
    book = controller.session.book
    later = next(each for each in book if book.events.of_pick(each.resource_id) == other)
    menu.close()
    controller.workspace.review.select([later.resource_id])
    press(controller, qtbot, "Ctrl+M")
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_2)
    qtbot.waitUntil(lambda: book.events.of_pick(later.resource_id).resource_id == event.resource_id)
    assert later.resource_id not in book.events.get(other.resource_id).pick_ids
    assert book.events.get(other.resource_id).origin != other.origin
    controller.registry["edit.undo"].trigger()  # no window is active here once a menu has closed
    assert list(book.events) == sorted([event, other], key=lambda each: each.time)
    assert pick in book


@pytest.mark.parametrize("preset", ["QuakeView", "scolv"])
def test_events_are_worked_through_and_marked_by_keyboard_alone(controller: Program, qtbot: Any, preset: str) -> None:
    registry, view = controller.registry, controller.workspace.view
    registry.set_scheme(KeyScheme(preset))
    keys: list[str] = []

    def press_key_of(action_id: str) -> None:
        keys.append(action_id)
        QTest.keySequence(view, registry[action_id].shortcut())

    press_key_of("events.next")
    press_key_of("view.zoom_pick")
    for _ in range(2):
        for number in range(len(order(controller))):
            if number % 14 == 3:
                press_key_of("traces.nudge_forward")
            press_key_of("picks.reject" if number == 5 else "picks.confirm")
        settled(controller, qtbot)
        press_key_of("events.final")
    book = controller.session.book
    assert {event.status for event in book.events} == {EventStatus.FINAL}
    statuses = Counter(pick.status for pick in book)
    assert statuses == {PickStatus.CONFIRMED: len(book) - 6, PickStatus.MANUAL: 4, PickStatus.REJECTED: 2}
    assert len(keys) / len(book) < 1.2
