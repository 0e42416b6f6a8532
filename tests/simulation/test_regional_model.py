from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.regional_model import RegionalModel, read_regional_model

TEXT = """
name = "Gyeongju"
longitude = 129.2
latitude = 35.8
azimuth = 20.0
length = 40.0
width = 30.0
depth = 20.0

[grid]
spacing = 1.0
frequency = 0.25
minimum_vs = 1.5

[fault]
start = [129.16, 35.70]
end = [129.24, 35.89]
depth = [3.0, 13.0]
dip = 70.0
rake = 180.0

[velocity_model]
name = "Two layers"
layers = [{ depth_km = 0.0, vp = 3.0, vs = 1.0 }, { depth_km = 4.0, vp = 6.0, vs = 3.5 }]
"""


def read(folder: Path, text: str = TEXT) -> RegionalModel:
    (folder / "region.toml").write_text(text)
    return read_regional_model(folder / "region.toml")


def test_the_box_is_around_its_centre_and_turned(tmp_path: Path) -> None:
    region = read(tmp_path).region
    x, y = region.to_local(129.2, 35.8)
    np.testing.assert_allclose((x, y), (20e3, 15e3), atol=0.05)
    longitude, latitude = region.to_geographic(np.array([0, 40e3]), np.array([15e3, 15e3]))
    east, north = np.diff(longitude)[0] * np.cos(np.radians(35.8)), np.diff(latitude)[0]
    assert np.degrees(np.arctan2(east, north)) == pytest.approx(20, abs=0.3)
    assert np.hypot(east, north) * 111.2 == pytest.approx(40, rel=0.01)


def test_the_fault_has_the_strike_of_its_ends_and_dips_to_their_right(tmp_path: Path) -> None:
    model = read(tmp_path)
    plane = model.fault.plane
    assert plane.strike == pytest.approx(np.degrees(np.arctan2(0.08 * np.cos(np.radians(35.8)), 0.19)), abs=0.3)
    corners = plane.corners
    longitude, latitude = model.region.to_geographic(corners[:, 0], corners[:, 1])
    np.testing.assert_allclose((longitude[0], latitude[0]), (129.16, 35.70), atol=1e-6)
    np.testing.assert_allclose((longitude[1], latitude[1]), (129.24, 35.89), atol=1e-6)
    assert longitude[2] > longitude[1]  # going north, the right is the east
    np.testing.assert_allclose(corners[:, 2], [3e3, 3e3, 13e3, 13e3])
    assert model.fault.name == "Gyeongju fault"


def test_slow_rock_is_hardened_and_said(tmp_path: Path) -> None:
    model = read(tmp_path)
    rock = model.earth.at(0.0, 0.0, np.array([0.0, 10e3]))
    np.testing.assert_allclose(rock.vs, (1500, 3500))
    np.testing.assert_allclose(rock.vp, (3000, 6000))
    assert model.changes == (
        "The layer at 0 km is simulated with Vp 3.00 and Vs 1.50 km/s (in the model 3.00 and 1.00).",
    )
    assert model.slowest == 1500


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("longitude = 129.2", "longitude = 400.0", "between -180° and 180°"),
        ("latitude = 35.8", "latitude = 88.0", "between -80° and 80°"),
        ("width = 30.0", "width = 0.0", "above 0 and up to 1,000 km"),
        ('name = "Gyeongju"', 'name = " "', "needs a name"),
        ("spacing = 1.0", "spacing = 2.0", "points to the shortest S wave"),
        ("minimum_vs = 1.5", "minimum_vs = 1.5\nframe_step = 2.0", "cannot hold waves of 0.25 Hz"),
        ("minimum_vs = 1.5", "minimum_vs = 1.5\nduration = 0.1", "shorter than two frames"),
        ("minimum_vs = 1.5", "minimum_vs = 9.0", "lowest S speed"),
        ("depth = [3.0, 13.0]", "depth = [13.0, 3.0]", "give the upper depth first"),
        ("depth = [3.0, 13.0]", "depth = [3.0, 25.0]", "leaves the box"),
        ("end = [129.24, 35.89]", "end = [129.16, 35.70]", "shorter than 1 km"),
        ("end = [129.24, 35.89]", "end = [139.24, 35.89]", "leaves the box"),
        ("dip = 70.0", "dip = 0.0", "give a dip"),
        ("depth_km = 4.0", "depth_km = -1.0", "whose tops go down"),
        ("vs = 3.5", "vs = -3.5", "not above 0 km/s"),
        ("vs = 3.5", "vz = 3.5", "'vz' in .* is unknown"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in TEXT
    with pytest.raises(QuakeViewError, match=sentence):
        read(tmp_path, TEXT.replace(old, new))
