import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from obspy import Stream, UTCDateTime, read

from quakeview.errors import QuakeViewError
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import (
    ThreeComponents,
    dead_stretches,
    describe_problems,
    three_component_blocks,
)
from quakeview.waveforms.channels import ChannelId, Instrument
from tests.waveforms.records import OBSPY, START, E, N, Z, counts, trace, write

STATION = Instrument("XX", "STA", "00", "HH")


def archive_of(*traces: object) -> Archive:
    archive = Archive()
    archive.add_stream(Stream(list(traces)), "memory")
    return archive


def tone(n: int, sampling_rate: float, frequency: float, delay: float = 0.0) -> NDArray[np.float64]:
    return np.sin(2 * np.pi * frequency * (np.arange(n) / sampling_rate + delay))


def joined(blocks: list[ThreeComponents]) -> NDArray[np.float32]:
    return np.concatenate([block.data for block in blocks], axis=1)


def test_real_three_components_come_unchanged_at_their_own_rate() -> None:
    stream = read()
    archive = archive_of(*stream)
    (station,) = archive.stations
    (block,) = three_component_blocks(archive, station, 100.0)
    assert block.start == stream[0].stats.starttime
    assert [channel.channel for channel in block.channels if channel] == ["EHZ", "EHN", "EHE"]
    for row, code in enumerate(("EHZ", "EHN", "EHE")):
        data = stream.select(channel=code)[0].data
        np.testing.assert_allclose(block.data[row], data - data.mean(), atol=1e-3)
    assert block.valid.all()


def test_blocks_have_no_seams_and_times_are_exact() -> None:
    data = counts(100 * 700)
    archive = archive_of(trace(data), trace(data, N), trace(data, E))
    (whole,) = three_component_blocks(archive, STATION, 50.0, block_seconds=1000)
    blocks = list(three_component_blocks(archive, STATION, 50.0, block_seconds=60))
    assert len(blocks) == 12
    for number, block in enumerate(blocks):
        assert block.start == START + 60 * number
    error = joined(blocks) - whole.data
    offset = error[:, :1]
    np.testing.assert_allclose(error, np.broadcast_to(offset, error.shape), atol=2e-3)


def test_overlapping_blocks_share_their_samples() -> None:
    archive = archive_of(trace(counts(100 * 300)))
    blocks = list(three_component_blocks(archive, STATION, 50.0, block_seconds=100, overlap_seconds=20))
    assert [block.start - START for block in blocks] == [0, 80, 160, 240]
    for before, after in pairwise(blocks):
        np.testing.assert_allclose(before.data[:, -1000:], after.data[:, :1000], atol=2e-3)
    assert blocks[-1].end == START + 299.98


@pytest.mark.parametrize(("rate_in", "rate_out"), [(100, 50), (200, 50), (125, 50), (80, 100), (20, 50), (99.7, 50)])
@pytest.mark.parametrize("shift", [0.0, 0.00321])
def test_resampling_keeps_time_to_a_fraction_of_a_sample(rate_in: float, rate_out: float, shift: float) -> None:
    """A tone on N keeps its phase although N starts a little after Z, which sets the grid."""
    n = int(200 * rate_in)
    archive = archive_of(
        trace(tone(n, rate_in, 3.0), Z, sampling_rate=rate_in),
        trace(tone(n, rate_in, 3.0, shift), N, START + shift, sampling_rate=rate_in),
    )
    (block,) = three_component_blocks(archive, STATION, rate_out)
    assert block.start == START
    time = np.arange(block.npts) / rate_out
    inside = slice(200, block.npts - 200)
    expected = np.sin(2 * np.pi * 3.0 * time)
    for row in (0, 1):
        np.testing.assert_allclose(block.data[row, inside], expected[inside], atol=5e-3)


def test_a_spike_stays_where_it_is() -> None:
    data = np.zeros(20_000)
    data[7_501] = 1000
    archive = archive_of(trace(data))
    (block,) = three_component_blocks(archive, STATION, 50.0)
    peak = int(block.data[0].argmax())
    assert peak in (3750, 3751)
    np.testing.assert_allclose(block.data[0, 3750], block.data[0, 3751], rtol=1e-3)


