"""Files of forecasts, read back by what reads such files."""

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer

from quakeview.errors import QuakeViewError
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.maps.csep import NAMESPACE
from quakeview.seismicity.maps.day_forecast import Quantity
from quakeview.seismicity.maps.degrees import extent, to_degrees
from quakeview.seismicity.maps.exports import WRITERS, write_forecast
from quakeview.seismicity.maps.geotiff import DOUBLES, KEYS, PIXEL_SCALE, TIE_POINT, write_geotiff
from tests.seismicity.catalogues import box, clustered
from tests.seismicity.maps.forecasts import uneven

FIJI = CellGrid.around([-20.0, -14.0], [176.0, -177.0])


def _geotiff_keys(image: Image.Image) -> dict[int, float]:
    """The keys of a GeoTIFF by number, as the standard says they are read."""
    values = image.tag_v2[KEYS]
    doubles = image.tag_v2.get(DOUBLES, ())
    rows = np.reshape(values[4:], (-1, 4)).tolist()
    return {key: doubles[value] if where == DOUBLES else value for key, where, _, value in rows}


def test_a_geotiff_lies_where_the_cells_are(tmp_path: Path) -> None:
    forecast = uneven()
    write_geotiff(tmp_path / "map.tif", forecast)
    with Image.open(tmp_path / "map.tif") as image:
        pixels, keys = np.asarray(image), _geotiff_keys(image)
        size, (_, _, _, left, top, _) = image.tag_v2[PIXEL_SCALE], image.tag_v2[TIE_POINT]
        assert "smoothed seismicity" in image.tag_v2[270]
    assert (keys[1024], keys[3075], keys[3076], keys[2048]) == (1, 10, 9001, 4326)
    crs = f"+proj=laea +lat_0={keys[3089]} +lon_0={keys[3088]} +x_0={keys[3082]} +y_0={keys[3083]} +datum=WGS84"
    to_pixels = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    latitude, longitude = forecast.grid.geographic(*forecast.grid.centres)
    x, y = to_pixels.transform(longitude, latitude)
    column, row = np.floor((x - left) / size[0]).astype(int), np.floor((top - y) / size[1]).astype(int)
    assert pixels[row, column] == pytest.approx(forecast.expected, rel=1e-6)
    assert pixels.shape == forecast.grid.shape[::-1]


@pytest.mark.parametrize("grid", [box(), FIJI], ids=["Honshu", "Fiji"])
def test_a_geotiff_of_degrees_lies_where_the_cells_are(tmp_path: Path, grid: CellGrid) -> None:
    forecast = uneven(grid)
    write_geotiff(tmp_path / "map.tif", forecast, Quantity.PROBABILITY, degrees=0.05)
    with Image.open(tmp_path / "map.tif") as image:
        pixels, keys = np.asarray(image), _geotiff_keys(image)
        size, (_, _, _, left, top, _) = image.tag_v2[PIXEL_SCALE], image.tag_v2[TIE_POINT]
    assert (keys[1024], keys[2048], keys[2054]) == (2, 4326, 9102)
    assert np.nansum(-np.log1p(-pixels.astype(float))) == pytest.approx(forecast.total, rel=1e-4)
    strongest = int(forecast.expected.argmax())
    latitude, longitude = (float(each[strongest]) for each in grid.geographic(*grid.centres))
    row, column = int((top - latitude) / size[1]), int(((longitude - left) % 360) / size[0])
    assert pixels[row, column] == pytest.approx(np.nanmax(pixels), rel=0.02)


@pytest.mark.parametrize("grid", [box(), FIJI], ids=["Honshu", "Fiji"])
def test_cells_of_degrees_hold_the_same_earthquakes(grid: CellGrid) -> None:
    forecast = uneven(grid)
    west, south, expected = to_degrees(grid, forecast.expected, 0.1).corners()
    assert expected.sum() == pytest.approx(forecast.total)
    assert (np.abs(west) <= 180).all()
    assert len(set(zip(west.tolist(), south.tolist(), strict=True))) == len(west)
    even = to_degrees(grid, np.full(grid.number, grid.area), 0.5)
    inside = even.expected[3:-3, 3:-3]
    assert inside[:, 0] == pytest.approx(inside.mean(axis=1), rel=2e-3)
    assert inside[0].mean() / inside[-1].mean() == pytest.approx(
        np.cos(np.radians(even.south + 1.75)) / np.cos(np.radians(even.south + 0.5 * len(even.expected) - 1.75)),
        rel=5e-3,
    )


