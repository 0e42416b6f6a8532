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
