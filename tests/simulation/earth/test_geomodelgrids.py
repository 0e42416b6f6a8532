from pathlib import Path

import h5py
import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth import geomodelgrids
from quakeview.simulation.earth.geomodelgrids import GeoModelFile, GeoModelGrid
from quakeview.simulation.region import HAYWARD
from tests.shared import SHARED, needs_shared
from tests.simulation.earth.geomodelgrids_file import DEPTH, MARGIN, REGION, elevation, vp, write_model

X, Y, Z = np.linspace(0, 20e3, 7)[None, None, :], np.linspace(0, 12e3, 5)[None, :, None], np.array([0, 777.0, 5e3, 3e4])
Z = Z[:, None, None]


def expected_vp(x: np.ndarray, y: np.ndarray, depth: np.ndarray, water: float = 0.0) -> np.ndarray:
    across, along = y + MARGIN, REGION.length + MARGIN - x
    top = elevation(across, along)
    return vp(across, along, DEPTH * (depth + water) / (top + DEPTH))


@pytest.mark.parametrize("early", [False, True])
def test_depth_is_below_the_ground_in_both_styles_of_the_format(tmp_path: Path, early: bool) -> None:
    model = GeoModelGrid(write_model(tmp_path / "m.h5", early), REGION, minimum_vs=100)
    material = model.at(X, Y, Z)
    assert material.vp.shape == (4, 5, 7)
    assert all(values.dtype == np.float32 for values in vars(material).values())
    np.testing.assert_allclose(material.vp, expected_vp(X, Y, Z), rtol=2e-5)
    np.testing.assert_allclose(material.vs, material.vp / 1.8, rtol=1e-5)
    assert (material.qs == 150).all()
    assert (material.qp == 300).all()
    assert (model.name, model.illustrative) == ("Test model", False)


def test_depth_is_below_the_sea_bottom(tmp_path: Path) -> None:
    model = GeoModelGrid(write_model(tmp_path / "m.h5", water_depth=400.0), REGION, minimum_vs=100)
    np.testing.assert_allclose(model.at(X, Y, Z[:3]).vp, expected_vp(X, Y, Z[:3], water=400.0), rtol=2e-5)


def test_reading_piece_by_piece_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_model(tmp_path / "m.h5", missing=lambda across, along, depth: (across < 9e3) & (depth < 1500))
    model = GeoModelGrid(path, REGION)
    whole = model.at(X, Y, Z)
    monkeypatch.setattr(geomodelgrids, "COLUMNS_AT_ONCE", 12)
    np.testing.assert_array_equal(model.at(X, Y, Z).vs, whole.vs)


def test_points_outside_take_the_nearest_inside(tmp_path: Path) -> None:
    model = GeoModelGrid(write_model(tmp_path / "m.h5"), REGION)
    outside, inside = model.at(-9e3, 90e3, 99e3), model.at(0, REGION.width, REGION.depth)
    assert outside.vp == inside.vp
    assert outside.vp.shape == ()


def test_what_is_no_rock_is_filled_from_below(tmp_path: Path) -> None:
    path = write_model(tmp_path / "m.h5", missing=lambda across, along, depth: (across < 10e3) & (depth < 1500))
    vs = GeoModelGrid(path, REGION, minimum_vs=100).at(np.full(3, 10e3), np.full(3, 2e3), [0.0, 1000.0, 3000.0]).vs
    across, along = np.full(3, 2e3 + MARGIN), np.full(3, 10e3 + MARGIN)
    bent = DEPTH * np.array([0.0, 1000.0, 3000.0]) / (elevation(across, along) + DEPTH)
    np.testing.assert_allclose(vs, vp(across, along, np.maximum(bent, 1500)) / 1.8, rtol=2e-5)


def test_a_block_without_rock_is_filled_from_the_block_below(tmp_path: Path) -> None:
    path = write_model(tmp_path / "m.h5", missing=lambda across, along, depth: (along < 15e3) & (depth < 7000))
    values = GeoModelGrid(path, REGION, minimum_vs=100).at(20e3, 6e3, np.array([0.0, 4000.0])).vp
    across, along = np.array(6e3 + MARGIN), np.array(MARGIN)
    np.testing.assert_allclose(values, vp(across, along, np.array(7500.0)), rtol=2e-5)


def test_no_rock_at_any_depth_is_an_error(tmp_path: Path) -> None:
    model = GeoModelGrid(write_model(tmp_path / "m.h5", missing=lambda across, along, depth: along < 8e3), REGION)
    model.at(0, 0, 0).check()
    with pytest.raises(QuakeViewError, match="no rock under a part"):
        model.at(20e3, 0, 0)


