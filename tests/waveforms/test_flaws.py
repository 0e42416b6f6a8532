from pathlib import Path

import numpy as np
import pytest
from obspy import Stream

from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import describe_problems, three_component_blocks
from quakeview.waveforms.display import load_display_records, refilter
from quakeview.waveforms.filters import Filter
from quakeview.waveforms.flaws import find_flaws, find_spikes, is_clipped
from tests.waveforms.records import START, Z, trace, write


def noise(n: int = 6000, std: float = 8.0, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, std, n).round().astype(np.int32)


@pytest.mark.parametrize(("fill", "offset"), [(0, 50_000), (0, 0), (-(2**31), 0), (-12345, 700), (999_999, 0), (4, 0)])
def test_filled_gaps_are_gaps(tmp_path: Path, fill: int, offset: int) -> None:
    data = noise() + np.int32(offset)
    data[2000:3000] = fill
    trace(data).write(str(tmp_path / "a"), format="MSEED", encoding="INT32")
    archive = Archive()
    archive.add([tmp_path / "a"])
    before, after = archive.read(Z)
    np.testing.assert_array_equal(before.data, data[:2000])
    np.testing.assert_array_equal(after.data, data[3000:])
    assert after.stats.starttime == START + 30
    (problem,) = archive.problems
    assert problem.sentence == f"a: 1,000 samples of XX.STA.00.HHZ only fill gaps (with {fill}): no data are there."
    (record,) = load_display_records(archive, Z)
    assert np.isnan(record.data[2000:3000]).all()
    (station,) = archive.stations
    (block,) = three_component_blocks(archive, station, 100.0)
    assert not block.valid[0, 2000:3000].any()
    assert block.valid[0, :2000].all()


def test_the_last_value_held_through_a_gap_is_a_gap() -> None:
    data = noise()
    data[2000:2500] = data[1999]
    (gap,) = find_flaws(data).stretches
    assert gap.start in (1999, 1998)
    assert gap.stop in (2500, 2501)


def _clipped() -> np.ndarray:
    wave = 2000 * np.sin(np.arange(6000) / 40) + noise()
    return np.clip(wave, -1500, 1500).astype(np.int32)


def _quiet_digitiser() -> np.ndarray:
    data = noise(std=0.3)
    data[4000:4500] += (500 * np.exp(-np.arange(500) / 100) * np.sin(np.arange(500) / 3)).astype(np.int32)
    return data


def _synthetic() -> np.ndarray:
    time = np.arange(6000) / 100
    return np.where(time > 20, np.exp(-(time - 20)) * (time - 20) * np.sin(30 * (time - 20)), 0.0)


