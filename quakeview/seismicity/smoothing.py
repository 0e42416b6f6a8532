"""How earthquakes are spread over the cells around them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtr

from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.power_laws import exponentials

Floats = NDArray[np.float64]

NEIGHBOURS, LEAST_WIDTH = 8, 5e3
"""Of adaptive smoothing: a kernel is half as wide as that neighbour is far, at least so wide, m."""
_SMOOTHING_EXPONENT = 1.5
"""Of the kernel of Helmstetter, Kagan and Jackson (2007)."""
_FARTHEST = 1e6
"""Largest r² / scale² that the exponentials are good for."""
_TOGETHER = 128


def adaptive_widths(x: Floats, y: Floats, neighbours: int = NEIGHBOURS, least: float = LEAST_WIDTH) -> Floats:
    """Return the width of each earthquake's kernel, m: half the distance of its n-th neighbour.

    Args:
        x, y: (n,) m.
    """
    if len(x) <= 1:
        return np.full(len(x), least)
    distances = cKDTree(np.column_stack((x, y))).query(np.column_stack((x, y)), k=min(neighbours + 1, len(x)))[0]
    widths: Floats = np.maximum(distances[:, -1] / 2, least)
    return widths


def gaussian_shares(grid: CellGrid, x: Floats, y: Floats, widths: Floats) -> Iterator[Floats]:
    """Yield what cells get of earthquakes that are spread by Gaussians, some earthquakes at a time.

    Args:
        x, y: (n,) m from the centre of the grid.
        widths: (n,) standard deviations, m.

    Yields:
        (some, nx, ny); each earthquake's sum is 1, less what falls outside the grid.
    """
    for first in range(0, len(x), _TOGETHER):
        part = slice(first, first + _TOGETHER)
        along, across = _sides(grid, x[part], y[part], widths[part])
        yield along[:, :, None] * across[:, None, :]


def smoothed(
    grid: CellGrid, x: Floats, y: Floats, scales: Floats, weights: Floats | None = None
) -> NDArray[np.float64]:
    """Return the sum of weighted earthquakes in each cell, (cells,), each spread by (1 + r² / scale²)^-3/2."""
    factors = np.ones(len(x)) if weights is None else weights
    total, first = np.zeros(grid.shape), 0
    for along, across in _power_law_sides(grid, x, y, scales, _SMOOTHING_EXPONENT):
        weighted = along * factors[first : first + len(along), None, None]
        total += weighted.reshape(-1, grid.shape[0]).T @ across.reshape(-1, grid.shape[1])
        first += len(along)
    return total.ravel()


def _power_law_sides(
    grid: CellGrid, x: Floats, y: Floats, scales: Floats, exponent: float
) -> Iterator[tuple[Floats, Floats]]:
    """(some, Gaussians, nx) and (some, Gaussians, ny): what each Gaussian of a power law leaves along each side."""
    rates, weights = exponentials(exponent, _FARTHEST)
    parts = weights * (exponent - 1) / rates
    parts /= parts.sum()
    for first in range(0, len(x), _TOGETHER):
        part = slice(first, first + _TOGETHER)
        widths = scales[part, None] / np.sqrt(2 * rates)
        along, across = _sides(grid, x[part, None], y[part, None], widths)
        yield along * parts[:, None], across


def _sides(grid: CellGrid, x: Floats, y: Floats, widths: Floats) -> tuple[Floats, Floats]:
    """Return (..., nx) and (..., ny)."""
    return (
        _shares_along(x, widths, grid.west, grid.size, grid.shape[0]),
        _shares_along(y, widths, grid.south, grid.size, grid.shape[1]),
    )


def _shares_along(places: Floats, widths: Floats, start: float, size: float, count: int) -> Floats:
    """(..., count): the part of each Gaussian that lies between neighbouring edges."""
    edges = start + size * np.arange(count + 1)
    parts: Floats = np.diff(ndtr((edges - places[..., None]) / widths[..., None]), axis=-1)
    return parts
