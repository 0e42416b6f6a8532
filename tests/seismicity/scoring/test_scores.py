"""Scores of forecasts: each against its definition, and what must not change them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.gain import gain
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.references import Fitting, smoothed_recent, smoothed_seismicity, uniform
from quakeview.seismicity.scoring.gains import (
    by_magnitude,
    by_region,
    by_time_since_large,
    cumulative_gain,
    gain_over,
    t_test_over,
)
from quakeview.seismicity.scoring.outcomes import Outcomes, held_out
from quakeview.seismicity.scoring.ranks import weighted_auc, weighted_average_precision
from quakeview.seismicity.scoring.regions import region_of_cells
from quakeview.seismicity.scoring.scores import ForecastScores, score_together
from quakeview.seismicity.windows import Window, daily_counts
from tests.seismicity.catalogues import FIRST, box, clustered

Floats = NDArray[np.float64]

DAYS = 400
TRAINED = FIRST + 200
NEXT = Window()


@dataclass(frozen=True)
class Drawn:
    """Another random map each day."""

    grid: CellGrid
    window: Window = NEXT
    name: str = "drawn"
    magnitude: float = 4.5
    trained_days: tuple[int, int] | None = None

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        for day in days:
            yield np.random.default_rng(day).lognormal(-6, 2, self.grid.number)


def auc(truth: NDArray[np.bool_], said: Floats) -> float:
    """By Mann and Whitney's statistic."""
    return float(mannwhitneyu(said[truth], said[~truth]).statistic / truth.sum() / (~truth).sum())


def average_precision(truth: NDArray[np.bool_], said: Floats) -> float:
    """By its definition: the precision at each positive, whatever is said as high among what is found."""
    return float(np.mean([truth[said >= each].mean() for each in said[truth]]))


@pytest.fixture(scope="module", params=[NEXT, Window(2, 5)], ids=str)
def scored(request: pytest.FixtureRequest) -> list[ForecastScores]:
    """Uniform, smoothed, recent, drawn."""
    window: Window = request.param
    catalogue, grid = clustered(DAYS), box(50e3)
    fitting = Fitting(catalogue, grid, 4.5, FIRST, TRAINED, window)
    days = held_out(FIRST + DAYS, 200, window, FIRST)
    references = [make(fitting) for make in (uniform, smoothed_seismicity, smoothed_recent)]
    return score_together([*references, Drawn(grid, window)], catalogue, days, measure=1)


def all_cells(scores: ForecastScores) -> tuple[Floats, NDArray[np.int32]]:
    """(days, cells) what ``Drawn`` expects, and how many earthquakes came."""
    outcomes = scores.outcomes
    days, window = outcomes.days, outcomes.window
    rates = np.array(list(Drawn(outcomes.grid, window).expected(clustered(DAYS), days.tolist())))
    counts = [
        daily_counts(outcomes.targets, outcomes.grid, d + window.first, d + window.last).sum(axis=0) for d in days
    ]
    return rates, np.array(counts)


def test_scores_are_their_definitions(scored: list[ForecastScores]) -> None:
    drawn = scored[-1]
    rates, counts = all_cells(drawn)
    active = (counts > 0).ravel()
    chance = -np.expm1(-rates)
    assert drawn.daily.observed.tolist() == counts.sum(axis=1).tolist()
    assert drawn.brier().value == pytest.approx(((chance - (counts > 0)) ** 2).mean())
    assert drawn.log_loss().value == pytest.approx(-np.log(np.where(counts > 0, chance, 1 - chance)).mean())
    assert drawn.expected_over_observed().value == pytest.approx(rates.sum() / counts.sum())
    assert drawn.ranks.auc().value == pytest.approx(auc(active, rates.ravel()), abs=2e-3)
    precision = average_precision(active, rates.ravel())
    assert drawn.ranks.average_precision().value == pytest.approx(precision, rel=0.05)
    found = drawn.reliability.classes()
    assert sum(each.cells for each in found) == rates.size
    assert sum(each.frequency.value * each.cells for each in found) == pytest.approx(active.sum())
    assert np.all(np.diff([each.probability for each in found]) > 0)


def test_gains_are_those_of_all_cells(scored: list[ForecastScores]) -> None:
    flat, mapped, recent, drawn = scored
    over = gain_over(recent, mapped)
    assert over == pytest.approx(gain(recent.daily, mapped.daily), nan_ok=True)
    assert over.low > 0.2
    rates, counts = all_cells(drawn)
    likelihood = (counts * np.log(rates) - rates).sum()
    assert drawn.daily.log_likelihood.sum() == pytest.approx(likelihood)
    total = cumulative_gain(recent, flat)[-1] * recent.outcomes.window.length
    assert total == pytest.approx(gain_over(recent, flat).value * recent.daily.observed.sum())


