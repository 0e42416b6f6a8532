"""A posterior seen from one side."""

import numpy as np
import pytest

from quakeview.events.marginal import marginal


def test_moments_of_a_leaning_lattice_are_kept() -> None:
    axis = np.linspace(-3, 3, 21)
    lattice = np.stack(np.meshgrid(axis, axis, axis, indexing="ij")).reshape(3, -1)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0] * [2000.0, 700.0, 300.0]
    x, y, _ = turn @ lattice + np.array([[5_000.0], [-3_000.0], [8_000.0]])
    probability = np.exp(-0.5 * (lattice**2).sum(0))
    probability /= probability.sum()
    seen = marginal(x, y, probability)
    assert seen is not None
    assert seen.probability.sum() == pytest.approx(1.0)
    across, up = seen.probability.sum(1), seen.probability.sum(0)
    assert across @ seen.x == pytest.approx(5_000.0, abs=1.0)
    assert up @ seen.y == pytest.approx(-3_000.0, abs=1.0)
    spread = np.sqrt(across @ (seen.x - 5_000.0) ** 2)
    assert spread == pytest.approx(np.sqrt(probability @ (x - 5_000.0) ** 2), rel=0.1)
    peak = np.unravel_index(int(seen.probability.argmax()), seen.probability.shape)
    assert (np.diff(np.sign(np.diff(seen.probability[:, peak[1]][10:-10]))) != 0).sum() <= 3  # no lattice is seen


def test_what_has_no_extent_is_no_shade() -> None:
    points = np.arange(5.0)
    assert marginal(points, np.zeros(5), np.ones(5)) is None
    assert marginal(points, points * np.nan, np.ones(5)) is None