def test_frequencies_above_the_new_nyquist_do_not_fold_back() -> None:
    archive = archive_of(trace(tone(20_000, 100.0, 40.0) + tone(20_000, 100.0, 5.0)))
    (block,) = three_component_blocks(archive, STATION, 50.0)
    time = np.arange(block.npts) / 50.0
    np.testing.assert_allclose(block.data[0, 100:-100], np.sin(2 * np.pi * 5 * time)[100:-100], atol=3e-3)


def test_short_gaps_are_masked_and_long_ones_start_a_new_stretch() -> None:
    data = counts(100 * 100)
    archive = archive_of(
        trace(data[:3000]), trace(data[4000:], start=START + 40), trace(data[:2000], start=START + 1000.005)
    )
    first, second = three_component_blocks(archive, STATION, 100.0)
    assert first.valid[0].sum() == 9000
    assert not first.valid[0, 3000:4000].any()
    assert (first.data[~first.valid] == 0).all()
    assert second.start == START + 1000.005
    assert second.npts == 2000
    assert second.valid[0].all()


def test_the_edges_of_gaps_do_not_ring() -> None:
    data = np.full(10_000, 1e6) + tone(10_000, 100.0, 2.0)
    archive = archive_of(trace(data[:4000]), trace(data[4500:], start=START + 45))
    (block,) = three_component_blocks(archive, STATION, 50.0)
    assert np.abs(block.data).max() < 1.5


def test_window_of_time() -> None:
    archive = archive_of(trace(counts(10_000)), trace(counts(10_000), N))
    (block,) = three_component_blocks(archive, STATION, 100.0, start=START + 10, end=START + 20)
    assert block.start == START + 10
    assert block.npts == 1001


def test_numbered_and_missing_horizontals() -> None:
    one, two = Z._replace(channel="HH1"), Z._replace(channel="HH2")
    archive = archive_of(trace(counts(1000)), trace(counts(1000, 1), two), trace(counts(1000, 2), one))
    (block,) = three_component_blocks(archive, STATION, 100.0)
    assert block.channels == (Z, one, two)
    assert describe_problems(archive, STATION) == []
    archive = archive_of(trace(counts(1000)), trace(counts(1000), two))
    (block,) = three_component_blocks(archive, STATION, 100.0)
    assert block.channels == (Z, None, two)
    assert not block.valid[1].any()
    assert describe_problems(archive, STATION) == ["HH1 is missing."]


def test_constant_channel_counts_as_missing() -> None:
    archive = archive_of(trace(counts(1000)), trace(np.full(1000, 17, np.int32), N), trace(counts(1000), E))
    (block,) = three_component_blocks(archive, STATION, 100.0)
    assert not block.valid[1].any()
    assert block.valid[[0, 2]].all()
    assert describe_problems(archive, STATION) == ["HHN is constant: the channel is dead."]


@pytest.mark.parametrize("seed", range(20))
def test_dead_stretches_are_where_samples_keep_one_value(seed: int) -> None:
    random = np.random.default_rng(seed)
    runs = [int(random.choice([1, 2, 30, 90, 99, 100, 101, 150, 400])) for _ in range(30)]
    samples = np.repeat(np.arange(30) % 7, runs)
    dead = np.zeros(len(samples), bool)
    for stretch in dead_stretches(samples, 10.0):
        dead[stretch] = True
    edges = np.cumsum([0, *runs])
    expected = np.zeros(len(samples), bool)
    for first, stop in pairwise(edges):
        if stop - first >= 100:
            expected[first + 5 * (first > 0) : stop - 5 * (stop < len(samples))] = True
    np.testing.assert_array_equal(dead, expected)


def test_a_short_record_of_one_value_is_dead() -> None:
    assert list(dead_stretches(np.full(20, 3), 10.0)) == [slice(0, 20)]
    assert list(dead_stretches(np.arange(20), 10.0)) == []
    assert list(dead_stretches(np.array([3]), 10.0)) == []


