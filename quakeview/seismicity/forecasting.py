"""What forecasts seismicity: the protocol, and probabilities from expected numbers."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.windows import Window

Floats = NDArray[np.float64]


class SeismicityForecaster(Protocol):
    """Whoever says how many earthquakes are to be expected where.

    Attributes:
        name: as in tables.
        grid: the cells.
        magnitude: earthquakes of at least this are meant.
        window: days after the last known one.
    """

    name: str
    grid: CellGrid
    magnitude: float
    window: Window

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield the expected number of earthquakes in each cell, (cells,), in the window after each of the days.

        Args:
            catalogue: nothing after the end of a day is used for its forecast.
            days: the last known days, UTC, ascending, as numbers since 1 January 1970.
        """


def probability(expected: Floats) -> Floats:
    """Return the probability of at least one earthquake where so many are expected, by Poisson's law."""
    chance: Floats = -np.expm1(-expected)
    return chance
