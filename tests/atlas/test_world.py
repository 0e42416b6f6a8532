"""Land, borders and cities: the right ones, also across 180 degrees, and never a line through the sea."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview import paths
from quakeview.atlas import world
from quakeview.atlas.mercator import Mercator
from quakeview.atlas.world import Box, Lines, clipped, level, world_geography
from quakeview.errors import QuakeViewError
from quakeview.geography import Geography


def around(longitude: float, latitude: float, degrees: float, tolerance: float = 0.004) -> tuple[Mercator, Geography]:
    projection = Mercator(longitude)
    box = Box(longitude - degrees, latitude - degrees, longitude + degrees, latitude + degrees)
    return projection, world_geography(projection, box, tolerance)


def is_inside(areas: Sequence[NDArray[np.float64]], x: float, y: float) -> bool:
    """Whether a ray towards the east crosses the rings an odd number of times."""
    crossings = 0
    for ring in areas:
        ends = np.roll(ring, -1, axis=0)
        spans = (ring[:, 1] > y) != (ends[:, 1] > y)
        part = (y - ring[spans, 1]) / (ends[spans, 1] - ring[spans, 1])
        crossings += np.count_nonzero(ring[spans, 0] + part * (ends[spans, 0] - ring[spans, 0]) > x)
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "on_land"),
    [
        ("Ridgecrest", -117.67, 35.62, True),
        ("the Pacific off Monterey", -122.6, 36.4, False),
        ("Seoul", 127.0, 37.55, True),
        ("the Sea of Japan", 133.0, 39.5, False),
        ("Taveuni in Fiji, at 180 degrees", -179.93, -16.85, True),
        ("the sea south of Fiji, across 180 degrees", -179.0, -20.5, False),
        ("Chukotka, beyond 180 degrees", -175.0, 66.5, True),
        ("the South Pole", 20.0, -84.0, True),
        ("Lake Taupo lies in land", 175.9, -38.8, True),
    ],
)
@pytest.mark.parametrize("tolerance", [0.002, 0.02])
def test_land_and_sea(place: str, longitude: float, latitude: float, on_land: bool, tolerance: float) -> None:
    for centre in (longitude, longitude + 0.7):  # with the cut of the map elsewhere
        projection, geography = around(centre, max(latitude, -83.0), 1.5, tolerance)
        x, y = projection.to_map(projection.near(longitude), latitude)
        assert is_inside(geography.land, float(x), float(y)) == on_land


def test_lakes_and_borders_and_cities() -> None:
    projection, geography = around(175.9, -38.8, 1.0)
    assert is_inside(geography.lakes, *(float(value) for value in projection.to_map(175.9, -38.8)))
    _, alps = around(8.0, 46.5, 2.0)
    assert alps.borders
    assert alps.provinces
    assert "Bern" in {city.name for city in alps.cities}
    _, bay = around(-122.2, 37.8, 0.8)
    names = [city.name for city in bay.cities]
    assert {"San Francisco", "Oakland"} <= set(names)
    assert len(names) == len(set(names))
    assert "Hayward" in {fault.name for fault in bay.faults}


def test_no_line_runs_along_180_degrees_or_the_pole() -> None:
    projection, geography = around(180.0, 68.0, 6.0)
    seam, _ = projection.to_map(180.0, 68.0)
    for line in geography.coastlines:
        along = np.abs(line[:, 0] - seam) < 500
        assert not (along[:-1] & along[1:] & (np.abs(np.diff(line[:, 1])) > 3000)).any()


@pytest.mark.parametrize("centre", [-178.0, 175.0])
def test_islands_beyond_180_degrees_have_their_shores(centre: float) -> None:
    projection, geography = around(centre, -17.0, 15.0, 0.01)
    x, y = projection.to_map(projection.near([168.4, -171.7]), [-17.7, -13.8])  # Efate and Samoa
    for place in zip(x, y, strict=True):
        nearest = min(np.hypot(*(line - place).T).min() for line in geography.coastlines)
        assert nearest < 40_000


def test_communes_are_left_out_where_they_would_be_a_tangle() -> None:
    slovenia = [len(around(14.8, 46.1, 0.6, tolerance)[1].provinces) for tolerance in (0.002, 0.02)]
    assert slovenia[0] > 20 > slovenia[1]


def test_detail_follows_the_tolerance() -> None:
    points = [sum(map(len, around(10.0, 60.0, 5.0, tolerance)[1].coastlines)) for tolerance in (0.003, 0.03, 0.3)]
    assert points[0] > 3 * points[1] > 9 * points[2] > 0


def test_the_whole_earth() -> None:
    geography = world_geography(Mercator(), Box(-180, -85, 180, 85), 0.2)
    whole, _ = Mercator().to_map(180.0, 0.0)
    assert all(np.abs(ring[:, 0]).max() <= whole * (1 + 1e-6) for ring in geography.land)
    assert len(geography.cities) > 200


def test_clipping_an_area() -> None:
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])
    corner = clipped(square, Box(2.0, 2.0, 9.0, 9.0))
    assert {tuple(point) for point in corner.tolist()} == {(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0)}
    assert len(clipped(square, Box(5.0, 5.0, 6.0, 6.0))) == 0
    np.testing.assert_array_equal(clipped(square, Box(-1.0, -1.0, 9.0, 9.0)), square)


def test_lines_are_stored_and_read_back() -> None:
    lines = Lines.of(
        [np.array([[0, 0], [5, -3], [40_000, 2]], np.int32), np.array([[-180_000, 85_000], [7, 7]], np.int32)],
        [np.array([255, 3, 255], np.uint8), np.array([255, 255], np.uint8)],
    )
    again = Lines.read(lines.arrays("land"), "land")
    np.testing.assert_array_equal(again.points, lines.points)
    assert [len(line) for line in again.within(Box(-180, -90, 180, 90), 0.0001, 0.0)] == [3, 2]
    assert [len(line) for line in again.within(Box(-180, -90, 180, 90), 1.0, 100.0)] == [2]
    assert [len(line) for line in again.within(Box(50, 50, 60, 60), 0.0001, 0.0)] == []


def test_levels_grow_with_importance() -> None:
    found = level([0.001, 0.01, 1.0, np.inf])
    assert found.tolist() == sorted(found.tolist())
    assert found[-1] == 255


def test_damaged_resources_are_said(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    world._layers.cache_clear()
    monkeypatch.setattr(world, "resources_dir", lambda: paths.Path(str(tmp_path)))
    with pytest.raises(QuakeViewError, match="install QuakeView again"):
        around(0.0, 0.0, 1.0)
