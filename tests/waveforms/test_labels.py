from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, Trace

from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from tests.waveforms.records import OBSPY, START, counts


def write_sac(path: Path, station: str = "", channel: str = "") -> None:
    header = {"station": station, "channel": channel, "starttime": START, "sampling_rate": 100.0}
    path.parent.mkdir(parents=True, exist_ok=True)
    Trace(counts(100, seed=hash(str(path)) % 1000).astype(np.float32), header).write(str(path), format="SAC")


def test_a_gather_without_ids_is_named_after_its_file_and_numbered(tmp_path: Path) -> None:
    header = {"sampling_rate": 500.0, "starttime": START}
    traces = [Trace(np.full(50, number, np.float32), header) for number in range(12)]
    with pytest.warns(UserWarning, match="CREATING TRACE HEADER"):
        Stream(traces).write(str(tmp_path / "shot.7.sgy"), format="SEGY", data_encoding=5)
    archive = Archive()
    assert archive.add([tmp_path]) == []
    assert [channel.station for channel in archive.channels] == [f"shot_7-{number:02d}" for number in range(1, 13)]
    for number, channel in enumerate(archive.channels):
        assert (archive.read(channel)[0].data == number).all()
        assert ChannelId.parse(str(channel)) == channel
    assert len(archive.stations) == 12


def test_files_of_the_same_name_do_not_collide(tmp_path: Path) -> None:
    for folder in ("a", "b", "c/b"):
        write_sac(tmp_path / folder / "event.sac")
    archive = Archive()
    archive.add([tmp_path])
    assert len(archive.channels) == 3
    assert {"event", "b-event"} < {channel.station for channel in archive.channels}
    assert all(len(archive.segments(channel)) == 1 for channel in archive.channels)


def test_a_missing_channel_code_comes_from_the_file_name(tmp_path: Path) -> None:
    for name in ("ABC.BHZ.sac", "ABC.bhn.sac", "ABC.BH1.sac"):
        write_sac(tmp_path / name, station="ABC")
    archive = Archive()
    archive.add([tmp_path])
    assert {channel.channel for channel in archive.channels} == {"BHZ", "BHN", "BH1"}
    assert {channel.station for channel in archive.channels} == {"ABC"}


def test_a_missing_channel_code_that_nothing_tells(tmp_path: Path) -> None:
    for name in ("first.sac", "second.sac"):
        write_sac(tmp_path / name, station="ABC")
    archive = Archive()
    archive.add([tmp_path])
    assert {channel.station for channel in archive.channels} == {"ABC-first", "ABC-second"}


def test_ids_with_dots_and_blanks_can_be_parsed_back(tmp_path: Path) -> None:
    archive = Archive()
    header = {"network": "X.Y", "station": "A B", "channel": "HHZ ", "sampling_rate": 1.0}
    archive.add_stream(Stream([Trace(counts(5), header)]), "memory")
    (channel,) = archive.channels
    assert ChannelId.parse(str(channel)) == channel == ("X_Y", "A_B", "", "HHZ")


def test_win_channel_numbers_are_stations_across_files() -> None:
    folder = OBSPY / "io" / "win" / "tests" / "data"
    archive = Archive()
    archive.add(sorted(folder.glob("10030302.0*")))
    assert [str(channel) for channel in archive.channels] == [".a100..a100", ".a101..a101"]
    assert len(archive.segments(archive.channels[0])) == 10
