"""Where a forecaster with attention between regions looked, for the forecast of a region that was drawn."""

from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from quakeview.colours import FIRE
from quakeview.scales import Scale
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.maps.words import region_weights
from quakeview.seismicity.region import Region

Floats = NDArray[np.float64]

SCALE = Scale("Attention, times that of a region looked at like any other", 0.1, 30.0, "×", FIRE, logarithmic=True)


class _Squares(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def of_cells(self) -> NDArray[np.int64]: ...


class Attentive(SeismicityForecaster, Protocol):
    """A forecaster whose squares of cells look at each other."""

    @property
    def regions(self) -> _Squares:
        """The squares: how many, and which one each cell is in."""

    def attention(self, catalogue: Catalogue, day: int) -> Floats | None:
        """Return how much each square looked at each other, (asking, asked); None if the network has no attention."""


def attention_map(
    forecaster: SeismicityForecaster, catalogue: Catalogue, day: int, region: Region | None
) -> Floats | None:
    """Return how much the squares of a region looked at where each cell is, (cells,); 1 is as at any other.

    Args:
        day: the last known day of the forecast.
        region: None: all squares that were asked together.

    Returns:
        None if the forecaster has no attention, or the region none of its cells.
    """
    if not hasattr(forecaster, "attention"):
        return None
    attentive = cast(Attentive, forecaster)
    weights = attentive.attention(catalogue, day)
    inside = np.ones(forecaster.grid.number) if region is None else region_weights(forecaster.grid, region)
    if weights is None or not inside.any():
        return None
    squares = attentive.regions
    asking = np.bincount(squares.of_cells, inside, minlength=squares.number)
    looked = asking @ weights / asking.sum() * squares.number
    return np.asarray(looked[squares.of_cells], np.float64)
