"""Intervals by drawing blocks of days anew: earthquakes come in sequences, so that days are not independent."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""From sums (..., k) over days to values (...)."""

BLOCK = 30
"""Days that are drawn together: earthquakes come in sequences."""
_DRAWS = 2000
FEWEST = 5
"""Blocks with earthquakes below which an interval would say nothing."""


class Estimate(NamedTuple):
    """A score with its 95 % interval; both ends are NaN where there are too few days for one."""

    value: float
    low: float = float("nan")
    high: float = float("nan")


def block_of(days: NDArray[np.int64], block: int = BLOCK) -> NDArray[np.int64]:
    """Return the number of the block of each day, (n,)."""
    numbers: NDArray[np.int64] = (days - days[0]) // block
    return numbers


def by_block(days: NDArray[np.int64], values: Floats, block: int = BLOCK) -> Floats:
    """Return sums over the days of each block, (blocks, k), of values (days, k)."""
    blocks = block_of(days, block)
    sums = np.zeros((int(blocks[-1]) + 1, values.shape[1]))
    np.add.at(sums, blocks, values)
    return sums


def estimate(sums: Floats, statistic: Statistic, seed: int = 0, draws: int = _DRAWS) -> Estimate:
    """Estimate a statistic of sums over all days.

    Args:
        sums: (blocks, k) of each block of days.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(sums.sum(axis=0)))
        number = len(sums)
        if number < FEWEST:
            return Estimate(value)
        drawn = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), draws)
        values = statistic(drawn @ sums)
    values = values[np.isfinite(values)]  # draws without a single earthquake have no gain for each
    return Estimate(value, *np.percentile(values, (2.5, 97.5)).tolist()) if len(values) else Estimate(value)


def ratio(sums: Floats) -> Floats:
    """The first of two sums over the second."""
    quotient: Floats = sums[..., 0] / sums[..., 1]
    return quotient
