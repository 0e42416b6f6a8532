"""Edits of picks: each does what it says and nothing to anybody else's picks; undo takes it back exactly."""

import random
from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime

from quakeview.monitoring import quakeml
from quakeview.monitoring.exchange import PickFile, read_pick_file, write_picks
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
from quakeview.project import (
    AddPicks,
    ChangePicks,
    CompleteChannels,
    ImportPicks,
    PickBook,
    PicksChanged,
    Project,
    RemovePicks,
    ReplaceAutomaticPicks,
)
from quakeview.waveforms.channels import ChannelId, Instrument

TIME = UTCDateTime(2024, 1, 1)
HHZ = ChannelId("CH", "DAVOX", "", "HHZ")
DAVOX = Instrument.of(HHZ)
TWINS = [HHZ, HHZ._replace(network="XX"), HHZ._replace(location="00"), HHZ._replace(channel="HNZ")]
MODEL = "SeisMoLLM-S"
EVENT = Path(obspy.__file__).parent / "io/quakeml/tests/data/quakeml_1.2_pick.xml"


def automatic(time: float = 0.0, phase: str = "P", channel_id: ChannelId = HHZ, model: str = MODEL) -> Pick:
    return Pick(channel_id, phase, TIME + time, PickStatus.AUTOMATIC, 0.9, model=model)


@pytest.fixture
def book() -> PickBook:
    return PickBook(Project())


def contents(book: PickBook) -> dict[str, Pick]:
    """The picks in memory, which are those in the file."""
    picks = {pick.resource_id: pick for pick in book}
    assert {pick.resource_id: pick for pick in book.project.picks()} == picks
    return picks


def test_a_pick_is_found_on_its_own_channel_alone(book: PickBook) -> None:
    book.apply(AddPicks([automatic(channel_id=channel_id) for channel_id in TWINS]))
    for channel_id in TWINS:
        assert [pick.channel_id for pick in book.picks(channels=[channel_id])] == [channel_id]
        assert [pick.channel_id for pick in book.picks(station=Instrument.of(channel_id))] == [channel_id]
    assert len(book.picks(channels=TWINS[:2])) == 2


def test_components_without_a_band_code_are_one_station(book: PickBook) -> None:
    """K-NET calls its channels UD, NS and EW."""
    vertical, north = (ChannelId("BO", "AIC001", "", channel) for channel in ("UD", "NS"))
    book.apply(AddPicks([automatic(channel_id=vertical), automatic(1.0, "S", channel_id=north)]))
    assert len(book.picks(station=Instrument.of(vertical))) == 2


def test_picks_in_a_time_window_by_time(book: PickBook) -> None:
    book.apply(AddPicks([automatic(seconds) for seconds in (3, 1, 2, 4)]))
    window = book.picks(start=TIME + 2, end=TIME + 3)
    assert [pick.time - TIME for pick in window] == [2, 3]
    assert book.picks(channels=[HHZ], start=TIME + 2, end=TIME + 3) == window


@pytest.mark.parametrize("seconds", [-7e9, 0.123456789, 3e9])
def test_times_are_exact(seconds: float, book: PickBook) -> None:
    pick = Pick(HHZ, "P", UTCDateTime(ns=round(seconds * 1e9)))
    book.apply(AddPicks([pick]))
    assert book.picks()[0].time.ns == pick.time.ns
    assert book.picks(start=pick.time, end=pick.time) == [pick]


def test_a_pick_never_moves_to_another_channel(book: PickBook) -> None:
    pick = automatic()
    book.apply(AddPicks([pick]))
    for twin in TWINS[1:]:
        with pytest.raises(ValueError, match="cannot move"):
            book.apply(ChangePicks([pick.with_(channel_id=twin)]))
    assert book.picks() == [pick]
    assert book.project.history() == ["Add P on CH.DAVOX..HHZ"]


def test_contradictions_change_nothing(book: PickBook) -> None:
    pick = automatic()
    book.apply(AddPicks([pick]))
    with pytest.raises(ValueError, match="twice"):
        book.apply(AddPicks([automatic(), pick]))
    with pytest.raises(ValueError, match="twice"):
        book.apply(AddPicks([new := automatic(), new]))
    with pytest.raises(ValueError, match="only picks of the project"):
        book.apply(ChangePicks([pick.confirmed(), automatic()]))
    assert book.picks() == [pick]


def test_removing_what_is_gone_is_no_step(book: PickBook) -> None:
    assert book.apply(RemovePicks(["smi:local/none"])) == 0
    assert book.apply(RemovePicks(["smi:local/none"]), extends=7) == 7
    assert book.project.undo_text is None
    assert not book.undo()


