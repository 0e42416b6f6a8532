"""Fitting ETAS by expectation maximisation (Veen & Schoenberg 2008; Zhuang, Ogata & Vere-Jones 2002).

Each round asks of every pair of earthquakes how likely the earlier one is the parent of the later one, and of every
earthquake how likely it is background; then chooses the law that makes these families likeliest, and the background
from the earthquakes without parents. Families are kept as histograms of delay, distance and the parent's magnitude,
so that the second half of a round costs nothing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.etas import EtasForecast, Triggering
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.references import ETAS, Fitting, likeliest
from quakeview.seismicity.smoothing import adaptive_widths, smoothed
from quakeview.seismicity.windows import daily_counts
from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]

FIRST_GUESS = Triggering(reference=0.0, productivity=0.3, alpha=0.6, c=0.01, p=1.1, d=5e3, gamma=0.5, q=1.8)
_ROUNDS = 30
_SETTLED = 2e-3
"""Relative change of the law below which the rounds end."""
_SMOOTHED_EVERY = 3
_REACH = 200e3, 800e3
_LARGE = 6.5
"""Pairs are followed so far (m), and to the second if the first earthquake was of this magnitude or more."""
_DELAYS = np.logspace(-6, 4.5, 211)
_DISTANCES = np.logspace(1, 6, 121)
"""Edges of the histograms, days and m."""
_MAGNITUDE_STEP = 0.1
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


@dataclass(frozen=True)
class _Families:
    """Histograms of likely parents and children.

    Attributes:
        children: (earthquakes,) that each has.
        delays: (bins,) pairs by delay.
        distances: (magnitudes, bins) pairs by magnitude of the parent and distance.
        orphans: (earthquakes,) probability to be background.
    """

    children: Floats
    delays: Floats
    distances: Floats
    orphans: Floats


def fit_etas(fitting: Fitting, progress: Progress = Progress()) -> EtasForecast:
    """Fit an ETAS model to the days of training, with what came before as history, and calibrate its forecasts.

    Raises:
        QuakeViewError: if there are too few earthquakes.
        Cancelled: through ``progress``.
    """
    fitting.targets  # noqa: B018 - says in a sentence if there are too few
    past = fitting.catalogue.above(fitting.magnitude).between(-np.inf, fitting.last * DAY)
    past = past.where(fitting.grid.cells(past) >= 0)
    law, background = _expectation_maximisation(past, fitting, progress)
    forecast = EtasForecast(**fitting.common, name=ETAS, triggering=law, background=background)
    return forecast.calibrated(*_factors(forecast, fitting))


def _expectation_maximisation(past: Catalogue, fitting: Fitting, progress: Progress) -> tuple[Triggering, Floats]:
    grid, first = fitting.grid, fitting.first
    x, y = grid.project(past.latitude, past.longitude)
    times = past.time / DAY
    counted = times >= first
    cells = grid.cells(past)
    widths = adaptive_widths(x, y)
    law = replace(FIRST_GUESS, reference=fitting.magnitude)
    orphans = np.where(counted, 0.5, 0.0)
    background = np.empty(0)
    for number in range(_ROUNDS):
        progress.advance(number, _ROUNDS, "Fitting ETAS")
        if number % _SMOOTHED_EVERY == 0:
            background = _background(grid, x, y, widths, orphans, fitting.days)
        families = _families(law, times, x, y, past.magnitude, background[cells] / grid.area, counted)
        orphans = families.orphans
        background *= orphans.sum() / fitting.days / background.sum()
        before, law = law, _likeliest_law(law, families, times, past.magnitude, first, fitting.last)
        if _change(before, law) < _SETTLED:
            break
    return law, background


def _background(grid: CellGrid, x: Floats, y: Floats, widths: Floats, orphans: Floats, days: int) -> Floats:
    """Background earthquakes a day in each cell, (cells,): those without parents, smoothed; a hundredth anywhere."""
    known = smoothed(grid, x, y, widths, orphans)
    known *= orphans.sum() / known.sum()
    mixed: Floats = (0.99 * known + 0.01 * orphans.sum() / grid.number) / days
    return mixed


def _families(
    law: Triggering,
    times: Floats,
    x: Floats,
    y: Floats,
    magnitudes: Floats,
    background: Floats,
    counted: NDArray[np.bool_],
) -> _Families:
    rows = np.round((magnitudes - law.reference) / _MAGNITUDE_STEP).astype(np.int64)
    children, delays = np.zeros(len(times)), np.zeros(len(_DELAYS) - 1)
    distances = np.zeros((int(rows.max()) + 1, len(_DISTANCES) - 1))
    orphans = np.zeros(len(times))
    reach = np.where(magnitudes >= _LARGE, *_REACH[::-1]) ** 2
    numbers, scales = law.aftershocks(magnitudes), law.scales(magnitudes) ** 2
    in_time, in_space = (law.p - 1) / law.c, (law.q - 1) / math.pi
    densities = numbers * in_time * in_space / scales
    _count_families(
        times, x, y, rows, densities, scales, reach, background, counted, law.c, law.p, law.q,
        children, delays, distances, orphans,
        math.log10(_DELAYS[0]), math.log10(_DELAYS[1] / _DELAYS[0]),
        math.log10(_DISTANCES[0]), math.log10(_DISTANCES[1] / _DISTANCES[0]),
    )  # fmt: skip
    return _Families(children, delays, distances, orphans)


@kernel
def _count_families(
    times: Floats,
    x: Floats,
    y: Floats,
    rows: NDArray[np.int64],
    densities: Floats,
    scales: Floats,
    reach: Floats,
    background: Floats,
    counted: NDArray[np.bool_],
    c: float,
    p: float,
    q: float,
    children: Floats,
    delays: Floats,
    distances: Floats,
    orphans: Floats,
    first_delay: float,
    delay_step: float,
    first_distance: float,
    distance_step: float,
) -> None:
    """Fill ``children``, ``delays``, ``distances`` and ``orphans`` (see ``_Families``) from all pairs."""
    shares = np.empty(len(times))
    squares = np.empty(len(times))
    for later in range(len(times)):
        if not counted[later]:
            continue
        total = background[later]
        for earlier in range(later):
            square = (x[later] - x[earlier]) ** 2 + (y[later] - y[earlier]) ** 2
            squares[earlier] = square
            shares[earlier] = 0.0
            delay = times[later] - times[earlier]
            if square < reach[earlier] and delay > 0:
                law = math.exp(-p * math.log1p(delay / c) - q * math.log1p(square / scales[earlier]))
                shares[earlier] = densities[earlier] * law
                total += shares[earlier]
        orphans[later] = background[later] / total
        for earlier in range(later):
            if shares[earlier] > 0:
                part = shares[earlier] / total
                children[earlier] += part
                column = int((math.log10(times[later] - times[earlier]) - first_delay) / delay_step)
                delays[min(max(column, 0), len(delays) - 1)] += part
                column = int((0.5 * math.log10(max(squares[earlier], 1.0)) - first_distance) / distance_step)
                distances[rows[earlier], min(max(column, 0), distances.shape[1] - 1)] += part


def _likeliest_law(
    law: Triggering, families: _Families, times: Floats, magnitudes: Floats, first: int, last: int
) -> Triggering:
    """The law under which the families are likeliest: each part of it by itself, the others as they were."""
    delays, distances = np.sqrt(_DELAYS[1:] * _DELAYS[:-1]), np.sqrt(_DISTANCES[1:] * _DISTANCES[:-1])

    def seen(law: Triggering) -> Floats:
        """The part of the aftershocks of each earthquake that is within the days of training."""
        return law.until(last - times) - law.until(first - times)

    def of_time(values: Floats) -> float:
        c, p = math.exp(values[0]), 1 + math.exp(values[1])
        trial = replace(law, c=c, p=p)
        logarithms = math.log((p - 1) / c) - p * np.log1p(delays / c)
        return float(law.aftershocks(magnitudes) @ seen(trial) - families.delays @ logarithms)

    law = replace(law, **_named(("c", "p"), _minimum(of_time, ("c", "p"), (math.log(law.c), math.log(law.p - 1)))))

    def of_numbers(values: Floats) -> float:
        trial = replace(law, alpha=float(values[0]), productivity=math.exp(values[1]))
        numbers = trial.aftershocks(magnitudes)
        return float(numbers @ seen(law) - families.children @ np.log(numbers))

    alpha, productivity = _minimum(of_numbers, ("alpha", "productivity"), (law.alpha, math.log(law.productivity)))
    law = replace(law, alpha=float(alpha), productivity=math.exp(productivity))

    def of_space(values: Floats) -> float:
        d, gamma, q = math.exp(values[0]), values[1], 1 + math.exp(values[2])
        rows = law.reference + _MAGNITUDE_STEP * np.arange(len(families.distances), dtype=np.float64)
        squares = replace(law, d=d, gamma=gamma).scales(rows)[:, None] ** 2
        logarithms = math.log(q - 1) - np.log(squares) - q * np.log1p(distances**2 / squares)
        return -float((families.distances * logarithms).sum())

    d, gamma, q = _minimum(of_space, ("d", "gamma", "q"), (math.log(law.d), law.gamma, math.log(law.q - 1)))
    return replace(law, d=math.exp(d), gamma=float(gamma), q=1 + math.exp(q))


def _minimum(function: Callable[[Floats], float], names: tuple[str, ...], start: tuple[float, ...]) -> Floats:
    bounds = [_BOUNDS[name] for name in names]
    lowest, highest = np.array(bounds).T
    begin = np.clip(start, lowest, highest)
    options = {"xatol": 1e-3, "fatol": 1e-2}
    found: Floats = minimize(function, begin, method="Nelder-Mead", bounds=bounds, options=options).x
    return found


def _named(names: tuple[str, str], values: Floats) -> dict[str, float]:
    return {names[0]: math.exp(values[0]), names[1]: 1 + math.exp(values[1])}


def _change(before: Triggering, after: Triggering) -> float:
    pairs = ((getattr(before, name), getattr(after, name)) for name in ("productivity", "alpha", "c", "p", "d", "q"))
    return max(abs(new / old - 1) for old, new in pairs)


def _factors(forecast: EtasForecast, fitting: Fitting) -> tuple[float, float]:
    """Of background and aftershocks, so that the forecasts of the days of training are likeliest."""
    window = fitting.window
    days = range(fitting.first - window.first, fitting.last - window.last + 1)
    counts = daily_counts(fitting.targets, fitting.grid, fitting.first, fitting.last)
    constant = forecast.background * window.length
    totals, values, numbers = np.zeros(2), [], []
    for number, triggered in enumerate(forecast.aftershocks(fitting.catalogue, days)):
        happened = counts[number : number + window.length].sum(axis=0)
        cells = np.flatnonzero(happened)
        totals += constant.sum(), triggered.sum()
        values.append(np.vstack((constant[cells], triggered[cells])))
        numbers.append(happened[cells])
    background, aftershocks = likeliest(np.hstack(values), np.concatenate(numbers), totals)
    return float(background), float(aftershocks)
