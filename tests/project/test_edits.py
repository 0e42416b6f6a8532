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
    PicksChanged,
    Project,
    RemovePicks,
    ReplaceAutomaticPicks,
)
from quakeview.waveforms.channels import ChannelId, Station

TIME = UTCDateTime(2024, 1, 1)
HHZ = ChannelId("CH", "DAVOX", "", "HHZ")
TWINS = [HHZ, HHZ._replace(network="XX"), HHZ._replace(location="00"), HHZ._replace(channel="HNZ")]
MODEL = "SeisMoLLM-S"
EVENT = Path(obspy.__file__).parent / "io/quakeml/tests/data/quakeml_1.2_pick.xml"


def automatic(time: float = 0.0, phase: str = "P", channel_id: ChannelId = HHZ, model: str = MODEL) -> Pick:
    return Pick(channel_id, phase, TIME + time, PickStatus.AUTOMATIC, 0.9, model=model)


@pytest.fixture
def project() -> Project:
    return Project()


def contents(project: Project) -> dict[str, Pick]:
    return {pick.resource_id: pick for pick in project.picks()}


def test_a_pick_is_found_on_its_own_channel_alone(project: Project) -> None:
    project.apply(AddPicks([automatic(channel_id=channel_id) for channel_id in TWINS]))
    for channel_id in TWINS:
        assert [pick.channel_id for pick in project.picks(channels=[channel_id])] == [channel_id]
        assert [pick.channel_id for pick in project.picks(station=Station.of(channel_id))] == [channel_id]
    assert len(project.picks(channels=TWINS[:2])) == 2


def test_components_without_a_band_code_are_one_station(project: Project) -> None:
    """K-NET calls its channels UD, NS and EW."""
    vertical, north = (ChannelId("BO", "AIC001", "", channel) for channel in ("UD", "NS"))
    project.apply(AddPicks([automatic(channel_id=vertical), automatic(1.0, "S", channel_id=north)]))
    assert len(project.picks(station=Station.of(vertical))) == 2


def test_picks_in_a_time_window_by_time(project: Project) -> None:
    project.apply(AddPicks([automatic(seconds) for seconds in (3, 1, 2, 4)]))
    window = project.picks(start=TIME + 2, end=TIME + 3)
    assert [pick.time - TIME for pick in window] == [2, 3]
    assert project.picks(channels=[HHZ], start=TIME + 2, end=TIME + 3) == window


@pytest.mark.parametrize("seconds", [-7e9, 0.123456789, 3e9])
def test_times_are_exact(seconds: float, project: Project) -> None:
    pick = Pick(HHZ, "P", UTCDateTime(ns=round(seconds * 1e9)))
    project.apply(AddPicks([pick]))
    assert project.picks()[0].time.ns == pick.time.ns
    assert project.picks(start=pick.time, end=pick.time) == [pick]


def test_a_pick_never_moves_to_another_channel(project: Project) -> None:
    pick = automatic()
    project.apply(AddPicks([pick]))
    for twin in TWINS[1:]:
        with pytest.raises(ValueError, match="cannot move"):
            project.apply(ChangePicks([pick.with_(channel_id=twin)]))
    assert project.picks() == [pick]
    assert project.history() == ["Add P on CH.DAVOX..HHZ"]


def test_contradictions_change_nothing(project: Project) -> None:
    pick = automatic()
    project.apply(AddPicks([pick]))
    with pytest.raises(ValueError, match="twice"):
        project.apply(AddPicks([automatic(), pick]))
    with pytest.raises(ValueError, match="twice"):
        project.apply(AddPicks([new := automatic(), new]))
    with pytest.raises(ValueError, match="only picks of the project"):
        project.apply(ChangePicks([pick.confirmed(), automatic()]))
    assert project.picks() == [pick]


def test_removing_what_is_gone_is_no_step(project: Project) -> None:
    assert project.apply(RemovePicks(["smi:local/none"])) == 0
    assert project.apply(RemovePicks(["smi:local/none"]), extends=7) == 7
    assert project.undo_text is None
    assert not project.undo()


def test_unknown_pick(project: Project) -> None:
    with pytest.raises(KeyError):
        project.pick("smi:local/none")


