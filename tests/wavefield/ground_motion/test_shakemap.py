"""``grid.xml`` read back as a ShakeMap reader would."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.shakemap import write_grid_xml, write_uncertainty_xml
from quakeview.wavefield.scenarios.header import Header

SPACE = "{http://earthquake.usgs.gov/eqcenter/shakemap}"


def plane(x: Any, y: Any) -> Any:
    """PGV, m/s, that linear interpolation reproduces."""
    return 0.01 + 0.1 * np.asarray(x) / 120e3 + 0.3 * np.asarray(y) / 80e3


@pytest.fixture
def wavefield() -> SimpleNamespace:
    header = Header(
        name="M6.0 Hayward <test>",
        region=HAYWARD,
        x=np.arange(1e3, 120e3, 2e3),
        y=np.arange(1e3, 80e3, 2e3),
        frame_step=0.26,
        planned_frames=10,
        frequency=0.25,
        model_name="Bay Area (illustrative)",
        illustrative=True,
        magnitude=6.0,
        hypocentre=(40e3, 38e3, 8e3),
    )
    return SimpleNamespace(header=header, pgv=plane(header.x[:, None], header.y[None, :]).astype(np.float32))


@pytest.fixture
def root(wavefield: SimpleNamespace, tmp_path: Path) -> ElementTree.Element:
    write_grid_xml(wavefield, tmp_path / "grid.xml")
    return ElementTree.parse(tmp_path / "grid.xml").getroot()


@pytest.fixture
def table(root: ElementTree.Element) -> np.ndarray:
    rows = root.find(f"{SPACE}grid_data").text.strip().split("\n")
    return np.array([[float(value) for value in row.split()] for row in rows])


def test_values_at_known_places(root: ElementTree.Element, table: np.ndarray) -> None:
    assert [(field.get("name"), field.get("units")) for field in root.iter(f"{SPACE}grid_field")] == [
        ("LON", "dd"),
        ("LAT", "dd"),
        ("PGV", "cms"),
        ("MMI", "intensity"),
    ]
    longitude, latitude, pgv, mmi = table.T
    x, y = HAYWARD.to_local(longitude, latitude)
    inside = (x > 1.1e3) & (x < 118.9e3) & (y > 1.1e3) & (y < 78.9e3)
    assert 1500 < inside.sum() < 3000
    np.testing.assert_allclose(pgv[inside], 100 * plane(x, y)[inside], rtol=1e-3)
    np.testing.assert_allclose(mmi[inside], mmi_from_pgv(pgv[inside] / 100), atol=2e-3)
    outside = ~HAYWARD.contains(x, y)
    assert outside.any()
    assert np.isnan(table[outside, 2:]).all()
    assert not np.isnan(table[inside]).any()


def test_rows_go_from_north_to_south_and_agree_with_the_specification(
    root: ElementTree.Element, table: np.ndarray
) -> None:
    grid = root.find(f"{SPACE}grid_specification").attrib
    n_lon, n_lat = int(grid["nlon"]), int(grid["nlat"])
    longitude, latitude = table[:, 0].reshape(n_lat, n_lon), table[:, 1].reshape(n_lat, n_lon)
    assert np.all(np.diff(latitude, axis=0) < 0)
    assert np.all(np.diff(longitude, axis=1) > 0)
    assert np.all(longitude == longitude[0])
    assert (longitude[0, 0], longitude[0, -1]) == (float(grid["lon_min"]), float(grid["lon_max"]))
    assert (latitude[-1, 0], latitude[0, 0]) == (float(grid["lat_min"]), float(grid["lat_max"]))
    step = float(grid["nominal_lon_spacing"]), float(grid["nominal_lat_spacing"])
    np.testing.assert_allclose(np.diff(longitude[0]), step[0], atol=1.1e-5)
    np.testing.assert_allclose(-np.diff(latitude[:, 0]), step[1], atol=1.1e-5)


def test_the_event_says_what_it_is(root: ElementTree.Element) -> None:
    event = root.find(f"{SPACE}event").attrib
    longitude, latitude = HAYWARD.to_geographic(40e3, 38e3)
    assert (float(event["lon"]), float(event["lat"])) == pytest.approx((longitude, latitude), abs=1e-5)
    assert (event["magnitude"], event["depth"]) == ("6.00", "8.00")
    assert event["event_timestamp"] == "2000-01-01T00:00:00UTC"
    assert "0.25 Hz: PGV and MMI are lower bounds" in event["event_description"]
    assert event["event_description"].startswith("M6.0 Hayward <test>; Bay Area (illustrative); ")
    assert event["event_id"] == root.get("event_id") == "M6.0_Hayward_<test>"
    assert root.get("shakemap_event_type") == "SCENARIO"


def test_uncertainty_stands_on_the_same_grid(wavefield: SimpleNamespace, table: np.ndarray, tmp_path: Path) -> None:
    write_uncertainty_xml(wavefield.header, np.full(wavefield.pgv.shape, 0.25), tmp_path / "uncertainty.xml")
    root = ElementTree.parse(tmp_path / "uncertainty.xml").getroot()
    fields = [(field.get("name"), field.get("units")) for field in root.iter(f"{SPACE}grid_field")]
    assert fields == [("LON", "dd"), ("LAT", "dd"), ("STDPGV", "ln(cms)")]
    rows = root.find(f"{SPACE}grid_data").text.strip().split("\n")
    uncertainty = np.array([[float(value) for value in row.split()] for row in rows])
    np.testing.assert_array_equal(uncertainty[:, :2], table[:, :2])
    np.testing.assert_array_equal(np.isnan(uncertainty[:, 2]), np.isnan(table[:, 2]))
    assert np.nanmax(np.abs(uncertainty[:, 2] - 0.25)) < 1e-4


def test_a_wavefield_without_a_source_is_no_shakemap(wavefield: SimpleNamespace, tmp_path: Path) -> None:
    wavefield.header = replace(wavefield.header, magnitude=None)
    with pytest.raises(QuakeViewError, match="which a ShakeMap needs"):
        write_grid_xml(wavefield, tmp_path / "grid.xml")
    assert not any(tmp_path.iterdir())


def test_a_folder_that_is_not_there(wavefield: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="choose another place"):
        write_grid_xml(wavefield, tmp_path / "nowhere" / "grid.xml")
