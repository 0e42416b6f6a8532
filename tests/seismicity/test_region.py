"""Regions and choices."""

import json

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.choices import Choices, days_of
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import PAPER

JAPAN = Region.box(30, 128, 46, 150)


def test_a_box_contains_what_lies_in_it() -> None:
    assert JAPAN.contains([35, 29, 35, 47], [140, 140, 127, 140]).tolist() == [True, False, False, False]
    assert str(JAPAN) == "30.0° N to 46.0° N, 128.0° E to 150.0° E"


def test_a_polygon_contains_what_lies_in_it() -> None:
    """A triangle, and the part of its box that it leaves out."""
    triangle = Region(((0.0, 0.0), (0.0, 10.0), (10.0, 0.0)))
    assert triangle.contains([2, 8, 4.9, 5.1], [2, 8, 5, 5]).tolist() == [True, False, True, False]
    assert str(triangle) == "3 corners around 5.0° N, 5.0° E"


def test_a_region_goes_across_the_date_line() -> None:
    fiji = Region.box(-25, 170, -10, -170)
    assert fiji.contains([-20, -20, -20, -20], [175, -175, 165, -165]).tolist() == [True, True, False, False]
    assert fiji.bounds == (-25, 170, -10, 190)


def test_the_whole_earth_is_a_box() -> None:
    earth = Region.box(-90, -180, 90, 180)
    assert earth.contains([0, 80, -80, 10], [-179, 179, 0, 90]).all()


@pytest.mark.parametrize(
    ("text", "corners"),
    [("30 128 46 150", 4), ("30, 128, 46, 150", 4), ("30 128\n30 140\n40.5 −130", 3), ("-10,170,10,-170", 4)],
)
def test_a_region_is_typed(text: str, corners: int) -> None:
    assert len(Region.parse(text).corners) == corners


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 numbers were found"),
        ("30 128 46", "3 numbers were found"),
        ("46 128 30 150", "exchange the two"),
        ("0 0 1 1 2 2", "The region is empty"),
        ("95 0 1 1 2 0", "latitudes from −90 to 90"),
    ],
)
def test_what_is_no_region_is_said(text: str, said: str) -> None:
    with pytest.raises(QuakeViewError, match=said):
        Region.parse(text)


def _catalogue() -> Catalogue:
    return Catalogue.of(np.arange(6) * DAY + 10, [35, 35, 35, 35, 50, 50], [140] * 6, [3, 4, 5, np.nan, 6, 4.5])


def test_choices_let_earthquakes_through() -> None:
    catalogue = _catalogue()
    choices = Choices(least=4.0, most=5.0, region=JAPAN, period=(0, 5))
    assert choices.passing(catalogue).tolist() == [False, True, True, False, False, False]
    assert choices.passing(catalogue, by_region=False, by_period=False).sum() == 3
    assert choices.passing(catalogue, by_magnitude=False).sum() == 4
    assert Choices().passing(catalogue).all()
    assert days_of(catalogue) == (0, 6)


def test_choices_are_remembered() -> None:
    choices = Choices(5.0, 50e3, PAPER, 12, JAPAN, Region(((0.0, 0.0), (0.0, 1.0), (1.0, 0.0))), (3, 9), 4.0)
    assert Choices.from_dict(json.loads(json.dumps(choices.to_dict()))) == choices


def test_choices_that_cannot_be_read_are_as_at_first() -> None:
    broken = {"magnitude": "much", "window": [5, 2], "region": {"corners": [[1, 2]]}, "period": [1], "cell_size": 5e4}
    assert Choices.from_dict(broken) == Choices(cell_size=5e4)


def test_cells_are_those_of_the_area_or_of_the_large_earthquakes() -> None:
    catalogue = _catalogue()
    assert Choices(magnitude=6.0).grid(catalogue).number == 1
    grid = Choices(area=JAPAN, cell_size=100e3).grid(catalogue)
    assert (grid.cells(catalogue) >= 0).tolist() == [True] * 4 + [False] * 2


def test_choices_begin_where_the_catalogue_is_complete() -> None:
    """Magnitudes from 2.0 with b = 1, of which two in three below 3.0 are missing."""
    random = np.random.default_rng(1)
    magnitude = np.round(2.0 + random.exponential(0.434, 40_000), 1)
    kept = (magnitude >= 3.0) | (random.uniform(size=len(magnitude)) < 0.05)
    times = np.sort(random.uniform(0, 1000 * DAY, int(kept.sum())))
    first = Choices.first_of(Catalogue.of(times, np.full(len(times), 35), np.full(len(times), 140), magnitude[kept]))
    assert 2.9 <= first.magnitude <= 3.3
    assert first.day == 999


def test_choices_of_a_catalogue_without_magnitudes_can_be_made() -> None:
    assert Choices.first_of(Catalogue.of([10 * DAY], [35], [140], [np.nan])).day == 10
    few = Choices.first_of(Catalogue.of([0, DAY, 2 * DAY], [35, 36, 35], [140, 140, 141], [3.14, 4.2, 5.1]))
    assert few.magnitude == 3.1
