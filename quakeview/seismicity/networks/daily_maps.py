"""A catalogue as the network sees it: a map for each day, and what then happened."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import Catalogue, day_number
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.windows import Window


class _InCells(NamedTuple):
    """Earthquakes in order of time: day, cell and magnitude."""

    day: NDArray[np.int64]
    cell: NDArray[np.int64]
    magnitude: NDArray[np.float64]

    @classmethod
    def of(cls, catalogue: Catalogue, grid: CellGrid) -> "_InCells":
        cells = grid.cells(catalogue)
        inside = cells >= 0
        return cls(day_number(catalogue.time)[inside], cells[inside], catalogue.magnitude[inside])

    def between(self, first: int, last: int) -> "_InCells":
        """Those of days [first, last)."""
        chosen = slice(*np.searchsorted(self.day, (first, last)))
        return _InCells(self.day[chosen], self.cell[chosen], self.magnitude[chosen])


class DailyMaps:
    """Maps of a catalogue, made when they are asked for.

    The published code takes the magnitude of the last earthquake of a day in a cell; here it is the largest.
    """

    def __init__(self, catalogue: Catalogue, grid: CellGrid, magnitude: float, window: Window) -> None:
        """Sort the earthquakes into cells.

        Args:
            catalogue: with the earthquakes that the network is to see.
            magnitude: earthquakes of at least this are forecast.
            window: days after the last known one that they are forecast for.
        """
        self.grid, self.window = grid, window
        self._seen = _InCells.of(catalogue, grid)
        self._forecast = _InCells.of(catalogue.above(magnitude), grid)

    def magnitudes(self, day: int) -> NDArray[np.float32]:
        """(nx, ny) the largest magnitude of the day, 0 where there was no earthquake."""
        image = np.zeros(self.grid.number, np.float32)
        seen = self._seen.between(day, day + 1)
        np.maximum.at(image, seen.cell, seen.magnitude.astype(np.float32))
        return image.reshape(self.grid.shape)

    def numbers(self, day: int) -> NDArray[np.int64]:
        """(cells,) how many earthquakes came in the window after a last known day."""
        came = self._forecast.between(day + self.window.first, day + self.window.last)
        return np.bincount(came.cell, minlength=self.grid.number)

    def frequency(self, days: Sequence[int]) -> NDArray[np.float32]:
        """(nx, ny) on which part of the last known days each cell had an earthquake in the window that followed."""
        happened = np.zeros(self.grid.number)
        for day in days:
            happened += self.numbers(day) > 0
        return (happened / len(days)).astype(np.float32).reshape(self.grid.shape)
