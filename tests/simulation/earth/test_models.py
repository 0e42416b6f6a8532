from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.models import MODEL_NAMES, earth_model
from quakeview.simulation.region import HAYWARD
from tests.simulation.earth.geomodelgrids_file import REGION, write_model


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_model_is_solid_over_the_whole_region_and_beyond(name: str) -> None:
    model = earth_model(name)
    x = np.linspace(-12e3, HAYWARD.length + 12e3, 73)[None, None, :]
    y = np.linspace(-12e3, HAYWARD.width + 12e3, 53)[None, :, None]
    depth = np.linspace(0, HAYWARD.depth + 12e3, 85)[:, None, None]
    material = model.at(x, y, depth)
    assert all(values.shape == (85, 53, 73) and values.dtype == np.float32 for values in vars(material).values())
    material.check()
    assert material.vs.min() >= 1000
    assert (material.vp / material.vs).max() <= 3


def test_only_the_built_in_bay_area_is_illustrative_and_its_name_says_so() -> None:
    assert [name for name in MODEL_NAMES if earth_model(name).illustrative] == ["bay-area"]
    assert "illustrative" in earth_model("bay-area").name


def test_the_bay_area_is_refused_elsewhere() -> None:
    elsewhere = replace(HAYWARD, name="Gyeongju", longitude=129.0, latitude=35.7)
    with pytest.raises(QuakeViewError, match="says nothing of Gyeongju"):
        earth_model("bay-area", elsewhere)
    assert earth_model("gil7", elsewhere).name.startswith("GIL7")


def test_a_path_is_a_file_of_the_format(tmp_path: Path) -> None:
    path = write_model(tmp_path / "m.h5")
    for given in (path, str(path)):
        assert earth_model(given, REGION, 1500.0).at(0, 0, np.array([0.0])).vs >= 1500


def test_the_clamp_reaches_the_bay_area() -> None:
    assert float(earth_model("bay-area", minimum_vs=500.0).at(72e3, 54e3, 0).vs) < 700


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(QuakeViewError, match="no Earth model mars; use bay-area, gil7, homogeneous, loh1, or"):
        earth_model("mars")
