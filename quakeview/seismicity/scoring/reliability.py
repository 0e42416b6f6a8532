"""Whether probabilities hold: of all cells that were said to have one in a hundred, did one in a hundred have it?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.blocks import Estimate, estimate, ratio

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

EDGES = 10 ** np.arange(-7, 0.25, 0.5)
"""Of the classes of probability."""


class ReliabilityClass(NamedTuple):
    """Cells of one class of probability.

    Attributes:
        cells: cells on days.
        probability: their mean.
        frequency: the part of them that had an earthquake.
    """

    cells: int
    probability: float
    frequency: Estimate


class Reliability:
    """Counts day by day.

    Args:
        blocks: of days.
    """

    def __init__(self, blocks: int) -> None:
        self._cells, self._said, self._active = np.zeros((3, blocks, len(EDGES) + 1))

    def add(self, block: int, probability: Floats, cells: Integers) -> None:
        """Add a day.

        Args:
            probability: (cells,) of at least one earthquake.
            cells: with earthquakes, each once.
        """
        classes = np.searchsorted(EDGES, probability, side="right")
        self._cells[block] += np.bincount(classes, minlength=len(EDGES) + 1)
        self._said[block] += np.bincount(classes, probability, len(EDGES) + 1)
        self._active[block] += np.bincount(classes[cells], minlength=len(EDGES) + 1)

    def classes(self) -> list[ReliabilityClass]:
        """Return the classes with cells, from the least probability to the largest."""
        found = []
        for number in np.flatnonzero(self._cells.sum(axis=0)):
            sums = np.column_stack((self._active[:, number], self._cells[:, number]))
            cells = float(sums[:, 1].sum())
            said = float(self._said[:, number].sum()) / cells
            found.append(ReliabilityClass(int(cells), said, estimate(sums, ratio)))
        return found
