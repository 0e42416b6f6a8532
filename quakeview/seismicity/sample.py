"""The catalogue that QuakeView comes with: earthquakes that never happened, of a model that is known.

It is there to try everything with, on a machine without any data. Since the model is known, the best forecast that is
possible is known too.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.paths import resources_dir
from quakeview.seismicity.catalogue import Catalogue, day_of
from quakeview.seismicity.etas import EtasForecast, Triggering
from quakeview.seismicity.etas_simulation import simulate
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.windows import NEXT_DAY

FIRST, LAST = day_of("2008-01-01"), day_of("2022-01-01")
"""Days [first, last) of the catalogue."""
LEAST = 4.0
"""Magnitude from which it is complete."""
_ROUNDING = 0.1
_LAW = Triggering(
    reference=LEAST - _ROUNDING / 2, productivity=0.14, alpha=0.8, c=0.01, p=1.12, d=4e3, gamma=0.5, q=1.8
)
_MIDDLE = 38.5, 142.0
"""Degrees north and east."""
_SIDE, _CELL = 500e3, 10e3
_RATE = 0.2
"""Background earthquakes a day."""
_SEED = 15


def sample_catalogue() -> Path:
    """Return the file of the catalogue."""
    return resources_dir() / "catalogues" / "simulated-tohoku.csv"


def sample_model() -> EtasForecast:
    """Return the ETAS model that the catalogue is of: a box of 500 km off the east coast of Honshu."""
    cells = round(_SIDE / _CELL)
    grid = CellGrid(*_MIDDLE, west=-_SIDE / 2, south=-_SIDE / 2, size=_CELL, shape=(cells, cells))
    return EtasForecast("simulated", grid, _LAW.reference, NEXT_DAY, _LAW, _background(grid))


def simulated_earthquakes() -> Catalogue:
    """Draw the catalogue anew: inside the box, magnitudes rounded to a tenth."""
    model = sample_model()
    drawn = simulate(model, FIRST, LAST, seed=_SEED)
    inside = drawn.where(model.grid.cells(drawn) >= 0)
    return Catalogue.of(inside.time, inside.latitude, inside.longitude, np.round(inside.magnitude, 1))


def _background(grid: CellGrid) -> NDArray[np.float64]:
    """Earthquakes a day, (cells,): most along the plate boundary, some under the land, a few anywhere, in patches."""
    x, y = grid.centres
    off_shore = np.exp(-(((x - 0.35 * y - 60e3) / 45e3) ** 2) / 2)
    under_land = 0.15 * np.exp(-(((x - 0.2 * y + 130e3) / 25e3) ** 2) / 2)
    random = np.random.default_rng(_SEED)
    patches = np.ones(grid.number)
    for east, north in random.uniform(-_SIDE / 2, _SIDE / 2, (40, 2)):
        patches += 8 * np.exp(-((x - east) ** 2 + (y - north) ** 2) / (2 * 15e3**2))
    density = (off_shore + under_land) * patches + 0.02
    return np.asarray(_RATE * density / density.sum())
