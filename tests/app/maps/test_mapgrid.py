"""Maps side by side: plots of one size, arranged so that they are large."""

from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont

from quakeview.app.maps.mapgrid import Arrangement, MapGrid
from quakeview.app.maps.mapscene import ANY_BOUNDS
from quakeview.app.maps.mapview import MapView


@pytest.mark.parametrize(("count", "one_bar"), [(2, False), (3, True), (4, False)])
@pytest.mark.parametrize("size", [(1150, 400), (820, 300), (600, 900)])
def test_plots_side_by_side_are_of_one_size(qtbot: Any, count: int, one_bar: bool, size: tuple[int, int]) -> None:
    maps = [MapView(str(i)) for i in range(count)]
    grid = MapGrid(maps)
    qtbot.addWidget(grid)
    grid.resize(*size)
    grid.show_maps(maps, one_bar)
    grid.show()
    widths = [view._frame().plot.width() for view in maps]
    assert max(widths) - min(widths) <= 2
    assert not any(a.geometry().intersects(b.geometry()) for a in maps for b in maps if a is not b)


def test_four_maps_are_a_square_where_that_makes_them_larger() -> None:
    font, bounds = QFont(), ANY_BOUNDS
    for size, columns in ((QSize(1600, 300), 4), (QSize(900, 700), 2), (QSize(400, 1400), 1)):
        widths = {n: Arrangement(4, n, True, False).plot_width(size, bounds, font) for n in (1, 2, 4)}
        assert max(widths, key=lambda n: widths[n]) == columns