def test_repicking_replaces_only_what_nobody_judged(project: Project) -> None:
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
    project.apply(AddPicks([*replaced, *kept]))
    before = contents(project)

    new = [automatic(10.1), automatic(50), automatic(100.2), automatic(200.9), automatic(299.9), automatic(200, "S")]
    project.apply(ReplaceAutomaticPicks(Station.of(HHZ), MODEL, new))
    expected = [*kept, new[0], new[1], new[5]]
    assert contents(project) == {pick.resource_id: pick for pick in expected}
    assert project.undo_text == "Pick CH.DAVOX with SeisMoLLM-S"

    project.undo()
    assert contents(project) == before
    project.redo()
    assert contents(project) == {pick.resource_id: pick for pick in expected}


def test_repicking_a_part_of_the_record_leaves_the_rest(project: Project) -> None:
    outside, inside, new = automatic(10), automatic(100), automatic(101)
    project.apply(AddPicks([outside, inside]))
    project.apply(ReplaceAutomaticPicks(Station.of(HHZ), MODEL, [new], TIME + 50, TIME + 150))
    assert project.picks() == [outside, new]


def test_import_takes_the_files_version_and_can_be_undone(project: Project) -> None:
    mine, theirs = automatic().confirmed(), automatic(5)
    project.apply(AddPicks([mine]))
    file = PickFile(Path("bulletin.xml"), (mine.moved(TIME + 1), theirs), b"<document/>")
    project.apply(ImportPicks(file))
    assert project.picks() == [mine.moved(TIME + 1), theirs]
    assert project.documents() == (b"<document/>",)
    project.undo()
    assert project.picks() == [mine]
    assert project.documents() == ()
    project.redo()
    assert project.documents() == (b"<document/>",)
    project.undo()
    project.apply(AddPicks([theirs]))
    assert not project.redo()
    assert project.documents() == ()


@pytest.mark.parametrize("suffix", [".csv", ".quakeml", ".obs"])
@pytest.mark.parametrize("with_ids", [True, False])
def test_the_same_picks_in_another_format_are_not_added_again(
    suffix: str, with_ids: bool, project: Project, tmp_path: Path
) -> None:
    mine = [automatic(1.23456).confirmed(), Pick(TWINS[1], "P", TIME + 1.23456), automatic(2, "S").rejected()]
    project.apply(AddPicks(mine))
    path = tmp_path / f"out{suffix}"
    write_picks(project.picks(), path)
    file = read_pick_file(path)
    assert file.picks
    if not with_ids:
        new_ids = tuple(pick.with_(resource_id=f"smi:elsewhere/{n}") for n, pick in enumerate(file.picks))
        file = PickFile(path, new_ids)
    project.apply(ImportPicks(file))
    assert [(pick.channel_id, pick.phase, pick.status) for pick in project.picks()] == [
        (pick.channel_id, pick.phase, pick.status) for pick in sorted(mine, key=lambda pick: pick.time)
    ]


def test_a_pick_is_another_one_if_phase_model_channel_or_time_differ(project: Project) -> None:
    project.apply(AddPicks([automatic(1)]))
    others = [automatic(1, "S"), automatic(1, model="PhaseNet"), automatic(1.01), automatic(1, channel_id=TWINS[1])]
    project.apply(ImportPicks(PickFile(Path("others.csv"), tuple(others))))
    assert len(project) == 5


def test_a_file_that_repeats_a_pick_adds_it_once(project: Project) -> None:
    project.apply(ImportPicks(PickFile(Path("twice.csv"), (automatic(1), automatic(1)))))
    assert len(project) == 1


def test_a_catalogue_takes_over_picks_that_came_without_ids(project: Project, tmp_path: Path) -> None:
    """Its events refer to their picks by id: exported again, the event still has its arrivals."""
    catalog = obspy.read_events(EVENT)
    path = tmp_path / "plain.obs"
    write_picks(quakeml.picks_of(catalog), path)
    project.apply(ImportPicks(read_pick_file(path)))
    before = contents(project)
    project.apply(ImportPicks(read_pick_file(EVENT)))
    assert {pick.resource_id for pick in project.picks()} == {pick.resource_id.id for pick in catalog[0].picks}
    project.undo()
    assert contents(project) == before