def test_repicking_replaces_only_what_nobody_judged(book: PickBook) -> None:
    replaced = [automatic(10), automatic(20, "S", HHZ._replace(channel="HHN"))]
    confirmed, rejected, moved = automatic(100), automatic(200), automatic(300)
    kept = [
        confirmed.confirmed(),
        rejected.rejected(),
        moved.moved(TIME + 300.4),
        Pick(HHZ, "P", TIME + 10),
        automatic(10, model="PhaseNet"),
        *(automatic(10, channel_id=twin) for twin in TWINS[1:]),
    ]
    book.apply(AddPicks([*replaced, *kept]))
    before = contents(book)

    new = [automatic(10.1), automatic(50), automatic(100.2), automatic(200.9), automatic(299.9), automatic(200, "S")]
    book.apply(ReplaceAutomaticPicks(DAVOX, MODEL, new))
    expected = [*kept, new[0], new[1], new[5]]
    assert contents(book) == {pick.resource_id: pick for pick in expected}
    assert book.project.undo_text == "Pick CH.DAVOX with SeisMoLLM-S"

    book.undo()
    assert contents(book) == before
    book.redo()
    assert contents(book) == {pick.resource_id: pick for pick in expected}


def test_repicking_leaves_a_pick_that_was_left_out_as_it_is(book: PickBook) -> None:
    station = Instrument.of(HHZ)
    old = Pick(HHZ, "P", TIME, PickStatus.AUTOMATIC, 0.9, model="M", used=False)
    book.apply(AddPicks([old]))
    again = Pick(HHZ, "P", TIME + 0.1, PickStatus.AUTOMATIC, 0.8, model="M")
    book.apply(ReplaceAutomaticPicks(station, "M", [again]))
    assert list(book) == [old]


def test_repicking_a_part_of_the_record_leaves_the_rest(book: PickBook) -> None:
    outside, inside, new = automatic(10), automatic(100), automatic(101)
    book.apply(AddPicks([outside, inside]))
    book.apply(ReplaceAutomaticPicks(DAVOX, MODEL, [new], TIME + 50, TIME + 150))
    assert book.picks() == [outside, new]


def test_import_takes_the_files_version_and_can_be_undone(book: PickBook) -> None:
    mine, theirs = automatic().confirmed(), automatic(5)
    book.apply(AddPicks([mine]))
    file = PickFile(Path("bulletin.xml"), (mine.moved(TIME + 1), theirs), b"<document/>")
    book.apply(ImportPicks(file))
    assert book.picks() == [mine.moved(TIME + 1), theirs]
    assert book.project.documents() == (b"<document/>",)
    book.undo()
    assert book.picks() == [mine]
    assert book.project.documents() == ()
    book.redo()
    assert book.project.documents() == (b"<document/>",)
    book.undo()
    book.apply(AddPicks([theirs]))
    assert not book.redo()
    assert book.project.documents() == ()


@pytest.mark.parametrize("suffix", [".csv", ".quakeml", ".obs"])
@pytest.mark.parametrize("with_ids", [True, False])
def test_the_same_picks_in_another_format_are_not_added_again(
    suffix: str, with_ids: bool, book: PickBook, tmp_path: Path
) -> None:
    mine = [automatic(1.23456).confirmed(), Pick(TWINS[1], "P", TIME + 1.23456), automatic(2, "S").rejected()]
    book.apply(AddPicks(mine))
    path = tmp_path / f"out{suffix}"
    write_picks(book.picks(), path)
    file = read_pick_file(path)
    assert file.picks
    if not with_ids:
        new_ids = tuple(pick.with_(resource_id=f"smi:elsewhere/{n}") for n, pick in enumerate(file.picks))
        file = PickFile(path, new_ids)
    book.apply(ImportPicks(file))
    assert sorted((pick.channel_id, pick.phase, pick.status) for pick in book) == sorted(
        (pick.channel_id, pick.phase, pick.status) for pick in mine
    )


def test_a_pick_is_another_one_if_phase_model_channel_or_time_differ(book: PickBook) -> None:
    book.apply(AddPicks([automatic(1)]))
    others = [automatic(1, "S"), automatic(1, model="PhaseNet"), automatic(1.01), automatic(1, channel_id=TWINS[1])]
    book.apply(ImportPicks(PickFile(Path("others.csv"), tuple(others))))
    assert len(book) == 5


def test_a_file_that_repeats_a_pick_adds_it_once(book: PickBook) -> None:
    book.apply(ImportPicks(PickFile(Path("twice.csv"), (automatic(1), automatic(1)))))
    assert len(book) == 1


def test_a_catalogue_takes_over_picks_that_came_without_ids(book: PickBook, tmp_path: Path) -> None:
    """Its events refer to their picks by id: exported again, the event still has its arrivals."""
    catalog = obspy.read_events(EVENT)
    path = tmp_path / "plain.obs"
    write_picks(quakeml.picks_of(catalog), path)
    book.apply(ImportPicks(read_pick_file(path)))
    before = contents(book)
    book.apply(ImportPicks(read_pick_file(EVENT)))
    assert {pick.resource_id for pick in book.picks()} == {pick.resource_id.id for pick in catalog[0].picks}
    book.undo()
    assert contents(book) == before


