"""Catalogues that an ETAS model brings forth: background earthquakes, their aftershocks, and those of these."""

from collections.abc import Callable
from dataclasses import replace

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

    Magnitudes follow Gutenberg and Richter's law from the reference magnitude to ``LARGEST``; the background and the
    productivity of the model, which are for its ``magnitude``, are raised accordingly. Aftershocks outside the grid are
    part of it, since they may have aftershocks inside.

    Raises:
        QuakeViewError: if the earthquakes become more and more.
    """
    random, more = np.random.default_rng(seed), _more(model, b_value)
    background = _background(model, more * (last - first), first, last, b_value, random)
    time, x, y, magnitude = _with_offspring(background, _raised(model.triggering, more), last, b_value, random)
    latitude, longitude = model.grid.geographic(x, y)
    return Catalogue.of(time * DAY, latitude, longitude, magnitude)


def simulated_numbers(
    model: EtasForecast,
    catalogue: Catalogue,
    day: int,
    inside: Callable[[Floats, Floats], NDArray[np.bool_]],
    magnitude: float,
    b_value: float = 1.0,
    runs: int = 1000,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Draw how many earthquakes come in the window after a day, again and again, with all their aftershocks.

    Since the first generation is as large as it has to be for the mean over all cells to be that of the calibrated
    forecast, this says how the numbers scatter: earthquakes come in sequences, and a range by Poisson's law is too
    narrow.

    Args:
        catalogue: nothing after the end of ``day`` is used.
        inside: says of latitudes and longitudes, degrees, which are meant, as ``Region.contains``.
        magnitude: earthquakes of at least this are counted; not below the reference magnitude of the model.

    Returns:
        (runs,).

    Raises:
        QuakeViewError: if the earthquakes become more and more.
    """
    random, window = np.random.default_rng(seed), model.window
    known = catalogue.between(-np.inf, (day + 1) * DAY)
    expected = float(next(iter(model.expected(known, [day]))).sum())

    def drawn(factor: float) -> Floats:
        """Time, x, y, magnitude and run of what comes in the window, (5, n)."""
        more = factor * runs * _more(model, b_value)
        end = day + window.last
        background = _background(model, more * (end - day - 1), day + 1, end, b_value, random)
        first = np.hstack((background, _first_generation(model, known, more, day + 1, end, b_value, random)))
        first = np.vstack((first, random.integers(runs, size=first.shape[1])))
        law = _raised(model.triggering, _more(model, b_value))
        found = _with_offspring(first, law, end, b_value, random)
        return found[:, found[0] >= day + window.first]

    trial = drawn(1.0)
    cells = model.grid.cells_at(trial[1], trial[2])
    mean = np.count_nonzero((cells >= 0) & (trial[3] >= model.magnitude)) / runs
    found = drawn(expected / mean) if mean else trial
    found = found[:, found[3] >= magnitude]
    latitude, longitude = model.grid.geographic(found[1], found[2])
    meant = inside(latitude, longitude) & (model.grid.cells_at(found[1], found[2]) >= 0)
    return np.bincount(found[4, meant].astype(np.int64), minlength=runs)


def _more(model: EtasForecast, b_value: float) -> float:
    """How many earthquakes of the reference magnitude there are for each of those that the model is for."""
    return float(10 ** (b_value * (model.magnitude - model.triggering.reference)))


def _raised(law: Triggering, more: float) -> Triggering:
    return replace(law, productivity=more * law.productivity)


def _background(
    model: EtasForecast, days: float, first: float, last: float, b_value: float, random: Generator
) -> Floats:
    """Time (days), x, y (m) and magnitude, (4, n), of so many days of background, at times in [first, last)."""
    numbers = random.poisson(days * model.background)
    cells = np.repeat(np.arange(model.grid.number), numbers)
    east, north = (each[cells] for each in model.grid.centres)
    shift = model.grid.size * (random.random((2, len(cells))) - 0.5)
    magnitudes = _magnitudes(len(cells), model.triggering, b_value, random)
    return np.vstack((random.uniform(first, last, len(cells)), east + shift[0], north + shift[1], magnitudes))


def _first_generation(
    model: EtasForecast, known: Catalogue, more: float, first: float, last: float, b_value: float, random: Generator
) -> Floats:
    """The aftershocks of known earthquakes at times in [first, last), ``more`` times as many; rows as of background."""
    law, known = model.triggering, known.above(model.triggering.reference)
    time = known.time / DAY
    x, y = model.grid.project(known.latitude, known.longitude)
    until, after = law.until(first - time), law.until(last - time)
    parents = random.poisson(more * law.aftershocks(known.magnitude) * (after - until))
    columns = np.repeat(np.vstack((time, x, y, known.magnitude, until, after)), parents, axis=1)
    share = columns[4] + (columns[5] - columns[4]) * random.random(columns.shape[1])
    return _around(columns[:4], law.c * ((1 - share) ** (1 / (1 - law.p)) - 1), law, b_value, random)


def _with_offspring(first: Floats, law: Triggering, last: float, b_value: float, random: Generator) -> Floats:
    """A generation and all that come of it before ``last``; rows after the fourth are inherited.

    Raises:
        QuakeViewError: if they become more and more.
    """
    generations, total, columns = [first], first.shape[1], first
    while columns.shape[1]:
        columns = _children(columns, law, last, b_value, random)
        generations.append(columns)
        total += columns.shape[1]
        if total > _MOST:
            raise QuakeViewError(
                "Each earthquake of this model has more than one aftershock in the mean, so that there is no end; "
                "lower its productivity or alpha."
            )
    return np.hstack(generations)


def _children(parents: Floats, law: Triggering, last: float, b_value: float, random: Generator) -> Floats:
    """The aftershocks of the first generation before ``last``, by inversion of Omori's law; rows as of the parents."""
    repeated = np.repeat(parents, random.poisson(law.aftershocks(parents[3])), axis=1)
    delay = law.c * (random.random(repeated.shape[1]) ** (1 / (1 - law.p)) - 1)
    born = _around(repeated, delay, law, b_value, random)
    return born[:, born[0] < last]


def _around(parents: Floats, delay: Floats, law: Triggering, b_value: float, random: Generator) -> Floats:
    """One aftershock of each parent at its delay; what is too far from the grid is left out."""
    number = parents.shape[1]
    v, angle = random.random((2, number))
    distance = law.scales(parents[3]) * np.sqrt(v ** (1 / (1 - law.q)) - 1)
    born = parents.copy()
    born[0] += delay
    born[1] += distance * np.cos(2 * np.pi * angle)
    born[2] += distance * np.sin(2 * np.pi * angle)
    born[3] = _magnitudes(number, law, b_value, random)
    return born[:, np.hypot(born[1], born[2]) < _FARTHEST]


def _magnitudes(number: int, law: Triggering, b_value: float, random: Generator) -> Floats:
    above = 1 - 10 ** (-b_value * (LARGEST - law.reference))
    return np.asarray(law.reference - np.log10(1 - above * random.random(number)) / b_value)
