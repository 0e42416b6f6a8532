"""Spectra of a piece of record: their level, their unit, their noise."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from quakeview.analysis.cuts import Cut
from quakeview.analysis.spectra import LONGEST, clear_band, ground_power, noise_models, power_spectrum
from quakeview.errors import QuakeViewError
from quakeview.stations.ground_motion import Quantity

RATE, START = 100.0, 1_577_836_800.0
NOISE = np.random.default_rng(1)


def piece(data: np.ndarray, unit: str = "counts") -> Cut:
    return Cut("XX.AAA..HHZ", START, RATE, data, unit)


def tone(frequency: float, n: int = 6000) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(n) / RATE)


@pytest.mark.parametrize("n", [6000, 8 * LONGEST], ids=["one window", "several"])
def test_white_noise_has_its_power_density(n: int) -> None:
    spectrum = power_spectrum(piece(3 * NOISE.standard_normal(n)))
    assert spectrum.power[spectrum.frequency > 1].mean() == pytest.approx(9 / 50, rel=0.1)
    assert spectrum.windows == (1 if n == 6000 else 8)
    assert spectrum.seconds == n / RATE


def test_the_peak_of_a_tone_is_where_it_belongs() -> None:
    spectrum = power_spectrum(piece(tone(4.0)))
    assert spectrum.frequency[np.argmax(spectrum.power)] == pytest.approx(4.0, rel=0.04)


def test_the_amplitude_of_a_pulse_is_its_fourier_transform() -> None:
    """Below its corner the spectrum of a pulse is its area."""
    time = (np.arange(4000) - 2000) / RATE
    pulse = np.exp(-((time / 0.05) ** 2))
    spectrum = power_spectrum(piece(pulse))
    low = spectrum.frequency < 1.0
    assert_allclose(spectrum.amplitude(spectrum.seconds)[low], 0.05 * np.sqrt(np.pi), rtol=0.1)


def test_a_day_is_looked_at_in_windows_spread_over_it() -> None:
    data = NOISE.standard_normal(60 * LONGEST).astype(np.float32)
    data[-LONGEST:] += 10 * tone(20.0, LONGEST)  # in the last window
    spectrum = power_spectrum(piece(data))
    assert spectrum.windows == 24
    assert spectrum.window_seconds == LONGEST / RATE
    assert spectrum.frequency[np.argmax(spectrum.power)] == pytest.approx(20.0, rel=0.04)


def test_windows_avoid_gaps() -> None:
    data = NOISE.standard_normal(6000)
    data[2000:2100] = np.nan
    spectrum = power_spectrum(piece(data))
    assert np.isfinite(spectrum.power).all()
    assert spectrum.window_seconds == 39.0
    with pytest.raises(QuakeViewError, match="16 samples in a row"):
        power_spectrum(piece(np.full(100, np.nan)))
    with pytest.raises(QuakeViewError, match="constant"):
        power_spectrum(piece(np.full(100, 5.0)))


def test_the_response_is_taken_off_where_it_is_known() -> None:
    """A ground velocity of white noise, recorded with 1000 counts per m/s."""
    velocity = power_spectrum(piece(1e-6 * NOISE.standard_normal(60_000)))
    counts = power_spectrum(piece(1e3 * 1e-6 * NOISE.standard_normal(60_000)))

    def response(f: np.ndarray) -> np.ndarray:
        return np.full(len(f), 1000.0, np.complex128)

    found = ground_power(counts, response, (0.5, 30.0), Quantity.VELOCITY)
    assert found.unit == "m/s"
    assert 0.5 <= found.frequency[0] < found.frequency[-1] <= 30.0
    assert found.power.mean() == pytest.approx(velocity.power[velocity.frequency > 0.5].mean(), rel=0.1)
    acceleration = ground_power(counts, response, (0.5, 30.0), Quantity.ACCELERATION)
    assert acceleration.unit == "m/s²"
    assert_allclose(acceleration.power, found.power * (2 * np.pi * found.frequency) ** 2)
    displacement = ground_power(counts, response, (0.5, 30.0), Quantity.DISPLACEMENT)
    assert_allclose(displacement.power, found.power / (2 * np.pi * found.frequency) ** 2)
    with pytest.raises(QuakeViewError, match="too short"):
        ground_power(counts, response, (60.0, 90.0), Quantity.VELOCITY)


def test_the_clear_band_is_where_the_signal_is_three_times_the_noise() -> None:
    from scipy.signal import butter, sosfilt

    noise = NOISE.standard_normal(20_000)
    narrow = sosfilt(butter(6, (4.0, 10.0), "bandpass", fs=RATE, output="sos"), NOISE.standard_normal(20_000))
    low, high = clear_band(power_spectrum(piece(noise[:10_000] + 20 * narrow[:10_000])), power_spectrum(piece(noise)))
    assert 2.5 < low < 4.0
    assert 10.0 < high < 14.0
    assert clear_band(power_spectrum(piece(noise[:10_000])), power_spectrum(piece(noise[10_000:]))) is None


def test_the_noise_models_are_petersons() -> None:
    """Peterson (1993), tables 3 and 4: the low model at a period of 10 s, the high one at 7.9 s."""
    frequency, low, high = noise_models()
    assert low[np.argmin(abs(frequency - 1 / 10))] == pytest.approx(-163.7, abs=1.0)
    assert high[np.argmin(abs(frequency - 1 / 7.9))] == pytest.approx(-113.5, abs=1.0)
    assert (low < high).all()
