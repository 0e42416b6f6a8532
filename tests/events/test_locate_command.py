"""``quakeview locate`` on picks, and on records whose picker is replaced: what goes where, and how it goes on."""

from pathlib import Path
from typing import Any

import numpy as np
import obspy
import pytest

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.events.exchange import FORMATS, read_event_file, write_events
from quakeview.events.finding import find_events
from quakeview.events.locate_command import format_aligned
from quakeview.events.velocity_models import find_velocity_model
from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring.annotate import StationResult
from quakeview.monitoring.exchange import write_picks
from quakeview.waveforms.channels import Instrument
from tests.events.located import PLACE, STATION_LIST, synthetic_picks
from tests.events.polarities import with_polarities
from tests.events.test_finding import LOCATOR, T0, off


@pytest.fixture
def stations(tmp_path: Path) -> Path:
    path = tmp_path / "stations.csv"
    path.write_text(STATION_LIST)
    return path


@pytest.fixture
def picks(tmp_path: Path) -> Path:
    path = tmp_path / "picks.csv"
    write_picks(synthetic_picks(), path)
    return path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A minute of silence at each station."""
    stream = obspy.Stream()
    for pick in synthetic_picks():
        network, station, location, channel = pick.channel_id
        header = {"network": network, "station": station, "location": location, "channel": channel}
        stream.append(obspy.Trace(np.zeros(6000, np.int32), {**header, "starttime": T0, "sampling_rate": 100.0}))
    path = tmp_path / "records.mseed"
    stream.write(path, format="MSEED")
    return path


@pytest.fixture
def picker(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replaces the network: finds the synthetic picks; ``stop`` after so many stations with ``error``."""
    call: dict[str, Any] = {"picked": []}

    def pick_archive(*arguments: Any, progress: Progress, **_: Any) -> list[StationResult]:
        results = []
        for number, instrument in enumerate(arguments[5]):
            if number == call.get("stop"):
                raise call["error"]
            found = [pick for pick in synthetic_picks() if Instrument.of(pick.channel_id) == instrument]
            result = StationResult(instrument, tuple(pick.with_(probability=0.9) for pick in found), None)
            call["picked"].append(instrument)
            progress.publish(result)
            results.append(result)
        return results

    monkeypatch.setattr("quakeview.monitoring.annotate.pick_archive", pick_archive)
    return call


def locate(*arguments: object) -> int:
    return cli.main(["locate", *map(str, arguments)])


def test_picks_become_a_located_earthquake(
    picks: Path, stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "events.quakeml"
    assert locate(picks, "--stations", stations, "-o", output) == 0
    file = read_event_file(output)
    (event,) = file.events
    assert off(event) < 500
    assert {pick.resource_id for pick in file.picks} == set(event.pick_ids)
    assert event.origin.velocity_model == "Southern California"
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0].startswith("id,time,latitude,longitude,depth_km")
    assert captured.out.count("\n") == 2
    assert captured.err.count("1 event has no magnitude.") == 1
    assert captured.err.endswith(f"1 earthquake is in {output}; 28 picks in all.\n")


