"""A catalogue that any forecaster can be tried with: earthquakes at random where its cells are."""

import numpy as np

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.forecasting import SeismicityForecaster

_EARTHQUAKES, _DAYS, _LAST = 2000, 1000, 20_000


def trial_catalogue(forecaster: SeismicityForecaster, seed: int = 0) -> tuple[Catalogue, int]:
    """Return earthquakes of magnitudes by Gutenberg and Richter, and the last day that they are of."""
    random, grid = np.random.default_rng(seed), forecaster.grid
    east, north = grid.size * random.random((2, _EARTHQUAKES)) * np.array(grid.shape)[:, None]
    latitude, longitude = grid.geographic(grid.west + east, grid.south + north)
    magnitude = forecaster.magnitude + random.exponential(1 / np.log(10), _EARTHQUAKES)
    time = (_LAST + 1 - _DAYS * random.random(_EARTHQUAKES)) * DAY
    return Catalogue.of(time, latitude, longitude, magnitude), _LAST
