"""An archive of days: real records that come with ObsPy, moved so that midnight falls into their earthquakes."""

from pathlib import Path

import pytest
from obspy import Stream, UTCDateTime, read

from quakeview.waveforms.sample_data import SAMPLES

MIDNIGHT = UTCDateTime(2024, 3, 1)


def sample() -> Stream:
    """A record of one instrument with an earthquake."""
    stream = Stream()
    for path in SAMPLES[0].paths():
        stream += read(path)
    return stream


def write_days(stream: Stream, folder: Path) -> None:
    """Write the channels of a stream as an SDS archive."""
    for trace in stream:
        day = UTCDateTime(trace.stats.starttime.date)
        while day <= trace.stats.endtime:
            part = trace.slice(day, day + 86400 - trace.stats.delta / 2)
            if len(part):
                codes = part.stats
                place = folder / str(day.year) / codes.network / codes.station / f"{codes.channel}.D"
                place.mkdir(parents=True, exist_ok=True)
                part.write(place / f"{trace.id}.D.{day.year}.{day.julday:03d}", format="MSEED")
            day += 86400


@pytest.fixture(scope="session")
def record() -> Stream:
    """Five instruments: between P and S of an earthquake it is midnight; at the fifth it is at its P."""
    stream = sample()
    begin = stream[0].stats.starttime
    copies = Stream([trace.copy() for trace in stream.select(station="UH3")])
    for trace, before in [(trace, 30.2) for trace in stream] + [(trace, 29.533) for trace in copies]:
        trace.stats.starttime = MIDNIGHT - before + (trace.stats.starttime - begin)
    for trace in copies:
        trace.stats.station = "XX5"
    return stream + copies


@pytest.fixture
def archive_folder(record: Stream, tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    write_days(record, folder)
    return folder
