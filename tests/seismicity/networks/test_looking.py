"""What a network looked at, for the window."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.networks.looking import look_from, region_at
from quakeview.seismicity.networks.regions import Regions
from quakeview.seismicity.references import Fitting, uniform
from tests.seismicity.catalogues import FIRST, clustered
from tests.seismicity.networks.test_forecaster import GRID, forecast


def test_the_region_at_a_place_looks_at_regions_with_outlines() -> None:
    printed, catalogue, day = forecast(), clustered(100), FIRST + 60
    look = look_from(printed, catalogue, day, (36.0, 139.0))
    assert look.weights.sum() == pytest.approx(1)
    assert look.outlines.shape[0] == len(look.weights) == printed.regions.number
    south, west = look.outlines[look.region].min(axis=0)
    north, east = look.outlines[look.region].max(axis=0)
    assert south < 36.0 < north
    assert west < 139.0 < east
    assert look.title == "What Printed looked at for this region on 1997-07-18"
    other = look_from(printed, catalogue, day, (38.5, 141.5))
    assert other.region != look.region
    assert not np.array_equal(other.weights, look.weights)


def test_each_centre_is_in_its_own_region() -> None:
    regions = Regions(GRID.shape, 3)
    latitude, longitude = GRID.geographic(*GRID.centres)
    found = [region_at(GRID, regions, place) for place in zip(latitude, longitude, strict=True)]
    assert found == regions.of_cells.tolist()


def test_who_looks_at_cells_alone_says_so() -> None:
    catalogue = clustered(100)
    alone = forecast(attention=False, gate=False, memory=False)
    reference = uniform(Fitting(catalogue, GRID, 4.5, FIRST, FIRST + 90))
    for forecaster in (alone, reference):
        with pytest.raises(QuakeViewError, match="looks at each cell alone"):
            look_from(forecaster, catalogue, FIRST + 60, (36.0, 139.0))
    with pytest.raises(QuakeViewError, match="outside the cells"):
        look_from(forecast(), catalogue, FIRST + 60, (10.0, 139.0))
