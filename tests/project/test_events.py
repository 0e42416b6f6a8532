"""Events in a project: kept exactly, edited and undone together with picks, and following what becomes of picks."""

import sqlite3
from pathlib import Path

import pytest

from quakeview.events.event import FIRST_MOTIONS, Event, EventStatus, FocalMechanism
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project import (
    AddPicks,
    ChangePicks,
    EventsChanged,
    FinalEventError,
    PickBook,
    Project,
    RemovePicks,
    ReplaceAutomaticEvents,
    ReplaceAutomaticPicks,
    ReplaceEvents,
)
from quakeview.project.event_book import EventBook
from quakeview.waveforms.channels import ChannelId, Instrument
from tests.events.examples import TIME, full_event

P, S = (Pick(ChannelId("CI", "CCC", "", f"HH{letter}"), phase, TIME + 5) for letter, phase in ("ZP", "NS"))


@pytest.fixture
def book(tmp_path: Path) -> PickBook:
    book = PickBook(Project(tmp_path / "a.qvproj"))
    book.apply(AddPicks((P, S)))
    return book


def of(*picks: Pick, after: float = 0.0) -> Event:
    return full_event(tuple(pick.resource_id for pick in picks), after)


def reopened(book: PickBook) -> PickBook:
    path = book.project.path
    book.project.close()
    return PickBook(Project.open(path or ""))


def test_an_event_comes_back_as_it_was(book: PickBook) -> None:
    event = of(P, S)
    book.apply(ReplaceEvents((), (event,), "Locate"))
    again = reopened(book)
    assert list(again.events) == [event]
    assert again.events.of_pick(S.resource_id) == event


def test_undo_and_redo_take_events_back_and_bring_them_again_after_reopening(book: PickBook) -> None:
    event, other = of(P, S), of(after=100)
    book.apply(ReplaceEvents((), (event, other), "Locate"))
    book.apply(ReplaceEvents((other.resource_id,), (event.with_(status=EventStatus.REVIEWED),), "Review"))
    book = reopened(book)
    assert [each.status for each in book.events] == [EventStatus.REVIEWED]
    assert book.undo()
    assert list(book.events) == [event, other]
    assert book.undo()
    assert not list(book.events)
    assert book.redo()
    assert list(book.events) == [event, other]
    book.undo()
    assert len(book) == 2  # the picks were another step


def test_picks_and_events_of_one_edit_are_one_step(book: PickBook) -> None:
    third = Pick(ChannelId("CI", "CLC", "", "HHZ"), "P", TIME + 6)
    step = book.apply(AddPicks((third,)))
    book.apply(ReplaceEvents((), (of(P, S, third),), "Locate"), extends=step)
    book.undo()
    assert len(book) == 2
    assert len(book.events) == 0
    book.redo()
    assert book.events.of_pick(third.resource_id) is not None


def test_an_event_loses_the_picks_that_are_removed_and_undo_gives_them_back(book: PickBook) -> None:
    event = of(P, S)
    book.apply(ReplaceEvents((), (event,), "Locate"))
    book.apply(RemovePicks((S.resource_id,)))
    (left,) = book.events
    assert left.pick_ids == (P.resource_id,)
    assert book.events.of_pick(S.resource_id) is None
    book.undo()
    assert list(book.events) == [event]


def test_a_pick_is_of_one_event(book: PickBook) -> None:
    first, second = of(P, S), of(S, after=30)
    book.apply(ReplaceEvents((), (first,), "Locate"))
    book.apply(ReplaceEvents((), (second,), "Locate"))
    assert book.events.of_pick(S.resource_id) == second
    assert [event.pick_ids for event in book.events] == [(P.resource_id,), (S.resource_id,)]


def test_a_fitted_mechanism_goes_when_a_polarity_changes_and_a_published_one_stays(book: PickBook) -> None:
    published = of(P, S)
    fitted = published.with_(mechanism=FocalMechanism(10, 80, 0, method=FIRST_MOTIONS))
    book.apply(ReplaceEvents((), (fitted,), "Locate"))
    book.apply(ChangePicks((P.with_(polarity=Polarity.UP),)))
    assert list(book.events) == [fitted.with_(mechanism=None)]
    book.undo()
    assert list(book.events) == [fitted]
    book.apply(RemovePicks((S.resource_id,)))
    assert [event.mechanism for event in book.events] == [None]
    book.apply(ReplaceEvents((), (published,), "Publish"))
    book.apply(ChangePicks((P.with_(polarity=Polarity.DOWN),)))
    assert list(book.events) == [published]