def test_imported_picks_join_the_only_channel_that_agrees(book: PickBook) -> None:
    incomplete = automatic(channel_id=HHZ._replace(location=UNKNOWN))
    ambiguous = automatic(channel_id=ChannelId(UNKNOWN, "DAVOX", UNKNOWN, UNKNOWN))
    book.apply(AddPicks([incomplete, ambiguous]))
    book.apply(CompleteChannels([HHZ, HHZ._replace(channel="HHN")]))
    assert contents(book) == {
        incomplete.resource_id: incomplete.with_(channel_id=HHZ),
        ambiguous.resource_id: ambiguous,
    }
    book.undo()
    assert incomplete in book.picks()


def test_listeners_hear_which_picks_went_and_how_those_are_that_came(book: PickBook) -> None:
    heard: list[PicksChanged] = []
    unsubscribe = book.subscribe(heard.append)
    pick, other = automatic(), automatic(1, "S")
    book.apply(AddPicks([pick]))
    book.apply(ChangePicks([pick.confirmed()]))
    book.apply(ReplaceAutomaticPicks(DAVOX, MODEL, [other]))
    book.undo()
    book.undo()
    book.apply(RemovePicks([pick.resource_id]))
    assert [(set(change.gone), list(change.came)) for change in heard] == [
        (set(), [pick]),
        (set(), [pick.confirmed()]),
        (set(), [other]),
        ({other.resource_id}, []),
        (set(), [pick]),
        ({pick.resource_id}, []),
    ]
    unsubscribe()
    book.undo()
    assert len(heard) == 6


def test_what_listeners_hear_is_in_the_file_already(tmp_path: Path) -> None:
    with Project(tmp_path / "alps.qvproj") as project:
        book = PickBook(project)
        in_the_file: list[list[Pick]] = []
        book.subscribe(lambda _: in_the_file.append(project.picks()))
        book.apply(AddPicks([pick := automatic()]))
        book.undo()
    assert in_the_file == [[pick], []]


def test_changes_one_after_the_other_are_one_change() -> None:
    first, second = automatic(), automatic(1)
    came = PicksChanged(frozenset(), (first, second))
    moved = PicksChanged(frozenset({first.resource_id}), (second.confirmed(),))
    assert came.then(moved) == PicksChanged(frozenset({first.resource_id}), (second.confirmed(),))
    assert moved.then(came) == PicksChanged(frozenset(), (second, first))


def test_an_edit_joins_the_newest_step_alone(book: PickBook) -> None:
    """Picking many stations in the background is one step as long as the person does nothing meanwhile."""
    step = book.apply(AddPicks([automatic()]))
    assert book.apply(AddPicks([automatic(1)]), extends=step) == step
    book.apply(AddPicks([mine := automatic(2)]))
    later = book.apply(AddPicks([automatic(3)]), extends=step)
    assert later != step
    assert len(book.project.history()) == 3
    book.undo()
    book.undo()
    assert mine not in book.picks()
    assert len(book) == 2
    book.undo()
    assert len(book) == 0


def test_any_sequence_of_edits_is_undone_and_redone_exactly(tmp_path: Path) -> None:
    """Random edits and reopenings; the states passed on the way back and forth are those of the way there."""
    chance = random.Random(1)
    path = tmp_path / "random.qvproj"
    book = PickBook(Project(path))
    states = [contents(book)]
    for _ in range(150):
        picks = book.picks()
        some = chance.sample(picks, min(len(picks), 3))
        edit = chance.choice(
            [
                AddPicks([automatic(chance.uniform(0, 1000), chance.choice("PS"), chance.choice(TWINS))]),
                RemovePicks([pick.resource_id for pick in some[:1]]),
                ChangePicks([pick.moved(pick.time + 1).with_(polarity=Polarity.DOWN) for pick in some]),
                ChangePicks([pick.rejected() for pick in some[:2]]),
                ReplaceAutomaticPicks(DAVOX, MODEL, [automatic(chance.uniform(0, 1000)) for _ in range(3)]),
            ]
        )
        book.apply(edit)
        if contents(book) != states[-1]:
            states.append(contents(book))
        if chance.random() < 0.05:
            book.project.close()
            book = PickBook(Project(path))
    assert len(states) > 100
    for state in reversed(states[:-1]):
        assert book.undo()
        assert contents(book) == state
    assert not book.undo()
    book.project.close()
    book = PickBook(Project(path))
    for state in states[1:]:
        assert book.redo()
        assert contents(book) == state
    assert not book.redo()
    book.project.close()
