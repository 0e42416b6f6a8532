"""Catalogues, cells and days."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue, day_number
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.windows import Window, daily_counts
from tests.seismicity.catalogues import FIRST, box, scattered


def test_a_catalogue_is_in_order_of_time() -> None:
    catalogue = Catalogue.of([3.0, 1.0, 2.0], [30, 10, 20], [3, 1, 2], [5.0, np.nan, 4.0], identifier=["c", "a", "b"])
    assert catalogue.time.tolist() == [1, 2, 3]
    assert catalogue.identifier.tolist() == ["a", "b", "c"]
    assert np.isnan(catalogue.depth).all()
    assert catalogue.above(4.0).latitude.tolist() == [20, 30]
    assert catalogue.between(1.0, 3.0).latitude.tolist() == [10, 20]


def test_days_are_those_of_utc() -> None:
    assert day_number([0.0, DAY - 1e-3, DAY, -1.0]).tolist() == [0, 0, 1, -1]


def test_cells_have_equal_areas_and_hold_every_place() -> None:
    catalogue = scattered(500, 10)
    grid = CellGrid.around(catalogue.latitude, catalogue.longitude)
    cells = grid.cells(catalogue)
    assert cells.min() >= 0
    assert cells.max() < grid.number
    x, y = grid.project(catalogue.latitude, catalogue.longitude)
    east, north = (each[cells] for each in grid.centres)
    assert np.abs(x - east).max() <= grid.size / 2
    assert np.abs(y - north).max() <= grid.size / 2
    latitude, longitude = grid.geographic(x, y)
    assert np.allclose(latitude, catalogue.latitude)
    assert np.allclose(longitude, catalogue.longitude)


def test_a_region_across_the_date_line_is_one() -> None:
    grid = CellGrid.around([-20.0, -16.0], [178.0, -178.0])
    assert abs(abs(grid.longitude) - 180) < 1e-6
    assert 400e3 < grid.shape[0] * grid.size < 500e3
    there = Catalogue.of([0.0, 1.0], [-18.0, -18.0], [179.5, -179.5], [5, 5])
    assert (grid.cells(there) >= 0).all()


def test_what_is_outside_is_in_no_cell() -> None:
    assert box().cells(Catalogue.of([0.0], [-35.0], [20.0], [5.0])).tolist() == [-1]


def test_no_earthquake_and_too_many_cells_are_sentences() -> None:
    with pytest.raises(QuakeViewError, match="no earthquakes"):
        CellGrid.around([], [])
    with pytest.raises(QuakeViewError, match="larger cells"):
        box(500.0)


def test_counts_of_days() -> None:
    catalogue, grid = scattered(300, 20), box()
    counts = daily_counts(catalogue, grid, FIRST, FIRST + 20)
    assert counts.sum() == 300
    assert counts.sum(axis=1).tolist() == np.bincount(day_number(catalogue.time) - FIRST, minlength=20).tolist()
    assert daily_counts(catalogue, grid, FIRST + 5, FIRST + 6).sum() == counts[5].sum()


def test_forecasts_are_for_days_to_come() -> None:
    assert str(Window()) == "next day"
    assert str(Window(10, 20)) == "days [10, 20)"
    for first, last in ((0, 1), (2, 2)):
        with pytest.raises(QuakeViewError, match="from 1 on"):
            Window(first, last)
