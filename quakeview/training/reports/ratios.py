"""Scores from sums over records, as the bootstrap draws them."""

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.float64]


def f1(sums: Sums) -> Sums:
    """From sums of hits, picks and labels (..., 3); NaN without any pick and label."""
    return ratio(2 * sums[..., 0], sums[..., 1] + sums[..., 2])


def precision(sums: Sums) -> Sums:
    """From the same sums."""
    return ratio(sums[..., 0], sums[..., 1])


def recall(sums: Sums) -> Sums:
    """From the same sums."""
    return ratio(sums[..., 0], sums[..., 2])


def mean(sums: Sums) -> Sums:
    """From sums of a value and of the number of records that have it (..., 2)."""
    return ratio(sums[..., 0], sums[..., 1])


def ratio(over: Sums, under: Sums) -> Sums:
    """Divide; NaN where there is nothing to divide by."""
    return np.divide(over, under, out=np.full(np.shape(under), np.nan), where=np.asarray(under) > 0)
