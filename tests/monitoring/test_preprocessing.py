import numpy as np

from quakeview.monitoring.preprocessing import normalise


def test_one_norm_keeps_the_amplitude_ratio_of_the_components():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(3, 2000)) * [[1.0], [5.0], [3.0]] + [[100.0], [-7.0], [0.0]]
    result = normalise(data)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result.mean(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(result.std(), 1, rtol=1e-4)
    np.testing.assert_allclose(result[1].std() / result[0].std(), data[1].std() / data[0].std(), rtol=1e-4)


def test_what_is_not_data_stays_zero_and_changes_nothing():
    data = np.random.default_rng(1).normal(50, 2, size=(3, 1000)).astype(np.float32)
    valid = np.ones((3, 1000), bool)
    valid[:, 600:] = False
    valid[2] = False
    result = normalise(np.where(valid, data, 0), valid)
    assert not result[~valid].any()
    np.testing.assert_allclose(result[:2, :600], normalise(data[None, :2, :600])[0], rtol=1e-4)


def test_a_dead_record_gives_zeros():
    assert not normalise(np.full((3, 100), 7.0)).any()
