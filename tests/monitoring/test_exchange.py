"""Picks through files: nothing is lost, nothing is half-written, every bad file gets one sentence."""

import itertools
import subprocess
import sys
from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.exchange import read_pick_file, read_picks, write_picks
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId

OBSPY = Path(obspy.__file__).parent
TIME = UTCDateTime("2024-02-29T23:59:59.123456Z")
HHZ = ChannelId("CH", "DAVOX", "", "HHZ")


def every_kind_of_pick() -> list[Pick]:
    """All values of the fields that interact, and the rest of them once each."""
    statuses = itertools.product(PickStatus, [None, 0.0, 0.123456789012345], ["", "SeisMoLLM-S (Ridgecrest)"])
    picks = [Pick(HHZ, "P", TIME, status, probability, model=model) for status, probability, model in statuses]
    picks += [
        Pick(HHZ, "S", TIME + 1, lower_uncertainty=lower, upper_uncertainty=upper)
        for lower, upper in itertools.product([None, 0.0, 0.1, 0.3], repeat=2)
    ]
    picks += [Pick(HHZ, "Pn", TIME, polarity=polarity) for polarity in (None, *Polarity)]
    picks += [Pick(HHZ, "sPg", TIME, onset=onset) for onset in (None, "impulsive", "emergent", "questionable")]
    picks += [Pick(HHZ, "P", TIME, comment=text) for text in ("", ' "so,\nso"; <é> &\t', "0", "=1+1")]
    picks += [Pick(HHZ, "P", TIME, used=used) for used in (True, False)]
    picks += [Pick(HHZ._replace(location=code), "P", TIME) for code in ("", "00", "--", UNKNOWN)]
    picks += [Pick(HHZ._replace(network=code, channel=code), "P", TIME) for code in ("", UNKNOWN)]
    return picks


@pytest.mark.parametrize("extension", [".csv", ".quakeml", ".xml", ".CSV"])
def test_round_trip_loses_nothing(extension: str, tmp_path: Path) -> None:
    picks = every_kind_of_pick()
    assert write_picks(picks, tmp_path / f"picks{extension}") == []
    assert read_picks(tmp_path / f"picks{extension}") == picks


def test_rewriting_an_imported_file_gives_the_same_picks_in_the_same_event(tmp_path: Path) -> None:
    write_picks(every_kind_of_pick(), tmp_path / "first.xml")
    first = read_pick_file(tmp_path / "first.xml")
    write_picks(first.picks, tmp_path / "second.xml", [first.document])
    assert len(obspy.read_events(tmp_path / "second.xml")) == 1
    assert read_picks(tmp_path / "second.xml") == list(first.picks)


def test_no_picks_make_a_file_too(tmp_path: Path) -> None:
    for name in ("picks.csv", "picks.quakeml"):
        write_picks([], tmp_path / name)
        assert read_picks(tmp_path / name) == []


def test_csv_columns_begin_as_promised(tmp_path: Path) -> None:
    write_picks([Pick(HHZ, "P", UTCDateTime(2024, 1, 1), probability=0.5)], tmp_path / "picks.csv")
    header, line = (tmp_path / "picks.csv").read_text().splitlines()
    assert header.startswith("network,station,location,channel,phase,time,probability,")
    assert line.startswith("CH,DAVOX,,HHZ,P,2024-01-01T00:00:00.000000Z,0.5,")


def test_csv_of_a_spreadsheet(tmp_path: Path) -> None:
    """A byte-order mark, carriage returns, other columns in another order, a time zone."""
    text = "\ufeffnote,time,network,station,location,channel,phase\r\nx,2024-01-01T01:00:00+01:00,CH,DAVOX,,HHZ,P\r\n"
    (tmp_path / "picks.csv").write_bytes(text.encode())
    (pick,) = read_picks(tmp_path / "picks.csv")
    assert (pick.channel_id, pick.time, pick.status) == (HHZ, UTCDateTime(2024, 1, 1), PickStatus.MANUAL)


HEADER = "network,station,location,channel,phase,time,probability,lower_uncertainty,polarity,onset,status,resource_id\n"
GOOD = "CH,DAVOX,,HHZ,P,2024-01-01T00:00:00Z,0.5,0.1,up,impulsive,manual,smi:local/1\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2024-01-01T00:00:00Z", "yesterday", "time 'yesterday'"),
        ("2024-01-01T00:00:00Z", "", "time is empty"),
        ("2024-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "time"),
        (",P,", ",,", "phase is empty"),
        ("DAVOX", "", "station is empty"),
        ("0.5", "high", "probability 'high' is not a number"),
        ("0.5", "1.5", "between 0 and 1"),
        ("0.5", "nan", "between 0 and 1"),
        ("0.1", "-1", "0 or more"),
        ("0.1", "inf", "0 or more"),
        ("up", "sideways", "not one of up, down, undecidable"),
        ("impulsive", "i", "not one of impulsive"),
        ("manual", "Manual", "not one of automatic"),
        ("0.5,", "", "number of cells"),
        ("0.5", "0.5,1", "number of cells"),
        ("smi:local/1", "smi:local/0", "repeats that of line 2"),
        ("HHZ", '"HHZ', ""),
    ],
)
def test_a_bad_csv_line_is_named(old: str, new: str, words: str, tmp_path: Path) -> None:
    first = GOOD.replace("smi:local/1", "smi:local/0")
    (tmp_path / "picks.csv").write_text(HEADER + first + GOOD.replace(old, new, 1))
    with pytest.raises(QuakeViewError, match=r"picks\.csv, line 3") as caught:
        read_picks(tmp_path / "picks.csv")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["picks.csv", "picks.xml", "picks.quakeml", "picks.obs", "picks.unheard-of"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\n \n", b"a,b\n1,2\n", b"\x00\xff\xfe\x80" * 100, b"<quakeml>", b"<?xml version='1.0'?><a/>"],
)
def test_what_holds_no_picks_gets_one_sentence(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(QuakeViewError, match=name) as caught:
        read_picks(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(QuakeViewError, match="could not be read"):
            read_picks(path)


def test_waveforms_are_not_picks() -> None:
    with pytest.raises(QuakeViewError, match="is not"):
        read_picks(OBSPY / "io/mseed/tests/data/test.mseed")


@pytest.mark.parametrize("name", ["picks.txt", "picks", ".csv/"])
def test_unknown_extensions_are_refused_before_anything_is_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=r"written as \.csv"):
        write_picks([], tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_text_that_xml_cannot_hold_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="QuakeML cannot hold"):
        write_picks([Pick(HHZ, "P", TIME, comment="bell \a")], tmp_path / "picks.xml")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="could not be written"):
        write_picks([], tmp_path / "no folder" / "picks.csv")


def test_a_full_disk_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    """The size limit of the process makes the write fail half-way, as a full disk does."""
    path = tmp_path / "picks.csv"
    write_picks([Pick(HHZ, "P", TIME)], path)
    before = path.read_bytes()
    program = (
        "import resource, sys; from obspy import UTCDateTime\n"
        "from quakeview.errors import QuakeViewError\n"
        "from quakeview.monitoring.exchange import read_picks, write_picks\n"
        "path = sys.argv[1]; picks = read_picks(path)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: write_picks(picks * 10_000, path)\n"
        "except QuakeViewError as error: print(error)\n"
    )
    result = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert "could not be written" in result.stdout
    assert result.stdout.count("\n") == 1
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
