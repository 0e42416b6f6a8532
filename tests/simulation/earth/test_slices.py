"""Slices, section and profile of one place are the values of the model."""

import numpy as np
import pytest

from quakeview.simulation.earth.models import earth_model
from quakeview.simulation.earth.slices import ACROSS, ALONG, PROPERTIES, SlicedPlace, slice_earth
from quakeview.simulation.region import HAYWARD

POINT = (60_000.0, 40_000.0)


@pytest.mark.parametrize(("section", "length"), [(ALONG, HAYWARD.length), (ACROSS, HAYWARD.width)])
def test_a_place_is_sliced_where_it_is(section: str, length: float) -> None:
    slices = slice_earth(SlicedPlace("gil7", HAYWARD, 1000.0, PROPERTIES[0], 4000.0, section, POINT))
    model = earth_model("gil7", HAYWARD, 1000.0)
    assert (slices.slice.values == model.at(*POINT, 4000.0).vs).all()
    assert slices.section.across[-1] == pytest.approx(length, abs=500.0)
    np.testing.assert_array_equal(slices.profile.vs, model.at(*POINT, slices.depths).vs)
