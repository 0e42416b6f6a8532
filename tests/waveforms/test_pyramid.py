import warnings

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview.waveforms.pyramid import MinMaxPyramid


def walk(n: int) -> NDArray[np.float32]:
    return np.cumsum(np.random.default_rng(n).standard_normal(n)).astype(np.float32)


def check(data: NDArray[np.float32], pyramid: MinMaxPyramid, first: int, last: int, n_bins: int) -> None:
    """Bins tile the range and hold the extremes of their samples."""
    index, lowest, highest = pyramid.envelope(first, last, n_bins)
    assert index[0] <= first
    width = index[1] - index[0]
    assert (np.diff(index) == width).all()
    assert index[-1] < last <= index[-1] + width
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for begin, low, high in zip(index, lowest, highest, strict=True):
            samples = data[begin : begin + width]
            np.testing.assert_array_equal([low, high], [np.nanmin(samples), np.nanmax(samples)])


@pytest.mark.parametrize("n", [17, 1000, 65_537, 200_001])
@pytest.mark.parametrize("part", [(0.0, 1.0), (0.1, 0.95), (0.501, 0.75)])
def test_bins_hold_the_extremes_of_their_samples(n: int, part: tuple[float, float]) -> None:
    data = walk(n)
    first, last = int(part[0] * n), int(part[1] * n)
    for n_bins in (2, 37, 800):
        if last - first > 2 * n_bins and last - first > 4:
            index, _, _ = MinMaxPyramid(data).envelope(first, last, n_bins)
            assert len(index) <= n_bins + 2
            check(data, MinMaxPyramid(data), first, last, n_bins)


def test_deep_zoom_gives_the_samples() -> None:
    data = walk(10_000)
    index, lowest, highest = MinMaxPyramid(data).envelope(500, 1000, 800)
    np.testing.assert_array_equal(index, np.arange(500, 1000))
    np.testing.assert_array_equal(lowest, data[500:1000])
    np.testing.assert_array_equal(highest, data[500:1000])


def test_gaps_are_honoured_without_warnings() -> None:
    data = walk(100_000)
    data[20_000:60_000] = np.nan
    data[70_000] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pyramid = MinMaxPyramid(data)
        index, lowest, highest = pyramid.envelope(0, 100_000, 100)
        np.testing.assert_array_equal(np.isnan(lowest), np.isnan(highest))
        assert np.isnan(lowest[(index >= 20_000) & (index < 58_000)]).all()
        assert np.isfinite(lowest[index >= 61_000]).all()
    check(data, pyramid, 0, 100_000, 100)


def test_samples_that_arrive_later() -> None:
    data = walk(300_000)
    growing = np.full(300_000, np.nan, np.float32)
    pyramid = MinMaxPyramid(growing)
    assert np.isnan(pyramid.envelope(0, 300_000, 50)[1]).all()
    for first, last in ((100_000, 200_003), (0, 100_000), (200_003, 300_000)):
        growing[first:last] = data[first:last]
        pyramid.update(first, last)
    for found, wanted in zip(
        pyramid.envelope(0, 300_000, 50), MinMaxPyramid(data).envelope(0, 300_000, 50), strict=True
    ):
        np.testing.assert_array_equal(found, wanted)


def test_bins_do_not_move_with_the_view() -> None:
    """Panning shows the same bins at other places, so that the trace does not shimmer."""
    pyramid = MinMaxPyramid(walk(1_000_000))
    index, lowest, _ = pyramid.envelope(100_000, 500_000, 400)
    moved_index, moved_lowest, _ = pyramid.envelope(100_777, 500_777, 400)
    bins = dict(zip(index.tolist(), lowest.tolist(), strict=True))
    inside = [(i, low) for i, low in zip(moved_index.tolist(), moved_lowest.tolist(), strict=True) if i in bins]
    assert len(inside) > 390
    assert all(bins[i] == low for i, low in inside)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (50, 40), (200, 300), (-10, -5)])
def test_nothing_to_draw(first: int, last: int) -> None:
    assert [len(part) for part in MinMaxPyramid(walk(100)).envelope(first, last, 10)] == [0, 0, 0]


def test_range_beyond_the_record_is_cut() -> None:
    index, _, _ = MinMaxPyramid(walk(100)).envelope(-50, 150, 100)
    np.testing.assert_array_equal(index, np.arange(100))


def test_empty_and_single_sample() -> None:
    assert len(MinMaxPyramid(np.empty(0, np.float32)).envelope(0, 1, 5)[0]) == 0
    index, lowest, highest = MinMaxPyramid(np.array([3], np.float32)).envelope(0, 1, 5)
    assert (index[0], lowest[0], highest[0]) == (0, 3, 3)


def test_memory_of_the_levels() -> None:
    data = walk(1_000_000)
    assert MinMaxPyramid(data).nbytes < 0.17 * data.nbytes
