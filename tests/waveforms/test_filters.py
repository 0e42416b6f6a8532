import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.waveforms.filters import Filter, finite_stretches

RATE = 100.0


def noise(n: int = 50_000, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(n).astype(np.float32)


def reference(data: NDArray, filter: Filter) -> NDArray[np.float64]:
    """SciPy's recursive filter, in double precision, after its detrending."""
    corners = [corner for corner in (filter.low, filter.high) if corner is not None]
    kind = "bandpass" if len(corners) == 2 else "highpass" if filter.low is not None else "lowpass"
    sections = signal.butter(filter.corners, np.squeeze(corners), kind, fs=RATE, output="sos")
    samples = signal.detrend(data.astype(np.float64)) if filter.detrend else data.astype(np.float64)
    if filter.zero_phase:
        return signal.sosfiltfilt(sections, samples, padlen=min(filter.margin(RATE), len(data) - 1))
    return signal.sosfilt(sections, samples)


@pytest.mark.parametrize("zero_phase", [True, False])
@pytest.mark.parametrize(("low", "high"), [(1.0, 10.0), (0.05, 0.5), (1.0, None), (None, 5.0), (2.0, 45.0)])
def test_filters_equal_the_recursive_ones(low: float | None, high: float | None, zero_phase: bool) -> None:
    filter = Filter(low=low, high=high, zero_phase=zero_phase)
    data = noise() + np.linspace(-5, 30, 50_000, dtype=np.float32)
    margin = filter.margin(RATE)
    found, wanted = filter.apply(data, RATE), reference(data, filter)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[margin:-margin], wanted[margin:-margin], atol=1e-3 * wanted.std())


@pytest.mark.parametrize("corners", [1, 2, 3, 8])
def test_orders(corners: int) -> None:
    filter = Filter(low=1.0, high=10.0, corners=corners)
    found, wanted = filter.apply(noise(), RATE), reference(noise(), filter)
    margin = filter.margin(RATE)
    np.testing.assert_allclose(found[margin:-margin], wanted[margin:-margin], atol=1e-3 * wanted.std())


def test_detrend_alone_removes_the_line() -> None:
    data = (np.arange(10_000) * 0.3 + 1e6).astype(np.float64)
    assert np.abs(Filter().apply(data, RATE)).max() < 1e-3
    np.testing.assert_array_equal(Filter(detrend=False).apply(data, RATE), data.astype(np.float32))


@pytest.mark.parametrize("filter", [Filter(), Filter(low=1.0), Filter(low=0.05, high=0.5)])
def test_a_steep_drift_costs_no_accuracy(filter: Filter) -> None:
    n = 300_000
    drift = np.linspace(-1e6, 3e6, n)
    found = filter.apply(noise(n).astype(np.float64) + drift, RATE)
    np.testing.assert_allclose(found, filter.apply(noise(n), RATE), atol=1e-4)


def test_the_result_can_go_into_an_array() -> None:
    data = noise()
    data[100:200] = np.nan
    out = np.zeros_like(data)
    filter = Filter(low=1.0)
    assert filter.apply(data, RATE, out=out) is out
    np.testing.assert_array_equal(out, filter.apply(data, RATE))


def test_a_large_offset_does_not_ring_at_the_ends() -> None:
    filtered = Filter(detrend=False, low=1.0).apply(np.full(5000, 1e5), RATE)
    assert np.abs(filtered).max() < 1.0


def test_gaps_stay_and_are_not_smeared() -> None:
    """A stretch between gaps is filtered as if it were alone."""
    data = noise()
    data[10_000:20_000] += 1e4
    data[[9_999, 20_000]] = np.nan
    data[30_000:31_000] = np.inf
    filter = Filter(low=1.0, high=10.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = filter.apply(data, RATE)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(data))
    np.testing.assert_allclose(found[10_000:20_000], filter.apply(data[10_000:20_000], RATE), atol=1e-6)
    assert np.abs(found[np.isfinite(found)]).max() < 10


