"""The forecast of a day as a table of cells."""

import io

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.forecasting import probability
from quakeview.seismicity.grid import CellGrid


def table(grid: CellGrid, expected: NDArray[np.float64]) -> str:
    """Return CSV with a line for each cell: its centre (degrees), the expected number and the probability of any."""
    latitude, longitude = grid.geographic(*grid.centres)
    text = io.StringIO()
    np.savetxt(
        text,
        np.column_stack((longitude, latitude, expected, probability(expected))),
        fmt=("%.5f", "%.5f", "%.6e", "%.6e"),
        delimiter=",",
        header="longitude,latitude,expected_number,probability",
        comments="",
    )
    return text.getvalue()
