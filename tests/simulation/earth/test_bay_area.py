import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.bay_area import PERTURBATION, BayArea
from quakeview.simulation.earth.bay_area_geology import BODIES, COLUMNS, block_shares, column_speeds
from quakeview.simulation.earth.rock_rules import FRANCISCAN_BAY_BLOCK, LIVERMORE_QUATERNARY
from quakeview.simulation.region import HAYWARD

MODEL = BayArea(minimum_vs=500.0)
NORTHEAST, SOUTHWEST = np.arange(40e3, 46e3, 500.0), np.arange(30e3, 36e3, 500.0)
ALONG_FAULT = np.arange(17e3, 83e3, 1e3)


def mean_vp(y: np.ndarray, depth: float) -> float:
    return float(MODEL.at(ALONG_FAULT[:, None], y[None, :], depth).vp.mean())


def test_ground_northeast_of_the_hayward_fault_is_10_to_20_percent_slower_in_the_upper_8_km() -> None:
    depths = np.arange(0, 8001, 250.0)
    slower = 1 - np.mean([mean_vp(NORTHEAST, d) for d in depths]) / np.mean([mean_vp(SOUTHWEST, d) for d in depths])
    assert 0.10 < slower < 0.20
    assert abs(1 - mean_vp(NORTHEAST, 12e3) / mean_vp(SOUTHWEST, 12e3)) < 0.04


@pytest.mark.parametrize(
    ("name", "place"),
    [("Livermore", (72e3, 54e3)), ("Evergreen", (107e3, 37e3)), ("Cupertino", (95e3, 19e3)), ("Concord", (38e3, 56e3))],
)
def test_basins_are_slow_down_to_their_bottom_and_only_there(name: str, place: tuple[float, float]) -> None:
    body = BODIES[name]
    inside, below = body.deepest * 0.6, body.deepest + 2e3
    sediment, _ = body.unit.speeds(inside)
    assert abs(float(MODEL.at(*place, inside).vp) / sediment - 1) < 3 * PERTURBATION + 0.01
    beside = MODEL.at(place[0], place[1] - 12e3, np.array([inside, below])).vp
    here = MODEL.at(*place, np.array([inside, below])).vp
    assert here[0] < 0.93 * beside[0]
    assert abs(here[1] / beside[1] - 1) < 0.2


def test_rocks_away_from_faults_follow_the_depth_laws_on_average() -> None:
    x, y = np.meshgrid(np.arange(20e3, 70e3, 2e3), np.arange(18e3, 30e3, 2e3))
    depth = np.array([1e3, 3e3, 8e3, 14e3])
    vp, vs = (getattr(MODEL.at(x[..., None], y[..., None], depth), name).mean(axis=(0, 1)) for name in ("vp", "vs"))
    law_vp, law_vs = FRANCISCAN_BAY_BLOCK.speeds(depth)
    np.testing.assert_allclose(vp, law_vp, rtol=0.025)
    np.testing.assert_allclose(vs, law_vs, rtol=0.025)


def test_small_scale_heterogeneity_is_a_few_percent_of_both_speeds() -> None:
    x, y = np.meshgrid(np.arange(0, 120e3, 3e3), np.arange(14e3, 34e3, 2e3))
    material = MODEL.at(x, y, 10e3)
    law_vp, law_vs = column_speeds(COLUMNS["Bay"], np.array(10e3))
    shares = block_shares(x, y)["Bay"] > 0.999
    change = material.vp[shares] / law_vp - 1
    assert 0.03 < change.std() < 0.05
    np.testing.assert_allclose(material.vs[shares] / law_vs - 1, change, atol=1e-5)


def test_values_do_not_depend_on_how_the_model_is_sampled() -> None:
    x, y, depth = np.arange(0, 120e3, 9e3), np.arange(0, 80e3, 7e3), np.arange(0, 30e3, 700.0)
    grid = MODEL.at(x[None, None, :], y[None, :, None], depth[:, None, None])
    places = np.broadcast_arrays(x[None, None, :], y[None, :, None], depth[:, None, None])
    scattered = MODEL.at(*(each.ravel() for each in places))
    point = MODEL.at(x[5], y[6], depth[7])
    assert point.vp.shape == ()
    np.testing.assert_allclose(scattered.vs.reshape(grid.vs.shape), grid.vs, rtol=1e-6)
    np.testing.assert_allclose(point.vp, grid.vp[7, 6, 5], rtol=1e-6)


def test_the_seed_decides_the_heterogeneity() -> None:
    x = np.arange(0, 120e3, 1e3)
    one, again, other = (BayArea(seed=seed).at(x, 20e3, 5e3).vp for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one / other - 1).max() > 0.03


def test_points_outside_take_the_nearest_inside() -> None:
    assert MODEL.at(-5e3, 90e3, -10.0).vp == MODEL.at(0, HAYWARD.width, 0).vp
    assert MODEL.at(125e3, -1.0, 50e3).vs == MODEL.at(HAYWARD.length, 0, HAYWARD.depth).vs


def test_p_waves_are_clipped_in_the_mantle_and_s_waves_clamped_at_the_surface() -> None:
    axes = np.arange(0, 120e3, 4e3)[None, None, :], np.arange(0, 80e3, 4e3)[None, :, None]
    depth = np.array([0.0, 29e3])[:, None, None]
    material = BayArea(minimum_vs=1000).at(*axes, depth)
    assert material.vp.max() == 6800
    assert material.vs.min() == 1000
    surface_vp, _ = LIVERMORE_QUATERNARY.speeds(0.0)
    assert float(BayArea(minimum_vs=100).at(72e3, 54e3, 0).vp) == pytest.approx(float(surface_vp), rel=0.13)


def test_shares_of_the_blocks_add_up() -> None:
    x, y = np.meshgrid(np.linspace(0, 120e3, 25), np.linspace(0, 80e3, 17))
    np.testing.assert_allclose(sum(block_shares(x, y).values()), 1)


def test_an_impossible_clamp_is_refused() -> None:
    with pytest.raises(QuakeViewError, match="lowest S speed of 0 m/s"):
        BayArea(minimum_vs=0)
