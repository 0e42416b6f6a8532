"""Magnitudes of which everything is known."""

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY, Catalogue

Floats = NDArray[np.float64]


def gutenberg_richter(number: int, b: float, least: float, step: float, seed: int) -> Floats:
    """Magnitudes by the law, rounded so that ``least`` is the middle of the first full bin."""
    exact = least - step / 2 + np.random.default_rng(seed).exponential(1 / (b * np.log(10)), number)
    return np.round(exact / step) * step if step else exact


def partly_seen(number: int, complete: float, seed: int, b: float = 1.0, width: float = 0.2) -> Floats:
    """Magnitudes in tenths of which ever fewer are seen below ``complete``."""
    random = np.random.default_rng(seed)
    exact = complete - 1.5 + random.exponential(1 / (b * np.log(10)), number)
    seen = random.random(number) < np.exp(-np.maximum(complete - 0.05 - exact, 0) / width)
    return np.round(exact[seen] / 0.1) * 0.1


def daily(magnitudes: Floats) -> Catalogue:
    """An earthquake a day, all in one place."""
    number = len(magnitudes)
    return Catalogue.of(np.arange(number) * DAY, np.full(number, 36.0), np.full(number, 140.0), magnitudes)
