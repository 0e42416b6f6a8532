"""Records of events in files of their own."""

from pathlib import Path

import numpy as np
import obspy
import pytest
from obspy import Stream, Trace

from quakeview.events.exchange import write_waveform_cuts
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from tests.events.earthquakes import TIME, earthquake


def archive(dtype: type = np.int32) -> Archive:
    """Three hours of two channels, one sample a second, that count seconds."""
    found = Archive()
    header = {"network": "CI", "station": "CCC", "starttime": TIME + 1800, "sampling_rate": 1.0}
    samples = np.arange(3 * 3600).astype(dtype)
    found.add_stream(Stream([Trace(samples, {**header, "channel": channel}) for channel in ("HHZ", "HHN")]), "a")
    return found


@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.int64, np.float64])
def test_each_event_is_a_file_of_its_window(dtype: type, tmp_path: Path) -> None:
    events = [earthquake(1)[0], earthquake(2)[0], earthquake(9)[0]]
    paths, notes = write_waveform_cuts(events, archive(dtype), tmp_path / "cuts", before=10, after=50)
    assert [path.name for path in paths] == ["20190704T180255_M3.1.mseed", "20190704T190255_M3.1.mseed"]
    assert notes == ["Nothing was recorded of 1 event, the first of 2019-07-05 02:02:55."]
    stream = obspy.read(paths[0])
    assert sorted(trace.id for trace in stream) == ["CI.CCC..HHN", "CI.CCC..HHZ"]
    for trace in stream:
        assert trace.stats.starttime == events[0].time - 10
        np.testing.assert_array_equal(trace.data, np.arange(1790, 1851))


def test_events_of_one_second_have_files_of_their_own(tmp_path: Path) -> None:
    event = earthquake(1)[0]
    channels = [ChannelId("CI", "CCC", "", "HHZ")]
    paths, notes = write_waveform_cuts([event, event], archive(), tmp_path, channels=channels)
    assert [path.name for path in paths] == ["20190704T180255_M3.1.mseed", "20190704T180255_M3.1_2.mseed"]
    assert notes == []
    assert [trace.id for trace in obspy.read(paths[1])] == ["CI.CCC..HHZ"]
