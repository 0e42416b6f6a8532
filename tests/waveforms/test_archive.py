import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, read

from quakeview.jobs import Cancelled, Progress
from quakeview.waveforms import archive as archive_module
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.miniseed import MiniSeedFile
from tests.waveforms.records import MSEED, START, E, N, Z, counts, trace, write


def test_index_of_a_real_file_with_gaps() -> None:
    archive = Archive()
    assert archive.add([MSEED / "gaps.mseed"]) == []
    expected = read(MSEED / "gaps.mseed")
    (channel,) = archive.channels
    assert str(channel) == expected[0].id
    segments = archive.segments(channel)
    assert [(s.start, s.npts, s.end) for s in segments] == [
        (t.stats.starttime, t.stats.npts, t.stats.endtime) for t in expected
    ]
    assert len(archive.coverage(channel)) == len(expected)
    assert archive.span == (expected[0].stats.starttime, expected[-1].stats.endtime)
    stream = archive.read(channel)
    for found, wanted in zip(stream, expected, strict=True):
        np.testing.assert_array_equal(found.data, wanted.data)
        assert found.data.dtype == wanted.data.dtype
        assert found.stats.starttime == wanted.stats.starttime


def test_empty_archive() -> None:
    archive = Archive()
    assert archive.span is None
    assert archive.channels == ()
    assert archive.stations == {}
    assert archive.segments(Z) == ()
    assert archive.coverage(Z) == []
    assert len(archive.read(Z)) == 0


def test_folders_are_searched_to_the_bottom_and_days_joined(tmp_path: Path) -> None:
    data = counts(4000)
    days = [trace(data[:2500]), trace(data[2500:], start=START + 25)]
    for day, part in enumerate(days):
        write(tmp_path / "2024" / "XX" / "STA" / "HHZ.D" / f"XX.STA.00.HHZ.D.2024.{day:03d}", part)
    write(tmp_path / "2024" / "XX" / "STA" / "HHN.D" / "XX.STA.00.HHN.D.2024.000", trace(counts(100), N))
    (tmp_path / ".hidden").write_text("not looked at")
    archive = Archive()
    assert archive.add([tmp_path]) == []
    assert archive.channels == (N, Z)
    assert archive.stations == {Instrument("XX", "STA", "00", "HH"): {"N": N, "Z": Z}}
    (joined,) = archive.read(Z)
    np.testing.assert_array_equal(joined.data, data)
    assert len(archive.segments(Z)) == 2
    assert archive.coverage(Z) == [(START, START + 39.99)]


def test_read_gives_exactly_the_samples_of_the_window(tmp_path: Path) -> None:
    data = counts(10_000)
    archive = Archive()
    archive.add([write(tmp_path / "a", trace(data))])
    (part,) = archive.read(Z, START + 10.003, START + 20)
    assert part.stats.starttime == START + 10.01
    np.testing.assert_array_equal(part.data, data[1001:2001])
    assert len(archive.read(Z, START + 1000, START + 2000)) == 0
    part.data[:] = 0
    np.testing.assert_array_equal(archive.read(Z)[0].data, data)


def test_duplicates_and_records_out_of_order_are_put_right(tmp_path: Path) -> None:
    data = counts(6000)
    parts = [trace(data[i : i + 1000], start=START + i / 100) for i in range(0, 6000, 1000)]
    shuffled = [parts[i] for i in (3, 0, 5, 5, 1, 4, 2)]
    path = tmp_path / "shuffled.mseed"
    for part in shuffled:
        write(tmp_path / "part", part)
        with path.open("ab") as file:
            file.write((tmp_path / "part").read_bytes())
    (tmp_path / "part").unlink()
    (tmp_path / "copy.mseed").write_bytes(path.read_bytes())
    archive = Archive()
    assert archive.add([tmp_path]) == []
    (stream,) = archive.read(Z)
    np.testing.assert_array_equal(stream.data, data)
    overlaps = archive.overlaps(Z)
    assert overlaps
    assert not any(overlap.conflicting for overlap in overlaps)


