"""Catalogues that an ETAS model brings forth: background earthquakes, their aftershocks, and those of these."""

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.etas import EtasForecast, Triggering

Floats = NDArray[np.float64]
Generator = np.random.Generator

LARGEST = 9.0
"""Magnitude above which Gutenberg and Richter's law ends."""
_MOST = 5_000_000
_FARTHEST = 5e6
"""From the centre of the grid, m; what is farther cannot be projected, and has no aftershocks here."""


def simulate(model: EtasForecast, first: int, last: int, b_value: float = 1.0, seed: int = 0) -> Catalogue:
    """Draw a catalogue of the days [first, last), numbers since 1 January 1970.

    Magnitudes follow Gutenberg and Richter's law from the reference magnitude to ``LARGEST``. Aftershocks outside the
    grid are part of it, since they may have aftershocks inside.

    Raises:
        QuakeViewError: if the earthquakes become more and more.
    """
    random, law = np.random.default_rng(seed), model.triggering
    columns = _background(model, first, last, b_value, random)
    generations, total = [columns], columns.shape[1]
    while columns.shape[1]:
        columns = _children(columns, law, last, b_value, random)
        generations.append(columns)
        total += columns.shape[1]
        if total > _MOST:
            raise QuakeViewError(
                "Each earthquake of this model has more than one aftershock in the mean, so that there is no end; "
                "lower its productivity or alpha."
            )
    time, x, y, magnitude = np.hstack(generations)
    latitude, longitude = model.grid.geographic(x, y)
    return Catalogue.of(time * DAY, latitude, longitude, magnitude)


def _background(model: EtasForecast, first: int, last: int, b_value: float, random: Generator) -> Floats:
    """Time (days), x, y (m) and magnitude, (4, n)."""
    numbers = random.poisson(model.background * (last - first))
    cells = np.repeat(np.arange(model.grid.number), numbers)
    east, north = (each[cells] for each in model.grid.centres)
    shift = model.grid.size * (random.random((2, len(cells))) - 0.5)
    magnitudes = _magnitudes(len(cells), model.triggering, b_value, random)
    return np.vstack((random.uniform(first, last, len(cells)), east + shift[0], north + shift[1], magnitudes))


def _children(parents: Floats, law: Triggering, last: int, b_value: float, random: Generator) -> Floats:
    """The aftershocks of the first generation before ``last``, by inversion of their laws; rows as of the parents."""
    time, x, y, magnitude = np.repeat(parents, random.poisson(law.aftershocks(parents[3])), axis=1)
    u, v, angle = random.random((3, len(time)))
    delay = law.c * (u ** (1 / (1 - law.p)) - 1)
    distance = law.scales(magnitude) * np.sqrt(v ** (1 / (1 - law.q)) - 1)
    east, north = distance * np.cos(2 * np.pi * angle), distance * np.sin(2 * np.pi * angle)
    born = np.vstack((time + delay, x + east, y + north, _magnitudes(len(time), law, b_value, random)))
    reached = np.hypot(born[1], born[2]) < _FARTHEST
    return born[:, (born[0] < last) & reached]


def _magnitudes(number: int, law: Triggering, b_value: float, random: Generator) -> Floats:
    above = 1 - 10 ** (-b_value * (LARGEST - law.reference))
    return np.asarray(law.reference - np.log10(1 - above * random.random(number)) / b_value)
