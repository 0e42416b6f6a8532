import io
from pathlib import Path

import obspy
import pytest

from quakeview.stations.book import read_stations
from quakeview.stations.coordinates import unit_of
from quakeview.waveforms.channels import ChannelId


@pytest.mark.parametrize("name", ["stations [2019].xml", "all*.xml", "what?.xml", "[a-z].xml", "50 % & more.xml"])
def test_a_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    """Another file that the name would match as a pattern is not read in its place."""
    (tmp_path / "stations 2.xml").write_text("something else")
    folder = tmp_path / "archive [new]"
    folder.mkdir()
    content = io.BytesIO()
    obspy.read_inventory().write(content, "STATIONXML")
    (folder / name).write_bytes(content.getvalue())
    assert ("BW", "RJOB") in read_stations([folder / name]).coordinates


def with_output(units: str) -> obspy.Inventory:
    """The metadata of BW.RJOB, whose samples are given out in some unit."""
    inventory = obspy.read_inventory()
    for channel in (channel for network in inventory for station in network for channel in station):
        channel.response.instrument_sensitivity.output_units = units
    return inventory


@pytest.mark.parametrize(("written", "unit"), [("M/S", "m/s"), ("m/s**2", "m/s²"), ("M", "m"), ("COUNTS", "counts")])
def test_samples_have_the_unit_that_the_metadata_give_out(tmp_path: Path, written: str, unit: str) -> None:
    with_output(written).write(str(tmp_path / "a.xml"), "STATIONXML")
    read = read_stations([tmp_path / "a.xml"])
    assert unit_of(ChannelId("BW", "RJOB", "", "EHZ"), read.units) == unit
    assert ("BW", "RJOB") in read.coordinates


def test_synthetic_seismograms_are_velocity_without_metadata_and_others_are_counts() -> None:
    assert unit_of(ChannelId("SY", "P01", "FC", "MXZ"), {}) == "m/s"
    assert unit_of(ChannelId("SY", "P01", "", "HHZ"), {}) == "counts"
    assert unit_of(ChannelId("BW", "RJOB", "", "EHZ"), {}) == "counts"
