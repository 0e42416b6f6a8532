"""Which times to show first, so that something is to be seen. No Qt."""

from collections.abc import Sequence
from itertools import pairwise

Stretch = tuple[float, float]
"""First and last moment with data, seconds since 1970-01-01 UTC."""

SPARSEST = 20
"""A view this many times as long as the data in it still shows them."""


def first_view(stretches: Sequence[Stretch]) -> Stretch:
    """From the first to the last moment with data; of data far apart, the part that holds most."""
    runs = _joined(stretches)
    while runs[-1][1] - runs[0][0] > SPARSEST * _length(runs):
        gaps = [after[0] - before[1] for before, after in pairwise(runs)]
        cut = gaps.index(max(gaps)) + 1
        runs = max(runs[:cut], runs[cut:], key=_length)
    return runs[0][0], runs[-1][1]


def shows_any(view: Stretch, stretches: Sequence[Stretch]) -> bool:
    """Whether some of the data are in the view."""
    return any(first <= view[1] and last >= view[0] for first, last in stretches)


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches of all channels as those in which any has data, in time order."""
    runs: list[Stretch] = []
    for first, last in sorted(stretches):
        if runs and first <= runs[-1][1]:
            runs[-1] = runs[-1][0], max(last, runs[-1][1])
        else:
            runs.append((first, last))
    return runs


def _length(runs: Sequence[Stretch]) -> float:
    return sum(last - first for first, last in runs)