def test_imported_picks_join_the_only_channel_that_agrees(project: Project) -> None:
    incomplete = automatic(channel_id=HHZ._replace(location=UNKNOWN))
    ambiguous = automatic(channel_id=ChannelId(UNKNOWN, "DAVOX", UNKNOWN, UNKNOWN))
    project.apply(AddPicks([incomplete, ambiguous]))
    project.apply(CompleteChannels([HHZ, HHZ._replace(channel="HHN")]))
    assert contents(project) == {
        incomplete.resource_id: incomplete.with_(channel_id=HHZ),
        ambiguous.resource_id: ambiguous,
    }
    project.undo()
    assert incomplete in project.picks()


def test_listeners_hear_which_picks_came_went_and_changed(project: Project) -> None:
    heard: list[PicksChanged] = []
    unsubscribe = project.subscribe(heard.append)
    pick, other = automatic(), automatic(1)
    ids = [frozenset([pick.resource_id]), frozenset([other.resource_id])]
    none: frozenset[str] = frozenset()
    project.apply(AddPicks([pick]))
    project.apply(ChangePicks([pick.confirmed()]))
    project.apply(ReplaceAutomaticPicks(Station.of(HHZ), MODEL, [other.with_(phase="S")]))
    project.undo()
    project.undo()
    project.apply(RemovePicks([pick.resource_id]))
    assert heard == [
        PicksChanged(ids[0], none, none),
        PicksChanged(none, none, ids[0]),
        PicksChanged(ids[1], none, none),
        PicksChanged(none, ids[1], none),
        PicksChanged(none, none, ids[0]),
        PicksChanged(none, ids[0], none),
    ]
    unsubscribe()
    project.undo()
    assert len(heard) == 6


def test_grouped_edits_are_one_step_and_an_exception_takes_them_back(project: Project) -> None:
    first, second = automatic(), automatic(1)
    with project.step("Confirm and add"):
        project.apply(AddPicks([first]))
        project.apply(ChangePicks([first.confirmed()]))
        project.apply(AddPicks([second]))
    assert project.history() == ["Confirm and add"]
    with pytest.raises(ValueError, match="twice"), project.step("Broken"):  # noqa: PT012
        project.apply(RemovePicks([first.resource_id]))
        project.apply(AddPicks([second]))
    assert project.picks() == [first.confirmed(), second]
    assert project.redo_text is None
    assert project.undo()
    assert project.picks() == []
    assert project.redo_text == "Confirm and add"
    project.redo()
    assert project.picks() == [first.confirmed(), second]


def test_an_edit_joins_the_newest_step_alone(project: Project) -> None:
    """Picking many stations in the background is one step as long as the person does nothing meanwhile."""
    step = project.apply(AddPicks([automatic()]))
    assert project.apply(AddPicks([automatic(1)]), extends=step) == step
    project.apply(AddPicks([mine := automatic(2)]))
    later = project.apply(AddPicks([automatic(3)]), extends=step)
    assert later != step
    assert len(project.history()) == 3
    project.undo()
    project.undo()
    assert mine not in project.picks()
    assert len(project) == 2
    project.undo()
    assert len(project) == 0


def test_any_sequence_of_edits_is_undone_and_redone_exactly(tmp_path: Path) -> None:
    """Random edits and reopenings; the states passed on the way back and forth are those of the way there."""
    chance = random.Random(1)
    path = tmp_path / "random.qvproj"
    project = Project(path)
    states = [contents(project)]
    for _ in range(150):
        picks = project.picks()
        some = chance.sample(picks, min(len(picks), 3))
        edit = chance.choice(
            [
                AddPicks([automatic(chance.uniform(0, 1000), chance.choice("PS"), chance.choice(TWINS))]),
                RemovePicks([pick.resource_id for pick in some[:1]]),
                ChangePicks([pick.moved(pick.time + 1).with_(polarity=Polarity.DOWN) for pick in some]),
                ChangePicks([pick.rejected() for pick in some[:2]]),
                ReplaceAutomaticPicks(Station.of(HHZ), MODEL, [automatic(chance.uniform(0, 1000)) for _ in range(3)]),
            ]
        )
        project.apply(edit)
        if contents(project) != states[-1]:
            states.append(contents(project))
        if chance.random() < 0.05:
            project.close()
            project = Project(path)
    assert len(states) > 100
    for state in reversed(states[:-1]):
        assert project.undo()
        assert contents(project) == state
    assert not project.undo()
    project.close()
    project = Project(path)
    for state in states[1:]:
        assert project.redo()
        assert contents(project) == state
    assert not project.redo()
    project.close()
