import numpy as np
import pytest

from quakeview.simulation.sources.time_functions import PEAK_FRACTION, gaussian, liu_slip, sampled


def test_gaussian_has_unit_area_and_the_width_asked():
    time = np.linspace(-10, 10, 4001)
    rate = gaussian(time, 0.8)
    assert np.trapezoid(rate, time) == pytest.approx(1)
    assert np.trapezoid(rate * time**2, time) == pytest.approx(0.8**2)


def liu_pulse(time, rise):
    """Slip rate per unit slip, 1/s (Liu, Archuleta & Hartzell 2006, eq. 7)."""
    t1 = PEAK_FRACTION * rise
    t2 = rise - t1
    tail = 0.3 * np.cos(np.pi * (time - t1) / t2)
    climb = 0.7 - 0.7 * np.cos(np.pi * time / t1) + 0.6 * np.sin(0.5 * np.pi * time / t1)
    fall = 1.0 - 0.7 * np.cos(np.pi * time / t1) + tail
    rate = np.select([time < 0, time < t1, time < 2 * t1, time < rise], [0.0, climb, fall, 0.3 + tail], 0.0)
    return rate * np.pi / (1.4 * np.pi * t1 + 1.2 * t1 + 0.3 * np.pi * t2)


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
