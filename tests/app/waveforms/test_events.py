"""Events in the window as an analyst uses them: found, seen in table and map, opened, edited, exported, back."""

from pathlib import Path
from typing import Any

import numpy as np
import obspy
import pytest
from obspy import UTCDateTime
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel

from quakeview.app.events.event_rows import event_rows
from quakeview.app.waveforms.event_method import from_state, to_state
from quakeview.events.event import EventStatus
from quakeview.events.exchange import read_event_file
from quakeview.events.revising import Learned
from quakeview.monitoring.picks import Polarity
from quakeview.project import AddPicks, ImportPicks, PickBook, Project, RemovePicks
from tests.app.program import Program
from tests.events.polarities import with_polarities
from tests.events.test_finding import LOCATOR, PLACE, STATIONS, T0, picks_of

OTHER = (35.55, -117.7, 6e3)


@pytest.fixture
def stations(tmp_path: Path) -> Path:
    """The list of the stations of the picks."""
    rows = [
        f"{network},{station},{c.latitude},{c.longitude},{c.elevation}" for (network, station), c in STATIONS.items()
    ]
    path = tmp_path / "stations.csv"
    path.write_text("\n".join(["network,station,latitude,longitude,elevation_m", *rows]))
    return path


@pytest.fixture
def controller(make_window: Any, qtbot: Any, stations: Path) -> Program:
    """Picks of two earthquakes at known stations, and no model."""
    controller = make_window(models=[])
    controller.open([stations])
    qtbot.waitUntil(lambda: len(controller.session.coordinates) == len(STATIONS))
    controller.session.book.apply(AddPicks([*picks_of(), *picks_of(OTHER, 60.0, seed=1)]))
    return controller


def trigger(controller: Program, action: str) -> None:
    """Do an action that can be done now."""
    controller.registry.refresh()
    assert controller.registry[action].isEnabled(), controller.registry[action].toolTip()
    controller.registry[action].trigger()


@pytest.fixture
def found(controller: Program, qtbot: Any) -> Program:
    """Both events are found."""
    trigger(controller, "events.find")
    qtbot.waitUntil(lambda: len(controller.session.book.events) == 2)
    return controller


def first(controller: Program) -> Any:
    return next(iter(controller.session.book.events))


