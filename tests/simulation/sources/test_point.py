import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.point import point_source, source_duration


def test_releases_the_moment_of_its_magnitude_once():
    source = point_source((40e3, 38e3, 8e3), HAYWARD.x_azimuth, 90, 180, 6.0)
    assert source.moments[0, 3] == pytest.approx(10**18.1)
    assert source.rates.sum() * source.step == pytest.approx(1, abs=1e-12)
    assert source.start == 0
    np.testing.assert_array_equal(source.positions, [[40e3, 38e3, 8e3]])


def test_larger_earthquakes_last_longer():
    assert source_duration(10**18.1) == pytest.approx(4.9, abs=0.1)
    short, long = (point_source((40e3, 38e3, 8e3), 0, 90, 0, 6, rise_time=rise) for rise in (0.5, 2.0))
    assert short.end == pytest.approx(0.5, abs=0.03)
    assert long.end == pytest.approx(2.0, abs=0.03)


@pytest.mark.parametrize("position", [(-1, 38e3, 8e3), (40e3, 81e3, 8e3), (40e3, 38e3, -1), (40e3, 38e3, 31e3)])
def test_refuses_a_place_where_there_is_no_ground(position):
    with pytest.raises(QuakeViewError, match="outside San Francisco Bay"):
        point_source(position, 0, 90, 0, 5.0)


def test_refuses_a_rise_time_that_is_not_positive():
    with pytest.raises(QuakeViewError, match="above zero"):
        point_source((40e3, 38e3, 8e3), 0, 90, 0, 5.0, rise_time=0.0)
