import numpy as np
import pytest

from quakeview.simulation.records.radiation import double_couple, free_surface, rotate_to_north_east


def test_strike_slip_quadrants() -> None:
    """A vertical left-lateral fault striking north (rake 0) pushes towards north-east and pulls from south-east."""
    signs = [np.sign(double_couple(0, 90, 0, np.pi / 2, azimuth)[0]) for azimuth in (45, 135, 225, 315)]
    assert signs == [1, -1, 1, -1]
    assert double_couple(0, 90, 0, np.pi / 2, 45)[0] == pytest.approx(1)
    assert double_couple(0, 90, 0, np.pi / 2, 0)[2] == pytest.approx(1)


def test_thrust_pushes_up_and_normal_fault_pulls_down() -> None:
    assert double_couple(30, 45, 90, np.pi, 0)[0] == pytest.approx(1)
    assert double_couple(30, 45, -90, np.pi, 0)[0] == pytest.approx(-1)


def test_mean_square_over_the_focal_sphere() -> None:
    """4/15 for P and 2/5 for S (Aki & Richards 2002, problem 4.8)."""
    rng = np.random.default_rng(0)
    patterns = np.array(
        [
            double_couple(20, 60, 35, np.arccos(c), a)
            for c, a in zip(rng.uniform(-1, 1, 20000), rng.uniform(0, 360, 20000), strict=True)
        ]
    )
    mean = np.mean(patterns**2, axis=0)
    assert mean[0] == pytest.approx(4 / 15, rel=0.03)
    assert mean[1] + mean[2] == pytest.approx(2 / 5, rel=0.03)


def test_free_surface_doubles_at_vertical_incidence() -> None:
    np.testing.assert_allclose(free_surface(0.0, 5000, 2900), [[2, 0, 0], [0, 2, 0], [0, 0, 2]], atol=1e-12)


def test_apparent_angle_of_incident_p() -> None:
    """tan of the particle motion's angle is tan 2j, j the SV angle of reflection (Wiechert)."""
    slowness, vp, vs = 1 / 7000, 5000.0, 2900.0
    response = free_surface(slowness, vp, vs)
    assert response[1, 0] / response[0, 0] == pytest.approx(np.tan(2 * np.arcsin(vs * slowness)))


def test_rotation_sends_the_radial_away_from_the_source() -> None:
    east_source = rotate_to_north_east(np.array([0.0, 1.0, 0.0]), 90.0)
    np.testing.assert_allclose(east_source, [0, 0, -1], atol=1e-12)
