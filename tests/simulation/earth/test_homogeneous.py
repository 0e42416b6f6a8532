import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.homogeneous import HomogeneousEarth


def test_the_same_everywhere_in_the_shape_of_the_points() -> None:
    rock = HomogeneousEarth(5000, 2900, 2600, 400, 200)
    material = rock.at(np.zeros((1, 1, 4)), np.zeros((1, 3, 1)), np.zeros((2, 1, 1)))
    assert material.vp.shape == (2, 3, 4)
    assert all(values.dtype == np.float32 for values in vars(material).values())
    assert [float(values.min()) for values in vars(material).values()] == [5000, 2900, 2600, 400, 200]
    assert material.qs.max() == 200


def test_swapped_speeds_are_refused() -> None:
    with pytest.raises(QuakeViewError, match="order of Vp and Vs"):
        HomogeneousEarth(3464, 6000)
