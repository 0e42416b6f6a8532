import numpy as np
import pytest

from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.fault_plane import FaultPlane


def test_strike_and_dip_in_geographic_directions():
    plane = FaultPlane(60e3, 40e3, strike=0.0, dip=30.0, top_depth=1e3, length=10e3, width=4e3)
    start, end, deep, _ = plane.corners
    longitude, latitude = HAYWARD.to_geographic(*np.array([start, end, deep])[:, :2].T)
    # Strike north: the edge runs north, and the plane dips to the right, east.
    assert latitude[1] - latitude[0] == pytest.approx(10 / 111.2, rel=0.01)
    assert abs(longitude[1] - longitude[0]) < 0.002
    assert longitude[2] > longitude[1] + 0.03
    assert deep[2] == pytest.approx(1e3 + 4e3 * np.sin(np.radians(30)))


def test_along_the_region_it_runs_along_x():
    plane = FaultPlane(20e3, 38e3, HAYWARD.x_azimuth, 90, 2e3, 12e3, 8e3)
    centres = plane.centres(4, 6)
    np.testing.assert_allclose(centres[0, :, 0], 20e3 + 1e3 * np.arange(1, 12, 2))
    np.testing.assert_allclose(centres[..., 1], 38e3)
    np.testing.assert_allclose(centres[:, 0, 2], [3e3, 5e3, 7e3, 9e3])


def test_project_is_the_inverse_of_at():
    plane = FaultPlane(60e3, 40e3, 77.0, 55.0, 1e3, 10e3, 4e3)
    assert plane.project(plane.at(3e3, 1.5e3)) == pytest.approx((3e3, 1.5e3))
