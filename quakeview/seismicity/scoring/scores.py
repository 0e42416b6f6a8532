"""All scores of forecasts of the same days, each day made and scored before the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.blocks import Estimate, block_of, by_block, estimate, ratio
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.forecasting import SeismicityForecaster, probability
from quakeview.seismicity.gain import RAREST, DailyScore
from quakeview.seismicity.scoring.consistency import LikelihoodResult, LikelihoodTest, NumberTest, number_test
from quakeview.seismicity.scoring.outcomes import Outcomes
from quakeview.seismicity.scoring.ranks import Ranks
from quakeview.seismicity.scoring.regions import NAMES, region_of_cells
from quakeview.seismicity.scoring.reliability import Reliability

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ForecastScores:
    """Of one forecast on all days.

    Attributes:
        outcomes: what came.
        daily: log-likelihood, expected and observed numbers, day by day.
        at_targets: (pairs,) logarithm of what was expected where each target came, in the order of ``Outcomes.pairs``.
        by_region: (days, regions) expected numbers.
        squares, surprise: (days,) sums over the cells of Brier's squares, and of the log-loss in nats.
        ranks, reliability: histograms of the cells.
        likelihood, places: the L test and the S test, on days whose windows do not overlap.
    """

    outcomes: Outcomes
    daily: DailyScore
    at_targets: Floats
    by_region: Floats
    squares: Floats
    surprise: Floats
    ranks: Ranks
    reliability: Reliability
    likelihood: LikelihoodResult
    places: LikelihoodResult

    @property
    def name(self) -> str:
        """Of the forecast."""
        return self.daily.name

    @cached_property
    def totals(self) -> tuple[float, int]:
        """Earthquakes expected and observed on days whose windows do not overlap."""
        apart = self.outcomes.apart
        return float(self.daily.expected[apart].sum()), int(self.daily.observed[apart].sum())

    @property
    def number(self) -> NumberTest:
        """The N test, on days whose windows do not overlap."""
        return number_test(*self.totals)

    def expected_over_observed(self) -> Estimate:
        """Return how many times as many earthquakes were expected as came."""
        return self._mean(self.daily.expected, self.daily.observed.astype(np.float64))

    def brier(self) -> Estimate:
        """Return the mean squared difference of the probability of a cell and what came (1 or 0)."""
        return self._mean(self.squares, np.full(len(self.squares), float(self.outcomes.grid.number)))

    def log_loss(self) -> Estimate:
        """Return the mean over cells of minus the logarithm of the probability of what came, nats."""
        return self._mean(self.surprise, np.full(len(self.surprise), float(self.outcomes.grid.number)))

    def _mean(self, sums: Floats, numbers: Floats) -> Estimate:
        return estimate(by_block(self.daily.days, np.column_stack((sums, numbers))), ratio)


def score_together(
    forecasters: Sequence[SeismicityForecaster],
    catalogue: Catalogue,
    days: Sequence[int],
    measure: int = 0,
    progress: Progress = Progress(),
) -> list[ForecastScores]:
    """Score forecasts side by side.

    Args:
        forecasters: of the same cells, magnitude and window.
        days: the last known days, ascending; nothing later is known to a forecast.
        measure: which of the forecasters Molchan's alarms are measured by.

    Raises:
        QuakeViewError: if the forecasters are for different cells, magnitudes or windows, a forecast is no number, or
            nothing came on all the days.
        Cancelled: through ``progress``.
    """
    first = forecasters[0]
    _check_alike(forecasters)
    outcomes = Outcomes.of(catalogue, first.grid, first.magnitude, days, first.window)
    if not outcomes.observed.any():
        raise QuakeViewError(
            f"No earthquake of magnitude {first.magnitude:g} or more came on the days that are scored, so that there "
            "is nothing to tell forecasts apart by; choose more days, a lower magnitude or a larger region."
        )
    regions, blocks, apart = region_of_cells(first.grid), block_of(outcomes.days), outcomes.apart
    tallies = [_Tally(each.name, len(days), int(blocks[-1]) + 1) for each in forecasters]
    streams = zip(*(each.expected(catalogue, days) for each in forecasters), strict=True)
    for number, forecasts in enumerate(streams):
        progress.advance(number, len(days), "Scoring forecasts")
        came = outcomes.cells[outcomes.after(int(outcomes.days[number]))]
        for tally, rates in zip(tallies, forecasts, strict=True):
            tally.add(number, int(blocks[number]), rates, came, regions, forecasts[measure], bool(apart[number]))
    return [tally.scores(outcomes) for tally in tallies]


class _Tally:
    """The scores of one forecast while they are summed up."""

    def __init__(self, name: str, days: int, blocks: int) -> None:
        self._name = name
        self._likelihood, self._expected, self._squares, self._surprise = np.zeros((4, days))
        self._by_region = np.zeros((days, len(NAMES)))
        self._at_targets: list[Floats] = [np.empty(0)]
        self._ranks, self._reliability = Ranks(blocks), Reliability(blocks)
        self._likelihood_test, self._place_test = LikelihoodTest(given_number=False), LikelihoodTest(given_number=True)

    def add(
        self,
        day: int,
        block: int,
        rates: Floats,
        came: NDArray[np.int64],
        regions: NDArray[np.int64],
        measure: Floats,
        apart: bool,
    ) -> None:
        """Add what was expected after a day, (cells,), and the cells where earthquakes came, (earthquakes,)."""
        if not (np.isfinite(rates).all() and (rates >= 0).all()):
            raise QuakeViewError(f"The forecast of {self._name} is no number in some cells; it cannot be scored.")
        rates = rates.astype(np.float64, copy=False)  # sums of thousands of cells
        cells, numbers = np.unique(came, return_counts=True)
        chance = probability(rates)
        logarithms = np.log(np.maximum(rates[came], RAREST))
        self._at_targets.append(logarithms)
        self._expected[day] = rates.sum()
        self._likelihood[day] = logarithms.sum() - self._expected[day]
        self._by_region[day] = np.bincount(regions, rates, len(NAMES))
        self._squares[day] = (chance**2).sum() + (1 - 2 * chance[cells]).sum()
        quiet = self._expected[day] - rates[cells].sum()  # -log(1 - p) is the expected number
        self._surprise[day] = quiet - np.log(np.maximum(chance[cells], RAREST)).sum()
        self._ranks.add(block, rates, cells, numbers, measure)
        self._reliability.add(block, chance, cells)
        if apart:
            counts = np.zeros(len(rates), np.int64)
            counts[cells] = numbers
            self._likelihood_test.add(rates, counts)
            self._place_test.add(rates, counts)

    def scores(self, outcomes: Outcomes) -> ForecastScores:
        """Return the scores of all days."""
        return ForecastScores(
            outcomes,
            DailyScore(self._name, outcomes.days, self._likelihood, self._expected, outcomes.observed),
            np.concatenate(self._at_targets),
            self._by_region,
            self._squares,
            self._surprise,
            self._ranks,
            self._reliability,
            self._likelihood_test.result(),
            self._place_test.result(),
        )


def _check_alike(forecasters: Sequence[SeismicityForecaster]) -> None:
    first = forecasters[0]
    for other in forecasters[1:]:
        if (other.grid, other.magnitude, other.window) != (first.grid, first.magnitude, first.window):
            raise QuakeViewError(
                f"{other.name} and {first.name} forecast other cells, magnitudes or days, so that their scores cannot "
                "stand side by side; score them one by one."
            )
