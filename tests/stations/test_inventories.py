"""Station metadata: what is none gets a sentence, and a channel is known in its epochs alone."""

from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.stations.inventories import read_inventory, read_metadata
from quakeview.stations.responses import axis, metadata_of
from quakeview.waveforms.channels import ChannelId

RJOB = ChannelId("BW", "RJOB", "", "EHZ")


def test_what_is_no_metadata_or_not_there_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.xml").write_text("nothing")
    with pytest.raises(QuakeViewError, match=r"notes\.xml could not be read as station metadata; is it StationXML\?"):
        read_inventory(tmp_path / "notes.xml")
    with pytest.raises(QuakeViewError, match=r"none\.xml could not be read .*; choose another file"):
        read_inventory(tmp_path / "none.xml")
    with pytest.raises(QuakeViewError, match="no station metadata in the folder"):
        read_metadata([tmp_path])


def test_a_channel_is_known_in_its_epochs_alone() -> None:
    inventory = obspy.read_inventory()
    found = metadata_of(RJOB, inventory, UTCDateTime(2008, 1, 1))
    assert axis(RJOB, found) == pytest.approx((0, 0, 1), abs=1e-9)
    with pytest.raises(QuakeViewError, match="do not know it at that time"):
        metadata_of(RJOB, inventory, UTCDateTime(1980, 1, 1))
