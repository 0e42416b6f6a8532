"""The probability of a hypocentre as it is seen from above or from a side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CELLS = 40
_AROUND = 3
"""Cells beyond the outermost points, into which they are spread."""
_ROUNDS = 3
"""Of smoothing with weights 1, 2, 1, so that the lattice of the points is not seen."""


@dataclass(frozen=True)
class Marginal:
    """Of equal cells.

    Attributes:
        x, y: (n,) and (m,) centres, increasing.
        probability: (n, m), sums to that of the points.
    """

    x: Floats
    y: Floats
    probability: Floats


def marginal(x: Floats, y: Floats, probability: Floats) -> Marginal | None:
    """The probability of points (n,) in a plane; None if they do not extend in both directions."""
    low, high = np.array([x.min(), y.min()]), np.array([x.max(), y.max()])
    if not (np.isfinite(low + high).all() and (high > low).all()):
        return None
    step = (high - low) / CELLS
    low = low - _AROUND * step
    count = CELLS + 2 * _AROUND + 1
    place = (np.column_stack((x, y)) - low) / step
    corner = np.floor(place).astype(np.intp)
    part = place - corner
    cells = np.zeros((count, count))
    for dx in (0, 1):
        for dy in (0, 1):
            share = np.abs(1 - dx - part[:, 0]) * np.abs(1 - dy - part[:, 1])
            np.add.at(cells, (corner[:, 0] + dx, corner[:, 1] + dy), probability * share)
    for _ in range(_ROUNDS):
        for axis in (0, 1):
            cells = (np.roll(cells, 1, axis) + 2 * cells + np.roll(cells, -1, axis)) / 4
    return Marginal(low[0] + step[0] * np.arange(count), low[1] + step[1] * np.arange(count), cells)
