"""The projection: right places, directions and lengths, also where the Earth is cut."""

import numpy as np
import pytest
from pyproj import Geod

from quakeview.atlas.mercator import Mercator, middle_longitude

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("centre", [0.0, -117.5, 179.0])
def test_there_and_back(centre: float) -> None:
    projection = Mercator(centre)
    longitude, latitude = np.array([-117.5, 0.0, 178.0, -179.5]), np.array([35.7, -60.0, 84.0, 0.0])
    back = projection.to_geographic(*projection.to_map(longitude, latitude))
    np.testing.assert_allclose(back, (longitude, latitude), atol=1e-9)


def test_lengths_on_the_ground() -> None:
    projection = Mercator(10.0)
    for latitude in (0.0, 45.0, -70.0):
        for azimuth in (0.0, 90.0):
            longitude_1, latitude_1, _ = GEOD.fwd(10.0, latitude, azimuth, 1000.0)
            x, y = projection.to_map([10.0, longitude_1], [latitude, latitude_1])
            length = np.hypot(np.diff(x), np.diff(y)).item()
            assert length / projection.enlargement(latitude) == pytest.approx(1000.0, rel=1e-3)


def test_near_crosses_180_degrees() -> None:
    assert Mercator(179.0).near([-179.0, 170.0, 0.0]).tolist() == [181.0, 170.0, 0.0]


def test_ellipse_has_the_axes_on_the_ground() -> None:
    projection = Mercator(0.0)
    line = projection.ellipse(20.0, 60.0, major=2000.0, minor=500.0, azimuth=30.0)
    longitude, latitude = projection.to_geographic(*line.T)
    azimuth, _, distance = GEOD.inv(np.full(len(line), 20.0), np.full(len(line), 60.0), longitude, latitude)
    farthest = int(np.argmax(distance))
    assert distance.max() == pytest.approx(2000.0, rel=2e-3)
    assert distance.min() == pytest.approx(500.0, rel=2e-3)
    assert azimuth[farthest] % 180 == pytest.approx(30.0, abs=0.5)
    assert np.allclose(line[0], line[-1])


def test_the_shortest_way_is_straight_near_by_and_a_great_circle_far_away() -> None:
    projection = Mercator(0.0)
    assert len(projection.shortest_way((10.0, 45.0), (10.5, 45.5))) == 2
    way = projection.shortest_way((-60.0, 45.0), (60.0, 45.0))
    longitude, latitude = projection.to_geographic(*way.T)
    assert latitude.max() > 60.0
    assert np.all(np.diff(longitude) > 0)


def test_what_is_no_place_stays_none() -> None:
    x, y = Mercator().to_map([10.0, np.nan], [20.0, 30.0])
    assert np.isfinite(x[0])
    assert np.isnan(x[1])
    assert np.isnan(y[1])
    assert np.isnan(Mercator().shortest_way((np.nan, np.nan), (10.0, 10.0))).any()


def test_the_shortest_way_is_broken_at_the_cut_of_the_map() -> None:
    way = Mercator(0.0).shortest_way((170.0, 10.0), (-170.0, 10.0))
    assert np.isnan(way[:, 0]).sum() == 1


@pytest.mark.parametrize(
    ("longitudes", "middle"), [([], 0.0), ([10.0], 10.0), ([-117.0, -119.0], -118.0), ([170.0, -170.0], -180.0)]
)
def test_middle_of_longitudes(longitudes: list[float], middle: float) -> None:
    assert middle_longitude(longitudes) == pytest.approx(middle)
