import numpy as np
import pytest
from numpy.typing import ArrayLike

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.layered import gil7
from quakeview.simulation.earth.material import Material
from quakeview.simulation.earth.sampling import horizontal_slice, profile, vertical_section
from quakeview.simulation.region import HAYWARD


class Tilted:
    """Vs = x + 2 y + 3 depth + 1: tells the axes of a picture apart."""

    name = "Tilted"
    illustrative = False

    def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
        vs = (1 + np.asarray(x) + 2 * np.asarray(y) + 3 * np.asarray(depth)).astype(np.float32)
        return Material(2 * vs, vs, vs, vs, vs)


def test_horizontal_slice_is_x_by_y_and_reaches_both_sides() -> None:
    picture = horizontal_slice(Tilted(), HAYWARD, depth=500.0, spacing=7000.0)
    assert picture.values.shape == (picture.across.size, picture.down.size) == (19, 13)
    assert (picture.across[-1], picture.down[-1]) == (120e3, 80e3)
    np.testing.assert_allclose(picture.values, 1501 + picture.across[:, None] + 2 * picture.down, rtol=1e-6)


def test_vertical_section_runs_from_start_to_end() -> None:
    picture = vertical_section(Tilted(), HAYWARD, (40e3, 10e3), (10e3, 50e3), 1000.0, "vp")
    assert picture.across[-1] == 50e3
    assert picture.down[-1] == 30e3
    vs = 1 + 40e3 - 0.6 * picture.across + 2 * (10e3 + 0.8 * picture.across)
    np.testing.assert_allclose(picture.values, 2 * (vs[:, None] + 3 * picture.down), rtol=1e-6)


def test_profile_under_a_place() -> None:
    material = profile(gil7(), 40e3, 38e3, np.array([0.0, 6000.0, 25e3]))
    assert material.vp.tolist() == [3200, 6210, 7830]


def test_pictures_that_cannot_be_drawn_say_why() -> None:
    with pytest.raises(QuakeViewError, match="no property colour"):
        horizontal_slice(Tilted(), HAYWARD, 0.0, 10e3, "colour")
    with pytest.raises(QuakeViewError, match="spacing of 0 m"):
        horizontal_slice(Tilted(), HAYWARD, 0.0, 0.0)
    with pytest.raises(QuakeViewError, match="two different ends"):
        vertical_section(Tilted(), HAYWARD, (1.0, 1.0), (1.0, 1.0), 1000.0)