def _calibration() -> np.ndarray:
    return np.where(np.arange(6000) // 1000 % 2, 1000, 0)


def _dead() -> np.ndarray:
    return np.full(6000, -12)


def _padded() -> np.ndarray:
    data = noise().astype(np.float32)
    data[:500] = data[-500:] = 0
    return data


@pytest.mark.parametrize("make", [_clipped, _quiet_digitiser, _synthetic, _calibration, _dead, _padded])
def test_records_that_are_still_are_records(make: object) -> None:
    data = make()  # type: ignore[operator]
    assert find_flaws(data).stretches == ()
    assert not len(find_spikes(data))


@pytest.mark.parametrize("value", [1e300, -1e300, 1e31])
def test_a_number_out_of_range_is_a_gap(tmp_path: Path, value: float) -> None:
    data = noise().astype(np.float64)
    data[3000] = value
    archive = Archive()
    archive.add([write(tmp_path / "a", trace(data))])
    assert [len(part) for part in archive.read(Z)] == [3000, 2999]
    assert archive.problems[0].sentence == "a: 1 sample of XX.STA.00.HHZ beyond 1e30: no data are there."
    (station,) = archive.stations
    (block,) = three_component_blocks(archive, station, 50.0)
    assert np.isfinite(block.data).all()


def test_spikes_of_telemetry_are_found_and_earthquakes_are_not() -> None:
    data = noise(20_000)
    true = [1500, 4000, 6560, 9000]
    data[true] = 8_388_607
    time = np.arange(3000) / 100
    data[12_000:15_000] += (30_000 * np.exp(-time) * np.sin(50 * time)).astype(np.int32)
    assert find_spikes(data).tolist() == true


def test_the_picker_gets_no_spikes_and_it_is_said() -> None:
    data = noise()
    clean = data.copy()
    data[[1500, 4000]] = 8_388_607
    archives = []
    for samples in (data, clean):
        archives.append(Archive())
        archives[-1].add_stream(Stream([trace(samples)]), "memory")
    (station,) = archives[0].stations
    (block,), (wanted,) = (list(three_component_blocks(archive, station, 100.0)) for archive in archives)
    assert np.abs(block.data[0] - wanted.data[0]).max() < 60
    assert block.valid[0].all()
    (record,) = load_display_records(archives[0], Z)
    assert record.value(1500) == 8_388_607
    assert "HHZ has 2 samples that are spikes of telemetry; picking passes over them." in describe_problems(
        archives[0], station
    )


def test_a_pulse_through_a_digitisers_filter_is_no_spike() -> None:
    pulse = np.sinc(0.8 * (np.arange(-200, 200) + 0.3)) * np.hanning(400)
    data = np.zeros(2000)
    data[800:1200] += 1e6 * pulse
    assert not len(find_spikes(data + np.random.default_rng(0).normal(0, 1, 2000)))


@pytest.mark.parametrize("offset", [2_000_000_000, 30_000_000, 0])
def test_large_offsets_are_taken_off_before_float32(tmp_path: Path, offset: int) -> None:
    data = noise()
    archive = Archive()
    path = tmp_path / "a"
    trace((data + offset).astype(np.int32)).write(str(path), format="MSEED", encoding="INT32")
    archive.add([path])
    (record,) = load_display_records(archive, Z)
    np.testing.assert_array_equal(record.data - record.data[0], data - data[0])
    assert record.value(1234) == data[1234] + offset
    filtered = refilter(record, Filter(low=2.0, high=20.0))
    wanted = Filter(low=2.0, high=20.0).apply(data.astype(np.float64), 100.0)
    np.testing.assert_allclose(filtered.data, wanted, atol=1e-3 * wanted.std())
    assert refilter(filtered, Filter(detrend=False)).value(1234) == data[1234] + offset


def wave(largest: float) -> np.ndarray:
    t = np.arange(0, 20, 0.01)
    return largest * np.sin(2 * np.pi * 1.3 * t) * np.exp(-(((t - 8) / 4) ** 2))


def test_a_flat_top_is_clipped() -> None:
    assert is_clipped(np.clip(wave(1e5), -7e4, 7e4))
    assert is_clipped(np.maximum(wave(1.0), -0.5))
    assert not is_clipped(wave(1e5))
    assert not is_clipped(np.rint(wave(50)).astype(np.int32))  # few levels: equal samples at a peak are natural


def test_counts_near_the_full_scale_of_24_bits_are_clipped_though_they_ring() -> None:
    assert is_clipped(np.rint(wave(8.2e6)).astype(np.int32))
    assert is_clipped(np.rint(wave(1.18e7)).astype(np.int32))
    assert not is_clipped(np.rint(wave(5e6)).astype(np.int32))
    assert not is_clipped(np.rint(wave(2e8)).astype(np.int32))  # of a digitiser with more bits
    assert not is_clipped(wave(8.2e6))  # not counts


@pytest.mark.parametrize("data", [np.empty(0), np.zeros(1000), np.ones(2)])
def test_a_record_without_motion_is_not_clipped(data: np.ndarray) -> None:
    assert not is_clipped(data)
