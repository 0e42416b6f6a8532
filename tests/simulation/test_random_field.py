import numpy as np
from scipy.special import gamma, kv

from quakeview.simulation.random_field import von_karman, von_karman_field

EXTENT, SPACING, LENGTHS = (40e3, 200e3, 200e3), (500.0, 1000.0, 1000.0), (2e3, 5e3, 5e3)


def test_correlation_is_that_of_a_von_karman_medium() -> None:
    """C(r) ∝ (r/a)^H K_H(r/a) (Sato et al. 2012, eq. 2.9), along each axis; here away from the node spacing."""
    values = von_karman_field(EXTENT, SPACING, LENGTHS, hurst=0.5, seed=3).values
    for axis, (spacing, length) in enumerate(zip(SPACING, LENGTHS, strict=True)):
        for lag in (3, 6, 10):
            ratio = lag * spacing / length
            expected = 2**0.5 / gamma(0.5) * ratio**0.5 * kv(0.5, ratio)
            assert abs(float((values * np.roll(values, lag, axis)).mean()) - expected) < 0.06


def test_standard_deviation_is_one_and_the_seed_decides() -> None:
    first, again, other = (
        von_karman_field((10e3, 50e3), (500, 500), (2e3, 2e3), 0.3, seed).values for seed in (1, 1, 2)
    )
    np.testing.assert_allclose(first.std(), 1, rtol=1e-5)
    np.testing.assert_array_equal(first, again)
    assert abs(np.corrcoef(first.ravel(), other.ravel())[0, 1]) < 0.1


def test_nodes_reproduce_and_between_them_it_is_linear() -> None:
    field = von_karman_field((10e3, 50e3), (500, 1000), (2e3, 2e3), 0.3, seed=1)
    at_nodes = field.at(np.arange(0, 2000.0, 500.0)[:, None], np.arange(0, 5000.0, 1000.0)[None, :])
    np.testing.assert_array_equal(at_nodes, field.values[:4, :5])
    between = field.at(np.array([250.0]), np.array([3000.0]))
    np.testing.assert_allclose(between, field.values[:2, 3].mean(), rtol=1e-5)


def test_opposite_sides_differ() -> None:
    field = von_karman_field((50e3, 20e3), (500, 500), (5e3, 5e3), 0.5, seed=1)
    y = np.arange(0, 20e3, 500)
    near, far = (field.at(np.full(y.shape, x), y) for x in (0.0, 50e3))
    assert np.corrcoef(near, far)[0, 1] < 0.5


def test_spectrum_falls_with_the_hurst_exponent() -> None:
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


def test_correlation_is_longer_where_asked() -> None:
    random = np.random.default_rng(3)
    along, down = 0.0, 0.0
    for _ in range(20):
        field = von_karman((64, 64), (500, 500), (2e3, 8e3), 0.75, random)
        along += (field[:, 6:] * field[:, :-6]).mean()
        down += (field[6:] * field[:-6]).mean()
    assert along > 1.5 * down > 0