def test_mixed_rates_in_one_channel() -> None:
    fast = trace(tone(5000, 100.0, 2.0))
    slow = trace(tone(2500, 50.0, 2.0), start=START + 50, sampling_rate=50.0)
    archive = archive_of(fast, slow)
    (block,) = three_component_blocks(archive, STATION, 50.0)
    time = np.arange(block.npts) / 50.0
    assert block.npts == 5000
    np.testing.assert_allclose(block.data[0, 50:-50], np.sin(2 * np.pi * 2 * time)[50:-50], atol=2e-2)
    assert "HHZ has several sampling rates: 50, 100 Hz." in describe_problems(archive, STATION)


def test_low_rates() -> None:
    archive = archive_of(trace(counts(2000), sampling_rate=20.0))
    assert "HHZ is recorded at 20 Hz: picks will be less precise." in describe_problems(archive, STATION)
    archive = archive_of(trace(counts(2000), sampling_rate=1.0))
    assert "HHZ at 1 Hz is too slow for picking and left out." in describe_problems(archive, STATION)
    with pytest.raises(QuakeViewError, match="at least 5 Hz"):
        list(three_component_blocks(archive, STATION, 50.0))
    with pytest.raises(QuakeViewError, match="no waveforms"):
        list(three_component_blocks(archive, Instrument("no", "such", "", ""), 50.0))


def test_a_slow_channel_is_left_out_of_a_fast_instrument() -> None:
    archive = archive_of(trace(counts(1000)), trace(counts(1000), N, sampling_rate=1.0))
    blocks = list(three_component_blocks(archive, STATION, 100.0))
    assert len(blocks) == 1
    assert not blocks[0].valid[1].any()


def test_problems_of_real_gaps_and_of_files(tmp_path: Path) -> None:
    data = counts(9000)
    for number, first in enumerate((0, 2000, 4000)):
        write(tmp_path / f"{number}", trace(data[first : first + 1000], start=START + first / 100))
    write(tmp_path / "other", trace(counts(500, 3), start=START + 41))
    archive = Archive()
    archive.add([tmp_path])
    sentences = describe_problems(archive, STATION)
    assert "HHN and HHE are missing." in sentences
    assert "HHZ has 2 gaps (20 s in all)." in sentences
    assert any("different samples" in sentence for sentence in sentences)


def test_station_from_channels_without_usual_names() -> None:
    archive = Archive()
    archive.add([OBSPY / "io" / "nied" / "tests" / "data" / "test.knet"])
    (station,) = archive.stations
    (block,) = three_component_blocks(archive, station, 100.0)
    assert block.channels == (None, None, ChannelId("BO", "AKT013", "", "EW"))


def test_memory_does_not_grow_with_the_record(tmp_path: Path) -> None:
    archive = Archive(cache_bytes=2_000_000)
    for hour in range(6):
        write(tmp_path / str(hour), trace(counts(360_000, hour), start=START + 3600 * hour))
    archive.add([tmp_path])
    tracemalloc.start()
    samples = sum(block.npts for block in three_component_blocks(archive, STATION, 100.0, block_seconds=600))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert samples == 6 * 360_000
    assert peak < 12_000_000


def test_blocks_longer_than_their_overlap() -> None:
    with pytest.raises(ValueError, match="overlap"):
        list(three_component_blocks(archive_of(trace(counts(100))), STATION, 50.0, 10, 10))


def test_times_far_from_the_start_do_not_drift() -> None:
    rate = 99.9995
    n = 600_000
    archive = archive_of(trace(tone(n, rate, 1.0), sampling_rate=rate))
    last = list(three_component_blocks(archive, STATION, 50.0, block_seconds=600))[-1]
    time = np.arange(last.npts) / 50.0 + (last.start - UTCDateTime(START))
    inside = slice(50, last.npts - 50)
    np.testing.assert_allclose(last.data[0, inside], np.sin(2 * np.pi * time)[inside], atol=5e-3)
