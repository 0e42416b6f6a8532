"""Small catalogues for tests."""

import numpy as np

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.grid import CellGrid

FIRST = 10_000
"""Day from which the catalogues are."""


def box(size: float = 25e3) -> CellGrid:
    """Cells of a box around Honshu."""
    return CellGrid.around([35.0, 39.0], [138.0, 142.0], size)


def scattered(number: int, days: int, seed: int = 0) -> Catalogue:
    """Earthquakes anywhere in the box at any time, with magnitudes by Gutenberg and Richter."""
    random = np.random.default_rng(seed)
    return Catalogue.of(
        (FIRST + days * random.random(number)) * DAY,
        random.uniform(35.2, 38.8, number),
        random.uniform(138.2, 141.8, number),
        4.5 + random.exponential(1 / np.log(10), number),
    )


def clustered(days: int, seed: int = 0) -> Catalogue:
    """A tenth of the earthquakes anywhere, each followed by nine within days and some kilometres."""
    mothers = scattered(60, days, seed)
    random = np.random.default_rng(seed + 1)
    time = mothers.time[:, None] + DAY * random.exponential(2.0, (60, 10)) * np.arange(10).clip(0, 1)
    spread = random.normal(0, 0.03, (2, 60, 10)) * np.arange(10).clip(0, 1)
    latitude, longitude = mothers.latitude[:, None] + spread[0], mothers.longitude[:, None] + spread[1]
    magnitude = 4.5 + random.exponential(0.4, 600)
    return Catalogue.of(time.ravel(), latitude.ravel(), longitude.ravel(), magnitude)
