"""Reference forecasts: what a forecast of seismicity must be better than to be worth anything.

The same number everywhere; where earthquakes were in the past (adaptive smoothed seismicity, Helmstetter, Kagan and
Jackson 2007); and that with what has happened recently. All are fitted to the days of training alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.decaying import RecentRates
from quakeview.seismicity.forecasting import Parts
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.smoothing import adaptive_widths, smoothed
from quakeview.seismicity.windows import NEXT_DAY, Window, daily_counts
from quakeview.texts import counted

Floats = NDArray[np.float64]

UNIFORM, SMOOTHED, RECENT, ETAS = "uniform", "smoothed seismicity", "smoothed + recent", "ETAS"
"""Names of the reference forecasts, the simplest first."""
FEWEST = 50
"""Earthquakes that a forecast can be fitted to."""
RECENT_WIDTH = 15e3
"""Of the Gaussians by which recent earthquakes are spread, at most, m."""
RECENT_CELLS = 0.6
"""The same, in sides of a cell: in small cells, more would blur where aftershocks come."""
_ROUNDS = 200
_LATE_PART = 0.8
"""Where training days are cut to find how much of a map is surprise: the map of the first part, tried on the rest."""


@dataclass(frozen=True)
class Fitting:
    """What a forecast is fitted to.

    Attributes:
        catalogue: complete from the smallest magnitude in it on; of it days of training are used, and those before
            them as history. Earthquakes below ``magnitude`` say where and when others are to come.
        grid: the cells.
        magnitude: earthquakes of at least this are forecast.
        first, last: days of training [first, last), numbers since 1 January 1970.
        window: the days after the last known one that are forecast.
    """

    catalogue: Catalogue
    grid: CellGrid
    magnitude: float
    first: int
    last: int
    window: Window = NEXT_DAY

    @property
    def targets(self) -> Catalogue:
        """The earthquakes of the days of training, inside the grid, that are large enough.

        Raises:
            QuakeViewError: if there are too few to fit anything to.
        """
        found = self.catalogue.between(self.first * DAY, self.last * DAY).above(self.magnitude)
        found = found.where(self.grid.cells(found) >= 0)
        if len(found) < FEWEST:
            raise QuakeViewError(
                f"There is nothing to learn from {counted(len(found), 'earthquake')} of magnitude {self.magnitude:g} "
                "or more in the days of training; "
                f"choose a lower magnitude, a larger region or more years, so that there are at least {FEWEST}."
            )
        return found

    @property
    def days(self) -> int:
        """Of training."""
        return self.last - self.first

    @property
    def common(self) -> dict[str, Any]:
        """What forecasters of all kinds are told of what they were fitted to, as their classes call it."""
        return {
            "grid": self.grid,
            "magnitude": self.magnitude,
            "window": self.window,
            "trained_days": (self.first, self.last),
        }


@dataclass(frozen=True)
class ConstantForecast:
    """The same every day.

    Attributes:
        rates: (cells,) earthquakes a day.
    """

    name: str
    grid: CellGrid
    magnitude: float
    window: Window
    rates: Floats
    trained_days: tuple[int, int] | None = None

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield the same numbers for each of the days."""
        numbers = self.rates * self.window.length
        yield from (numbers for _ in days)

    def parts(self) -> Parts:
        """Return what it is made of."""
        return Parts.of(self, {}, {"rates": self.rates})

    @classmethod
    def of_parts(cls, parts: Parts) -> Self:
        """Return the forecast that is made of these parts."""
        return cls(**parts.common, rates=parts.map("rates"))


def uniform(fitting: Fitting) -> ConstantForecast:
    """Return the forecast that knows only how many earthquakes a day there are in all."""
    rates = np.full(fitting.grid.number, len(fitting.targets) / fitting.days / fitting.grid.number)
    return ConstantForecast(**fitting.common, name=UNIFORM, rates=rates)


def smoothed_seismicity(fitting: Fitting) -> ConstantForecast:
    """Return the forecast that earthquakes come where they came, with a small part that comes anywhere."""
    targets, grid = fitting.targets, fitting.grid
    history = fitting.catalogue.between(-np.inf, fitting.last * DAY)
    surprise = _part_anywhere(history, targets, grid)
    rates = _map(history, grid, surprise) * len(targets) / fitting.days
    return ConstantForecast(**fitting.common, name=SMOOTHED, rates=rates)


