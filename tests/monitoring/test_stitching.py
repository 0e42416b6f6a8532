import numpy as np
import pytest

from quakeview.monitoring.stitching import Stitcher, Windowing


class LocalPicker:
    """A stand-in network whose answer depends on the whole normalised window."""

    sampling_rate = 50.0
    window_samples = 400
    batch_size = 3
    windowing = Windowing()

    def __init__(self):
        self.calls = 0

    def probabilities(self, windows):
        self.calls += len(windows)
        level = np.abs(windows).mean(axis=(1, 2), keepdims=True)
        return np.abs(windows[:, :2]) * level


def stitch(data, cuts):
    picker = LocalPicker()
    stitcher = Stitcher(picker)
    valid = np.ones(data.shape, bool)
    pieces = []
    for first, last in zip([0, *cuts], [*cuts, data.shape[1]], strict=True):
        pieces += list(stitcher.add(data[:, first:last], valid[:, first:last]))
    return np.concatenate([*pieces, stitcher.finish()], axis=1), picker


@pytest.mark.parametrize("length", [1, 150, 400, 401, 599, 600, 3333])
def test_as_many_probabilities_as_samples(length):
    rng = np.random.default_rng(1)
    probabilities, _ = stitch(rng.normal(size=(3, length)).astype(np.float32), [])
    assert probabilities.shape == (2, length)
    assert np.isfinite(probabilities).all()


def test_the_cut_into_blocks_does_not_show():
    data = np.random.default_rng(2).normal(size=(3, 5000)).astype(np.float32)
    whole, _ = stitch(data, [])
    cut, _ = stitch(data, [7, 411, 1000, 1001, 3999, 4990])
    np.testing.assert_allclose(cut, whole, rtol=1e-5)


def test_every_sample_is_seen_by_two_windows_and_no_more_are_run_than_needed():
    _, picker = stitch(np.ones((3, 4000), np.float32), [])
    assert picker.calls == 4000 // 200 - 1


def test_the_last_window_ends_with_the_data():
    """An arrival in the last seconds is judged with a full window of data before it, not with padding."""
    data = np.random.default_rng(3).normal(size=(3, 1000)).astype(np.float32)
    seen = []

    class Recorder(LocalPicker):
        def probabilities(self, windows):
            seen.extend(windows)
            return super().probabilities(windows)

    stitcher = Stitcher(Recorder())
    list(stitcher.add(data, np.ones(data.shape, bool)))
    stitcher.finish()
    assert np.corrcoef(seen[-1][0], data[0, -400:])[0, 1] > 0.95


class BlindPicker(LocalPicker):
    """Says nothing of the first and last tenth of a window, and less of every further window."""

    def __init__(self, **windowing):
        super().__init__()
        self.windowing = Windowing(**windowing)

    def probabilities(self, windows):
        first = self.calls
        self.calls += len(windows)
        level = 0.9 - 0.1 * np.arange(first, self.calls)
        probabilities = np.broadcast_to(level[:, None, None], (len(windows), 2, 400)).astype(np.float32).copy()
        probabilities[..., :40] = probabilities[..., -40:] = np.nan
        return probabilities


def test_where_a_window_says_nothing_the_others_count_and_0_where_none_does():
    stitcher = Stitcher(BlindPicker())
    data = np.ones((3, 800), np.float32)
    curve = np.concatenate([*stitcher.add(data, data > 0), stitcher.finish()], axis=1)
    assert np.isfinite(curve).all()
    assert not curve[:, :40].any()
    assert not curve[:, -40:].any()
    np.testing.assert_allclose(curve[:, 40:240], 0.9, rtol=1e-6)
    assert ((curve[:, 240:360] < 0.9) & (curve[:, 240:360] > 0.8)).all()


@pytest.mark.parametrize("hop", [100, 300, 400])
def test_the_highest_window_counts_where_a_picker_wants_that(hop):
    picker = BlindPicker(hop=hop, highest=True)
    stitcher = Stitcher(picker)
    data = np.ones((3, 1200), np.float32)
    curve = np.concatenate([*stitcher.add(data, data > 0), stitcher.finish()], axis=1)
    assert picker.calls == len({*range(0, 801, hop), 800})
    np.testing.assert_allclose(curve[:, 40:360], 0.9, rtol=1e-6)
    assert curve.shape == (2, 1200)
