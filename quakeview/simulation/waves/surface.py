"""The free surface as a picture: all components at the same nodes."""

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.kernels import PAD

Array = NDArray[np.float32]


def at_nodes(surface: Array, grid: Grid) -> Array:
    """Velocity along X, Y and up at the nodes inside the absorbing layers.

    Args:
        surface: (3, ny, nx) with ghost nodes: vx half a cell along x, vy half a cell along y, vz down.

    Returns:
        (3, nx, ny), m/s.
    """
    vx, vy, vz = surface
    along_x = _between(vx, 1)
    along_y = _between(vy, 0)
    inside = tuple(slice(part.start + PAD, (part.stop or 0) - PAD) for part in grid.inside[::-1])
    return np.stack((along_x[inside].T, along_y[inside].T, -vz[inside].T))


def _between(values: Array, axis: int) -> Array:
    """Fourth-order interpolation at each node, from half a cell before and after it."""
    near = values + np.roll(values, 1, axis)
    far = np.roll(values, -1, axis) + np.roll(values, 2, axis)
    mean: Array = np.float32(9 / 16) * near - np.float32(1 / 16) * far
    return mean