def test_first_motions_become_a_mechanism_in_the_table_and_the_file(
    stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = with_polarities(synthetic_picks(), LOCATOR, PLACE)
    write_picks(read, tmp_path / "read.csv")
    assert locate(tmp_path / "read.csv", "--stations", stations, "-o", tmp_path / "a.quakeml") == 0
    (event,) = read_event_file(tmp_path / "a.quakeml").events
    assert event.mechanism.is_fitted
    assert event.mechanism.polarities == 14
    out, err = capsys.readouterr()
    assert f"{event.mechanism.strike:g},{event.mechanism.dip:g},{event.mechanism.rake:g}," in out
    assert f"1 earthquake has a focal mechanism: 1 of quality {event.mechanism.quality}." in err
    header, line = format_aligned([event]).splitlines()
    assert header.endswith("strike/dip/rake")
    assert line.endswith(f" {event.mechanism.quality}")


def test_too_few_first_motions_are_told(stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read = with_polarities(synthetic_picks(), LOCATOR, PLACE)
    write_picks([pick if n < 12 else pick.with_(polarity=None) for n, pick in enumerate(read)], tmp_path / "few.csv")
    assert locate(tmp_path / "few.csv", "--stations", stations, "-o", tmp_path / "a.quakeml") == 0
    assert "None has a focal mechanism: that needs 8 first motions" in capsys.readouterr().err
    assert read_event_file(tmp_path / "a.quakeml").events[0].mechanism is None


def test_stations_are_recognised_among_the_files(picks: Path, stations: Path, tmp_path: Path) -> None:
    output = tmp_path / "events.csv"
    assert locate(stations, picks, "-o", output) == 0
    assert len(read_event_file(output).events) == 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_written(suffix: str, picks: Path, stations: Path, tmp_path: Path) -> None:
    output = tmp_path / f"events{suffix}"
    assert locate(picks, "--stations", stations, "-o", output) == 0
    assert output.stat().st_size > 100


def test_why_there_is_no_earthquake_is_said_in_numbers(
    stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = tmp_path / "few.csv"
    write_picks(synthetic_picks()[:5], few)
    assert locate(few, stations) == 0
    captured = capsys.readouterr()
    assert captured.err == (
        "No earthquake: 5 picks at 3 stations could be used, and one needs 6 picks at 4 stations.\n"
    )
    assert captured.out.count("\n") == 1
    assert locate(few, stations, "--min-picks", 5, "--min-stations", 3) == 0
    assert "needs 5 picks" not in capsys.readouterr().err


def test_a_catalogue_is_continued_and_its_earthquakes_stay(
    stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = synthetic_picks()
    known = find_events(old, LOCATOR).events[0].with_(name="known")
    catalogue, output = tmp_path / "old.quakeml", tmp_path / "new.quakeml"
    write_events([known], old, catalogue)
    later = tmp_path / "later.csv"
    write_picks([pick.with_(time=pick.time + 300, resource_id=f"{pick.resource_id}-2") for pick in old], later)
    assert locate(catalogue, later, stations, "-o", output) == 0
    first, second = read_event_file(output).events
    assert (first.resource_id, first.name) == (known.resource_id, "known")
    assert second.time - first.time == pytest.approx(300, abs=0.1)
    assert "2 earthquakes are in" in capsys.readouterr().err


def test_records_are_picked_and_only_where_there_are_no_picks(
    records: Path, stations: Path, picker: dict[str, Any], tmp_path: Path
) -> None:
    given = [pick for pick in synthetic_picks() if pick.channel_id.station < "S05"]
    known = tmp_path / "known.csv"
    write_picks(given, known)
    output = tmp_path / "events.quakeml"
    assert locate(records, known, "--stations", stations, "--model", "fake", "-o", output) == 0
    assert {instrument.station for instrument in picker["picked"]} == {f"S{number:02d}" for number in range(5, 14)}
    file = read_event_file(output)
    assert len(file.events) == 1
    assert len(file.picks) == 28
    assert sorted(path.name for path in tmp_path.glob("events*")) == ["events.quakeml"]


@pytest.mark.parametrize(("error", "code"), [(Cancelled(), 130), (QuakeViewError("The disk is gone."), 1)])
def test_an_interrupted_run_goes_on_where_it_was(
    error: Exception,
    code: int,
    records: Path,
    stations: Path,
    picker: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "events.quakeml"
    arguments = [records, "--stations", stations, "--model", "fake", "-o", output]
    picker.update(stop=6, error=error)
    assert locate(*arguments) == code
    assert "the picks of 6 finished stations are in" in capsys.readouterr().err
    assert not output.exists()
    picker.update(stop=None, picked=[])
    assert locate(*arguments) == 0
    assert len(picker["picked"]) == 8
    assert "6 stations were picked before" in capsys.readouterr().err
    assert len(read_event_file(output).events[0].pick_ids) == 28
    assert not output.with_name("events.quakeml.picks").exists()


def test_other_thresholds_make_it_start_anew(
    records: Path, stations: Path, picker: dict[str, Any], tmp_path: Path
) -> None:
    arguments = [records, "--stations", stations, "--model", "fake", "-o", tmp_path / "events.quakeml"]
    picker.update(stop=6, error=Cancelled())
    locate(*arguments)
    picker.update(stop=None, picked=[])
    assert locate(*arguments, "--p-threshold", 0.5) == 0
    assert len(picker["picked"]) == 14


def test_a_line_that_was_cut_off_is_picked_again(
    records: Path, stations: Path, picker: dict[str, Any], tmp_path: Path
) -> None:
    output = tmp_path / "events.quakeml"
    arguments = [records, "--stations", stations, "--model", "fake", "-o", output]
    picker.update(stop=6, error=Cancelled())
    locate(*arguments)
    kept = output.with_name("events.quakeml.picks")
    kept.write_bytes(kept.read_bytes()[:-100])
    picker.update(stop=None, picked=[])
    assert locate(*arguments) == 0
    assert len(picker["picked"]) == 9


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--velocity-model", "Mars"], "There is no velocity model 'Mars'"),
        (["--attenuation-law", "southern"], "choose from Southern California (Hutton & Boore 1987), Southern Korea"),
        (["-o", "events.doc"], "Events are written as .quakeml"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    arguments: list[str], sentence: str, picks: Path, stations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locate(picks, stations, *arguments) == 1
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_without_coordinates_the_sentence_says_what_to_open(picks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert locate(picks) == 1
    assert capsys.readouterr().err == "quakeview: No station has coordinates; open a station list or StationXML.\n"


def test_a_velocity_model_of_the_users_is_read(tmp_path: Path) -> None:
    path = tmp_path / "valley.csv"
    path.write_text("depth_km,vp,vs\n0,5,2.9\n10,6.2,3.6\n")
    assert find_velocity_model(str(path)).name == "valley"
    assert find_velocity_model("kor").name == "Korea"


def test_the_help_names_models_and_laws_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        locate("--help")
    text = capsys.readouterr().out
    assert "Kim & Kim (1983)" in text
    assert "Uhrhammer et al. (2011)" in text


def test_the_table_for_reading_is_aligned() -> None:
    event = Event(LOCATOR.with_(depth=PLACE[2]).origin(synthetic_picks()))
    header, line = format_aligned([event]).splitlines()
    assert header.split()[:3] == ["time", "(UTC)", "latitude"]
    assert "8.0*" in line
    assert line.index(f"{event.origin.latitude:.4f}") + 7 == header.index("latitude") + 8


def test_picking_with_events_is_locating(picks: Path, stations: Path, tmp_path: Path) -> None:
    out = {name: tmp_path / f"{name}.csv" for name in ("pick", "locate")}
    common = ["--stations", str(stations)]
    assert cli.main(["pick", str(picks), "--events", *common, "-o", str(out["pick"])]) == 0
    assert cli.main(["locate", str(picks), *common, "-o", str(out["locate"])]) == 0
    located = [row.split(",", 1)[1] for row in out["locate"].read_text().splitlines()[1:]]
    assert [row.split(",", 1)[1] for row in out["pick"].read_text().splitlines()[1:]] == located
    assert len(located) == 1
