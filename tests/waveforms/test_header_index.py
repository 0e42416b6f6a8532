"""An archive of many files is read once, and then only where it changed."""

from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime

from quakeview.jobs import Cancelled, Progress
from quakeview.waveforms import archive as archive_module
from quakeview.waveforms import header_index
from quakeview.waveforms.archive import Archive

START = UTCDateTime(2024, 1, 1)


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(archive_module, "MANY", 3)
    monkeypatch.setattr(header_index, "user_cache_dir", lambda: tmp_path / "cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for day in range(6):
        write(folder / f"XX.A..HHZ.{day}", START + 86400 * day, seed=day)
    return folder


def write(path: Path, start: UTCDateTime, seed: int = 0, npts: int = 1000) -> None:
    header = {"network": "XX", "station": "A", "channel": "HHZ", "sampling_rate": 100.0, "starttime": start}
    Trace(np.random.default_rng(seed).integers(-900, 900, npts).astype(np.int32), header).write(path, format="MSEED")


def opened(folder: Path) -> Archive:
    archive = Archive()
    archive.add([folder])
    return archive


def everything(archive: Archive) -> Stream:
    (channel,) = archive.channels
    return archive.read(channel)


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose headers are read."""
    names: list[str] = []

    def read(path: Path) -> header_index.Headers:
        names.append(path.name)
        return real(path)

    real = header_index.read
    monkeypatch.setattr(header_index, "read", read)
    return names


def test_the_second_time_nothing_is_read_and_all_is_there(folder: Path, read_files: list[str]) -> None:
    first = everything(opened(folder))
    assert len(read_files) == 6
    read_files.clear()
    second = everything(opened(folder))
    assert read_files == []
    assert second == first
    assert len(first) == 6


def test_only_what_changed_is_read_again(folder: Path, read_files: list[str]) -> None:
    opened(folder)
    read_files.clear()
    write(folder / "XX.A..HHZ.2", START + 86400 * 2, seed=2, npts=2000)
    write(folder / "XX.A..HHZ.7", START + 86400 * 7)
    (folder / "XX.A..HHZ.0").unlink()
    archive = opened(folder)
    assert read_files == ["XX.A..HHZ.2", "XX.A..HHZ.7"]
    assert [len(trace) for trace in everything(archive)] == [1000, 2000, 1000, 1000, 1000, 1000]


def test_a_file_of_which_something_is_odd_says_so_each_time(folder: Path) -> None:
    path = folder / "XX.A..HHZ.3"
    path.write_bytes(path.read_bytes()[:-300])
    (folder / "notes.txt").write_text("These are notes.")
    said = [problem.sentence for problem in opened(folder).problems]
    assert any("truncated" in sentence for sentence in said)
    assert any("notes.txt is not a waveform file" in sentence for sentence in said)
    assert [problem.sentence for problem in opened(folder).problems] == said


def test_a_part_of_a_large_file_is_read_though_its_headers_are_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "_CHUNK_SAMPLES", 1000)
    opened(folder)
    archive = opened(folder)
    (channel,) = archive.channels
    part = archive.read(channel, START + 86400 + 2, START + 86400 + 3)
    whole = everything(opened(folder)).slice(START + 86400 + 2, START + 86400 + 3)
    assert [trace.stats.starttime for trace in part] == [START + 86400 + 2]
    np.testing.assert_array_equal(part[0].data, whole[0].data)


def test_without_an_index_files_are_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert len(everything(opened(folder))) == 6


def test_a_broken_index_is_no_obstacle(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "headers.sqlite").write_bytes(b"no table" * 1000)
    assert len(everything(opened(folder))) == 6


def test_what_was_read_before_a_cancelled_job_is_kept(
    folder: Path, read_files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(header_index, "_BATCH", 2)

    class Impatient(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            if "files read" in message and done >= 1:
                self.cancel()

    with pytest.raises(Cancelled):
        Archive().add([folder], Impatient())
    read_files.clear()
    assert len(everything(opened(folder))) == 6
    assert len(read_files) == 2


def test_several_processes_read_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_index, "_BATCH", 1)
    monkeypatch.setattr(header_index, "_WORTH_PROCESSES", 2)
    monkeypatch.setattr(header_index, "processor_cores", lambda: 2)
    by_processes = everything(opened(folder))
    monkeypatch.setattr(header_index, "HeaderIndex", None)
    alone = Archive()
    alone.add([next(folder.glob("*.0")), next(folder.glob("*.1"))])
    assert everything(alone) == by_processes[:2]


def test_a_link_and_its_file_are_one(folder: Path, tmp_path: Path) -> None:
    (folder / "link").symlink_to(folder / "XX.A..HHZ.0")
    (tmp_path / "again").symlink_to(folder)
    archive = Archive()
    archive.add([folder, tmp_path / "again"])
    assert len(archive.segments(archive.channels[0])) == 6
