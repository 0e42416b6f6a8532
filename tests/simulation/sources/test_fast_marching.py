import numpy as np
import pytest

from quakeview.simulation.sources.fast_marching import arrival_times


@pytest.mark.parametrize("spacing", [(100.0, 100.0), (80.0, 125.0)])
@pytest.mark.parametrize("part", [(0.5, 0.5), (0.0, 0.0), (0.37, 0.81)])
def test_uniform_speed_gives_distance_over_speed(spacing, part):
    shape = (60, 90)
    source = tuple(p * (n - 1) * h for p, n, h in zip(part, shape, spacing, strict=True))
    times = arrival_times(np.full(shape, 2500.0), spacing, source)
    rows, columns = (h * np.arange(n) - s for n, h, s in zip(shape, spacing, source, strict=True))
    expected = np.hypot(rows[:, None], columns) / 2500
    np.testing.assert_allclose(times, expected, rtol=0.01, atol=0.1 * max(spacing) / 2500)


def test_linear_gradient_follows_the_circular_ray():
    # Arrival in v = v0 + g z (Aki & Richards 2002, section 9.3): acosh(1 + g² r² / (2 v1 v2)) / g.
    depth, x = 50.0 * np.arange(161), 50.0 * np.arange(241)
    speed = 1500 + 0.4 * depth
    times = arrival_times(np.repeat(speed[:, None], x.size, axis=1), (50, 50), (2000, 6000))
    distance = np.hypot(depth[:, None] - 2000, x - 6000)
    expected = np.arccosh(1 + (0.4 * distance) ** 2 / (2 * speed[:, None] * 2300)) / 0.4
    np.testing.assert_allclose(times, expected, rtol=0.01, atol=0.004)


def test_front_goes_around_what_is_slow():
    speed = np.full((41, 41), 2000.0)
    speed[:30, 20] = 1.0
    times = arrival_times(speed, (100, 100), (500, 500))
    straight, around = 3000 / 2000, 2 * np.hypot(2500, 1500) / 2000
    assert times[5, 35] > around > straight
    assert times[5, 35] < 1.05 * around


def test_source_off_the_nodes():
    times = arrival_times(np.full((4, 4), 1000.0), (1000, 1000), (1300, 1700))
    assert times[1, 2] == pytest.approx(np.hypot(0.3, 0.3))
