"""Relative times by cross-correlation: known shifts, reversed polarities, bad traces, stacks."""

import numpy as np
import pytest

from quakeview.analysis.correlation import Window, correlate, needed, stacks
from quakeview.analysis.cuts import Cut
from quakeview.errors import QuakeViewError

RATE = 100.0
PICK = 1_562_259_780.0
WINDOW = Window(before=0.5, after=1.5, max_lag=0.3, least=0.6)


def wavelet(times: np.ndarray) -> np.ndarray:
    """An onset at 0 that rings down."""
    return np.where(times > 0, np.sin(2 * np.pi * 3 * times) * times * np.exp(-3 * np.clip(times, 0, None)), 0.0)


def made(onset: float, sign: float = 1.0, noise: float = 0.01, seed: int = 0, rate: float = RATE) -> Cut:
    """A trace around ``PICK`` whose wave comes ``onset`` s after it."""
    first, last = needed(PICK, WINDOW, rate)
    start = np.floor(first * 10) / 10 + 0.003 * seed
    times = start + np.arange(round((last - start + 1) * rate)) / rate - PICK
    data = sign * wavelet(times - onset) + noise * np.random.default_rng(seed).standard_normal(len(times))
    return Cut(f"S{seed}", start, rate, data)


def test_shifts_are_found_to_a_fraction_of_a_sample():
    true = np.array([0.0, 0.113, -0.071, 0.2, -0.15, 0.044])
    found = correlate([made(t, seed=i) for i, t in enumerate(true)], [PICK] * len(true), WINDOW)
    np.testing.assert_allclose([each.shift for each in found.traces], true - true.mean(), atol=0.002)
    assert all(each.counts and not each.reversed and each.coefficient > 0.95 for each in found.traces)
    assert all(each.uncertainty is not None and each.uncertainty < 0.01 for each in found.traces)


def test_rates_may_differ():
    true = [0.0, 0.1, -0.1]
    found = correlate(
        [made(t, seed=i, rate=r) for i, (t, r) in enumerate(zip(true, (100, 50, 40), strict=True))], [PICK] * 3, WINDOW
    )
    np.testing.assert_allclose([each.shift for each in found.traces], true, atol=0.005)


def test_a_reversed_trace_is_told_and_still_timed():
    true = np.array([0.0, 0.1, -0.1, 0.05])
    cuts = [made(t, sign=-1 if i == 2 else 1, seed=i) for i, t in enumerate(true)]
    found = correlate(cuts, [PICK] * 4, WINDOW)
    assert [each.reversed for each in found.traces] == [False, False, True, False]
    np.testing.assert_allclose([each.shift for each in found.traces], true - true.mean(), atol=0.003)
    assert np.abs(found.linear).max() > 0.9 * np.abs(found.aligned[0]).max()


def test_noise_is_named_as_bad_and_does_not_move_the_others():
    true = np.array([0.0, 0.1, -0.1, 0.05])
    cuts = [
        *(made(t, seed=i) for i, t in enumerate(true)),
        Cut("noise", made(0).start, RATE, made(0, 0.0, 1.0, 9).data),
    ]
    found = correlate(cuts, [PICK] * 5, WINDOW)
    assert [each.counts for each in found.traces] == [True] * 4 + [False]
    assert found.traces[-1].uncertainty is None
    np.testing.assert_allclose([each.shift for each in found.traces[:4]], true - true.mean(), atol=0.003)


@pytest.mark.parametrize(
    ("cuts", "window", "said"),
    [
        ([made(0), made(0, seed=1)], WINDOW, "at least 3 traces"),
        ([made(0, 0, 1, seed=i) for i in range(4)], WINDOW, "Fewer than 3 traces fit"),
        ([made(0, seed=i) for i in range(3)], Window(max_lag=0.0), "longer than nothing"),
        ([made(0, seed=i) for i in range(3)], Window(before=5.0), "does not reach"),
        ([made(0), made(0, seed=1), Cut("flat", made(0).start, RATE, np.zeros(1000))], WINDOW, "flat is constant"),
    ],
)
def test_what_cannot_be_correlated_is_said(cuts, window, said):
    with pytest.raises(QuakeViewError, match=said):
        correlate(cuts, [PICK] * len(cuts), window)


def test_a_phase_weighted_stack_keeps_what_is_coherent_and_quiets_the_rest():
    rng = np.random.default_rng(2)
    times = np.arange(-1, 2, 0.01)
    traces = np.array([wavelet(times) / 0.12 + 0.3 * rng.standard_normal(len(times)) for _ in range(12)])
    linear, weighted = stacks(traces)
    quiet, loud = times < -0.1, np.argmax(np.abs(linear))
    assert np.abs(weighted[quiet]).max() < 0.5 * np.abs(linear[quiet]).max()
    assert weighted[loud] == pytest.approx(linear[loud], rel=0.15)
