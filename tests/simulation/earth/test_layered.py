import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.layered import Layer, LayeredEarth, gil7, loh1
from quakeview.simulation.region import HAYWARD


def test_loh1_is_the_published_problem() -> None:
    model = loh1()
    layer, half_space = (model.at(0, 0, depth) for depth in (0, 5000))
    assert (layer.vp, layer.vs, layer.density) == (4000, 2000, 2600)
    assert (half_space.vp, half_space.vs, half_space.density) == (6000, 3464, 2700)
    assert model.interfaces.tolist() == [1000]


def test_a_depth_on_an_interface_belongs_to_the_layer_below() -> None:
    vp = loh1().at(0, 0, np.array([-10.0, 0.0, 999.999, 1000.0, 1000.001, 1e6])).vp
    assert vp.tolist() == [4000, 4000, 4000, 6000, 6000, 6000]


def test_grid_axes_broadcast() -> None:
    depth = np.array([0.0, 1500.0, 3500.0])[:, None, None]
    vs = gil7().at(np.zeros((1, 1, 5)), np.zeros((1, 4, 1)), depth).vs
    assert vs.shape == (3, 4, 5)
    assert vs.dtype == np.float32
    assert vs[:, 2, 2].tolist() == [1500, 2400, 2780]


def test_gil7_is_solid_over_the_region_and_says_approximate() -> None:
    material = gil7().at(0, 0, np.linspace(0, HAYWARD.depth, 301))
    material.check()
    assert (np.diff(material.vp) >= 0).all()
    assert (material.qp == 2 * material.qs).all()
    assert "approximate" in gil7().name


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([], "at least one layer"),
        ([Layer(0, 4000, 2000, 2600, 100, 50), Layer(np.inf, 6000, 3464, 2700, 100, 50)], "not thicker than 0 m"),
    ],
)
def test_impossible_layers_are_refused(layers: list[Layer], sentence: str) -> None:
    with pytest.raises(QuakeViewError, match=sentence):
        LayeredEarth(layers)


def test_a_half_space_that_is_no_solid_is_refused() -> None:
    with pytest.raises(QuakeViewError, match="no solid"):
        LayeredEarth([Layer(1000, 4000, 2000, 2600, 100, 50), Layer(np.inf, 3000, 3464, 2700, 100, 50)])