def test_too_many_cells_of_degrees_are_a_sentence() -> None:
    with pytest.raises(QuakeViewError, match="choose larger cells"):
        to_degrees(box(), uneven().expected, 0.0005)


def test_csep_files_say_the_same(tmp_path: Path) -> None:
    forecast = uneven()
    for suffix in (".dat", ".xml", ".csep.csv"):
        write_forecast(tmp_path / f"day{suffix}", forecast)
    table = np.loadtxt(tmp_path / "day.dat")
    assert table[:, 8].sum() == pytest.approx(forecast.total, rel=1e-6)
    assert (table[:, 1] - table[:, 0]) == pytest.approx(0.1)
    assert set(table[:, 6]) == {4.5}
    wide = list(csv.reader((tmp_path / "day.csep.csv").open()))
    assert wide[0] == ["lon_min", "lon_max", "lat_min", "lat_max", "depth_min", "depth_max", "4.5"]
    assert np.array(wide[1:], float)[:, 6] == pytest.approx(table[:, 8])
    data = ElementTree.parse(tmp_path / "day.xml").getroot()[0]
    tag = {each.tag.removeprefix(f"{{{NAMESPACE}}}"): each for each in data}
    assert (tag["forecastStartDate"].text, tag["forecastEndDate"].text) == (
        "2019-04-15T00:00:00Z",
        "2019-04-16T00:00:00Z",
    )
    cells = [(float(c.get("lon", "")), float(c.get("lat", "")), float(c[0].text or "")) for c in tag["depthLayer"]]
    assert np.array(cells)[:, 2] == pytest.approx(table[:, 8])
    assert np.array(cells)[:, 0] == pytest.approx(table[:, 0] + 0.05, abs=1e-3)


def test_geojson_has_a_polygon_for_each_cell(tmp_path: Path) -> None:
    forecast = uneven()
    write_forecast(tmp_path / "day.geojson", forecast)
    content = json.loads((tmp_path / "day.geojson").read_text())
    assert content["forecast"]["forecaster"] == "smoothed seismicity"
    assert content["forecast"]["worth"] == "no gain over itself"
    numbers = [feature["properties"]["expected_number"] for feature in content["features"]]
    assert numbers == pytest.approx(forecast.expected, rel=1e-5)
    for feature in content["features"]:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        x, y = forecast.grid.project([at[1] for at in ring], [at[0] for at in ring])
        area = (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2
        assert area == pytest.approx(forecast.grid.area, rel=1e-3)  # positive: anticlockwise


def test_geojson_is_cut_at_the_date_line(tmp_path: Path) -> None:
    write_forecast(tmp_path / "day.geojson", uneven(FIJI))
    geometries = [each["geometry"] for each in json.loads((tmp_path / "day.geojson").read_text())["features"]]
    assert {each["type"] for each in geometries} == {"Polygon", "MultiPolygon"}
    for geometry in geometries:
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for (ring,) in parts:
            longitudes = [at[0] for at in ring]
            assert max(map(abs, longitudes)) <= 180
            assert max(longitudes) - min(longitudes) < 1


def test_a_table_says_what_it_is(tmp_path: Path) -> None:
    forecast = uneven()
    write_forecast(tmp_path / "day.csv", forecast)
    lines = (tmp_path / "day.csv").read_text().splitlines()
    assert "# forecaster: smoothed seismicity" in lines
    assert "# first_day: 2019-04-15" in lines
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [float(row["expected_number"]) for row in rows] == pytest.approx(forecast.expected, rel=1e-5)
    assert [float(row["times_long_term_rate"]) for row in rows] == pytest.approx(forecast.expected / 1e-4, rel=1e-5)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_figure_is_written(tmp_path: Path, suffix: str) -> None:
    write_forecast(tmp_path / f"day{suffix}", uneven(), clustered(400))
    assert (tmp_path / f"day{suffix}").stat().st_size > 10_000


def test_another_suffix_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=r"“day\.doc”; let its name end in \.tif"):
        write_forecast(tmp_path / "day.doc", uneven())
    assert set(WRITERS) >= {".tif", ".geojson", ".csv", ".xml", ".dat"}


def test_the_extent_of_a_grid_across_the_date_line() -> None:
    west, south, east, north = extent(FIJI)
    assert 170 < west < 177 < 182 < east < 190
    assert south < -19 < -15 < north
