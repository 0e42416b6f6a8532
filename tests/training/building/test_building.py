"""Reviewed picks become a data set that training reads, and what does not do is left out and told."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime, read

from quakeview import cli
from quakeview.events.event import Arrival, Event, Magnitude, Origin
from quakeview.events.exchange import write_events
from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring.exchange import write_picks
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project import AddPicks, PickBook, Project, ReplaceEvents
from quakeview.stations.coordinates import Coordinates
from quakeview.training.building.building import build_dataset, prepare_dataset
from quakeview.training.building.labelled import labels_and_others, labels_of
from quakeview.training.datasets import open_seisbench
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId

START = UTCDateTime("2024-03-01T00:00:00")
RATE = 50.0
Z = {code: ChannelId("XX", code, "", "HHZ") for code in ("AAA", "BBB")}
QUAKES = tuple(START + 300 * number for number in range(1, 9))


def write_day(folder: Path, gaps: tuple[tuple[UTCDateTime, UTCDateTime], ...] = ()) -> None:
    """An hour of two stations with a P 4 s and an S 7 s after each of the earthquakes."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for code in Z:
        stream = Stream()
        for component in "ENZ":
            data = rng.normal(0, 1, int(3600 * RATE))
            for quake in QUAKES:
                for delay in (4, 7):
                    at = round((quake + delay - START) * RATE)
                    data[at : at + 200] += 50 * np.exp(-np.arange(200) / 60) * np.sin(np.arange(200))
            header = {"network": "XX", "station": code, "channel": f"HH{component}", "sampling_rate": RATE}
            stream += Trace(data.astype(np.float32), header | {"starttime": START})
        for first, last in gaps:
            stream = stream.slice(endtime=first) + stream.slice(starttime=last)
        stream.write(str(folder / f"{code}.mseed"), "MSEED")


def picks_of(quake: UTCDateTime, **changes: object) -> list[Pick]:
    picks = [Pick(z, phase, quake + delay) for z in Z.values() for phase, delay in (("P", 4), ("S", 7))]
    return [pick.with_(**changes) for pick in picks]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_day(tmp_path / "day")
    return tmp_path


def build(folder: Path, picks: list[Pick], *options: str) -> int:
    write_picks(picks, folder / "picks.csv")
    arguments = [str(folder / "day"), str(folder / "picks.csv"), "-o", str(folder / "set"), *options]
    return cli.main(["dataset", *arguments])


def test_training_reads_what_was_built(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(folder, [pick for quake in QUAKES for pick in picks_of(quake)]) == 0
    assert "16 records are in" in capsys.readouterr().err
    records = open_seisbench(folder / "set", RATE)
    assert len(records) == 16
    for record in records:
        assert record.first("S") - record.first("P") == pytest.approx(3 * RATE, abs=0.01)
        quiet, loud = (np.abs(record.data[:, at : at + 50]).max() for at in (0, round(record.first("P"))))
        assert loud > 5 * quiet
        assert record.complete
    split_of = {}
    for row in records.rows:
        assert split_of.setdefault(row["source_id"], row["split"]) == row["split"]
    assert len(split_of) == 8
    assert float(records.rows[0]["trace_p_snr_db"]) > 10


def test_a_project_brings_events_magnitudes_and_polarities(folder: Path) -> None:
    (folder / "stations.csv").write_text("id,lat,lon,elevation_m\nXX.AAA,45.0,10.0,0\nXX.BBB,45.2,10.0,0\n")
    picks = [pick.with_(polarity=Polarity.UP) for pick in picks_of(QUAKES[0])]
    arrivals = tuple(Arrival(pick.resource_id, pick.phase, None, None) for pick in picks)
    event = Event(Origin(QUAKES[0], 45.1, 10.0, 8000.0, arrivals=arrivals), (Magnitude("ML", 2.4),))
    with Project(folder / "mine.qvproj") as project:
        project.add_waveforms([folder / "day"])
        book = PickBook(project)
        book.apply(AddPicks(tuple(picks)))
        book.apply(ReplaceEvents((), (event,), "Add"))
    command = ["dataset", str(folder / "mine.qvproj"), "--stations", str(folder / "stations.csv")]
    assert cli.main([*command, "-o", str(folder / "set")]) == 0
    records = open_seisbench(folder / "set", RATE)
    first = records.entries[0]
    assert (first.magnitude, first.event_id, first.polarity) == (2.4, event.resource_id, Polarity.UP)
    assert first.epicentral_distance == pytest.approx(11_113, rel=0.01)
    assert np.cos(np.radians(first.back_azimuth)) == pytest.approx(1)
    assert records.entries[1].back_azimuth == pytest.approx(180, abs=0.1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time": START - 100}, "there are no waveforms|lies outside the waveforms"),
        ({"channel_id": Z["AAA"]._replace(station="NOT")}, "there are no waveforms of the station"),
    ],
)
def test_labels_without_waveforms_are_left_out(folder, change, sentence, capsys) -> None:
    bad = picks_of(QUAKES[1])[0].with_(**change)
    assert build(folder, [*picks_of(QUAKES[0]), bad]) == 0
    said = capsys.readouterr().err
    assert any(part in said for part in sentence.split("|"))
    assert "2 records are in" in said


