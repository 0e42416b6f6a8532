"""The nodes on which waves are computed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import Region

LAYER = 12
"""Cells of the absorbing layer on each side."""


@dataclass(frozen=True)
class Grid:
    """Cubic cells. Arrays on it are ``[z, y, x]`` with depth downwards; plane 0 is the free surface.

    Attributes:
        spacing: between nodes, m.
        shape: nodes (nz, ny, nx), absorbing layers included.
        layer: nodes of the absorbing layer at each side and at the bottom; there is none above.
    """

    spacing: float
    shape: tuple[int, int, int]
    layer: int = LAYER

    @classmethod
    def covering(cls, region: Region, spacing: float, layer: int = LAYER) -> "Grid":
        """Cells of ``spacing`` metres that fill the region, and absorbing layers around it."""
        nx, ny, nz = (round(extent / spacing) for extent in (region.length, region.width, region.depth))
        if min(nx, ny, nz) < 4:
            raise QuakeViewError(f"A spacing of {spacing:g} m is too coarse for {region.name}; choose a smaller one.")
        return cls(spacing, (nz + layer, ny + 2 * layer, nx + 2 * layer), layer)

    @property
    def x(self) -> NDArray[np.float64]:
        """X of every node, m; the first node inside the region is half a cell from its side."""
        return self.spacing * np.arange(0.5 - self.layer, self.shape[2] - self.layer, dtype=np.float64)

    @property
    def y(self) -> NDArray[np.float64]:
        """Y of every node, m."""
        return self.spacing * np.arange(0.5 - self.layer, self.shape[1] - self.layer, dtype=np.float64)

    @property
    def depth(self) -> NDArray[np.float64]:
        """Depth of every node, m; the first is 0."""
        return self.spacing * np.arange(self.shape[0], dtype=np.float64)

    @property
    def inside(self) -> tuple[slice, slice]:
        """What of ``x`` and of ``y`` lies between the absorbing layers."""
        end = -self.layer or None
        return slice(self.layer, end), slice(self.layer, end)

    @property
    def points(self) -> int:
        nz, ny, nx = self.shape
        return nz * ny * nx