def test_speeds_are_limited(tmp_path: Path) -> None:
    material = GeoModelGrid(write_model(tmp_path / "m.h5"), REGION, minimum_vs=2000).at(X, Y, Z)
    assert material.vs.min() == 2000
    assert material.vp.min() == 3000


def test_speeds_no_solid_has_are_not_hidden_by_the_limits(tmp_path: Path) -> None:
    path = write_model(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        file.attrs["data_values"] = ("density", "Vs", "Vp", "Qp", "Qs")
    with pytest.raises(QuakeViewError, match=r"m\.h5 has Vp/Vs = 0\.56; no solid is below 1\.15"):
        GeoModelGrid(path, REGION).at(X, Y, Z)


def test_speeds_in_km_per_second_are_not_hidden_by_the_limits(tmp_path: Path) -> None:
    path = write_model(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        file["blocks/shallow"][:] /= np.float32(1000)
    with pytest.raises(QuakeViewError, match="must be in m/s"):
        GeoModelGrid(path, REGION).at(X, Y, Z)


@pytest.mark.parametrize("spacing", [0.0, -5.0, np.nan])
def test_a_spacing_that_cannot_be_is_explained(tmp_path: Path, spacing: float) -> None:
    path = write_model(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        file["blocks/shallow"].attrs["x_resolution"] = spacing
    with pytest.raises(QuakeViewError, match="not a complete GeoModelGrids model"):
        GeoModelGrid(path, REGION)


def test_q_follows_from_vs_where_the_file_has_none(tmp_path: Path) -> None:
    path = write_model(tmp_path / "m.h5", names=("Vp", "Vs", "density"), units=("m/s", "m/s", "kg/m**3"))
    material = GeoModelGrid(path, REGION).at(X, Y, Z)
    material.check()
    assert (material.qp == 2 * material.qs).all()
    assert np.ptp(material.qs) > 100


def test_files_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    good = write_model(tmp_path / "good.h5")
    cut = tmp_path / "cut.h5"
    cut.write_bytes(good.read_bytes()[:5000])
    with pytest.raises(QuakeViewError, match=r"cut\.h5 is truncated"):
        GeoModelGrid(cut, REGION)
    text = tmp_path / "text.h5"
    text.write_text("not a model")
    with pytest.raises(QuakeViewError, match=r"text\.h5 is truncated or not"):
        GeoModelGrid(text, REGION)
    with pytest.raises(QuakeViewError, match="does not cover San Francisco Bay"):
        GeoModelGrid(good, HAYWARD)
    km = write_model(tmp_path / "km.h5", units=("kg/m**3", "km/s", "m/s", "None", "None"))
    with pytest.raises(QuakeViewError, match="no Vp in m/s"):
        GeoModelGrid(km, REGION)


def test_hdf5_that_is_no_model_says_so(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["waves"] = np.zeros(3)
    with pytest.raises(QuakeViewError, match="not a complete GeoModelGrids model"):
        GeoModelGrid(tmp_path / "other.h5", REGION)


@needs_shared
def test_the_test_file_of_the_format() -> None:
    """``one`` and ``two`` of three-blocks-topo.h5 are linear in x, y and bent depth (fitted to its vertices)."""
    file = GeoModelFile(SHARED / "reference" / "geomodelgrids" / "three-blocks-topo.h5")
    assert [block.top for block in file.blocks] == [0, 5000, 25000]
    assert file.units == {"one": "m", "two": "m/s"}
    x, y = np.array([5e3, 30e3, 60e3]), np.array([10e3, 60e3, 120e3])
    with h5py.File(file.path) as stored:
        vertices = (x / 5e3).astype(int), (y / 5e3).astype(int), 0
        top, ground = (stored[f"surfaces/{name}"][...][vertices] for name in ("top_surface", "topography_bathymetry"))
    bent = 45e3 * (top - ground + 10e3) / (top + 45e3)
    one, two = file.values(("one", "two"), x, y, 10e3)
    np.testing.assert_allclose(one, 2000 + 0.3 * x + 0.4 * y + 4 * bent, rtol=1e-6)
    np.testing.assert_allclose(two, -1200 + 0.1 * x - 0.2 * y + 4.8 * bent, rtol=1e-6)
    with pytest.raises(QuakeViewError, match="no Vp"):
        GeoModelGrid(file.path, HAYWARD)
