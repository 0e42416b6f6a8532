"""The maps: right places, in the region's own axes."""

from itertools import pairwise

import numpy as np
import pytest

from quakeview import paths
from quakeview.errors import QuakeViewError
from quakeview.geography import Geography, geography
from quakeview.simulation.region import HAYWARD


@pytest.fixture(scope="module")
def bay() -> Geography:
    return geography()


def is_water(bay: Geography, longitude: float, latitude: float) -> bool:
    """Whether a ray from an inland point (Mount Hamilton) crosses shorelines an odd number of times."""
    start = np.array(HAYWARD.to_local(-121.64, 37.34))
    end = np.array(HAYWARD.to_local(longitude, latitude))
    crossings = 0
    for line in bay.coastlines:
        sides = [_side(start, end, point) for point in line]
        for (p, q), (a, b) in zip(pairwise(line), pairwise(sides), strict=True):
            crossings += a != b and _side(p, q, start) != _side(p, q, end)
    return crossings % 2 == 1


def _side(start: np.ndarray, end: np.ndarray, point: np.ndarray) -> bool:
    along, to = end - start, point - start
    return bool(along[0] * to[1] > along[1] * to[0])


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "water"),
    [
        ("the south of the Bay", -122.17, 37.57, True),
        ("San Pablo Bay", -122.42, 38.06, True),
        ("the ocean off Pacifica", -122.58, 37.60, True),
        ("San Jose", -121.8863, 37.3382, False),
        ("San Mateo", -122.35, 37.54, False),
        ("Berkeley", -122.25, 37.87, False),
        ("Livermore", -121.7680, 37.6819, False),
    ],
)
def test_shorelines_part_land_and_water(
    bay: Geography, place: str, longitude: float, latitude: float, water: bool
) -> None:
    assert is_water(bay, longitude, latitude) == water, place


def test_the_hayward_fault_is_where_ruptures_are_put(bay: Geography) -> None:
    (hayward,) = (fault for fault in bay.faults if fault.name == "Hayward")
    order = np.argsort(hayward.points[:, 0])
    x, y = hayward.points[order].T
    along = np.linspace(17e3, 83e3, 100)
    assert x[0] <= along[0]
    assert along[-1] <= x[-1]
    offset = np.interp(along, x, y) - 38e3
    assert np.abs(offset).max() < 1.5e3
    assert abs(np.mean(offset)) < 1e3


def test_faults_cross_the_region_from_west_to_east_in_their_order(bay: Geography) -> None:
    middle = {fault.name: np.interp(60e3, *fault.points[np.argsort(fault.points[:, 0])].T) for fault in bay.faults}
    assert middle["San Gregorio"] < middle["San Andreas"] < middle["Hayward"] < middle["Calaveras"]
    assert middle["Calaveras"] < middle["Greenville"]
    assert {"Rodgers Creek", "Concord–Green Valley"} < middle.keys()
    assert all(len(fault.points) >= 4 for fault in bay.faults)


def test_cities(bay: Geography) -> None:
    cities = {city.name: city for city in bay.cities}
    assert len(cities) == len(bay.cities) >= 14
    assert np.hypot(cities["San Francisco"].x - 33e3, cities["San Francisco"].y - 21e3) < 1.5e3
    assert np.hypot(cities["Livermore"].x - 75e3, cities["Livermore"].y - 61e3) < 1.5e3
    assert cities["Oakland"].population_rank < cities["Cupertino"].population_rank


def test_stations_are_many_apart_dry_and_have_codes_that_miniseed_can_hold(bay: Geography) -> None:
    codes = [station.code for station in bay.stations]
    assert len(set(codes)) == len(codes) >= 60
    assert all(1 <= len(code) <= 5 and code.isascii() and code.isalnum() for code in codes)
    places = np.array([(station.x, station.y) for station in bay.stations])
    assert HAYWARD.contains(*places.T).all()
    distances = np.hypot(*(places[:, None] - places[None]).T)[~np.eye(len(places), dtype=bool)]
    assert distances.min() > 5e3
    for station in bay.stations[::8]:
        longitude, latitude = HAYWARD.to_geographic(station.x, station.y)
        assert not is_water(bay, float(longitude), float(latitude)), station.code


def test_damaged_maps_are_an_error_in_one_sentence(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "geography").mkdir()
    (tmp_path / "geography" / "coastline.json").write_text("[[[1, 2]")
    monkeypatch.setattr("quakeview.geography.resources_dir", lambda: tmp_path)
    geography.cache_clear()
    with pytest.raises(QuakeViewError, match="install QuakeView again"):
        geography()
    monkeypatch.undo()
    assert paths.resources_dir().is_dir()
    assert geography().cities
