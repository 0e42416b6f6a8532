"""Labels move with the data, whatever is done to it."""

from dataclasses import replace

import numpy as np
import pytest

from quakeview.training import augmentations as change
from quakeview.training.augmentations import Window
from quakeview.training.records import Arrival

RATE = 50.0
N = 2048


def spiked(p: int = 700, s: int = 1000, amplitude: float = 1.0, n: int = N) -> Window:
    """A spike on Z at the P, on N at the S."""
    data = np.zeros((3, n), np.float32)
    data[0, p], data[1, s] = amplitude, 2 * amplitude
    true = np.ones((3, n), bool)
    return Window(data, true, true[:2].copy(), (Arrival("P", p), Arrival("S", s)), (), 30.0)


def bursting(p: int, s: int, amplitude: float = 1.0) -> Window:
    """10 Hz bursts of 3 s at the P and the S over faint noise."""
    window = spiked(p, s)
    time = np.arange(N) / RATE
    data = 0.01 * np.random.default_rng(p).standard_normal((3, N))
    for at, scale in ((p, 1.0), (s, 3.0)):
        late = time - at / RATE
        data += amplitude * scale * np.sin(2 * np.pi * 10 * late + 1) * np.exp(-late.clip(0)) * (late >= 0)
    return replace(window, data=data.astype(np.float32))


def peaks_of(window: Window) -> dict[str, int]:
    return {"P": int(np.abs(window.data[0]).argmax()), "S": int(np.abs(window.data[1]).argmax())}


@pytest.mark.parametrize("seed", range(5))
def test_shift_rolls_data_and_labels_together(seed: int) -> None:
    window = change.shift(spiked(), np.random.default_rng(seed))
    assert {a.phase: a.sample for a in window.picks} == peaks_of(window)


@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_stretch_moves_labels_with_data(factor: float) -> None:
    window = change.stretch(spiked(n=2600), factor, N)
    assert window.data.shape == (3, N)
    for arrival in window.picks:
        assert arrival.sample == pytest.approx(peaks_of(window)[arrival.phase], abs=1)
    assert window.picks[0].sample == pytest.approx(700 * factor)


def test_rotation_turns_the_back_azimuth_with_the_ground_motion() -> None:
    azimuth = np.radians(30)
    data = np.zeros((3, N), np.float32)
    data[1, 5], data[2, 5] = np.cos(azimuth), np.sin(azimuth)
    window = change.rotate(replace(spiked(), data=data), np.random.default_rng(1))
    turned = np.degrees(np.arctan2(window.data[2, 5], window.data[1, 5])) % 360
    assert window.back_azimuth == pytest.approx(turned, abs=1e-3)
    assert window.back_azimuth != 30.0


def test_rotation_spreads_a_missing_horizontal() -> None:
    window = spiked()
    window.valid[2] = False
    assert change.rotate(window, np.random.default_rng(0)).valid.all()


def test_flip_turns_the_polarity() -> None:
    window = change.flip(spiked(), np.random.default_rng(0))
    assert window.flipped
    assert window.data[0, 700] == -1


@pytest.mark.parametrize("drop", [change.drop_channel, change.drop_component, change.only_vertical])
def test_lost_components_are_zero_and_invalid(drop: change.Augmentation) -> None:
    window = spiked()
    np.add(window.data, 1, out=window.data)
    lost = drop(window, np.random.default_rng(3))
    missing = ~lost.valid.any(axis=1)
    assert 1 <= missing.sum() <= 2
    assert (lost.data[missing] == 0).all()
    assert (lost.data[~missing] != 0).any(axis=1).all()


def test_the_last_component_is_never_dropped() -> None:
    window = change.only_vertical(spiked(), np.random.default_rng(0))
    for seed in range(10):
        assert change.drop_component(window, np.random.default_rng(seed)).valid.any()


def test_pre_emphasis_is_the_first_difference_nearly() -> None:
    window = change.pre_emphasis(spiked(), np.random.default_rng(0))
    assert window.data[0, 700:702].tolist() == pytest.approx([1, -0.97])


def test_gaps_are_zero_invalid_and_spare_the_labels() -> None:
    for seed in range(20):
        window = spiked()
        np.add(window.data, 1, out=window.data)
        cut = change.cut_gap(window, np.random.default_rng(seed))
        gap = np.flatnonzero(~cut.valid[0])
        assert (cut.data[:, gap] == 0).all()
        assert len(gap) <= 0.1 * N
        assert not {700, 1000} & set(gap[1:])


def test_white_noise_has_the_wanted_power() -> None:
    window = replace(spiked(), data=np.random.default_rng(0).standard_normal((3, N)).astype(np.float32))
    ratios = []
    for seed in range(40):
        noisy = change.add_white_noise(window, np.random.default_rng(seed))
        ratios.append(10 * np.log10(window.data.var() / (noisy.data - window.data).var()))
    assert min(ratios) > 9.5
    assert max(ratios) < 51


def test_recorded_noise_stays_under_the_weakest_pick() -> None:
    window = bursting(700, 1200)
    noise = np.random.default_rng(5).standard_normal((3, N)).astype(np.float32)
    for seed in range(10):
        added = change.add_noise(window, noise, np.random.default_rng(seed), RATE).data - window.data
        signal = change.pick_band(window.data, RATE)[:, 700:800].std(axis=1).max()
        assert signal / change.pick_band(added, RATE).std(axis=1).max() > 10 ** (5.5 / 20)


def test_stacking_keeps_both_sets_of_labels_and_doubts_what_is_hidden() -> None:
    first, second = bursting(300, 500), bursting(1200, 1500)
    apart = change.stack(first, second, np.random.default_rng(0), RATE)
    assert sorted(a.sample for a in apart.picks) == [300, 500, 1200, 1500]
    near = bursting(510, 530)
    doubted = [
        window
        for seed in range(20)
        if (window := change.stack(first, near, np.random.default_rng(seed), RATE)).doubtful
    ]
    assert doubted
    for window in doubted:
        assert len(window.picks) + len(window.doubtful) == 4
        for phase, sample in window.doubtful:
            assert not window.counts["PS".index(phase), int(sample)]


def test_band_limit_and_clipping_leave_labels_alone() -> None:
    window = bursting(700, 1200)
    for augment in (change.limit_band, change.clip):
        changed = augment(window, np.random.default_rng(0))
        assert changed.picks == window.picks
        assert np.abs(changed.data).max() < np.abs(window.data).max()


def test_half_of_the_papers_windows_are_unchanged_and_some_are_noise() -> None:
    window = bursting(700, 1200)
    made = [change.as_in_paper(window, np.random.default_rng(seed)) for seed in range(400)]
    unchanged = sum(one.data is window.data for one in made)
    noise = sum(not one.picks for one in made)
    assert 180 < unchanged < 270
    assert 2 <= noise <= 25
    assert all(one.data.dtype == np.float32 and np.isfinite(one.data).all() for one in made)