def choose(controller: Program, row: int, qtbot: Any) -> None:
    """Click on a row of the table of events."""
    table = controller.workspace.events.table.table
    controller.workspace.tabs.setCurrentWidget(controller.workspace.events.table)
    place = table.visualRect(table.model().index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_events_are_found_and_shown_in_table_and_map_with_a_sentence(found: Program) -> None:
    workspace = found.workspace
    assert workspace.events.table.model.rowCount() == 2
    assert workspace.tabs.currentWidget() is workspace.events.table
    assert len(workspace.events.map.shown.columns.index) == 2
    assert not workspace.events.map.isHidden()
    texts = [event.origin.velocity_model for event in found.session.book.events]
    assert texts == ["Southern California"] * 2
    assert any("2 events were found" in label.text() for label in workspace.notice.findChildren(QLabel))


def test_one_search_is_one_undo_step_and_a_second_changes_nothing_else(found: Program, qtbot: Any) -> None:
    book = found.session.book
    before = list(book.events)
    trigger(found, "events.find")
    qtbot.waitUntil(lambda: not found.session.events.search.active)
    assert [event.time for event in book.events] == [event.time for event in before]
    found.registry["edit.undo"].trigger()
    found.registry["edit.undo"].trigger()
    assert len(book.events) == 0
    assert len(book) == 4 * len(STATIONS)


def test_a_click_in_the_table_selects_on_the_map_and_tells_everything(found: Program, qtbot: Any) -> None:
    choose(found, 1, qtbot)
    second = list(found.session.book.events)[1]
    assert found.workspace.events.review.ids == [second.resource_id]
    assert found.workspace.events.map.shown.selected_event == second
    section = found.workspace.inspector.event_section
    assert not section.isHidden()
    assert second.time.strftime("%H:%M:%S") in section.big.text()


def test_an_opened_event_is_the_one_by_which_distances_count(found: Program, qtbot: Any) -> None:
    assert found.session.earthquake is None
    choose(found, 0, qtbot)
    trigger(found, "events.open")
    assert found.session.earthquake is not None
    assert found.session.earthquake.time == first(found).time
    trigger(found, "events.next")
    assert found.session.earthquake.time == list(found.session.book.events)[1].time
    trigger(found, "events.close")
    assert found.session.earthquake is None


def test_a_pick_that_is_moved_moves_its_event_in_the_same_undo_step(found: Program, qtbot: Any) -> None:
    book, event = found.session.book, first(found)
    pick = book.get(event.pick_ids[0])
    found.workspace.review.editor.move(pick.resource_id, float(pick.time) + 5.0)
    qtbot.waitUntil(lambda: first(found) != event)
    arrival = next(each for each in first(found).origin.arrivals if each.pick_id == pick.resource_id)
    assert arrival.residual == pytest.approx(5.0, abs=0.5)
    assert arrival.weight < 0.1
    found.registry["edit.undo"].trigger()
    assert first(found) == event
    assert book.get(pick.resource_id) == pick
    found.registry["edit.redo"].trigger()
    assert first(found) != event


def test_a_pick_that_is_deleted_leaves_its_event_which_is_located_again(found: Program, qtbot: Any) -> None:
    event = first(found)
    found.workspace.review.editor.delete([event.pick_ids[0]])
    qtbot.waitUntil(lambda: first(found).origin.latitude != event.origin.latitude)
    assert event.pick_ids[0] not in first(found).pick_ids
    found.registry["edit.undo"].trigger()
    assert first(found) == event


def test_reviewed_and_rejected_events_survive_a_new_search(found: Program, qtbot: Any) -> None:
    choose(found, 0, qtbot)
    trigger(found, "events.review")
    assert found.workspace.events.review.ids == [list(found.session.book.events)[1].resource_id]
    trigger(found, "events.reject")
    before = list(found.session.book.events)
    assert [event.status for event in before] == [EventStatus.REVIEWED, EventStatus.REJECTED]
    trigger(found, "events.find")
    qtbot.waitUntil(lambda: not found.session.events.search.active)
    qtbot.wait(50)
    assert list(found.session.book.events) == before


def test_a_final_event_says_who_reviewed_it_and_is_changed_only_after_it_is_reviewed_again(
    found: Program, qtbot: Any
) -> None:
    choose(found, 0, qtbot)
    trigger(found, "events.final")
    event = first(found)
    assert (event.status, event.reviewer) == (EventStatus.FINAL, "Ana Ruiz")
    found.workspace.review.select([event.pick_ids[0]])
    trigger(found, "picks.reject")
    found.workspace.events.review.select([event.resource_id])
    trigger(found, "events.relocate")
    sentence = f"The event of {event.time.strftime('%H:%M:%S')} is final; mark it as reviewed first."
    qtbot.waitUntil(lambda: found.workspace.notice.sentence.text() == f"{sentence} (2 times)")
    assert first(found) == event
    assert dict(event_rows(event))["Status"].startswith("final by Ana Ruiz, 2")
    found.workspace.events.review.select([event.resource_id])
    trigger(found, "events.review")
    found.workspace.review.select([event.pick_ids[0]])
    trigger(found, "picks.reject")
    qtbot.waitUntil(lambda: first(found).origin != event.origin)


def test_what_is_no_earthquake_is_said_by_two_keys_and_is_not_found_again(found: Program, qtbot: Any) -> None:
    choose(found, 0, qtbot)
    trigger(found, "events.kind")
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Q)
    event, other = found.session.book.events
    assert (event.status, event.kind) == (EventStatus.REVIEWED, "quarry blast")
    assert found.workspace.events.review.ids == [other.resource_id]
    trigger(found, "events.kind")
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_N)
    assert [event.status for event in found.session.book.events] == [EventStatus.REVIEWED, EventStatus.REJECTED]
    before = list(found.session.book.events)
    trigger(found, "events.find")
    qtbot.waitUntil(lambda: not found.session.events.search.active)
    assert list(found.session.book.events) == before
    table = found.workspace.events.table
    table.model.show_only("Not earthquakes")
    assert [table.model.text(event, "Type") for event in before] == ["quarry blast", "noise"]


