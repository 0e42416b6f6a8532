import numpy as np
import pytest
from obspy.taup import TauPyModel

from quakeview.simulation.records.layered_earth import LayeredCrust, random_crust, trace_rays

TWO_LAYERS = LayeredCrust(
    np.array([30e3, np.inf]), np.array([6000.0, 8000.0]), np.array([3500.0, 4600.0]), np.array([2700.0, 3300.0])
)
IASP91 = LayeredCrust(
    np.array([20e3, 15e3, np.inf]),
    np.array([5800.0, 6500.0, 8040.0]),
    np.array([3360.0, 3750.0, 4470.0]),
    np.array([2720.0, 2920.0, 3320.0]),
)


def times(crust: LayeredCrust, distance: float, depth: float) -> dict[str, float]:
    return {arrival.phase: arrival.time for arrival in crust.arrivals(distance, depth)}


def test_half_space_rays_are_straight() -> None:
    arrivals = times(TWO_LAYERS, 40e3, 10e3)
    assert arrivals["Pg"] == pytest.approx(np.hypot(40e3, 10e3) / 6000, abs=1e-6)
    assert arrivals["Sg"] == pytest.approx(np.hypot(40e3, 10e3) / 3500, abs=1e-6)
    assert arrivals["PmP"] == pytest.approx(np.hypot(40e3, 50e3) / 6000, abs=1e-6)


def test_head_wave_time_is_the_textbook_formula() -> None:
    vertical = np.sqrt(1 / 6000**2 - 1 / 8000**2)
    arrivals = times(TWO_LAYERS, 300e3, 10e3)
    assert arrivals["Pn"] == pytest.approx(300e3 / 8000 + 50e3 * vertical, abs=1e-6)
    assert arrivals["pPn"] == pytest.approx(arrivals["Pn"] + 2 * 10e3 * vertical, abs=1e-6)
    assert arrivals["Pn"] < arrivals["Pg"]
    assert "Pn" not in times(TWO_LAYERS, 40e3, 10e3)


@pytest.mark.parametrize("distance", [20e3, 80e3, 250e3])
def test_first_arrivals_agree_with_taup(distance: float) -> None:
    ours = IASP91.arrivals(distance, 10e3)
    theirs = TauPyModel("iasp91").get_travel_times(10, distance / 111_195, ["p", "P", "Pn", "Pg", "s", "S", "Sn", "Sg"])
    for wave in "PS":
        first = min(arrival.time for arrival in ours if arrival.source_wave == arrival.wave == wave)
        expected = min(arrival.time for arrival in theirs if arrival.name[0].upper() == wave)
        assert first == pytest.approx(expected, abs=0.3)


def test_rays_obey_fermat() -> None:
    """The travel time grows with distance by exactly the slowness."""
    rng = np.random.default_rng(3)
    legs, slowness = rng.uniform(10, 9000, (6, 4)), 1 / np.array([900.0, 3000.0, 5500.0, 6500.0])
    _, before = trace_rays(legs, slowness, 49_990.0)
    p, _ = trace_rays(legs, slowness, 50_000.0)
    _, after = trace_rays(legs, slowness, 50_010.0)
    np.testing.assert_allclose((after - before) / 20, p, rtol=1e-4)


def test_random_crusts_trace_everywhere() -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        crust = random_crust(rng)
        distance, depth = rng.uniform(500, 400e3), rng.uniform(300, 100e3)
        arrivals = crust.arrivals(distance, depth)
        assert np.all(np.diff(crust.vp) > 0)
        assert np.all(np.diff(crust.vs) > 0)
        assert arrivals[0].source_wave == "P"
        assert all(np.isfinite([a.time, a.slowness, a.takeoff]).all() for a in arrivals)
        direct = {a.wave: a.time for a in arrivals if a.kind == "direct"}
        assert 1.5 < direct["S"] / direct["P"] < 3.5
