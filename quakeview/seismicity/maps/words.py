"""What a forecast says about a place or a region, in words."""

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.forecasting import probability
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.maps.day_forecast import DayForecast
from quakeview.seismicity.region import Region
from quakeview.texts import geographic

Floats = NDArray[np.float64]

_PARTS = 5
"""Along each side of a cell, to tell how much of it is inside a region."""


def probability_text(chance: float) -> str:
    """Return ``2.3 % (1 in 43)``; of rare things ``0.0012 % (1 in 83,000)``."""
    if not chance > 0:
        return "0 %"
    percent = f"{100 * chance:.2g} %" if chance < 0.0995 else f"{100 * chance:.0f} %"
    if chance >= 0.5:
        return percent
    once = 1 / chance
    digits = max(int(np.floor(np.log10(once))) - 1, 0)
    return f"{percent} (1 in {round(once / 10**digits) * 10**digits:,})"


def number_text(expected: float) -> str:
    """Return ``0.0123 earthquakes``."""
    return f"{expected:.3g} earthquakes"


def place_text(forecast: DayForecast, x: float, y: float) -> str:
    """Return what is forecast for the cell at a place, m from the grid's centre; empty outside the cells."""
    grid = forecast.grid
    column, row = int(np.floor((x - grid.west) / grid.size)), int(np.floor((y - grid.south) / grid.size))
    if not (0 <= column < grid.shape[0] and 0 <= row < grid.shape[1]):
        return ""
    cell = column * grid.shape[1] + row
    expected = float(forecast.expected[cell])
    latitude, longitude = grid.geographic(x, y)
    parts = [
        geographic(float(longitude), float(latitude), 2),
        f"probability {probability_text(float(probability(np.array(expected))))}",
        f"{number_text(expected)} expected",
    ]
    if forecast.long_term is not None and forecast.long_term[cell] > 0:
        parts.append(f"{expected / float(forecast.long_term[cell]):.2g} times the long-term rate")
    return "  ·  ".join(parts)


def region_weights(grid: CellGrid, region: Region) -> Floats:
    """Return the part of each cell that lies inside a region, (cells,), 0 to 1."""
    east, north = grid.centres
    parts = grid.size * ((np.arange(_PARTS) + 0.5) / _PARTS - 0.5)
    dx, dy = (each.ravel() for each in np.meshgrid(parts, parts))
    latitude, longitude = grid.geographic(east[:, None] + dx, north[:, None] + dy)
    return region.contains(latitude, longitude).mean(axis=1)