def test_the_name_of_the_reviewer_is_asked_for_once(found: Program, qtbot: Any) -> None:
    found.preferences[found.preferences.REVIEWER] = ""
    choose(found, 0, qtbot)
    trigger(found, "events.review")
    dialog = found.workspace.findChild(QInputDialog)
    assert first(found).status is EventStatus.AUTOMATIC
    dialog.setTextValue(" Eva Lund ")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    trigger(found, "events.reject")
    assert [event.reviewer for event in found.session.book.events] == ["Eva Lund", "Eva Lund"]


def test_events_are_merged_split_deleted_and_undone(found: Program, qtbot: Any) -> None:
    book, events = found.session.book, list(found.session.book.events)
    found.workspace.events.review.select([event.resource_id for event in events])
    trigger(found, "events.merge")
    qtbot.waitUntil(lambda: len(book.events) == 1)
    assert set(first(found).pick_ids) == {pick_id for event in events for pick_id in event.pick_ids}
    found.workspace.review.select(list(events[1].pick_ids))
    trigger(found, "events.from_picks")
    qtbot.waitUntil(lambda: len(book.events) == 2)
    assert [len(event.pick_ids) for event in book.events] == [len(event.pick_ids) for event in events]
    assert list(book.events)[1].time - T0 == pytest.approx(60, abs=0.3)
    found.workspace.events.review.select([first(found).resource_id])
    trigger(found, "events.delete")
    assert len(book.events) == 1
    for _ in range(3):
        found.registry["edit.undo"].trigger()
    assert list(book.events) == events


