"""The equal-area projection of the lower half of the focal sphere."""

import numpy as np
import pytest

from quakeview.events.double_couple import frames
from quakeview.events.focal_sphere import nodal_line, projected
from quakeview.simulation.sources.first_motions import projected as projected_one


def test_directions_lie_where_those_of_fault_slip_do() -> None:
    """Beside the projection of one direction along X (north), Y (west) and down."""
    for direction in np.random.default_rng(0).normal(size=(20, 3)):
        north, east, down = direction
        assert projected(direction) == pytest.approx(projected_one((north, -east, down), 0.0))


def test_known_places() -> None:
    assert projected([[0, 0, 1], [0, 0, -1], [1, 0, 0], [0, 1, 0]]).round(6).tolist() == [
        [0, 0], [0, 0], [0, 1], [1, 0],
    ]  # fmt: skip
    assert np.hypot(*projected([1, 0, 1])) == pytest.approx(np.sqrt(2) * np.sin(np.radians(22.5)))


def test_a_plane_is_a_line_from_its_strike_to_the_other_side() -> None:
    line = nodal_line(30.0, 60.0)
    assert line[0] == pytest.approx((0.5, np.sqrt(0.75)))
    assert line[-1] == pytest.approx(-line[0])
    east, north = line[len(line) // 2]
    assert np.degrees(np.arctan2(east, north)) == pytest.approx(120)  # it dips to the right of the strike
    assert np.hypot(line[:, 0], line[:, 1]).max() == pytest.approx(1)


def test_slip_lies_on_its_plane() -> None:
    t, _, p = frames(30.0, 60.0, 40.0)
    slip = projected((t - p) / np.sqrt(2))
    line = nodal_line(30.0, 60.0, 721)
    assert np.hypot(*(line - slip).T).min() < 0.01
