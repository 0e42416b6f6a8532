"""Where aftershocks are to come: sums over earthquakes of a power law of distance, integrated over cells."""

import math

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.power_laws import exponentials
from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]

_LEFT_OUT = 0.005
"""Part of the aftershocks that would be farther than the law is followed."""
_NEAR = 3
"""Cells around that of an earthquake where the law is integrated as a sum of Gaussians; farther out it bends little."""
_FARTHEST = 1e5
"""Largest r² / scale² that the Gaussians are good for."""


def reach(q: float) -> float:
    """Return how many scales far aftershocks are followed."""
    return float(np.sqrt(_LEFT_OUT ** (1 / (1 - q)) - 1))


def add_aftershocks(
    state: Floats, grid: CellGrid, x: Floats, y: Floats, scales: Floats, q: float, amounts: Floats
) -> None:
    """Spread amounts around earthquakes by (q - 1) / (pi D) (1 + r² / D)^-q, D = scale², and add them to cells.

    Integrals over a cell are within half a percent; nothing is added farther than ``reach``.

    Args:
        state: (cells, k), added to.
        x, y: (n,) m from the centre of the grid.
        scales: (n,) m.
        amounts: (n, k).
    """
    rates, weights = exponentials(q, _FARTHEST)
    parts = weights * (q - 1) / rates
    _add(
        state, x, y, scales, amounts, q, reach(q), grid.west, grid.south, grid.size, *grid.shape,
        np.sqrt(rates), parts, np.empty((len(rates), 2, 2 * _NEAR + 1)),
    )  # fmt: skip


@kernel
def _add(
    state: Floats,
    x: Floats,
    y: Floats,
    scales: Floats,
    amounts: Floats,
    q: float,
    farthest: float,
    west: float,
    south: float,
    size: float,
    columns: int,
    rows: int,
    narrowness: Floats,
    parts: Floats,
    sides: Floats,
) -> None:
    for number in range(len(x)):
        square = scales[number] ** 2
        most = max(int(farthest * scales[number] / size) + 1, _NEAR)
        column = math.floor((x[number] - west) / size)
        row = math.floor((y[number] - south) / size)
        for gaussian in range(len(parts)):
            narrow = narrowness[gaussian] / scales[number]
            for near in range(2 * _NEAR + 1):
                left = west + (column + near - _NEAR) * size - x[number]
                lower = south + (row + near - _NEAR) * size - y[number]
                sides[gaussian, 0, near] = 0.5 * (math.erf((left + size) * narrow) - math.erf(left * narrow))
                sides[gaussian, 1, near] = 0.5 * (math.erf((lower + size) * narrow) - math.erf(lower * narrow))
        for i in range(max(column - most, 0), min(column + most + 1, columns)):
            for j in range(max(row - most, 0), min(row + most + 1, rows)):
                share = 0.0
                if abs(i - column) <= _NEAR and abs(j - row) <= _NEAR:
                    for gaussian in range(len(parts)):
                        along = sides[gaussian, 0, i - column + _NEAR]
                        share += parts[gaussian] * along * sides[gaussian, 1, j - row + _NEAR]
                else:
                    east = west + (i + 0.5) * size - x[number]
                    north = south + (j + 0.5) * size - y[number]
                    distance = (east**2 + north**2) / square
                    if distance > farthest**2:
                        continue
                    bend = 4 * q / square / (1 + distance) * ((q + 1) * distance / (1 + distance) - 1)
                    density = (q - 1) / math.pi / square * math.exp(-q * math.log1p(distance))
                    share = density * size**2 * (1 + bend * size**2 / 24)
                for component in range(amounts.shape[1]):
                    state[i * rows + j, component] += share * amounts[number, component]
