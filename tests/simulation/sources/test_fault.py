from dataclasses import replace

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.fault import Fault
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.simulation.sources.rupture import make_rupture

DIPPING = Fault("Dipping fault", FaultPlane(40e3, 30e3, HAYWARD.x_azimuth - 20, 50.0, 3e3, 24e3, 12e3), rake=90.0)


@pytest.mark.parametrize("seed", range(4))
def test_ruptures_lie_on_a_dipping_plane_and_slip_as_it_does(seed):
    rupture = make_rupture(5.8, seed=seed, fault=DIPPING)
    along, down = np.array([DIPPING.plane.project(point) for point in rupture.positions]).T
    np.testing.assert_allclose(rupture.positions, DIPPING.plane.at(along, down), atol=1e-6)
    assert along.min() >= 0
    assert along.max() <= 24e3
    assert down.min() >= 0
    assert down.max() <= 12e3
    assert (rupture.plane.strike, rupture.plane.dip) == (DIPPING.plane.strike, DIPPING.plane.dip)
    assert rupture.rake.mean() == pytest.approx(90, abs=8)


def test_a_rupture_starts_at_a_point_near_the_plane():
    wanted = DIPPING.plane.at(10e3, 6e3) + np.array([0.0, 0.0, 300.0])
    rupture = make_rupture(5.5, hypocentre=wanted, fault=DIPPING)
    np.testing.assert_allclose(rupture.hypocentre, DIPPING.onto(wanted))
    with pytest.raises(QuakeViewError, match="not on the Dipping fault"):
        make_rupture(5.5, hypocentre=wanted + np.array([0.0, 5e3, 0.0]), fault=DIPPING)


def test_a_rupture_wider_than_the_fault_is_longer_and_a_greater_one_is_refused():
    shallow = replace(DIPPING, plane=replace(DIPPING.plane, width=5e3))
    rupture = make_rupture(6.0, fault=shallow)
    assert rupture.plane.width == pytest.approx(5e3)
    assert rupture.plane.length == pytest.approx(10 ** (6.0 - 3.99) * 1e6 / 5e3)
    assert shallow.largest_magnitude == 6.0
    with pytest.raises(
        QuakeViewError, match=r"greater than the Dipping fault \(24 x 5 km\); choose a magnitude up to 6\.0"
    ):
        make_rupture(6.2, fault=shallow)
