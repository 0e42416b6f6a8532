"""Which of several earthquakes belong together, and the largest among them."""

import numpy as np
from numpy.typing import NDArray


def largest_of_each(group: NDArray[np.integer], magnitude: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of the largest (of equals the first) member of the group of each, (n,).

    Args:
        group: (n,) any numbers; those of one group are equal.
        magnitude: (n,).
    """
    order = np.lexsort((np.arange(len(group)), -magnitude, group))
    first = np.concatenate(([True], np.diff(group[order]) != 0))[: len(group)]
    largest = np.empty(len(group), np.int64)
    largest[order] = order[first][np.cumsum(first) - 1]
    return largest