def test_gaps_swapped_labels_and_neighbours_are_left_out(tmp_path: Path, capsys) -> None:
    write_day(tmp_path / "day", ((QUAKES[2] + 3, QUAKES[2] + 6),))
    near = [Pick(Z["AAA"], "P", QUAKES[0] + 10), Pick(Z["AAA"], "S", QUAKES[0] + 11)]
    swapped = [Pick(Z["BBB"], "P", QUAKES[4] + 7), Pick(Z["BBB"], "S", QUAKES[4] + 4)]
    events = [*picks_of(QUAKES[0]), *picks_of(QUAKES[2])]
    labels, wrong = labels_of(swapped, [])
    assert labels == []
    assert "is not after the P" in wrong[0]
    two = replace(
        Event(Origin(QUAKES[0] + 8, 45.0, 10.0, 0.0)),
        origin=Origin(
            QUAKES[0] + 8, 45.0, 10.0, 0.0, arrivals=tuple(Arrival(p.resource_id, p.phase, None, None) for p in near)
        ),
    )
    one = Event(
        Origin(
            QUAKES[0],
            45.0,
            10.0,
            0.0,
            arrivals=tuple(Arrival(p.resource_id, p.phase, None, None) for p in picks_of(QUAKES[0])),
        )
    )
    named, _ = labels_of([*events, *near], [one, two])
    assert len({each.group for each in named}) == 3
    assert build(tmp_path, [*picks_of(QUAKES[0]), *picks_of(QUAKES[2])]) == 0
    assert "a label lies in a gap" in capsys.readouterr().err


def test_two_earthquakes_within_seconds_are_left_out(folder: Path, capsys) -> None:
    picks = picks_of(QUAKES[0])
    near = [Pick(Z["AAA"], "P", QUAKES[0] + 10)]
    with Project(folder / "mine.qvproj") as project:
        project.add_waveforms([folder / "day"])
        book = PickBook(project)
        book.apply(AddPicks((*picks, *near)))
        arrivals = tuple(Arrival(pick.resource_id, "P", None, None) for pick in near)
        book.apply(ReplaceEvents((), (Event(Origin(QUAKES[0] + 6, 45.0, 10.0, 0.0, arrivals=arrivals)),), "Add"))
    assert cli.main(["dataset", str(folder / "mine.qvproj"), "-o", str(folder / "set")]) == 0
    said = capsys.readouterr().err
    assert said.count("comes within seconds") == 2
    assert "1 record is in" in said


def test_a_window_ends_before_what_nobody_has_looked_at(folder: Path) -> None:
    later = [pick.with_(status=PickStatus.AUTOMATIC) for pick in picks_of(QUAKES[0] + 30)]
    assert build(folder, [*picks_of(QUAKES[0]), *later]) == 0
    records = open_seisbench(folder / "set", RATE)
    assert len(records) == 2
    for row in records.rows:
        assert UTCDateTime(row["trace_start_time"]) + int(row["trace_npts"]) / RATE <= QUAKES[0] + 30


def test_only_what_somebody_has_looked_at_counts_unless_asked(folder: Path, capsys) -> None:
    automatic = picks_of(QUAKES[0], status=PickStatus.AUTOMATIC, probability=0.9)
    assert build(folder, automatic) == 1
    assert "--automatic takes those too" in capsys.readouterr().err
    assert build(folder, automatic, "--automatic") == 0
    assert {row["trace_p_status"] for row in open_seisbench(folder / "set", RATE).rows} == {"automatic"}


