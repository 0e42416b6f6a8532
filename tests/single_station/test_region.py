"""The sector in which an epicentre lies."""

import numpy as np
import pytest

from quakeview.single_station.estimates import Estimate
from quakeview.single_station.region import epicentre_region
from quakeview.stations.coordinates import Coordinates, epicentral_path

PLACE = Coordinates(47.0, 11.0, 500.0)


def paths(line: np.ndarray):
    return [epicentral_path(latitude, longitude, PLACE) for longitude, latitude in line.tolist()]


def test_a_sector_is_as_wide_and_deep_as_the_uncertainties() -> None:
    region = epicentre_region(PLACE, Estimate(50e3, 10e3, ""), Estimate(350.0, 20.0, ""))
    (outline,) = region.outline
    assert np.allclose(outline[0], outline[-1])
    found = paths(outline)
    distances = [path.distance for path in found]
    assert (min(distances), max(distances)) == pytest.approx((40e3, 60e3), rel=1e-3)
    off = [(path.back_azimuth - 350 + 180) % 360 - 180 for path in found]
    assert (min(off), max(off)) == pytest.approx((-20, 20), abs=0.1)
    (middle,) = paths(np.array([region.middle]))
    assert (middle.distance, middle.back_azimuth) == pytest.approx((50e3, 350), rel=1e-3)


def test_without_a_direction_it_is_a_ring() -> None:
    region = epicentre_region(PLACE, Estimate(50e3, 10e3, ""), None)
    outer, inner = region.outline
    assert region.middle is None
    assert {round(path.distance / 1e3) for path in paths(outer)} == {60}
    assert {round(path.distance / 1e3) for path in paths(inner)} == {40}


def test_an_uncertainty_larger_than_the_distance_reaches_the_station() -> None:
    (outer,) = epicentre_region(PLACE, Estimate(5e3, 8e3, ""), None).outline
    assert {round(path.distance / 1e3) for path in paths(outer)} == {13}


def test_a_direction_of_unknown_uncertainty_is_no_sector() -> None:
    assert len(epicentre_region(PLACE, Estimate(50e3, 10e3, ""), Estimate(350.0, None, "")).outline) == 2
