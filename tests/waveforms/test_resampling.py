import numpy as np
import pytest

from quakeview.waveforms.resampling import margin_seconds, resample


def test_the_same_grid_is_a_copy_of_the_samples() -> None:
    data = np.random.default_rng(0).standard_normal(100).astype(np.float32)
    np.testing.assert_array_equal(resample(data, 100.0, 100.0, 0.1, 50), data[10:60])


@pytest.mark.parametrize("rate_out", [12.5, 40.0, 50.0, 64.0, 100.0, 250.0])
@pytest.mark.parametrize("first", [3.0, 3.0037, 2.9999])
def test_a_tone_keeps_amplitude_and_phase(rate_out: float, first: float) -> None:
    time = np.arange(2000) / 100.0
    found = resample(np.sin(2 * np.pi * 3 * time).astype(np.float32), 100.0, rate_out, first, int(10 * rate_out))
    wanted = np.sin(2 * np.pi * 3 * (first + np.arange(len(found)) / rate_out))
    np.testing.assert_allclose(found, wanted, atol=3e-3)


def test_beyond_its_ends_the_signal_stays_at_its_last_value() -> None:
    found = resample(np.full(10, 7.0, np.float32), 100.0, 50.0, -1.0, 200)
    np.testing.assert_allclose(found, 7.0, rtol=2e-3)


def test_one_sample() -> None:
    np.testing.assert_allclose(resample(np.array([3.0], np.float32), 100.0, 50.0, 0.0, 1), [3.0], rtol=2e-3)


def test_margin_covers_the_filter() -> None:
    """Samples further away than the margin do not matter."""
    data = np.random.default_rng(0).standard_normal(4000).astype(np.float32)
    margin = int(margin_seconds(100.0, 30.0) * 100)
    whole = resample(data, 100.0, 30.0, 20.003, 30)
    part = resample(data[2000 - margin : 2100 + margin], 100.0, 30.0, 20.003 - (2000 - margin) / 100, 30)
    np.testing.assert_allclose(part, whole, atol=1e-5)
