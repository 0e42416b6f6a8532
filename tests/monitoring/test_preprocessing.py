import numpy as np

from quakeview.monitoring.preprocessing import normalise

RATE = 50.0


def test_one_norm_keeps_the_amplitude_ratio_of_the_components():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(3, 4000)) * [[1.0], [5.0], [3.0]] + [[100.0], [-7.0], [0.0]]
    result = normalise(data, None, RATE)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result.mean(axis=1), 0, atol=2e-2)
    np.testing.assert_allclose(np.sqrt(np.mean(result**2)), 1, rtol=1e-4)
    np.testing.assert_allclose(result[1].std() / result[0].std(), data[1].std() / data[0].std(), rtol=2e-2)


def test_microseism_does_not_decide_the_norm():
    time = np.arange(4096) / RATE
    noise = np.random.default_rng(1).normal(size=(3, 4096))
    quiet = normalise(noise, None, RATE)
    swell = normalise(noise + 15 * np.sin(2 * np.pi * 0.1 * time), None, RATE)
    assert np.corrcoef(quiet[0, 500:], swell[0, 500:])[0, 1] > 0.8


def test_no_energy_before_an_onset():
    data = np.zeros((3, 1000))
    data[:, 600:] = np.sin(np.arange(400) / 3)
    result = normalise(data - data.mean(axis=1, keepdims=True), np.ones(data.shape, bool), RATE)
    assert np.abs(result[:, 400:600]).max() < 0.02 * np.abs(result).max()


def test_what_is_not_data_stays_zero_and_changes_nothing():
    data = np.random.default_rng(1).normal(50, 2, size=(3, 1000)).astype(np.float32)
    valid = np.ones((3, 1000), bool)
    valid[:, 600:] = False
    valid[2] = False
    result = normalise(np.where(valid, data, 0), valid, RATE)
    assert not result[~valid].any()
    np.testing.assert_allclose(result[:2, :600], normalise(data[None, :2, :600], None, RATE)[0], rtol=1e-3, atol=1e-3)


def test_a_dead_record_gives_zeros():
    assert not normalise(np.full((3, 100), 7.0), None, RATE).any()
