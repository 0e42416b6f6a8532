"""What a forecast is worth: how much likelier it made what happened than another forecast did."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.blocks import BLOCK, Estimate, by_block, estimate, ratio
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.windows import daily_counts

Floats = NDArray[np.float64]

RAREST = 1e-12
"""Expected number below which nothing is told apart."""


@dataclass(frozen=True)
class DailyScore:
    """Of one forecast, day by day.

    Attributes:
        name: of the forecast.
        days: (n,) last known days.
        log_likelihood: (n,) Poisson's, without the term that depends on the numbers alone.
        expected: (n,) earthquakes in all cells.
        observed: (n,) that came.
    """

    name: str
    days: NDArray[np.int64]
    log_likelihood: Floats
    expected: Floats
    observed: NDArray[np.int64]


def score(forecaster: SeismicityForecaster, catalogue: Catalogue, days: Sequence[int]) -> DailyScore:
    """Score the forecasts made at the end of each of the days (ascending) by what then happened."""
    window = forecaster.window
    targets = catalogue.above(forecaster.magnitude)
    counts = daily_counts(targets, forecaster.grid, days[0] + window.first, days[-1] + window.last)
    likelihood, expected, observed = np.zeros(len(days)), np.zeros(len(days)), np.zeros(len(days), np.int64)
    for number, rates in enumerate(forecaster.expected(catalogue, days)):
        first = days[number] - days[0]
        happened = counts[first : first + window.length].sum(axis=0)
        cells = np.flatnonzero(happened)
        expected[number], observed[number] = rates.sum(), happened.sum()
        likelihood[number] = happened[cells] @ np.log(np.maximum(rates[cells], RAREST)) - expected[number]
    return DailyScore(forecaster.name, np.asarray(days, np.int64), likelihood, expected, observed)


def gain(score: DailyScore, reference: DailyScore, block: int = BLOCK, seed: int = 0) -> Estimate:
    """Return the information gain of a forecast over a reference, nats for each earthquake."""
    values: Floats = np.column_stack((score.log_likelihood - reference.log_likelihood, score.observed)).astype(float)
    return estimate(by_block(score.days, values, block), ratio, seed)