def test_of_conflicting_files_the_one_that_starts_first_is_kept_in_any_window(tmp_path: Path) -> None:
    first, second = counts(3000, seed=1), counts(3000, seed=2)
    write(tmp_path / "b", trace(first))
    write(tmp_path / "a", trace(second, start=START + 20))
    expected = np.concatenate([first, second[1000:]])
    archive = Archive()
    archive.add([tmp_path])
    (whole,) = archive.read(Z)
    np.testing.assert_array_equal(whole.data, expected)
    (window,) = archive.read(Z, START + 22, START + 40)
    np.testing.assert_array_equal(window.data, expected[2200:4001])
    assert [(o.start, o.end, o.conflicting) for o in archive.overlaps(Z)] == [
        ((START + 20).ns, (START + 29.99).ns, True)
    ]


def test_gap_of_half_a_sample_is_no_gap(tmp_path: Path) -> None:
    archive = Archive()
    archive.add_stream(Stream([trace(counts(100)), trace(counts(100), start=START + 1.004)]), "memory")
    assert len(archive.coverage(Z)) == 1
    assert len(archive.read(Z)) == 1
    archive = Archive()
    archive.add_stream(Stream([trace(counts(100)), trace(counts(100), start=START + 1.006)]), "memory")
    assert len(archive.coverage(Z)) == 2
    assert len(archive.read(Z)) == 2


def test_files_are_decoded_once_and_the_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        write(tmp_path / f"{number}", trace(counts(1000), start=START + 10 * number))
    decoded: list[Path] = []
    original = archive_module.read_samples

    def counting(path: Path, *args: object) -> object:
        decoded.append(path)
        return original(path, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(archive_module, "read_samples", counting)
    archive = Archive(cache_bytes=1_000_000)
    archive.add([tmp_path])
    assert decoded == []
    for _ in range(3):
        archive.read(Z, START + 12, START + 13)
    assert [path.name for path in decoded] == ["1"]
    small = Archive(cache_bytes=10_000)
    small.add([tmp_path])
    small.read(Z)
    assert small._cache.nbytes <= 10_000


def test_large_files_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {channel: counts(50_000, seed) for seed, channel in enumerate((Z, N, E))}
    interleaved = [
        trace(data[channel][i : i + 5000], channel, START + i / 100)
        for i in range(0, 50_000, 5000)
        for channel in (Z, N, E)
    ]
    path = write(tmp_path / "large.mseed", *interleaved)
    windows: list[tuple[int, int, ChannelId]] = []
    original = archive_module.read_part

    def watching(records: MiniSeedFile, start: int, end: int, channel: ChannelId) -> object:
        windows.append((start, end, channel))
        return original(records, start, end, channel)

    monkeypatch.setattr(archive_module, "read_part", watching)
    monkeypatch.setattr(archive_module, "_CHUNK_SAMPLES", 40_000)
    archive = Archive()
    archive.add([path])
    (part,) = archive.read(N, START + 250, START + 260)
    np.testing.assert_array_equal(part.data, data[N][25_000:26_001])
    assert [channel for _, _, channel in windows] == [N]
    assert windows[0][1] - windows[0][0] < 101e9
    (whole,) = archive.read(E)
    np.testing.assert_array_equal(whole.data, data[E])
    assert archive.overlaps(E) == []


def test_threads_read_at_the_same_time(tmp_path: Path) -> None:
    data = [counts(20_000, seed) for seed in range(6)]
    channels = [Z._replace(station=f"S{number}") for number in range(6)]
    for channel, samples in zip(channels, data, strict=True):
        write(tmp_path / channel.station, trace(samples, channel))
    archive = Archive(cache_bytes=200_000)
    archive.add([tmp_path])

    def read_a_window(number: int) -> bool:
        channel = number % 6
        first = number * 97 % 19_000
        (found,) = archive.read(channels[channel], START + first / 100, START + first / 100 + 9.99)
        return np.array_equal(found.data, data[channel][first : first + 1000])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read_a_window, range(300)))


def test_adding_again_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a", trace(counts(100)))
    archive = Archive()
    archive.add([path])
    archive.add([tmp_path, path])
    assert len(archive.segments(Z)) == 1


def test_removed_files_are_forgotten_but_not_those_that_are_also_named_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "day"
    folder.mkdir()
    first, second = write(folder / "a", trace(counts(100))), write(folder / "b", trace(counts(100), start=START + 60))
    archive = Archive()
    archive.add([folder])
    assert len(archive.read(Z)) == 2
    archive.remove([folder], [second])
    assert [segment.start for segment in archive.segments(Z)] == [START + 60]
    assert [part.stats.starttime for part in archive.read(Z)] == [START + 60]
    archive.remove([second])
    assert archive.channels == ()
    assert archive.span is None
    first.unlink()
    write(first, trace(counts(50)))
    archive.add([first])
    assert len(archive.read(Z)[0]) == 50


