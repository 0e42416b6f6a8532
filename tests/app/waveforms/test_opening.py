"""What comes of the paths that are opened together."""

import obspy
import pytest

from quakeview.app.waveforms.opening import open_paths
from quakeview.jobs import Progress
from quakeview.waveforms.archive import Archive


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
    assert [path.name for path in opened.metadata] == ["stations.xml"]
    assert ("BW", "RJOB") in opened.coordinates
    assert len(archive.channels) == 3
    assert opened.units == {}


def test_broken_station_metadata_in_a_folder_is_one_sentence(folder):
    (folder / "stations.xml").write_text("<FDSNStationXML>")
    opened = open_paths(Archive(), [folder], Progress())
    (sentence,) = opened.problems
    assert "stations.xml" in sentence
    assert "StationXML" in sentence
    assert opened.metadata == []
