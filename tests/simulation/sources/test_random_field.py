import numpy as np
import pytest

from quakeview.simulation.sources.random_field import cosine_taper, von_karman


def test_mean_zero_deviation_one_and_the_seed_decides():
    fields = [von_karman((30, 50), (500, 500), (3e3, 5e3), 0.75, np.random.default_rng(s)) for s in (1, 1, 2)]
    assert fields[0].mean() == pytest.approx(0, abs=1e-12)
    assert fields[0].std() == pytest.approx(1)
    np.testing.assert_array_equal(fields[0], fields[1])
    assert np.abs(fields[0] - fields[2]).max() > 0.5


def test_spectrum_falls_with_the_hurst_exponent():
    random = np.random.default_rng(5)
    power = np.zeros(257)
    for _ in range(60):
        field = von_karman((512, 4), (100, 100), (2e3, 1e2), 0.75, random)
        power += np.abs(np.fft.rfft((field - field.mean(axis=0)) * np.hanning(512)[:, None], axis=0))[:, 0] ** 2
    # One row of a plane: the spectrum integrated over the other wavenumber falls as k^(-2H-1).
    wavenumber = np.arange(257)
    band = slice(40, 120)
    slope = np.polyfit(np.log(wavenumber[band]), np.log(power[band]), 1)[0]
    assert -3.6 < slope < -2.0


def test_correlation_is_longer_where_asked():
    random = np.random.default_rng(3)
    along, down = 0.0, 0.0
    for _ in range(20):
        field = von_karman((64, 64), (500, 500), (2e3, 8e3), 0.75, random)
        along += (field[:, 6:] * field[:, :-6]).mean()
        down += (field[6:] * field[:-6]).mean()
    assert along > 1.5 * down > 0


def test_taper():
    taper = cosine_taper(40, 0.0, 0.25)
    np.testing.assert_array_equal(taper[:30], 1)
    assert (np.diff(taper[29:]) < 0).all()
    assert taper[-1] < 0.01
