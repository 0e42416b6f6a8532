"""What a network looked at for its forecast of a region. No torch here: a window may ask before there is a network."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue, date_of
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.networks.regions import Regions

Floats = NDArray[np.float64]


@runtime_checkable
class LooksAtRegions(Protocol):
    """A forecaster whose regions look at each other."""

    @property
    def regions(self) -> Regions: ...

    def attention(self, catalogue: Catalogue, day: int) -> Floats | None:
        """Return how much each region looked at each other for the forecast after a day, (asking, asked).

        Rows sum to 1. None: this network has regions, and no attention between them.
        """


@dataclass(frozen=True)
class Look:
    """What one region looked at.

    Attributes:
        region: its number.
        weights: (regions,) that sum to 1.
        outlines: (regions, points, 2) latitude and longitude around each region, degrees, closed.
        title: which forecast it was, in words.
    """

    region: int
    weights: Floats
    outlines: Floats
    title: str


def look_from(forecaster: SeismicityForecaster, catalogue: Catalogue, day: int, place: tuple[float, float]) -> Look:
    """Return what the region at a place looked at for the forecast made at the end of a day.

    Args:
        place: latitude and longitude, degrees.

    Raises:
        QuakeViewError: if the forecaster looks at each cell alone, or the place is outside the map.
    """
    weights = forecaster.attention(catalogue, day) if isinstance(forecaster, LooksAtRegions) else None
    if weights is None or not isinstance(forecaster, LooksAtRegions):
        raise QuakeViewError(
            f"{forecaster.name} looks at each cell alone; choose a forecaster with attention between regions to see "
            "what it looks at."
        )
    region = region_at(forecaster.grid, forecaster.regions, place)
    outlines = forecaster.regions.outlines(forecaster.grid)
    title = f"What {forecaster.name} looked at for this region on {date_of(day)}"
    return Look(region, weights[region], outlines, title)


def region_at(grid: CellGrid, regions: Regions, place: tuple[float, float]) -> int:
    """Return the number of the region at a place (latitude and longitude, degrees).

    Raises:
        QuakeViewError: if it is outside the map.
    """
    x, y = grid.project(*place)
    column, row = int((float(x) - grid.west) // grid.size), int((float(y) - grid.south) // grid.size)
    if not (0 <= column < grid.shape[0] and 0 <= row < grid.shape[1]):
        raise QuakeViewError("This place is outside the cells of the forecast; choose one on the map.")
    return int(regions.of_cells[column * grid.shape[1] + row])
