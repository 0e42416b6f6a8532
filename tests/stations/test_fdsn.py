"""Stations from data centres: what is asked, what is missing, what is said when nobody answers."""

import threading
from pathlib import Path
from typing import Any

import obspy
import pytest
from obspy import Inventory, UTCDateTime
from obspy.clients.fdsn.header import FDSNNoDataException, FDSNNoServiceException

from quakeview.cli import main
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.stations import fdsn
from quakeview.stations.book import read_stations
from quakeview.stations.station_lists import gain_of, read_station_list
from quakeview.waveforms.archive import Archive

RJOB, NONE = ("BW", "RJOB"), ("XX", "NONE")
SPAN = UTCDateTime(2009, 8, 24), UTCDateTime(2009, 8, 24, 1)


class Client:
    """A data centre that knows what ObsPy's example inventory has."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def get_stations_bulk(self, bulk: list[tuple[Any, ...]], level: str) -> Inventory:
        assert level == "response"
        self.asked += bulk
        found = Inventory()
        for network, station, *_, start, _ in bulk:
            found += obspy.read_inventory().select(network=network, station=station, time=start)
        if not found.networks:
            raise FDSNNoDataException("nothing")
        return found


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    client = Client()
    monkeypatch.setattr(fdsn, "_client", lambda centre: client)
    return client


def test_what_is_known_comes_and_what_is_not_is_named(client: Client) -> None:
    inventory, missing = fdsn.download("GEOFON", {RJOB: SPAN, NONE: SPAN})
    assert [(network.code, station.code) for network in inventory for station in network] == [RJOB]
    assert all(channel.response.response_stages for channel in inventory[0][0])
    assert (missing, client.asked) == ([NONE], [(*RJOB, "*", "*", *SPAN), (*NONE, "*", "*", *SPAN)])
    assert fdsn.not_known("GEOFON", missing) == ["GEOFON does not know XX.NONE at that time."]
    assert fdsn.not_known("GEOFON", []) == []


def test_nothing_known_is_a_sentence(client: Client) -> None:
    with pytest.raises(QuakeViewError, match="GEOFON knows none of the stations at that time"):
        fdsn.download("GEOFON", {NONE: SPAN})


def test_many_stations_are_asked_for_a_few_at_a_time(client: Client) -> None:
    stations = {("XX", f"S{number:03d}"): SPAN for number in range(45)} | {RJOB: SPAN}
    _, missing = fdsn.download("GEOFON", stations)
    assert len(missing) == 45
    assert len(client.asked) == 46


def test_nobody_answers_or_there_is_no_such_centre(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(centre: str) -> None:
        raise FDSNNoServiceException("No FDSN services could be discovered")

    with pytest.raises(QuakeViewError, match="There is no data centre 'NOWHERE'"):
        fdsn.download("NOWHERE", {RJOB: SPAN})
    monkeypatch.setattr(fdsn, "_client", no_network)
    with pytest.raises(QuakeViewError, match="GEOFON could not be reached; check the network connection"):
        fdsn.download("GEOFON", {RJOB: SPAN})


def test_a_centre_that_does_not_answer_can_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()
    monkeypatch.setattr(fdsn, "_client", lambda centre: answer.wait(60))
    progress = Progress()
    threading.Timer(0.1, progress.cancel).start()
    with pytest.raises(Cancelled):
        fdsn.download("GEOFON", {RJOB: SPAN}, progress)
    answer.set()


def test_stations_are_asked_for_when_they_have_data() -> None:
    archive = Archive()
    archive.add_stream(obspy.read(), "memory")
    ((place, (first, last)),) = fdsn.stations_with_data(archive).items()
    assert place == RJOB
    assert first == obspy.read()[0].stats.starttime
    assert last == obspy.read()[0].stats.endtime


def test_a_gain_survives_stationxml(tmp_path: Path) -> None:
    inventory, _ = read_station_list(b"id,lat,lon,elev,gain_counts_per_m_s\nPB.B916,36,-117,1859,7.8e8\n", "a.csv")
    (tmp_path / "a.xml").write_bytes(fdsn.stationxml(inventory))
    again = read_stations([tmp_path / "a.xml"])
    assert gain_of(again.inventory[0][0]) == 7.8e8
    assert again.summary == "1 station, a gain for 1"


def test_the_command_prints_a_list_that_opens_as_one(
    client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    obspy.read().write(str(tmp_path / "a.mseed"), "MSEED")
    assert main(["stations", str(tmp_path / "a.mseed"), "--fdsn", "GEOFON", "-o", str(tmp_path / "out.xml")]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "network,station,latitude,longitude,elevation_m,response",
        "BW,RJOB,47.737167,12.795714,860.0,yes",
    ]
    assert said.err.splitlines()[-1] == "1 station, 3 channels with response."
    assert read_stations([tmp_path / "out.xml"]).summary == "1 station, 3 channels with response"
    (tmp_path / "list.csv").write_text(said.out)
    assert read_stations([tmp_path / "list.csv"]).coordinates.keys() == {RJOB}


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    obspy.read().write(str(tmp_path / "a.mseed"), "MSEED")
    (tmp_path / "list.csv").write_text("id,lat,lon,elev\nXX.ELSE,1,2,3\n")
    assert main(["stations", str(tmp_path)]) == 0
    assert "BW.RJOB has waveforms but no coordinates." in capsys.readouterr().err
    assert main(["stations", str(tmp_path / "a.mseed")]) == 1
    assert "The files say nothing of stations" in capsys.readouterr().err
    assert main(["stations", str(tmp_path / "list.csv"), "--fdsn", "GEOFON"]) == 1
    assert "name waveform files as well" in capsys.readouterr().err
