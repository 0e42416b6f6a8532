"""Fitting ETAS by expectation maximisation (Veen & Schoenberg 2008; Zhuang, Ogata & Vere-Jones 2002).

Each round asks of every pair of earthquakes how likely the earlier one is the parent of the later one, and of every
earthquake how likely it is background; then chooses the law that makes these families likeliest, and the background
from the earthquakes without parents. Families are kept as histograms of delay, distance and the parent's magnitude,
so that the second half of a round costs nothing.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from quakeview.jobs import Progress
from quakeview.seismicity.aftershock_maps import reach
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.etas import EtasForecast, Triggering
from quakeview.seismicity.etas_families import (
    DELAYS,
    DISTANCES,
    MAGNITUDE_STEP,
    Families,
    History,
    density_of_others,
    families_of,
    rows_of,
)
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.references import ETAS, Fitting, likeliest
from quakeview.seismicity.smoothing import adaptive_widths, smoothed
from quakeview.seismicity.windows import daily_counts

Floats = NDArray[np.float64]

FIRST_GUESS = Triggering(reference=0.0, productivity=0.3, alpha=0.6, c=0.01, p=1.1, d=5e3, gamma=0.5, q=1.8)
_ROUNDS = 30
_SETTLED = 2e-3
"""Relative change of the law below which the rounds end."""
_SMOOTHED_EVERY = 3
_BELOW = 0.5
"""Earthquakes smaller by this than those that are forecast bring about others too."""
_ANYWHERE = 0.01
"""Part of the background that comes anywhere."""
WIDENED = 1.4
"""Of the standard deviations of parameters by the curvature of the likelihood: what the smoothing of the background
does is not in it, and as much is missing on simulated catalogues (``python -m tests.benchmarks etas-recovery``)."""
_BOUNDS = {
    "c": (math.log(1e-5), math.log(10.0)),
    "p": (math.log(0.01), math.log(3.0)),
    "alpha": (0.0, 2.0),
    "productivity": (math.log(1e-4), math.log(10.0)),
    "d": (math.log(100.0), math.log(1e5)),
    "gamma": (0.0, 1.5),
    "q": (math.log(0.05), math.log(4.0)),
}
"""Of what is searched for: logarithms of lengths, times and numbers, and of p - 1 and q - 1."""


def fit_etas(fitting: Fitting, progress: Progress = Progress()) -> EtasForecast:
    """Fit an ETAS model to the days of training, with what came before as history, and calibrate its forecasts.

    Aftershocks outside the grid, and after the days of training, are allowed for.

    Raises:
        QuakeViewError: if there are too few earthquakes.
        Cancelled: through ``progress``.
    """
    fitting.targets  # noqa: B018 - says in a sentence if there are too few
    least = _least_parent(fitting)
    past = fitting.catalogue.above(least).between(-np.inf, fitting.last * DAY)
    past = past.where(fitting.grid.cells(past) >= 0)
    law, background, information = _expectation_maximisation(past, least, fitting, progress)
    covariance: Floats = WIDENED**2 * np.linalg.pinv(information, hermitian=True).astype(np.float64)
    forecast = EtasForecast(**fitting.common, name=ETAS, triggering=law, background=background, covariance=covariance)
    return calibrated(forecast, fitting, progress)


def calibrated(forecast: EtasForecast, fitting: Fitting, progress: Progress = Progress()) -> EtasForecast:
    """Return an ETAS forecast for the window of ``fitting``, with the factors that make its days likeliest.

    Raises:
        Cancelled: through ``progress``.
    """
    forecast = replace(forecast, window=fitting.window)
    return replace(forecast, factors=_factors(forecast, fitting, progress))


def _least_parent(fitting: Fitting) -> float:
    """The magnitude from which earthquakes are parents: the smallest in the catalogue, but not much below targets."""
    return max(fitting.magnitude - _BELOW, min(fitting.magnitude, float(np.nanmin(fitting.catalogue.magnitude))))


def _expectation_maximisation(
    past: Catalogue, least: float, fitting: Fitting, progress: Progress
) -> tuple[Triggering, Floats, Floats]:
    """Return the law, the background (cells,), and the information on the parameters."""
    first, days = fitting.first, fitting.days
    counted = (past.time >= first * DAY) & (past.magnitude >= fitting.magnitude - 1e-9)
    history = History.of(past, counted, fitting.grid)
    widths = adaptive_widths(history.x, history.y)
    law, orphans = replace(FIRST_GUESS, reference=least), np.where(counted, 0.5, 0.0)
    for number in range(_ROUNDS):
        of_round = progress.part(number, number + 1, _ROUNDS)
        if number % _SMOOTHED_EVERY == 0:
            background, at_earthquakes = _background(history, widths, orphans, fitting.grid, of_round)
        families = families_of(law, at_earthquakes * orphans.sum() / days, history, of_round)
        orphans = families.orphans
        before, law = law, _likeliest_law(law, families, history, first, fitting.last)
        if _change(before, law) < _SETTLED:
            break
    return law, background * orphans.sum() / days, families.information


def _background(
    history: History, widths: Floats, orphans: Floats, grid: CellGrid, progress: Progress
) -> tuple[Floats, Floats]:
    """Earthquakes without parents, smoothed, a hundredth of them anywhere: the part in each cell, (cells,), and the
    density that the others have at each, (earthquakes,) 1/m²."""
    some = orphans > 0
    known = smoothed(grid, history.x[some], history.y[some], widths[some], orphans[some])
    others = density_of_others(history.x, history.y, widths, orphans, progress)
    rest = _ANYWHERE / grid.number
    return (1 - _ANYWHERE) * known / known.sum() + rest, (1 - _ANYWHERE) * others / known.sum() + rest / grid.area


def _likeliest_law(law: Triggering, families: Families, history: History, first: int, last: int) -> Triggering:
    """The law under which the families are likeliest: each part of it by itself, the others as they were."""
    rows = rows_of(law, history.magnitudes)
    inside = (history.inside * _in_rings(law, len(families.distances))[rows]).sum(axis=1)
    law = _likeliest_times(law, families, history, inside, first, last)
    seen = _seen(law, history, first, last)
    law = _likeliest_numbers(law, families, history, seen * inside)
    around = np.zeros(families.distances.shape)
    np.add.at(around, rows, history.inside * (law.aftershocks(history.magnitudes) * seen)[:, None])
    return _likeliest_places(law, families, around)


def _likeliest_times(
    law: Triggering, families: Families, history: History, inside: Floats, first: int, last: int
) -> Triggering:
    """Choose c and p; ``inside``: (earthquakes,) part of the aftershocks that is inside the grid."""
    delays, numbers = np.sqrt(DELAYS[1:] * DELAYS[:-1]), law.aftershocks(history.magnitudes) * inside

    def cost(values: Floats) -> float:
        c, p = math.exp(values[0]), 1 + math.exp(values[1])
        logarithms = math.log((p - 1) / c) - p * np.log1p(delays / c)
        return float(numbers @ _seen(replace(law, c=c, p=p), history, first, last) - families.delays @ logarithms)

    c, p = _minimum(cost, ("c", "p"), (math.log(law.c), math.log(law.p - 1)))
    return replace(law, c=math.exp(c), p=1 + math.exp(p))


def _likeliest_numbers(law: Triggering, families: Families, history: History, counted: Floats) -> Triggering:
    """Choose alpha and productivity; ``counted``: (earthquakes,) part of the aftershocks that could be counted."""

    def cost(values: Floats) -> float:
        trial = replace(law, alpha=float(values[0]), productivity=math.exp(values[1]))
        numbers = trial.aftershocks(history.magnitudes)
        return float(numbers @ counted - families.children @ np.log(numbers))

    alpha, productivity = _minimum(cost, ("alpha", "productivity"), (law.alpha, math.log(law.productivity)))
    return replace(law, alpha=float(alpha), productivity=math.exp(productivity))


def _likeliest_places(law: Triggering, families: Families, around: Floats) -> Triggering:
    """Choose d, gamma and q; ``around``: (magnitudes, distances) aftershocks there would be if all came so far away."""
    distances, rows = np.sqrt(DISTANCES[1:] * DISTANCES[:-1]), len(around)

    def cost(values: Floats) -> float:
        q = 1 + math.exp(values[2])
        trial = replace(law, d=math.exp(values[0]), gamma=float(values[1]), q=q)
        squares = _squares(trial, rows)
        logarithms = math.log(q - 1) - np.log(squares) - q * np.log1p(distances**2 / squares)
        return float((around * _in_rings(trial, rows)).sum() - (families.distances * logarithms).sum())

    d, gamma, q = _minimum(cost, ("d", "gamma", "q"), (math.log(law.d), law.gamma, math.log(law.q - 1)))
    return replace(law, d=math.exp(d), gamma=float(gamma), q=1 + math.exp(q))


def _seen(law: Triggering, history: History, first: int, last: int) -> Floats:
    """The part of the aftershocks of each earthquake that is within the days of training."""
    return law.until(last - history.times) - law.until(first - history.times)


def _in_rings(law: Triggering, rows: int) -> Floats:
    """The part of the aftershocks that is at each distance, (magnitudes, distances)."""
    nearer = np.minimum(DISTANCES**2 / _squares(law, rows), reach(law.q) ** 2)
    nearer[:, 0] = 0
    return np.diff(-((1 + nearer) ** (1 - law.q)), axis=1)


def _squares(law: Triggering, rows: int) -> Floats:
    """D of the magnitude of each row of ``Families.distances``, (magnitudes, 1) m²."""
    magnitudes = law.reference + MAGNITUDE_STEP * np.arange(rows, dtype=np.float64)
    return np.asarray(law.scales(magnitudes)[:, None] ** 2)


def _minimum(function: Callable[[Floats], float], names: tuple[str, ...], start: tuple[float, ...]) -> Floats:
    bounds = [_BOUNDS[name] for name in names]
    lowest, highest = np.array(bounds).T
    begin = np.clip(start, lowest, highest)
    options = {"xatol": 1e-3, "fatol": 1e-2}
    found: Floats = minimize(function, begin, method="Nelder-Mead", bounds=bounds, options=options).x
    return found


def _change(before: Triggering, after: Triggering) -> float:
    """Largest relative change of a parameter; of alpha, which may be zero, that of 10^alpha."""
    pairs = [(getattr(before, name), getattr(after, name)) for name in ("productivity", "c", "p", "d", "q")]
    pairs.append((10**before.alpha, 10**after.alpha))
    return max(abs(new / old - 1) for old, new in pairs)


def _factors(forecast: EtasForecast, fitting: Fitting, progress: Progress) -> tuple[float, float]:
    """Of background and aftershocks, so that the forecasts of the days of training are likeliest."""
    window = fitting.window
    days = range(fitting.first - window.first, fitting.last - window.last + 1)
    counts = daily_counts(fitting.targets, fitting.grid, fitting.first, fitting.last)
    constant = forecast.background * window.length
    totals, values, numbers = np.zeros(2), [], []
    for number, triggered in enumerate(forecast.aftershocks(fitting.catalogue, days)):
        progress.advance(number, len(days), "Calibrating ETAS")
        happened = counts[number : number + window.length].sum(axis=0)
        cells = np.flatnonzero(happened)
        totals += constant.sum(), triggered.sum()
        values.append(np.vstack((constant[cells], triggered[cells])))
        numbers.append(happened[cells])
    of_background, of_aftershocks = likeliest(np.hstack(values), np.concatenate(numbers), totals)
    return float(of_background), float(of_aftershocks)