def test_a_final_event_is_protected_until_it_is_marked_as_reviewed(book: PickBook) -> None:
    final = of(P, S).judged(EventStatus.FINAL).signed("Ana", TIME)
    book.apply(ReplaceEvents((), (final,), "Mark as final"))
    moved = final.with_(origin=of(P, S, after=1).origin)
    for edit in (
        ChangePicks((P.rejected(),)),
        RemovePicks((P.resource_id,)),
        ReplaceEvents((), (moved,), "Relocate"),
        ReplaceEvents((final.resource_id,), (), "Remove"),
        ReplaceEvents((), (final.with_(status=EventStatus.REJECTED),), "Reject"),
        ReplaceEvents((), (of(S, after=30),), "Locate with a pick of it"),
    ):
        with pytest.raises(FinalEventError, match="of 17:02:55 is final; mark it as reviewed first"):
            book.apply(edit)
    assert list(book.events) == [final]
    assert [book.get(pick.resource_id) for pick in (P, S)] == [P, S]
    book.apply(ReplaceEvents((), (final.judged(EventStatus.REVIEWED).signed("Eva", TIME + 1),), "Review"))
    book.apply(ChangePicks((P.rejected(),)))
    assert [event.reviewer for event in book.events] == ["Eva"]


def test_the_picks_of_a_final_event_survive_picking_again(book: PickBook) -> None:
    mine, other = (Pick(P.channel_id, "P", TIME + after, PickStatus.AUTOMATIC, model="m") for after in (50, 90))
    book.apply(AddPicks((mine, other)))
    book.apply(ReplaceEvents((), (of(mine).with_(status=EventStatus.FINAL),), "Mark as final"))
    again = Pick(P.channel_id, "P", mine.time + 0.02, PickStatus.AUTOMATIC, model="m")
    book.apply(ReplaceAutomaticPicks(Instrument.of(P.channel_id), "m", (again,)))
    assert [pick for pick in book if pick.model] == [mine]


def test_a_quarry_blast_is_not_found_again(book: PickBook) -> None:
    blast = of(P).judged(EventStatus.REVIEWED, "quarry blast").signed("Ana", TIME)
    book.apply(ReplaceEvents((), (blast,), "Mark as quarry blast"))
    book.apply(ReplaceAutomaticEvents((of(P, after=0.5),)))
    assert list(reopened(book).events) == [blast]


def test_a_new_search_replaces_what_the_last_one_found_and_nothing_else(book: PickBook) -> None:
    found, reviewed = of(P), of(S, after=50).with_(status=EventStatus.REVIEWED)
    imported = full_event(()).with_(resource_id="quakeml:us/1", origin=of(after=80).origin)
    book.apply(ReplaceEvents((), (found, reviewed, imported), "Locate"))
    again, same = of(P, after=0.5), of(after=51.0)
    book.apply(ReplaceAutomaticEvents((again, same, of(after=81.0))))
    assert list(book.events) == [again, reviewed, imported]


def test_who_listens_hears_of_events_only_if_some_changed(book: PickBook) -> None:
    heard: list[EventsChanged] = []
    unsubscribe = book.events.subscribe(heard.append)
    event = of(P)
    book.apply(ReplaceEvents((), (event,), "Locate"))
    book.apply(RemovePicks((S.resource_id,)))
    book.apply(ReplaceEvents((event.resource_id,), (), "Remove"))
    assert [(change.gone, list(change.came)) for change in heard] == [
        (frozenset(), [event]),
        (frozenset({event.resource_id}), []),
    ]
    unsubscribe()
    book.undo()
    assert len(heard) == 2


def test_the_book_of_events_stays_sorted() -> None:
    events = [of(after=after) for after in (300.0, 0.0, 100.0, 200.0)]
    book = EventBook(events)
    assert [event.time for event in book] == sorted(event.time for event in events)
    later = events[1].with_(origin=of(after=400.0).origin)
    book.follow(EventsChanged(frozenset({events[0].resource_id}), (later,)))
    assert list(book) == [events[2], events[3], later]


def test_a_project_from_before_events_opens_with_its_picks(tmp_path: Path) -> None:
    path = tmp_path / "old.qvproj"
    with Project(path) as project:
        PickBook(project).apply(AddPicks((P, S)))
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE events; DROP TABLE edited_events; ALTER TABLE picks DROP COLUMN used;"
        "ALTER TABLE edited_picks DROP COLUMN used; PRAGMA user_version = 1;"
    )
    connection.close()
    book = PickBook(Project.open(path))
    assert sorted(pick.phase for pick in book) == ["P", "S"]
    book.apply(ReplaceEvents((), (of(P, S),), "Locate"))
    assert len(reopened(book).events) == 1


def test_events_from_before_mechanisms_and_reviewers_open_as_they_were(tmp_path: Path) -> None:
    path, event = tmp_path / "old.qvproj", of(P, S).with_(mechanism=None, kind="")
    with Project(path) as project:
        book = PickBook(project)
        book.apply(AddPicks((P, S)))
        book.apply(ReplaceEvents((), (event,), "Locate"))
        book.apply(ReplaceEvents((event.resource_id,), (), "Remove"))
        book.undo()
    connection = sqlite3.connect(path)
    for table in ("events", "edited_events"):
        later = ',"mechanism":null,"kind":"","reviewer":"","reviewed_at":null'
        connection.execute(f"UPDATE {table} SET content = replace(content, '{later}', '')")
        assert "mechanism" not in connection.execute(f"SELECT content FROM {table}").fetchone()[0]
    connection.execute("PRAGMA user_version = 3")
    connection.commit()
    connection.close()
    book = PickBook(Project.open(path))
    assert list(book.events) == [event]
    assert book.redo()
    assert book.undo()
    assert list(reopened(book).events) == [event]
