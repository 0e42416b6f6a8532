"""Forecasters of seismicity in a list of variants: the paper's columns, and beside them those that say something.

The paper ranks cells (area under the ROC curve, average precision); what it calls probabilities is also held against
what came. A forecast is worth its information gain over what is known without it: smoothed + recent seismicity.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.blocks import BLOCK
from quakeview.seismicity.catalogue import Catalogue, date_of, day_of
from quakeview.seismicity.forecasting import SeismicityForecaster, probability
from quakeview.seismicity.gain import RAREST
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.networks.calibration import ScoreHistogram
from quakeview.seismicity.networks.daily_maps import DailyMaps
from quakeview.seismicity.networks.forecaster import PrintedForecast
from quakeview.seismicity.networks.hierarchical import LOGITS
from quakeview.seismicity.reading import read_catalogue
from quakeview.seismicity.references import RECENT
from quakeview.toml_files import read_table
from quakeview.training.config import RunConfig
from quakeview.training.seismicity.config import DataConfig
from quakeview.training.seismicity.data import CatalogueData, kept_reference

Floats = NDArray[np.float64]

AUC, PRECISION = "ROC-AUC", "Average precision"
TOTAL, BRIER = "Expected / observed cells", "Brier score"
GAIN = f"Gain over {RECENT}, nats"
_LOGARITHMS = float(np.log(RAREST)), 5.0
"""Of expected numbers, between which forecasts are told apart."""


@dataclass(frozen=True)
class HeldOutDays:
    """A ``[[test]]`` table of forecasters of seismicity.

    Attributes:
        catalogue: file of earthquakes.
        first, last: days, ``"2017-04-05"``, whose earthquakes are forecast; the last is one of them.
    """

    catalogue: Path
    first: str
    last: str


class LearnsFromDays(Protocol):
    """A task that learns from the days of a catalogue."""

    options: DataConfig
    data: CatalogueData


@dataclass(frozen=True)
class DailyCounts:
    """What one model was on the days of a test.

    Attributes:
        blocks: (days,) the block of days that each day is drawn with.
        counts: by the name of a score, (days, 2): a sum, and what it is divided by. Ranks of all cells of all days have
            no share of a day: their first row is the score itself.
    """

    blocks: list[str]
    counts: dict[str, Floats]


def measured_days(
    task: LearnsFromDays, config: RunConfig, model: Path, tests: Sequence[dict[str, Any]], progress: Progress
) -> DailyCounts:
    """Score a trained forecaster, and smoothed + recent seismicity fitted to all days before the test, on days of it.

    Raises:
        QuakeViewError: if there is not one table of days, they were learnt from, or no earthquake came on them.
    """
    if len(tests) != 1:
        raise QuakeViewError("Forecasters of seismicity are scored on one stretch of days; write one [[test]] table.")
    test = read_table(HeldOutDays, tests[0], "[[test]]", config.base)
    days, fitting = _last_known(test, task.data), task.data.fitting
    catalogue = read_catalogue([test.catalogue]).catalogue.above(task.options.least_magnitude)
    maps = DailyMaps(catalogue, fitting.grid, fitting.magnitude, fitting.window)
    came = [maps.numbers(day) for day in days]
    if not any(numbers.any() for numbers in came):
        raise QuakeViewError("No earthquake came on the days of [[test]]; choose more of them.")
    before = replace(fitting, last=task.data.last)  # as much as the networks, which are calibrated on the last of them
    reference = kept_reference(RECENT, before, config.folder.parent, progress)
    forecaster, rows = load_forecaster(model), _Rows([], [], [])
    streams = zip(came, _said(forecaster, catalogue, days), reference.expected(catalogue, days), strict=True)

    def scores() -> Iterator[tuple[Floats, NDArray[np.int64]]]:
        for number, (numbers, said, other) in enumerate(streams):
            progress.advance(number, len(days), "scoring")
            rows.add(numbers, said, other)
            yield said.score, numbers

    histogram = ScoreHistogram.of(scores(), *(LOGITS if isinstance(forecaster, PrintedForecast) else _LOGARITHMS))
    ranks = {AUC: histogram.area_under_curve(), PRECISION: histogram.average_precision()}
    counts = {name: _whole(value, len(days)) for name, value in ranks.items()} | rows.counts()
    return DailyCounts([str(number // BLOCK) for number in range(len(days))], counts)


def _last_known(test: HeldOutDays, data: CatalogueData) -> range:
    """The last known days whose windows are days of the test."""
    first, last, window = day_of(test.first), day_of(test.last) + 1, data.fitting.window
    days = range(first - window.first, last - window.last + 1)
    if first < data.last or not days:
        raise QuakeViewError(
            f"The days of [[test]] must begin on {date_of(data.last)} or later, test_from of the run, and be "
            f"{window.length} or more; correct first and last."
        )
    return days


class _Said(NamedTuple):
    """What a forecaster says of a day, (cells,) each.

    Attributes:
        score: by which cells are ranked.
        chance: called the probability of an earthquake.
        expected: numbers, calibrated if the chance is none.
    """

    score: Floats
    chance: Floats
    expected: Floats


class _Rows(NamedTuple):
    """Of each day, for each score, a sum and what it is divided by."""

    totals: list[tuple[float, float]]
    squares: list[tuple[float, float]]
    gains: list[tuple[float, float]]

    def add(self, numbers: NDArray[np.int64], said: _Said, other: Floats) -> None:
        """Add a day: earthquakes that came, what was said, and what the reference expected, (cells,) each."""
        happened = numbers > 0
        self.totals.append((float(said.chance.sum()), float(happened.sum())))
        self.squares.append((float(((said.chance - happened) ** 2).sum()), float(len(numbers))))
        gained = _log_likelihood(said.expected, numbers) - _log_likelihood(other, numbers)
        self.gains.append((gained, float(numbers.sum())))

    def counts(self) -> dict[str, Floats]:
        return {TOTAL: np.array(self.totals), BRIER: np.array(self.squares), GAIN: np.array(self.gains)}


def _said(forecaster: SeismicityForecaster, catalogue: Catalogue, days: range) -> Iterator[_Said]:
    if isinstance(forecaster, PrintedForecast):
        for logits in forecaster.logits(catalogue, days):
            yield _Said(logits, expit(logits), forecaster.calibration.expected(logits))
    else:
        for expected in forecaster.expected(catalogue, days):
            yield _Said(np.log(np.maximum(expected, RAREST)), probability(expected), expected)


def _log_likelihood(expected: Floats, numbers: NDArray[np.int64]) -> float:
    """Poisson's, without the term that depends on the numbers alone."""
    cells = np.flatnonzero(numbers)
    return float(numbers[cells] @ np.log(np.maximum(expected[cells], RAREST)) - expected.sum())


def _whole(value: float, days: int) -> Floats:
    counts = np.zeros((days, 2))
    counts[0] = value, 1.0
    return counts