def test_the_depth_is_fixed_and_free_again(found: Program, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quakeview.app.waveforms.event_review.QInputDialog.getDouble", lambda *_: (5.0, True))
    choose(found, 0, qtbot)
    trigger(found, "events.fix_depth")
    qtbot.waitUntil(lambda: first(found).origin.depth_fixed)
    assert first(found).origin.depth == 5000
    assert "5.0*" in found.workspace.events.table.table.text("\t", only_selected=False)
    trigger(found, "events.free_depth")
    qtbot.waitUntil(lambda: not first(found).origin.depth_fixed)
    assert first(found).origin.depth == pytest.approx(PLACE[2], abs=2500)


@pytest.fixture
def polarised(make_window: Any, qtbot: Any, stations: Path) -> Program:
    """An event whose P have first motions is found, and selected."""
    controller = make_window(models=[])
    controller.open([stations])
    qtbot.waitUntil(lambda: len(controller.session.coordinates) == len(STATIONS))
    controller.session.book.apply(AddPicks(with_polarities(picks_of(), LOCATOR, PLACE)))
    trigger(controller, "events.find")
    qtbot.waitUntil(lambda: len(controller.session.book.events) == 1)
    controller.workspace.events.review.select([first(controller).resource_id])
    return controller


def test_first_motions_come_to_the_front_with_one_key_and_agree_with_what_is_stored(
    polarised: Program, qtbot: Any
) -> None:
    stored = first(polarised).mechanism
    qtbot.keyClick(polarised.workspace.view, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    views = polarised.workspace.events
    net = views.plots.first_motions
    qtbot.waitUntil(lambda: net.solution is not None and net.isVisible(), timeout=20_000)
    assert net.solution.mechanism == stored
    assert net.lines()[-1] == "Rays in Southern California"
    rows = dict(event_rows(first(polarised)))
    assert f"± {stored.spread:.0f}°, quality {stored.quality}" in rows["Mechanism"]
    net.pickClicked.emit(net.solution.motions.pick_ids[2])
    assert polarised.workspace.review.ids == [net.solution.motions.pick_ids[2]]


def test_a_mechanism_follows_a_polarity_in_the_same_undo_step(polarised: Program, qtbot: Any) -> None:
    book, stored = polarised.session.book, first(polarised).mechanism
    pick = next(each for each in book if each.polarity is not None and each.channel_id.station == "S13")
    polarised.workspace.review.select([pick.resource_id])
    trigger(polarised, "picks.down" if pick.polarity is Polarity.UP else "picks.up")
    assert first(polarised).mechanism is None  # until it is fitted anew
    qtbot.waitUntil(lambda: first(polarised).mechanism is not None)
    assert first(polarised).mechanism != stored
    polarised.registry["edit.undo"].trigger()
    assert first(polarised).mechanism == stored


def test_too_few_first_motions_leave_no_mechanism(polarised: Program, qtbot: Any) -> None:
    read = [pick.resource_id for pick in polarised.session.book if pick.polarity is not None]
    polarised.workspace.review.select(read[:8])
    trigger(polarised, "picks.no_polarity")
    trigger(polarised, "events.first_motions")
    net = polarised.workspace.events.plots.first_motions
    qtbot.waitUntil(lambda: "This event has 6 first motions" in " ".join(net.lines()), timeout=20_000)
    assert first(polarised).mechanism is None
    assert dict(event_rows(first(polarised)))["Mechanism"] == ""


def test_why_nothing_can_be_found_is_said(make_window: Any, qtbot: Any) -> None:
    controller = make_window(models=[])
    action = controller.registry["events.find"]
    controller.registry.refresh()
    assert not action.isEnabled()
    controller.session.book.apply(AddPicks(picks_of()[:5]))
    controller.registry.refresh()
    assert "coordinates" in action.toolTip() + action.statusTip()


def test_too_few_picks_are_a_sentence_in_numbers(make_window: Any, qtbot: Any, stations: Path) -> None:
    controller = make_window(models=[])
    controller.open([stations])
    qtbot.waitUntil(lambda: len(controller.session.coordinates) == len(STATIONS))
    controller.session.book.apply(AddPicks(picks_of()[:5]))
    trigger(controller, "events.find")
    qtbot.waitUntil(lambda: bool(controller.session.events.search.why_none))
    assert "5 picks at 3 stations could be used" in controller.workspace.events.table.empty.text()
    assert len(controller.session.book.events) == 0


def test_events_are_exported_and_obspy_reads_them_and_they_are_imported_as_they_were(
    found: Program, qtbot: Any, tmp_path: Path
) -> None:
    events, path = list(found.session.book.events), tmp_path / "events.quakeml"
    job = found.waveforms.export_events(events, path)
    qtbot.waitUntil(lambda: not job.active)
    catalog = obspy.read_events(path)
    assert [event.preferred_origin().time for event in catalog] == [event.time for event in events]
    assert [len(event.picks) for event in catalog] == [len(event.pick_ids) for event in events]
    found.session.book.apply(AddPicks([]))
    found.workspace.events.review.select([event.resource_id for event in events])
    trigger(found, "events.delete")
    assert len(found.session.book.events) == 0
    found.open([path])
    qtbot.waitUntil(lambda: len(found.session.book.events) == 2)
    for event, known in zip(found.session.book.events, events, strict=True):
        assert (event.resource_id, event.time, event.pick_ids) == (known.resource_id, known.time, known.pick_ids)
        assert event.origin.depth == pytest.approx(known.origin.depth)
    assert len(found.session.book) == 4 * len(STATIONS)


def test_the_plots_show_the_selected_event_and_a_click_chooses_its_pick(found: Program, qtbot: Any) -> None:
    choose(found, 0, qtbot)
    views = found.workspace.events
    tabs = found.workspace.tabs
    tabs.setCurrentIndex([tabs.tabText(index) for index in range(tabs.count())].index("Event Plots"))
    assert len(views.plots.readings) == len(first(found).pick_ids)
    views.plots.pickClicked.emit(first(found).pick_ids[3])
    assert found.workspace.review.ids == [first(found).pick_ids[3]]


def test_the_map_is_enlarged_and_comes_back_beside_the_traces(found: Program, qtbot: Any) -> None:
    panel = found.workspace.events.map
    trigger(found, "view.large_map")
    assert found.workspace.centralWidget().isAncestorOf(panel)
    assert panel.isVisible()
    trigger(found, "view.large_map")
    assert not found.workspace.centralWidget().isAncestorOf(panel)
    assert panel.isVisible()
    trigger(found, "view.map")
    assert not panel.isVisible()


def test_what_was_found_and_opened_is_there_at_the_next_start(
    found: Program, make_window: Any, qtbot: Any, tmp_path: Path
) -> None:
    choose(found, 1, qtbot)
    trigger(found, "events.open")
    events = list(found.session.book.events)
    found.session.project.save_as(tmp_path / "mine.qvproj")
    found.session.save_state()
    found.window.close()
    again = make_window(models=[])
    again.open([tmp_path / "mine.qvproj"])
    qtbot.waitUntil(lambda: len(again.session.book.events) == 2)
    assert list(again.session.book.events) == events
    qtbot.waitUntil(lambda: again.session.earthquake is not None)
    assert again.session.earthquake.time == events[1].time
    assert again.workspace.events.table.model.rowCount() == 2
    assert UTCDateTime(0) < again.session.earthquake.time
    assert np.isfinite(again.session.earthquake.latitude)


def test_a_project_from_before_there_were_events_gets_those_of_its_catalogue(
    make_window: Any, qtbot: Any, tmp_path: Path
) -> None:
    catalogue = Path(obspy.__file__).parent / "io/quakeml/tests/data/neries_events.xml"
    with Project(tmp_path / "old.qvproj") as project:
        PickBook(project).apply(ImportPicks(read_event_file(catalogue)))
    controller = make_window(models=[])
    controller.open([tmp_path / "old.qvproj"])
    qtbot.waitUntil(lambda: len(controller.session.book.events) == len(obspy.read_events(catalogue)))


def test_an_event_deleted_while_it_is_located_stays_deleted(found: Program, qtbot: Any) -> None:
    event, other = list(found.session.book.events)
    found.session.events.editor.relocate([event.resource_id])
    found.session.events.editor.delete([event.resource_id])
    qtbot.waitUntil(lambda: not found.window.runner.active)
    qtbot.wait(50)
    assert list(found.session.book.events) == [other]


def test_two_moves_in_quick_succession_leave_the_event_where_the_last_says(found: Program, qtbot: Any) -> None:
    book, event = found.session.book, first(found)
    pick = book.get(event.pick_ids[0])
    for shift in (5.0, 0.4):
        found.workspace.review.editor.move(pick.resource_id, float(pick.time) + shift)
    qtbot.waitUntil(lambda: first(found) != event)
    qtbot.waitUntil(lambda: not found.window.runner.active)
    qtbot.wait(50)
    expected = found.session.events.revision()().moved(event, book.find(event.pick_ids))
    assert first(found).origin == expected.origin


def test_what_was_learned_holds_for_its_model_and_its_law_alone(found: Program) -> None:
    place = next(iter(STATIONS))
    learned = Learned("Southern California", "IASPEI", {(place, "P"): 0.5}, {place: 0.2})
    found.session.state["learned"] = to_state(learned)
    assert from_state(to_state(learned)) == learned
    by = found.session.events.revision()()
    assert (dict(by.locator.terms), dict(by.corrections)) == ({(place, "P"): 0.5}, {place: 0.2})
    preferences = found.window.preferences
    preferences[preferences.VELOCITY_MODEL] = "iasp91"
    by = found.session.events.revision()()
    assert (dict(by.locator.terms), dict(by.corrections)) == ({}, {place: 0.2})


def test_picks_that_went_while_events_were_looked_for_are_of_none(controller: Program, qtbot: Any) -> None:
    gone = picks_of()[0].channel_id
    trigger(controller, "events.find")
    ids = [pick.resource_id for pick in controller.session.book.picks([gone])]
    controller.session.book.apply(RemovePicks(ids))
    qtbot.waitUntil(lambda: len(controller.session.book.events) == 2)
    for event in controller.session.book.events:
        assert all(controller.session.book.get(pick_id) for pick_id in event.pick_ids)
