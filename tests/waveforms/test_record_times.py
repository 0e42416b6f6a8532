"""The times of samples are those that the records say, however they are read, cut, drawn or picked."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream

from quakeview.waveforms import archive as archive_module
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import three_component_blocks
from quakeview.waveforms.display import load_display_records
from tests.waveforms.records import START, Z, trace, write

PER_RECORD = 412


def drifting(
    path: Path, seconds: float, time_of: Callable[[np.ndarray], np.ndarray], spikes: tuple[float, ...]
) -> Path:
    """Records that say 100 Hz, each with its own time; pulses at the given true times (s)."""
    n = int(seconds * 100)
    true = time_of(np.arange(n))
    data = np.random.default_rng(0).integers(-9, 9, n, dtype=np.int32)
    for time in spikes:  # wide enough for a digitiser's filter, so that picking takes it for ground motion
        data += (30_000 * np.exp(-(((true - time) / 0.015) ** 2))).astype(np.int32)
    records = [trace(data[i : i + PER_RECORD], start=START + float(true[i])) for i in range(0, n, PER_RECORD)]
    return write(path, *records)


def spike_times(samples: np.ndarray, start: float, rate: float) -> list[float]:
    peaks = np.flatnonzero(np.nan_to_num(np.abs(samples)) > 8_000)
    groups = np.split(peaks, np.flatnonzero(np.diff(peaks) > 10) + 1)
    return [start + group[np.abs(samples[group]).argmax()] / rate for group in groups if len(group)]


CLOCKS = {
    "slow by 100 ppm": lambda n: n / 99.99,
    "fast by 122 ppm": lambda n: n / 100.0122,
    "wandering": lambda n: n / 100 + 0.3 * np.sin(n / 60_000),
}
SPIKES = (10.0, 1500.0, 3590.0)


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("in_parts", [False, True])
def test_spikes_are_at_their_records_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: str, in_parts: bool
) -> None:
    path = drifting(tmp_path / "a", 3620.0, CLOCKS[clock], SPIKES)
    if in_parts:
        monkeypatch.setattr(archive_module, "_CHUNK_SAMPLES", 100_000)
    archive = Archive()
    (problem,) = archive.add([path])
    assert "the clock of XX.STA.00.HHZ drifts by" in problem.sentence
    pieces = archive.pieces(Z)
    read = [
        time
        for piece in pieces
        for time in spike_times(piece.data, (piece.start - START.ns) / 1e9, piece.sampling_rate)
    ]
    np.testing.assert_allclose(read, SPIKES, atol=0.0101)
    (record,) = load_display_records(archive, Z)
    assert np.isfinite(record.data).all()
    np.testing.assert_allclose(
        spike_times(record.data, record.start - START, record.sampling_rate), SPIKES, atol=0.0151
    )
    (station,) = archive.stations
    blocks = list(three_component_blocks(archive, station, 50.0))
    assert all(block.valid[0].all() for block in blocks)
    samples = np.concatenate([block.data[0] for block in blocks])
    np.testing.assert_allclose(spike_times(samples, blocks[0].start - START, 50.0), SPIKES, atol=0.0201)
    (window,) = archive.read(Z, START + 3580, START + 3600)[:1]
    np.testing.assert_allclose(
        spike_times(window.data, window.stats.starttime - START, window.stats.sampling_rate), [3590], atol=0.0101
    )


def test_the_drift_of_a_channel_is_said_once(tmp_path: Path) -> None:
    for hour in range(3):
        drifting(tmp_path / f"{hour}", 3600.0, lambda n, hour=hour: 3600 * hour + n / 99.99, ())
    archive = Archive()
    (problem,) = archive.add([tmp_path])
    assert problem.sentence == (
        "0: the clock of XX.STA.00.HHZ drifts by 0.36 s an hour: its headers say 100 Hz, the times of its records "
        "99.99 Hz, which is used."
    )


@pytest.mark.parametrize("rate", [100.0122, 124.9998, 99.9999, 99.37])
def test_odd_rates_do_not_drift_through_the_resampling(rate: float) -> None:
    """Half an hour in blocks: a tone stays in phase to a hundredth of a second."""
    true = np.arange(int(1810 * rate)) / rate
    archive = Archive()
    archive.add_stream(Stream([trace(np.sin(2 * np.pi * 2 * true), sampling_rate=rate)]), "memory")
    (station,) = archive.stations
    samples = np.concatenate([block.data[0] for block in three_component_blocks(archive, station, 50.0)])
    wanted = np.sin(2 * np.pi * 2 * np.arange(len(samples)) / 50)
    inside = slice(500, -500)
    np.testing.assert_allclose(samples[inside], wanted[inside], atol=2 * np.pi * 2 * 0.0005)


def test_a_spike_is_drawn_in_its_place_after_hours_at_a_second_rate(tmp_path: Path) -> None:
    rate, n = 100.004, 400_000
    first = trace(np.zeros(500_000, np.int32), sampling_rate=100.0)
    data = np.zeros(n, np.int32)
    data[n - 1000] = 100_000
    second = trace(data, start=START + 5000.01, sampling_rate=rate)
    archive = Archive()
    archive.add([write(tmp_path / "a", first), write(tmp_path / "b", second)])
    (record,) = load_display_records(archive, Z)
    stored = float(np.float32(rate))  # MiniSEED keeps it so
    true = 5000.01 + (n - 1000) / stored
    drawn = record.start - START + int(np.nanargmax(np.abs(record.data))) / record.sampling_rate
    assert abs(drawn - true) <= 0.01


def test_rates_that_differ_in_the_sixth_digit_make_one_gapless_channel() -> None:
    archive = Archive()
    data = np.random.default_rng(0).integers(-9, 9, 6000, dtype=np.int32)
    archive.add_stream(
        Stream([trace(data[:3000], sampling_rate=100.0), trace(data[3000:], start=START + 30, sampling_rate=100.0001)]),
        "memory",
    )
    (piece,) = archive.pieces(Z)
    np.testing.assert_array_equal(piece.data, data)
    assert len(archive.coverage(Z)) == 1
