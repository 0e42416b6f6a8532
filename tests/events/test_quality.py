"""Classes of HYPO71: how well picks fit, and how stations lie."""

from dataclasses import replace

import pytest

from quakeview.events.event import Arrival, Origin, Uncertainty
from quakeview.events.quality import quality
from tests.events.examples import full_event


def origin(rms: float, error: float, depth_error: float, picks: int, gap: float, nearest: float) -> Origin:
    """With an error ellipse that is a circle of ``error`` m, 10 km deep."""
    arrivals = tuple(Arrival(str(number), "P", nearest + 1000 * number, 0.0) for number in range(picks))
    variance = error**2 / 2.279
    return replace(
        full_event().origin,
        rms=rms,
        gap=gap,
        depth=10_000.0,
        arrivals=arrivals,
        uncertainty=Uncertainty(0.05, variance, variance, depth_error**2),
    )


@pytest.mark.parametrize(
    ("values", "letter"),
    [
        ((0.10, 800, 1500, 12, 80, 4_000), "A"),
        ((0.25, 2000, 4000, 8, 120, 12_000), "B"),
        ((0.45, 4000, 9000, 7, 170, 40_000), "C"),
        ((0.80, 9000, 20_000, 5, 300, 90_000), "D"),
        ((0.10, 800, 1500, 12, 300, 4_000), "C"),  # A and D: the worse of the two in the middle
        ((0.10, 800, 1500, 5, 80, 4_000), "C"),
    ],
)
def test_the_quality_is_the_mean_of_solution_and_stations(values: tuple, letter: str) -> None:
    assert quality(origin(*values)) == letter


def test_without_errors_there_is_no_quality() -> None:
    assert quality(replace(full_event().origin, uncertainty=None)) == ""
    assert quality(replace(full_event().origin, gap=None)) == ""