def test_cancelling_keeps_what_was_indexed(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / f"{number}", trace(counts(100), Z._replace(station=f"S{number}")))

    class CancelSoon(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            if done == 2:
                self.cancel()

    archive = Archive()
    with pytest.raises(Cancelled):
        archive.add([tmp_path], CancelSoon())
    assert len(archive.channels) == 3
    archive.add([tmp_path])
    assert len(archive.channels) == 4


def test_progress_counts_files(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"{number}", trace(counts(100)))
    seen: list[tuple[float, float]] = []

    class Watch(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            seen.append((done, total))

    Archive().add([tmp_path], Watch())
    assert seen[-1] == (3, 3)
    assert (1, 3) in seen


def test_a_hundred_thousand_tiny_traces(tmp_path: Path) -> None:
    """100 stations of 1000 records each that do not join, in one file."""
    n_stations, n_records = 100, 1000
    write(tmp_path / "one", trace(np.arange(20, dtype=np.int32)), reclen=256)
    record = np.frombuffer((tmp_path / "one").read_bytes(), np.uint8)
    (tmp_path / "one").unlink()
    records = np.tile(record, (n_records, n_stations, 1))
    names = np.array([f"S{number:04d}".encode() for number in range(n_stations)])
    records[:, :, 8:13] = names.view(np.uint8).reshape(n_stations, 5)
    elapsed = np.arange(n_records)
    records[:, :, 25] = (elapsed // 60 % 60)[:, np.newaxis]
    records[:, :, 26] = (elapsed % 60)[:, np.newaxis]
    (tmp_path / "tiny.mseed").write_bytes(records.tobytes())
    archive = Archive()
    assert archive.add([tmp_path]) == []
    assert len(archive.channels) == n_stations
    channel = ChannelId("XX", "S0042", "00", "HHZ")
    assert len(archive.segments(channel)) == n_records
    stream = archive.read(channel)
    assert len(stream) == n_records
    np.testing.assert_array_equal(stream[500].data, np.arange(20))
    assert stream[500].stats.starttime == START + 500


def test_mixed_sampling_rates_of_a_channel_stay_apart(tmp_path: Path) -> None:
    write(tmp_path / "fast", trace(counts(1000)))
    write(tmp_path / "slow", trace(counts(500), start=START + 10, sampling_rate=50.0))
    archive = Archive()
    archive.add([tmp_path])
    assert [t.stats.sampling_rate for t in archive.read(Z)] == [100.0, 50.0]
    assert archive.coverage(Z) == [(START, START + 19.98)]


def test_instruments_of_a_station_are_separate(tmp_path: Path) -> None:
    archive = Archive()
    codes = ("HHZ", "HHN", "HHE", "HNZ", "HN1", "HN2", "EHZ")
    archive.add_stream(Stream([trace(counts(10), Z._replace(channel=code)) for code in codes]), "memory")
    bands = {station.band: "".join(channels) for station, channels in archive.stations.items()}
    assert {band: set(letters) for band, letters in bands.items()} == {"HH": set("ZNE"), "HN": set("Z12"), "EH": {"Z"}}


def test_waveforms_in_memory(tmp_path: Path) -> None:
    stream = read()
    archive = Archive()
    archive.add_stream(stream, "The sample")
    channel = ChannelId.parse(stream[0].id)
    np.testing.assert_array_equal(archive.read(channel)[0].data, stream[0].data)
    assert archive.segments(channel)[0].path == Path("The sample")


def test_names_with_wildcards_are_taken_literally(tmp_path: Path) -> None:
    write(tmp_path / "a1.mseed", trace(counts(10), Z))
    write(tmp_path / "a[1].mseed", trace(counts(10), N))
    write(tmp_path / "what?*.mseed", trace(counts(10), E))
    archive = Archive()
    assert archive.add([tmp_path / "a[1].mseed", tmp_path / "what?*.mseed"]) == []
    assert archive.channels == (E, N)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need privileges on Windows")
def test_circles_of_links_end(tmp_path: Path) -> None:
    write(tmp_path / "a" / "record", trace(counts(10)))
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "twin").symlink_to(tmp_path / "a" / "record")
    archive = Archive()
    assert archive.add([tmp_path]) == []
    assert len(archive.segments(Z)) == 1
