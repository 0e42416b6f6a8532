from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, Trace

from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.labels import codes_in_name
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
    assert ChannelId.parse(str(channel)) == channel == ("X_Y", "A B", "", "HHZ")


def test_codes_are_not_rewritten(tmp_path: Path) -> None:
    write_sac(tmp_path / "a.sac", station="N.TYNH", channel="U")
    archive = Archive()
    assert archive.add([tmp_path]) == []
    (channel,) = archive.channels
    assert channel.station == "N.TYNH"
    assert ChannelId.parse(str(channel)) == channel


def test_two_dashes_are_an_empty_location(tmp_path: Path) -> None:
    header = {"network": "TW", "station": "ABC", "channel": "HHZ", "starttime": START, "sampling_rate": 100.0}
    Trace(counts(100), header).write(str(tmp_path / "a"), format="MSEED")
    Trace(counts(100), {**header, "location": "--", "starttime": START + 1}).write(str(tmp_path / "b"), format="MSEED")
    archive = Archive()
    assert archive.add([tmp_path]) == []
    assert archive.channels == (ChannelId("TW", "ABC", "", "HHZ"),)
    assert len(archive.read(archive.channels[0])[0]) == 200


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("ABC.HHZ.sac", ("ABC", "HHZ")),
        ("ABC.Z.SAC", ("ABC", "Z")),
        ("ABC/Z.sac", ("ABC", "Z")),
        ("ABC/20240501.HHZ", ("ABC", "HHZ")),
        ("XX.ABC/20240501000000.HHE.sac", ("ABC", "HHE")),
        ("ABC/HHN/2024.122.sac", ("ABC", "HHN")),
        ("2024.122.00.00.00.0000.XX.ABC.00.HHZ.D.SAC", ("ABC", "HHZ")),
        ("20240501_0000_ABC_E.sac", ("ABC", "E")),
        ("XX.ABC..BH1.sac", ("ABC", "BH1")),
        ("records/event.sac", ("", "")),
    ],
)
def test_codes_from_the_names_of_files_and_folders(name: str, codes: tuple[str, str]) -> None:
    assert codes_in_name(Path("/data") / name) == codes


def test_three_files_without_codes_make_one_station_and_it_is_said(tmp_path: Path) -> None:
    for letter in "ZNE":
        write_sac(tmp_path / "ABC" / f"20240501.{letter}.sac")
    archive = Archive()
    problems = archive.add([tmp_path])
    assert [str(channel) for channel in archive.channels] == [".ABC..E", ".ABC..N", ".ABC..Z"]
    assert len(archive.stations) == 1
    assert problems[0].sentence == (
        "20240501.E.sac has no full codes of its channel; it is called .ABC..E, after its name."
    )
    assert all(len(archive.read(channel)) == 1 for channel in archive.channels)


def test_win_channel_numbers_are_stations_across_files() -> None:
    folder = OBSPY / "io" / "win" / "tests" / "data"
    archive = Archive()
    archive.add(sorted(folder.glob("10030302.0*")))
    assert [str(channel) for channel in archive.channels] == [".a100..a100", ".a101..a101"]
    assert len(archive.segments(archive.channels[0])) == 10
