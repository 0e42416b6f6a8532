"""What comes of the paths that are opened together."""

from pathlib import Path

import obspy
import pytest

from quakeview.app.waveforms.opening import open_paths
from quakeview.jobs import Progress
from quakeview.stations.book import StationBook
from quakeview.waveforms.archive import Archive

OBSPY = Path(obspy.__file__).parent


@pytest.fixture
def folder(tmp_path):
    """Seismograms, and the StationXML of their station."""
    stream = obspy.read()
    stream.write(str(tmp_path / "waves.mseed"), "MSEED")
    obspy.read_inventory().write(str(tmp_path / "stations.xml"), "STATIONXML")
    return tmp_path


def test_station_metadata_in_a_folder_is_read_as_such(folder):
    archive = Archive()
    opened = open_paths(archive, [folder], Progress())
    assert opened.problems == []
    assert opened.waveforms == [folder]
    assert [file.path.name for file in opened.metadata] == ["stations.xml"]
    assert ("BW", "RJOB") in StationBook(tuple(opened.metadata)).coordinates
    assert len(archive.channels) == 3


def test_broken_station_metadata_in_a_folder_is_one_sentence(folder):
    (folder / "stations.xml").write_text("<FDSNStationXML>")
    opened = open_paths(Archive(), [folder], Progress())
    (sentence,) = opened.problems
    assert "stations.xml" in sentence
    assert "StationXML" in sentence
    assert opened.metadata == []


def test_a_list_of_stations_is_no_list_of_picks(tmp_path):
    (tmp_path / "stations.csv").write_text("network,station,lat,lon,elevation_m\nBW,RJOB,47.74,12.8,860\n")
    (tmp_path / "picks.csv").write_text(
        "network,station,location,channel,phase,time,probability\nBW,RJOB,,EHZ,P,2009-08-24T00:20:07.7Z,0.9\n"
    )
    opened = open_paths(Archive(), [tmp_path / "stations.csv", tmp_path / "picks.csv"], Progress())
    assert opened.problems == []
    assert [file.path.name for file in opened.metadata] == ["stations.csv"]
    assert [len(file.picks) for file in opened.picks] == [1]


@pytest.mark.parametrize("name", ["dataless.seed.BW_FURT", "RESP.BW.FURT..EHZ"])
def test_metadata_are_known_by_what_they_hold(tmp_path, name):
    path = tmp_path / "file"
    path.write_bytes((OBSPY / "io/xseed/tests/data" / name).read_bytes())
    opened = open_paths(Archive(), [path], Progress())
    assert (opened.problems, opened.waveforms) == ([], [])
    assert "BW" in [network.code for network in opened.metadata[0].inventory]


def test_headers_of_sac_files_say_where_their_stations_are(tmp_path):
    trace = obspy.read()[0]
    trace.stats.sac = {"stla": 47.7, "stlo": 12.8, "stel": 860.0}
    trace.write(str(tmp_path / "a.sac"), "SAC")
    other = trace.copy()
    other.stats.station = "NONE"
    del other.stats.sac
    other.write(str(tmp_path / "b.sac"), "SAC")
    opened = open_paths(Archive(), [tmp_path], Progress())
    known = StationBook(tuple(opened.headers)).coordinates
    assert known == {("BW", "RJOB"): pytest.approx((47.7, 12.8, 860.0))}


def test_full_seed_is_waveforms_with_their_stations():
    opened = open_paths(Archive(), [OBSPY / "io/xseed/tests/data/arclink_full.seed"], Progress())
    assert opened.problems == []
    assert len(opened.waveforms) == len(opened.headers) == 1
    assert StationBook(tuple(opened.headers)).coordinates
