"""Which days a forecast is for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue, day_number
from quakeview.seismicity.grid import CellGrid


@dataclass(frozen=True)
class Window:
    """The days [first, last) after the last day that is known: [1, 2) is the next day.

    Raises:
        QuakeViewError: if it is empty, or begins on a day that is known.
    """

    first: int = 1
    last: int = 2

    def __post_init__(self) -> None:
        if not 1 <= self.first < self.last:
            raise QuakeViewError(
                f"A forecast is for days from 1 on, the last after the first, not for [{self.first}, {self.last})."
            )

    def __str__(self) -> str:
        return "next day" if (self.first, self.last) == (1, 2) else f"days [{self.first}, {self.last})"

    @property
    def length(self) -> int:
        """Days."""
        return self.last - self.first


NEXT_DAY, PAPER, BASE_CODE = Window(), Window(10, 20), Window(10, 50)
"""The next day; the windows of the HierarchicalQuake paper and of the code that it grew from."""


def daily_counts(catalogue: Catalogue, grid: CellGrid, first: int, last: int) -> NDArray[np.int32]:
    """Return how many earthquakes each cell had on each day, (last - first, cells), of days [first, last)."""
    counts = np.zeros((last - first, grid.number), np.int32)
    days, cells = day_number(catalogue.time) - first, grid.cells(catalogue)
    inside = (days >= 0) & (days < len(counts)) & (cells >= 0)
    np.add.at(counts, (days[inside], cells[inside]), 1)
    return counts
