"""``quakeview convert``."""

from pathlib import Path

import numpy as np
import obspy
import pytest
from obspy import Stream, Trace

from quakeview import cli
from quakeview.events.exchange import read_event_file, write_events
from quakeview.monitoring.exchange import read_picks, write_picks
from tests.events.earthquakes import TIME, earthquake


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Two events and six picks of no event."""
    (first, some), (second, others) = earthquake(1), earthquake(2)
    write_events([first, second], [*some, *others, *earthquake(5)[1]], tmp_path / "in.quakeml")
    return tmp_path / "in.quakeml"


def test_a_file_becomes_another_and_says_what_is_lost(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = catalogue.with_name("out.csv")
    assert cli.main(["convert", str(catalogue), "-o", str(output)]) == 0
    assert len(read_event_file(output).events) == 2
    told = capsys.readouterr().err
    assert "holds no picks: 18 were left out" in told
    assert f"2 events and 18 picks are in {output}, as far as it can hold them." in told


def test_several_files_become_one(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, output = catalogue.with_name("table.csv"), catalogue.with_name("out.quakeml")
    write_events([earthquake(9)[0]], [], table)
    assert cli.main(["convert", str(catalogue), str(table), "-o", str(output)]) == 0
    assert [event.resource_id[-1] for event in read_event_file(output).events] == ["1", "2", "9"]
    assert f"3 events and 18 picks are in {output}.\n" in capsys.readouterr().err


def test_one_event_goes_with_its_picks(catalogue: Path) -> None:
    output = catalogue.with_name("one.quakeml")
    assert cli.main(["convert", str(catalogue), "--event", "2", "-o", str(output)]) == 0
    file = read_event_file(output)
    assert ([event.resource_id for event in file.events], len(file.picks)) == (["smi:local/event/2"], 6)


def test_picks_alone_are_converted_too(tmp_path: Path) -> None:
    write_picks(earthquake()[1], tmp_path / "in.csv")
    assert cli.main(["convert", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.obs")]) == 0
    assert len(read_picks(tmp_path / "out.obs")) == 6


def test_records_are_cut_out(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = {"network": "CI", "station": "CCC", "channel": "HHZ", "starttime": TIME, "sampling_rate": 1.0}
    Stream([Trace(np.arange(7200, dtype=np.int32), header)]).write(catalogue.with_name("day.mseed"), format="MSEED")
    arguments = ["--waveforms", str(catalogue.with_name("day.mseed")), "--before", "5", "--after", "10"]
    assert cli.main(["convert", str(catalogue), *arguments, "-o", str(catalogue.with_name("cuts"))]) == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert Path(first).name == "20190704T180255_M3.1.mseed"
    assert obspy.read(first)[0].stats.npts == 16


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-o", "out.docx"], "Events are written as"),
        (["--event", "17", "-o", "out.csv"], "There is no event 17 in the files"),
    ],
)
def test_an_error_is_a_sentence(
    arguments: list[str], sentence: str, catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["convert", str(catalogue), *arguments]) == 1
    assert sentence in capsys.readouterr().err


def test_a_catalogue_of_nothing_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    obspy.Catalog().write(tmp_path / "empty.xml", format="QUAKEML")
    assert cli.main(["convert", str(tmp_path / "empty.xml"), "-o", str(tmp_path / "out.csv")]) == 1
    assert "no events and no picks in empty.xml" in capsys.readouterr().err
