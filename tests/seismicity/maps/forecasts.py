"""Small forecasts for tests."""

import numpy as np

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.maps.day_forecast import DayForecast, Provenance
from quakeview.seismicity.references import Fitting, SmoothedRecent, smoothed_recent
from quakeview.seismicity.windows import NEXT_DAY, Window
from tests.seismicity.catalogues import FIRST, box, clustered

DAYS = 400
FITTED = 300


def fitted() -> tuple[SmoothedRecent, Catalogue]:
    """A forecaster and the catalogue that it was fitted on the first days of."""
    catalogue = clustered(DAYS)
    return smoothed_recent(Fitting(catalogue, box(), 4.5, FIRST + 10, FIRST + FITTED)), catalogue


def uneven(grid: CellGrid | None = None, window: Window = NEXT_DAY) -> DayForecast:
    """A forecast with another number in each cell."""
    cells = grid or box()
    expected = np.random.default_rng(1).gamma(0.3, 1e-3, cells.number)
    said = Provenance("smoothed seismicity", "2000-01-01 to 2013-12-31", "no gain over itself")
    return DayForecast(said, cells, 4.5, window, 18_000, expected, np.full(cells.number, 1e-4))