@pytest.mark.parametrize("groups", [by_magnitude, by_region, by_time_since_large])
def test_groups_add_up_to_the_whole(scored: list[ForecastScores], groups: object) -> None:
    recent, mapped = scored[2], scored[1]
    found = groups(recent, mapped)  # type: ignore[operator]
    assert len(found) > 1
    assert sum(each.earthquakes for each in found) >= len(np.unique(recent.outcomes.pairs[1]))
    if recent.outcomes.window.length == 1:
        total = sum(each.gain.value * each.earthquakes for each in found)
        left = 0.0 if groups is not by_region else _of_quiet_parts(recent, mapped)
        assert total + left == pytest.approx(gain_over(recent, mapped).value * recent.daily.observed.sum())


def _of_quiet_parts(scores: ForecastScores, reference: ForecastScores) -> float:
    """What parts without earthquakes add to the gain."""
    quiet = np.bincount(
        region_of_cells(scores.outcomes.grid)[scores.outcomes.cells[scores.outcomes.pairs[1]]], minlength=9
    )
    return float((reference.by_region - scores.by_region)[:, quiet == 0].sum())


def test_ranks_know_ties_and_references(scored: list[ForecastScores]) -> None:
    flat, mapped, recent, _ = scored
    assert flat.ranks.auc().value == pytest.approx(0.5)
    assert flat.ranks.molchan(by_reference=False).value == pytest.approx(0.5)
    assert mapped.ranks.molchan(by_reference=True).value == pytest.approx(0.5, abs=0.12)
    assert recent.ranks.molchan(by_reference=True).value > mapped.ranks.molchan(by_reference=True).value
    curve = recent.ranks.molchan_curve()
    area = 1 - np.trapezoid(curve.missed, curve.alarm)
    assert recent.ranks.molchan(by_reference=False).value == pytest.approx(area)
    assert (curve.alarm[[0, -1]].tolist(), curve.missed[[0, -1]].tolist()) == (
        [0, pytest.approx(1)],
        [1, pytest.approx(0)],
    )


def test_ranks_of_a_map_are_those_of_all_its_days() -> None:
    random = np.random.default_rng(0)
    map_, active = random.integers(0, 5, 50).astype(float), random.integers(0, 3, 50).astype(float)
    truth = np.concatenate([np.repeat([True, False], (int(a), 10 - int(a))) for a in active])
    assert weighted_auc(map_, active, 10 - active) == pytest.approx(auc(truth, np.repeat(map_, 10)))
    expected = average_precision(truth, np.repeat(map_, 10))
    assert weighted_average_precision(map_, active, 10 - active) == pytest.approx(expected)


def test_tests_use_windows_that_do_not_overlap(scored: list[ForecastScores]) -> None:
    recent = scored[2]
    expected, observed = recent.totals
    outcomes = recent.outcomes
    assert observed == len(np.unique(outcomes.pairs[1][outcomes.apart[outcomes.pairs[0]]]))
    assert 0 <= recent.places.quantile <= 1
    assert t_test_over(recent, scored[1]).gain == pytest.approx(gain_over(recent, scored[1]).value, abs=0.4)
    assert expected == pytest.approx(recent.daily.expected.sum() / outcomes.window.length, rel=0.1)


def test_held_out_days_are_the_last_ones() -> None:
    assert held_out(FIRST + 10, 3, NEXT, FIRST) == [FIRST + 6, FIRST + 7, FIRST + 8]
    days = held_out(FIRST + 100, 50, Window(10, 20), FIRST)
    assert days[0] + 10 == FIRST + 50
    assert days[-1] + 19 == FIRST + 99
    for number in (0, 5, 100):
        with pytest.raises(QuakeViewError, match="cannot be held out"):
            held_out(FIRST + 100, number, Window(10, 20), FIRST)


def test_time_since_the_last_large_earthquake() -> None:
    catalogue = Catalogue.of([(FIRST + 0.5) * DAY, (FIRST + 3.25) * DAY], [36.0, 36.0], [140.0, 140.0], [7.0, 5.0])
    outcomes = Outcomes.of(catalogue, box(), 4.5, range(FIRST - 1, FIRST + 4), NEXT)
    assert outcomes.since_large.tolist() == [np.inf, 0.5, 1.5, 2.5, 3.5]
    assert outcomes.observed.tolist() == [1, 0, 0, 1, 0]


def test_what_cannot_be_scored_is_a_sentence() -> None:
    catalogue, grid = clustered(DAYS), box(50e3)
    days = range(TRAINED, TRAINED + 100)
    with pytest.raises(QuakeViewError, match="side by side"):
        score_together([Drawn(grid), Drawn(box(25e3))], catalogue, days)
    with pytest.raises(QuakeViewError, match="nothing to tell"):
        score_together([Drawn(grid)], catalogue.above(4.5).between(0, FIRST * DAY), days)

    class Broken(Drawn):
        def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
            yield from (np.full(self.grid.number, np.nan) for _ in days)

    with pytest.raises(QuakeViewError, match="no number in some cells"):
        score_together([Broken(grid)], catalogue, days)
