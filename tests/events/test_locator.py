from dataclasses import replace

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.events.locator import Box, locate

from .network import BOX, TIMES, recorded


def source(rng: np.random.Generator) -> tuple[float, float, float]:
    return rng.uniform(-25e3, 25e3), rng.uniform(-25e3, 25e3), rng.uniform(2e3, 16e3)


@pytest.mark.parametrize("wrong", [0.0, 0.2])
def test_earthquakes_are_found_within_their_own_uncertainty(wrong: float) -> None:
    """Of 60 earthquakes; one pick in five that is off by seconds has no pull."""
    rng = np.random.default_rng(1)
    held, off, spread = [], [], []
    for _ in range(60):
        place = source(rng)
        found = locate(recorded(place, 10.0, rng, wrong), TIMES, BOX)
        held.append([found.posterior.holds(level, *place) for level in (0.68, 0.95)])
        off.append(np.hypot(found.x - place[0], found.y - place[1]))
        spread.append(np.sqrt(found.covariance[0, 0] + found.covariance[1, 1]))
    within = np.mean(held, axis=0)
    assert 0.5 <= within[0] <= 0.85
    assert within[1] >= 0.85
    assert np.median(off) < 1.2 * np.median(spread) < 2000


def test_a_wrong_pick_is_named_and_the_origin_time_is_that_of_the_others() -> None:
    rng = np.random.default_rng(5)
    readings = recorded((3e3, -4e3, 9e3), 10.0, rng, 0.0)
    spoilt = readings.time.copy()
    spoilt[4] += 3.0
    found = locate(replace(readings, time=spoilt), TIMES, BOX)
    assert int(found.belonging.argmin()) == 4
    assert found.belonging[4] < 0.05
    assert found.residuals[4] == pytest.approx(3.0, abs=1.0)
    assert found.time == pytest.approx(10.0, abs=3 * found.time_error)


def test_the_depth_can_be_fixed() -> None:
    readings = recorded((3e3, -4e3, 9e3), 10.0, np.random.default_rng(5), 0.0)
    fixed = Box(np.array([*BOX.low[:2], 5e3]), np.array([*BOX.high[:2], 5e3]))
    found = locate(readings, TIMES, fixed)
    assert found.depth == 5e3
    assert np.hypot(found.x - 3e3, found.y + 4e3) < 3e3


def test_three_picks_are_not_enough() -> None:
    few = recorded((0, 0, 8e3), 0.0, np.random.default_rng(0), 0.0)
    three = replace(
        few, x=few.x[:3], y=few.y[:3], elevation=few.elevation[:3], phase=few.phase[:3], time=few.time[:3],
        sigma=few.sigma[:3],
    )  # fmt: skip
    with pytest.raises(QuakeViewError, match="4 picks are needed"):
        locate(three, TIMES, BOX)