@pytest.mark.parametrize("n", [0, 1, 2, 5, 100])
@pytest.mark.parametrize("zero_phase", [True, False])
def test_short_records(n: int, zero_phase: bool) -> None:
    found = Filter(low=0.5, high=10.0, zero_phase=zero_phase).apply(noise(n), RATE)
    assert found.shape == (n,)
    assert np.isfinite(found).all()


def test_integers_are_left_alone() -> None:
    data = np.arange(1000, dtype=np.int32)
    before = data.copy()
    Filter(low=1.0).apply(data, RATE)
    np.testing.assert_array_equal(data, before)


def test_onsets_stay_in_place_with_zero_phase_and_do_not_come_early_if_causal() -> None:
    data = np.zeros(20_000)
    data[10_000] = 1.0
    both = Filter(detrend=False, low=1.0, high=10.0, zero_phase=True).apply(data, RATE)
    assert np.abs(both).argmax() == 10_000
    np.testing.assert_allclose(both[9_000:10_000], both[11_000:10_000:-1], atol=1e-6)
    causal = Filter(detrend=False, low=1.0, high=10.0).apply(data, RATE)
    assert np.abs(causal[:10_000]).max() < 1e-6
    assert np.abs(causal[10_000:10_100]).max() > 0.01


@pytest.mark.parametrize("filter", [Filter(high=50.0), Filter(low=60.0), Filter(low=0.0), Filter(low=1.0, high=100.0)])
def test_corner_that_the_data_do_not_reach(filter: Filter) -> None:
    with pytest.raises(QuakeViewError, match="half the sampling rate"):
        filter.apply(noise(100), RATE)


def test_corners_the_wrong_way_round() -> None:
    with pytest.raises(QuakeViewError, match="below the upper"):
        Filter(low=10.0, high=1.0).apply(noise(100), RATE)


def test_labels() -> None:
    labels = [
        Filter(low=1.0, high=10.0).label,
        Filter(low=0.5).label,
        Filter(high=2.0).label,
        Filter().label,
        Filter(detrend=False).label,
    ]
    assert labels == ["1–10 Hz", "> 0.5 Hz", "< 2 Hz", "Detrended", "Unfiltered"]


def test_names_say_which_phase_a_filter_has() -> None:
    named = (Filter(low=2.0, high=10.0), Filter(low=2.0, high=10.0, zero_phase=True), Filter(low=2.0), Filter())
    assert [filter.name for filter in named] == [
        "2–10 Hz, causal",
        "2–10 Hz, zero-phase",
        "> 2 Hz, causal",
        "Detrended",
    ]


def test_what_depends_on_what_was_not_recorded_is_said() -> None:
    """Whatever came before, beyond it the result is nearly the same."""
    data, before = noise(8000), 5 * noise(8000)[::-1]
    filter = Filter(detrend=False, low=1.0, high=10.0)
    ((first, last),) = filter.unsettled(data, RATE).tolist()
    assert (first, last < 2000) == (0, True)
    alone, whole = filter.apply(data, RATE), filter.apply(np.concatenate((before, data)), RATE)[8000:]
    assert np.abs(alone - whole)[:last].max() > 0.5
    assert np.abs(alone - whole)[last:].max() < 0.15 * np.abs(whole).max()


def test_every_stretch_settles_and_zero_phase_at_both_ends() -> None:
    data = noise(9000)
    data[4000:4100] = np.nan
    causal, both = (Filter(low=1.0, zero_phase=zero).unsettled(data, RATE) for zero in (False, True))
    assert causal[:, 0].tolist() == [0, 4100]
    assert both[[1, 3], 1].tolist() == [4000, 9000]
    assert Filter().unsettled(data, RATE).shape == (0, 2)


def test_finite_stretches() -> None:
    data = np.array([np.nan, 1, 2, np.inf, 3, np.nan])
    assert list(finite_stretches(data)) == [slice(1, 3), slice(4, 5)]
    assert list(finite_stretches(np.arange(3))) == [slice(0, 3)]
    assert list(finite_stretches(np.empty(0))) == []


def test_cancel_in_the_middle() -> None:
    class CancelSoon(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            if done > 0:
                self.cancel()

    with pytest.raises(Cancelled):
        Filter(low=1.0).apply(noise(1_000_000), RATE, CancelSoon())
