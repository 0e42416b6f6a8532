import numpy as np
import pytest

from quakeview.simulation.sources.time_functions import gaussian, liu_pulse, liu_slip, sampled


def test_gaussian_has_unit_area_and_the_width_asked():
    time = np.linspace(-10, 10, 4001)
    rate = gaussian(time, 0.8)
    assert np.trapezoid(rate, time) == pytest.approx(1)
    assert np.trapezoid(rate * time**2, time) == pytest.approx(0.8**2)


@pytest.mark.parametrize("rise", [0.2, 1.0, 3.7])
def test_liu_pulse_has_unit_area_and_starts_and_ends_at_rest(rise):
    time = np.linspace(0, rise, 20001)
    rate = liu_pulse(time, rise)
    assert np.trapezoid(rate, time) == pytest.approx(1, abs=1e-6)
    assert rate[0] == 0
    assert rate[-1] == 0
    assert (rate >= 0).all()
    assert 0.08 * rise < time[rate.argmax()] < 0.16 * rise


def test_liu_slip_is_the_integral_of_the_pulse():
    time = np.linspace(-0.5, 2.0, 5001)
    step = time[1] - time[0]
    integral = np.concatenate(([0], np.cumsum((liu_pulse(time, 1.3)[1:] + liu_pulse(time, 1.3)[:-1]) * step / 2)))
    np.testing.assert_allclose(liu_slip(time, 1.3), integral, atol=1e-6)
    assert np.all(liu_slip(np.array([1.3, 9.0]), 1.3) == pytest.approx(1))


@pytest.mark.parametrize("rise", [0.003, 0.05, 2.0])
def test_sampling_loses_nothing_of_a_pulse_shorter_than_the_step(rise):
    time = 0.05 * np.arange(-2, 60)
    rate = sampled(lambda t: liu_slip(t - 0.11, rise), time, 0.05)
    assert rate.sum() * 0.05 == pytest.approx(1, abs=1e-12)
