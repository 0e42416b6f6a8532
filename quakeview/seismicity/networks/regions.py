"""Square regions of cells: what attention looks at, and how maps are drawn together and spread again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.grid import CellGrid

if TYPE_CHECKING:
    from torch import Tensor

SIDE = 8
"""Cells along a side of a region, in the paper."""
_POINTS = 5
"""Of an outline, along each side: straight lines of the projection are bent in degrees."""


@dataclass(frozen=True)
class Regions:
    """Regions of ``side`` x ``side`` cells; the last of a row or column are smaller, so that each cell is in one.

    The paper has 25 x 31 regions of 200 x 250 cells, which drops two columns; here they would be 25 x 32.

    Attributes:
        cells: number of cells to the east and to the north.
        side: cells along a side of a region.
    """

    cells: tuple[int, int]
    side: int = SIDE

    @property
    def shape(self) -> tuple[int, int]:
        """How many regions there are to the east and to the north."""
        return -(-self.cells[0] // self.side), -(-self.cells[1] // self.side)

    @property
    def number(self) -> int:
        """How many regions there are."""
        return self.shape[0] * self.shape[1]

    @property
    def of_cells(self) -> NDArray[np.int64]:
        """(cells,) the region that each cell is in, both row-major."""
        column, row = np.arange(self.cells[0]) // self.side, np.arange(self.cells[1]) // self.side
        return (column[:, None] * self.shape[1] + row).ravel()

    def pooled(self, maps: "Tensor") -> "Tensor":
        """(batch, channels, nx, ny) as the mean of each region's cells, (batch, regions, channels)."""
        from torch.nn import functional

        means = functional.avg_pool2d(maps, self.side, ceil_mode=True, count_include_pad=False)
        return means.flatten(2).transpose(1, 2)

    def spread(self, values: "Tensor") -> "Tensor":
        """(batch, regions, channels) as maps (batch, channels, nx, ny) where each cell has its region's value."""
        from torch.nn import functional

        batch, _, channels = values.shape
        coarse = values.transpose(1, 2).reshape(batch, channels, *self.shape)
        return functional.interpolate(coarse, scale_factor=self.side)[..., : self.cells[0], : self.cells[1]]

    def outlines(self, grid: CellGrid) -> NDArray[np.float64]:
        """(regions, points, 2): latitude and longitude, degrees, around each region, the last point like the first."""
        column, row = np.divmod(np.arange(self.number), self.shape[1])
        lowest = np.stack((column, row), axis=1) * self.side
        highest = np.minimum(lowest + self.side, self.cells)
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
        steps = np.linspace(0, 4, 4 * _POINTS + 1)
        around = np.stack([np.interp(steps, np.arange(5), corners[:, axis]) for axis in (0, 1)], axis=1)
        places = lowest[:, None] + around * (highest - lowest)[:, None]
        return np.stack(grid.geographic(*(places * grid.size + (grid.west, grid.south)).transpose(2, 0, 1)), axis=-1)
