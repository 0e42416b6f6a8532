import warnings

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.waveforms.spectrogram import spectrogram


@pytest.mark.parametrize("n", [200, 6000, 500_000])
def test_a_tone_has_its_frequency_and_power_at_all_times(n: int) -> None:
    amplitude, frequency = 3.0, 12.5
    data = amplitude * np.sin(2 * np.pi * frequency * np.arange(n) / 100.0) + 1e4
    found = spectrogram(data.astype(np.float32), 100.0, max_columns=400)
    assert found.power.shape == (len(found.frequencies), len(found.times))
    assert found.power.dtype == np.float32
    assert len(found.times) <= 400
    assert (found.frequencies[found.power.argmax(axis=0)] == frequency).all()
    spacing = found.frequencies[1]
    power = (10 ** (found.power[1:].astype(float) / 10)).sum(axis=0) * spacing
    np.testing.assert_allclose(power, amplitude**2 / 2, rtol=0.03)


def test_a_burst_in_a_day_is_seen_at_its_time() -> None:
    data = np.zeros(24 * 36_000, np.float32)
    data[400_000:400_050] = np.random.default_rng(0).standard_normal(50)
    found = spectrogram(data, 10.0, max_columns=500)
    assert abs(found.times[found.power.max(axis=0).argmax()] - 40_002.5) < 24 * 3600 / 500
    assert np.all(np.diff(found.times) > 0)


def test_size_fits_the_screen() -> None:
    found = spectrogram(np.zeros(1_000_000, np.float32), 100.0, max_columns=300, max_rows=100)
    assert len(found.times) <= 300
    assert len(found.frequencies) <= 100
    assert found.frequencies[-1] == 50.0


def test_gaps_are_nan() -> None:
    data = np.random.default_rng(0).standard_normal(100_000)
    data[30_000:60_000] = np.nan
    data[80_000] = np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = spectrogram(data, 100.0)
    missing = np.isnan(found.power).all(axis=0)
    np.testing.assert_array_equal(missing, np.isnan(found.power).any(axis=0))
    assert missing[(found.times > 300) & (found.times < 600)].all()
    assert not missing[found.times < 290].any()
    assert not missing[found.times > 820].any()


def test_too_short() -> None:
    with pytest.raises(QuakeViewError, match="at least 16 samples"):
        spectrogram(np.zeros(15), 100.0)
    assert spectrogram(np.zeros(16), 100.0).power.shape == (9, 1)


def test_cancel() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        spectrogram(np.zeros(1000), 100.0, progress=progress)
