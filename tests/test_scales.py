"""From values to colours: limits and ticks that are round, and what is not a number."""

import numpy as np
import pytest

from quakeview.colours import DIVERGING
from quakeview.scales import Scale, log_ticks, number, property_scale, round_ticks, round_up

RANDOM = np.random.default_rng(3)


def diverging(limit: float) -> Scale:
    return Scale("Velocity", -limit, limit, "m/s", DIVERGING)


def test_values_beyond_the_limits_take_the_last_colours() -> None:
    scale = diverging(0.1)
    colours = scale.rgba(np.array([-5.0, -0.1, 0.1, 5.0]))
    table = scale.colours()
    assert (colours == table[[0, 0, 255, 255]]).all()


def test_what_is_not_a_number_is_transparent() -> None:
    values = np.array([[0.0, np.nan], [np.inf, -np.inf]], np.float32)
    colours = diverging(0.1).rgba(values)
    assert colours.shape == (2, 2, 4)
    assert colours[0, 1].tolist() == [0, 0, 0, 0]
    assert (colours[..., 3] == [[255, 0], [255, 255]]).all()


def test_shape_and_memory_order_do_not_matter() -> None:
    scale, values = diverging(1.0), RANDOM.normal(size=(7, 5)).astype(np.float32)
    expected = np.array([[scale.rgba(value) for value in row] for row in values])
    assert (scale.rgba(values) == expected).all()
    assert (scale.rgba(values.T) == expected.swapaxes(0, 1)).all()


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0123, 0.015), (0.9, 1.0), (1.0, 1.0), (61, 80), (0, 1.0), (7e-9, 8e-9)]
)
def test_round_up(value: float, expected: float) -> None:
    assert round_up(value) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 120, 7, [0, 20, 40, 60, 80, 100, 120]),
        (0, 80, 3, [0, 50]),
        (-20, 20, 5, [-20, -10, 0, 10, 20]),
        (26.7, 66.7, 5, [30, 40, 50, 60]),
        (1.2, 1.3, 3, [1.2, 1.25, 1.3]),
        (0, 4, 2, [0, 4]),
        (1, 9, 2, [2, 8]),
    ],
)
def test_round_ticks(low: float, high: float, most: int, expected: list[float]) -> None:
    assert round_ticks(low, high, most) == pytest.approx(expected)


def test_no_more_ticks_than_wanted() -> None:
    for low, width in zip(RANDOM.uniform(-100, 100, 50), 10 ** RANDOM.uniform(-3, 4, 50), strict=True):
        for most in (1, 2, 3, 5, 8):
            assert len(round_ticks(low, low + width, most)) <= most
            assert len(log_ticks(width, width * 300, most)) <= most


def test_a_logarithmic_axis_has_two_ticks_wherever_it_can() -> None:
    assert log_ticks(0.017, 0.3, 2) == pytest.approx([0.03, 0.3])
    assert log_ticks(0.017, 0.3, 4) == pytest.approx([0.02, 0.05, 0.1, 0.2])


def test_zero_has_no_sign_and_minus_is_a_minus() -> None:
    assert number(round_ticks(-1, 1, 3)[1]) == "0"
    assert number(-2.5) == "−2.5"


def test_properties_between_round_numbers() -> None:
    scale = property_scale("Vs", RANDOM.uniform(1012, 3480, 5000), "km/s", 1e-3)
    assert (scale.low, scale.high) == (1000, 3500)
    assert [text for _, text in scale.ticks(6)] == ["1", "1.5", "2", "2.5", "3", "3.5"]


def test_few_logarithmic_ticks_reach_over_all_decades():
    ticks = log_ticks(1e-3, 1e6, 4)
    assert len(ticks) <= 4
    assert ticks[0] == 1e-3
    assert ticks[-1] >= 1e5
