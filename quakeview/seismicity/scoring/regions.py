"""Nine parts of a grid, named by where they lie."""

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.grid import CellGrid

NAMES = (
    *("south-west", "west", "north-west"),
    *("south", "centre", "north"),
    *("south-east", "east", "north-east"),
)


def region_of_cells(grid: CellGrid) -> NDArray[np.int64]:
    """Return the number of the part that each cell is in, (cells,), as in ``NAMES``."""
    thirds = [np.arange(count) * 3 // count for count in grid.shape]
    numbers: NDArray[np.int64] = (3 * thirds[0][:, None] + thirds[1]).ravel()
    return numbers