def test_nothing_is_overwritten_and_nothing_half_stays(folder: Path, capsys) -> None:
    (folder / "set").mkdir()
    (folder / "set" / "mine.txt").write_text("kept")
    assert build(folder, picks_of(QUAKES[0])) == 1
    assert "is in use" in capsys.readouterr().err
    assert [path.name for path in (folder / "set").iterdir()] == ["mine.txt"]
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def located(quake: UTCDateTime, picks: list[Pick], name: str, latitude: float = 45.1) -> Event:
    arrivals = tuple(Arrival(pick.resource_id, pick.phase, None, None) for pick in picks)
    return Event(Origin(quake, latitude, 10.0, 8000.0, arrivals=arrivals), (Magnitude("ML", 2.0),), resource_id=name)


def write_catalogues_and_sds(folder: Path) -> tuple[Path, Path]:
    """A QuakeML file for each earthquake, one that is broken, and the waveforms as an SDS archive with metadata."""
    catalogues, archive = folder / "catalogues", folder / "sds"
    catalogues.mkdir()
    for number, quake in enumerate(QUAKES):
        picks = picks_of(quake)
        event = located(quake, picks, f"smi:local/quake{number}")
        write_events([event], picks, catalogues / f"{number}.quakeml")
    (catalogues / "broken.xml").write_text("<q:quakeml")
    for path in (folder / "day").iterdir():
        for trace in read(path):
            stats = trace.stats
            name = f"{trace.id}.D.{stats.starttime.strftime('%Y.%j')}"
            place = archive / str(stats.starttime.year) / stats.network / stats.station / f"{stats.channel}.D"
            place.mkdir(parents=True)
            trace.write(str(place / name), "MSEED")
    return catalogues, archive


def test_a_folder_of_quakeml_and_an_archive_become_a_data_set(folder: Path, capsys) -> None:
    catalogues, archive = write_catalogues_and_sds(folder)
    (folder / "stations.csv").write_text("id,lat,lon,elevation_m\nXX.AAA,45.0,10.0,0\nXX.BBB,45.2,10.0,0\n")
    command = ["dataset", str(catalogues), str(archive), "--stations", str(folder / "stations.csv")]
    assert cli.main([*command, "-o", str(folder / "set")]) == 0
    said = capsys.readouterr().err
    assert "broken.xml" in said
    assert "16 records are in" in said
    rows = open_seisbench(folder / "set", RATE).rows
    assert {row["source_id"] for row in rows} == {f"smi:local/quake{number}" for number in range(8)}
    assert float(rows[0]["path_ep_distance_km"]) == pytest.approx(11.1, rel=0.01)


def test_an_earthquake_with_two_names_is_one(folder: Path) -> None:
    picks = picks_of(QUAKES[0])
    again = [pick.with_(resource_id=f"again{number}") for number, pick in enumerate(picks)]
    events = [located(QUAKES[0], picks, "one"), located(QUAKES[0] + 1, again, "two", 45.12)]
    labels, others, _ = labels_and_others([*picks, *again], events)
    archive = Archive()
    archive.add([folder / "day"])
    built = build_dataset(labels, archive, folder / "set", others)
    assert sum(built.records.values()) == 2
    assert "two has the origin of one; they are taken for one earthquake." in built.sentences
    assert {row["source_id"] for row in open_seisbench(folder / "set", RATE).rows} == {"one"}


def test_a_prepared_data_set_is_checked_and_hidden_until_it_is_kept(folder: Path) -> None:
    """Picks of the wrong times: what a look finds is said before anything has its name."""
    picks = [pick for quake in QUAKES[:2] for pick in picks_of(quake)]
    events = [located(quake - 600, picks[4 * at : 4 * at + 4], str(at)) for at, quake in enumerate(QUAKES[:2])]
    places = {("XX", code): Coordinates(45.0, 10.0, 0.0) for code in Z}
    labels, others, _ = labels_and_others(picks, events)
    archive = Archive()
    archive.add([folder / "day"])
    prepared = prepare_dataset(labels, archive, folder / "set", others, coordinates=places)
    assert any("P at a time that their distance does not allow" in sentence for sentence in prepared.sentences)
    assert not (folder / "set").exists()
    prepared.discard()
    assert sorted(path.name for path in folder.iterdir()) == ["day"]
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        prepare_dataset(labels, archive, folder / "set", others, progress=progress)
    assert sorted(path.name for path in folder.iterdir()) == ["day"]
