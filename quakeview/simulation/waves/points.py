"""Sources and receivers between the nodes: cubic Lagrange weights on the staggered grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quakeview.errors import QuakeViewError
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.kernels import PAD

Floats = NDArray[np.float64]

VELOCITY_SHIFTS = ((0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5))
"""Where vx, vy, vz are on the cell: along x, y, z, in cells."""
STRESS_SHIFTS = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5))
"""Where sxx, syy, szz, sxy, sxz, syz are."""


@dataclass(frozen=True)
class Points:
    """Some points seen from the array of one field.

    Attributes:
        nodes: (m,) positions in the flattened array with ghost nodes.
        weights: (m, points) sparse; a point's weights sum to 1.
    """

    nodes: NDArray[np.intp]
    weights: csr_array


def locate(positions: Floats, grid: Grid, shift: tuple[float, float, float], images: int = 0) -> Points:
    """Where points (n, 3), X, Y and depth in metres, lie in the array of a field.

    Args:
        shift: of the field's place on the cell along x, y and z, in cells.
        images: how many planes above the surface hold the field (1 for vz).

    Raises:
        QuakeViewError: for a point outside the region or above the surface.
    """
    check_inside(positions, grid)
    first = np.array([grid.x[0], grid.y[0], 0.0])
    cells = (positions - first) / grid.spacing - np.array(shift)
    sizes, lowest = grid.shape[::-1], (0, 0, -images)
    nodes, weights = zip(*(_lagrange(cells[:, axis], lowest[axis], sizes[axis]) for axis in range(3)), strict=True)
    ny, nx = grid.shape[1] + 2 * PAD, grid.shape[2] + 2 * PAD
    flat = (
        (nodes[2][:, :, None, None] + PAD) * ny * nx + (nodes[1][:, None, :, None] + PAD) * nx + nodes[0][:, None, None]
    ) + PAD
    weight = weights[2][:, :, None, None] * weights[1][:, None, :, None] * weights[0][:, None, None]
    used, where = np.unique(flat, return_inverse=True)
    point = np.broadcast_to(np.arange(len(positions))[:, None, None, None], flat.shape)
    matrix = csr_array((weight.ravel(), (where.ravel(), point.ravel())), shape=(used.size, len(positions)))
    return Points(used, matrix)


def check_inside(positions: Floats, grid: Grid) -> None:
    """Refuse points outside the region or above the surface with a sentence."""
    x, y, depth = positions.T
    if (depth < 0).any():
        raise QuakeViewError(f"A point lies {-depth.min():g} m above the surface; depths are positive downwards.")
    half = grid.spacing / 2
    (left, right), (near, far) = grid.x[grid.inside[0]][[0, -1]], grid.y[grid.inside[1]][[0, -1]]
    bottom = grid.depth[-1 - grid.layer] + half
    inside = (x >= left - half) & (x <= right + half) & (y >= near - half) & (y <= far + half) & (depth <= bottom)
    if not inside.all():
        worst = positions[~inside][0] / 1e3
        raise QuakeViewError(
            f"The point X {worst[0]:.1f}, Y {worst[1]:.1f}, depth {worst[2]:.1f} km lies outside the region "
            f"({(right + half) / 1e3:g} x {(far + half) / 1e3:g} x {bottom / 1e3:g} km); move it inside."
        )


def _lagrange(cells: Floats, lowest: int, size: int) -> tuple[NDArray[np.intp], Floats]:
    """Nodes (n, 4) and weights (n, 4) at fractional positions; linear where four nodes do not fit."""
    cells = np.clip(cells, lowest, size - 1)
    base = np.clip(np.floor(cells).astype(int), lowest, size - 2)
    t = cells - base
    cubic = np.stack(
        (
            -t * (t - 1) * (t - 2) / 6,
            (t + 1) * (t - 1) * (t - 2) / 2,
            -(t + 1) * t * (t - 2) / 2,
            (t + 1) * t * (t - 1) / 6,
        ),
        axis=1,
    )
    linear = np.stack((np.zeros_like(t), 1 - t, t, np.zeros_like(t)), axis=1)
    fits = (base > lowest) & (base <= size - 3)
    nodes = np.clip(base[:, None] + np.arange(-1, 3), lowest, size - 1)
    return nodes, np.where(fits[:, None], cubic, linear)