@dataclass(frozen=True)
class SmoothedRecent:
    """Smoothed seismicity, and what has happened recently, each with the weight that made training days likeliest.

    Attributes:
        long_term: smoothed seismicity.
        background: part of it that is expected whatever happened.
        weights: (decays,) earthquakes to come in the window for each that a decaying rate stands for.
    """

    name: str
    grid: CellGrid
    magnitude: float
    window: Window
    long_term: ConstantForecast
    background: float
    weights: Floats
    trained_days: tuple[int, int] | None = None

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield what is expected after each of the days, from the earthquakes until its end."""
        long_term = self.background * self.long_term.rates * self.window.length
        history = catalogue.above(self.magnitude)
        for state in recent_rates(self.grid).at_ends(history, days):
            yield long_term + self.weights @ state[0]

    def parts(self) -> Parts:
        """Return what it is made of."""
        arrays = {"long_term": self.long_term.rates, "weights": self.weights}
        return Parts.of(self, {"background": self.background}, arrays)

    @classmethod
    def of_parts(cls, parts: Parts) -> Self:
        """Return the forecast that is made of these parts.

        Raises:
            ValueError: if its weights are not one for each decay.
        """
        weights = np.asarray(parts.arrays["weights"], np.float64)
        if weights.shape != (len(recent_rates(parts.grid).decays),):
            raise ValueError("weights")
        long_term = ConstantForecast(**parts.common | {"name": SMOOTHED, "rates": parts.map("long_term")})
        return cls(**parts.common, long_term=long_term, background=float(parts.settings["background"]), weights=weights)


def smoothed_recent(fitting: Fitting) -> SmoothedRecent:
    """Fit smoothed seismicity with recent rates, by expectation maximisation of Poisson's likelihood."""
    long_term, window = smoothed_seismicity(fitting), fitting.window
    history = fitting.catalogue.above(fitting.magnitude).between(-np.inf, fitting.last * DAY)
    days = range(fitting.first - window.first, fitting.last - window.last + 1)
    counts = daily_counts(fitting.targets, fitting.grid, fitting.first, fitting.last)
    decays = len(recent_rates(fitting.grid).decays)
    totals, at_events, numbers = np.zeros(1 + decays), [], []
    for number, state in enumerate(recent_rates(fitting.grid).at_ends(history, days)):
        happened = counts[number : number + window.length].sum(axis=0)
        cells = np.flatnonzero(happened)
        components = np.vstack((long_term.rates * window.length, state[0]))
        totals += components.sum(axis=1)
        at_events.append(components[:, cells])
        numbers.append(happened[cells])
    weights = likeliest(np.hstack(at_events), np.concatenate(numbers), totals)
    return SmoothedRecent(
        **fitting.common, name=RECENT, long_term=long_term, background=float(weights[0]), weights=weights[1:]
    )


def recent_rates(grid: CellGrid) -> RecentRates:
    """Return the rates of recent earthquakes that a smoothed + recent forecast adds."""
    return RecentRates(grid, (min(RECENT_WIDTH, RECENT_CELLS * grid.size),))


def likeliest(values: Floats, numbers: NDArray[np.integer], totals: Floats) -> Floats:
    """Weights (k,) of components that make so many earthquakes likeliest where the components have these values.

    Args:
        values: (k, places) of the components where there were earthquakes.
        numbers: (places,) how many there were.
        totals: (k,) sums of the components over all cells and days.
    """
    used = totals > 0
    weights = np.where(used, numbers.sum() / max(used.sum(), 1) / np.where(used, totals, 1), 0.0)
    for _ in range(_ROUNDS):
        expected = weights @ values
        weights[used] *= (values[used] @ (numbers / np.maximum(expected, 1e-300))) / totals[used]
    return cast(Floats, weights)


def _map(earthquakes: Catalogue, grid: CellGrid, surprise: float) -> Floats:
    """Part of the earthquakes that each cell gets, (cells,), 1 in all."""
    x, y = grid.project(earthquakes.latitude, earthquakes.longitude)
    known = smoothed(grid, x, y, adaptive_widths(x, y))
    return (1 - surprise) * known / known.sum() + surprise / grid.number


def _part_anywhere(history: Catalogue, targets: Catalogue, grid: CellGrid) -> float:
    """The part of the late earthquakes of training that the early ones did not announce, by likelihood."""
    cut = float(targets.time[round(_LATE_PART * len(targets))])
    early, cells = history.between(-np.inf, cut), grid.cells(targets.between(cut, np.inf))
    values = np.vstack((_map(early, grid, 0.0)[cells], np.full(len(cells), 1 / grid.number)))
    parts = likeliest(values, np.ones(len(cells), np.int64), np.ones(2))
    return float(parts[1] / parts.sum())
