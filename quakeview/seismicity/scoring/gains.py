"""Information gain of one forecast over another: in all, for some of the earthquakes, and as it grew with time."""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.blocks import FEWEST, Estimate, by_block, estimate, ratio
from quakeview.seismicity.gain import gain
from quakeview.seismicity.scoring.consistency import TTest, t_test
from quakeview.seismicity.scoring.regions import NAMES, region_of_cells
from quakeview.seismicity.scoring.scores import ForecastScores
from quakeview.texts import counted

Floats = NDArray[np.float64]

MAGNITUDE_STEP = 0.5
SINCE = (7.0, 30.0, 180.0)
"""Days since the last large earthquake where groups of days are parted."""


class GroupGain(NamedTuple):
    """The gain for a group of earthquakes.

    Attributes:
        group: in words.
        earthquakes: how many, each once.
        gain: for each of them, nats.
    """

    group: str
    earthquakes: int
    gain: Estimate


def gain_over(scores: ForecastScores, reference: ForecastScores) -> Estimate:
    """Return the information gain for each earthquake, nats."""
    return gain(scores.daily, reference.daily)


def t_test_over(scores: ForecastScores, reference: ForecastScores) -> TTest:
    """Return the T test of CSEP, on days whose windows do not overlap."""
    used = scores.outcomes.apart[scores.outcomes.pairs[0]]
    log_ratios = (scores.at_targets - reference.at_targets)[used]
    return t_test(log_ratios, scores.totals[0], reference.totals[0])


def cumulative_gain(scores: ForecastScores, reference: ForecastScores) -> Floats:
    """Return the gain until each of the days, (days,), nats; of windows that overlap each day has its part."""
    difference = scores.daily.log_likelihood - reference.daily.log_likelihood
    total: Floats = np.cumsum(difference) / scores.outcomes.window.length
    return total


def by_magnitude(scores: ForecastScores, reference: ForecastScores) -> list[GroupGain]:
    """Return the gain for earthquakes of each half of a magnitude.

    Of the expected numbers each class gets the part of the earthquakes that are in it, since the forecasts say nothing
    of magnitudes above the least one.
    """
    outcomes = scores.outcomes
    above = (outcomes.targets.magnitude[outcomes.pairs[1]] - outcomes.magnitude + 1e-9) // MAGNITUDE_STEP
    fewer = reference.daily.expected - scores.daily.expected
    found = []
    for number in range(int(above.max()) + 1):
        chosen = above == number
        first = outcomes.magnitude + number * MAGNITUDE_STEP
        group = f"magnitude {first:.1f} to {first + MAGNITUDE_STEP:.1f}"
        found.append(_group(group, scores, reference, chosen, fewer * chosen.mean()))
    return [each for each in found if each.earthquakes]


def by_region(scores: ForecastScores, reference: ForecastScores) -> list[GroupGain]:
    """Return the gain in each of nine parts of the grid that had earthquakes."""
    outcomes = scores.outcomes
    of_pairs = region_of_cells(outcomes.grid)[outcomes.cells][outcomes.pairs[1]]
    fewer = reference.by_region - scores.by_region
    found = [_group(name, scores, reference, of_pairs == number, fewer[:, number]) for number, name in enumerate(NAMES)]
    return [each for each in found if each.earthquakes]


def by_time_since_large(scores: ForecastScores, reference: ForecastScores) -> list[GroupGain]:
    """Return the gain on days soon after a large earthquake, and on others."""
    outcomes = scores.outcomes
    group_of_day = np.searchsorted(SINCE, outcomes.since_large, side="right")
    fewer = reference.daily.expected - scores.daily.expected
    found = []
    for number, name in enumerate(_since_names()):
        days = group_of_day == number
        found.append(_group(name, scores, reference, days[outcomes.pairs[0]], np.where(days, fewer, 0.0)))
    return [each for each in found if each.earthquakes]


def _since_names() -> Iterator[str]:
    edges: Sequence[float] = (0.0, *SINCE)
    for first, last in itertools.pairwise(edges):
        yield f"{first:g} to {last:g} days after"
    yield f"more than {counted(int(SINCE[-1]), 'day')} after"


def _group(
    name: str, scores: ForecastScores, reference: ForecastScores, chosen: NDArray[np.bool_], fewer: Floats
) -> GroupGain:
    """The gain for chosen pairs of day and target; ``fewer`` is by how much the expected numbers differ, (days,)."""
    day, target = (each[chosen] for each in scores.outcomes.pairs)
    days = len(scores.outcomes.days)
    log_ratios = (scores.at_targets - reference.at_targets)[chosen]
    gained = np.bincount(day, log_ratios, days) + fewer
    numbers = np.bincount(day, minlength=days)
    return GroupGain(name, len(np.unique(target)), _per_earthquake(scores, gained, numbers))


def _per_earthquake(scores: ForecastScores, gained: Floats, numbers: NDArray[np.integer]) -> Estimate:
    sums = by_block(scores.outcomes.days, np.column_stack((gained, numbers)).astype(np.float64))
    if np.count_nonzero(sums[:, 1]) < FEWEST:
        return Estimate(float(ratio(sums.sum(axis=0))) if numbers.any() else float("nan"))
    return estimate(sums, ratio)
