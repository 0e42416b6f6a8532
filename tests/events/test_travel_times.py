import numpy as np
import pytest

from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED, VelocityModel
from quakeview.simulation.records.layered_earth import LayeredCrust


@pytest.mark.parametrize("name", ["Southern California", "Northern California (GIL7)"])
def test_first_arrivals_are_those_of_the_rays(name: str) -> None:
    """Between nodes too: direct ray or head wave, whichever comes first."""
    model = PUBLISHED[name]
    crust = LayeredCrust(np.append(np.diff(model.tops), np.inf), model.vp, model.vs, model.vp)
    times = travel_times(model)
    rng = np.random.default_rng(0)
    for distance, depth in zip(rng.uniform(100, 250e3, 150), rng.uniform(100, 40e3, 150), strict=True):
        rays = crust.arrivals(distance, depth)
        for phase in "PS":
            exact = min(ray.time for ray in rays if ray.wave == phase and ray.kind in ("direct", "head"))
            assert times.first(phase, np.array(distance), depth) == pytest.approx(exact, abs=0.02)


def test_a_station_on_a_mountain_hears_later() -> None:
    times = travel_times(VelocityModel("x", "x", np.array([0.0]), np.array([6000.0]), np.array([3500.0])))
    above = times.first("P", np.array([0.0, 30e3]), 10e3, 2000.0)
    assert above[0] == pytest.approx(12e3 / 6000, abs=1e-3)
    assert above[1] == pytest.approx(np.hypot(30e3, 12e3) / 6000, abs=0.01)


def test_no_ray_runs_along_a_slow_layer() -> None:
    plain = VelocityModel("x", "x", np.array([0.0, 5e3]), np.array([5e3, 5.2e3]), np.array([3e3, 3.1e3]))
    slow = VelocityModel("x", "x", np.array([0.0, 5e3]), np.array([5e3, 4e3]), np.array([3e3, 2.3e3]))
    far = np.array([100e3])
    assert travel_times(plain).first("P", far, 1e3) < travel_times(slow).first("P", far, 1e3)
    assert travel_times(slow).first("P", far, 1e3) == pytest.approx(np.hypot(100e3, 1e3) / 5e3, abs=1e-3)


@pytest.mark.parametrize("name", ["Southern California", "iasp91"])
def test_the_first_arrival_is_the_first_through_the_crust_or_through_the_mantle(name: str) -> None:
    times = travel_times(PUBLISHED[name])
    distances = np.linspace(1e3, 400e3, 300)
    for wave in "PS":
        for depth in (2e3, 12e3, 25e3):
            first, crust, mantle = (times.first(wave + way, distances, depth) for way in ("", "g", "n"))
            far = distances > 150e3
            assert np.allclose(first[far], np.minimum(crust, mantle)[far], atol=0.02)
            assert np.allclose(first[distances < 30e3], crust[distances < 30e3])
            assert first[-1] == pytest.approx(mantle[-1], abs=1e-6)
            assert crust[-1] > mantle[-1] + 1.0


def test_pn_runs_along_the_mantle_at_its_speed() -> None:
    model = PUBLISHED["Southern California"]
    near, far = travel_times(model).first("Pn", np.array([200e3, 280e3]), 10e3)
    assert 80e3 / (far - near) == pytest.approx(model.vp[model.mantle], rel=1e-3)


def test_from_the_mantle_there_is_one_way_up() -> None:
    times = travel_times(PUBLISHED["iasp91"])
    distances = np.linspace(1e3, 200e3, 50)
    first, crust, mantle = (times.first(phase, distances, 45e3) for phase in ("P", "Pg", "Pn"))
    assert np.array_equal(first, crust)
    assert np.array_equal(first, mantle)


def test_a_model_of_the_crust_alone_has_no_pn() -> None:
    crust = VelocityModel("x", "x", np.array([0.0, 9e3]), np.array([5.5e3, 6.4e3]), np.array([3.2e3, 3.7e3]))
    assert set(travel_times(crust).time) == {"P", "Pg", "S", "Sg"}
