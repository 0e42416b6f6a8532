"""Minima and maxima of a long record at several resolutions, for drawing it at any zoom."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BASE = 16
_STEP = 4
_CELLS_PER_BIN = 4
_CHUNK = 2**16

Envelope = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]


class _Level(NamedTuple):
    """Extremes of runs of ``cell`` samples."""

    cell: int
    minima: NDArray[np.float32]
    maxima: NDArray[np.float32]


class MinMaxPyramid:
    """The levels hold the extremes of runs of 16, 64, 256 ... samples; NaN samples count as gaps.

    Takes 17 % of the memory of the samples, which are not copied. Samples may be written into the array as they
    arrive: ``update`` renews what depends on them.

    Args:
        data: (n,) float32. NaN where there are no samples (yet).
    """

    def __init__(self, data: NDArray[np.float32]) -> None:
        self.data = data
        self._levels = [_Level(1, data, data)]
        ratio = BASE
        while len(self._levels[-1].minima) > ratio:
            size = -(-len(self._levels[-1].minima) // ratio)
            cell = self._levels[-1].cell * ratio
            self._levels.append(_Level(cell, np.empty(size, np.float32), np.empty(size, np.float32)))
            ratio = _STEP
        self.update(0, len(data))

    def __len__(self) -> int:
        return len(self.data)

    @property
    def nbytes(self) -> int:
        """Memory of the levels, without the samples."""
        return sum(minima.nbytes + maxima.nbytes for _, minima, maxima in self._levels[1:])

    def update(self, first: int, last: int) -> None:
        """Samples ``first`` to ``last`` (excluded) have been written."""
        for finer, level in pairwise(self._levels):
            ratio = level.cell // finer.cell
            chunk = _CHUNK // ratio
            for begin in range(first // level.cell, -(-last // level.cell), chunk):
                end = min(begin + chunk, -(-last // level.cell))
                level.minima[begin:end], level.maxima[begin:end] = _extremes(finer, begin * ratio, end * ratio, ratio)

    def envelope(self, first: int, last: int, n_bins: int) -> Envelope:
        """Extremes of the samples ``first`` to ``last`` (excluded) in about ``n_bins`` bins.

        The cost is proportional to ``n_bins``, not to the number of samples. Bins are aligned to multiples of their
        width, so that they stay the same while the view moves; at deep zoom each sample is its own bin.

        Returns:
            index of the first sample of each bin, minimum, maximum (NaN where all samples are NaN); at most
            ``n_bins + 2`` of each, or the samples themselves if there are no more than ``2 n_bins``.
        """
        first, last = max(0, first), min(len(self.data), last)
        if last <= first:
            return np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32)
        if last - first <= 2 * n_bins:
            samples = self.data[first:last]
            return np.arange(first, last), samples, samples
        width = -(-(last - first) // n_bins)
        fine_enough = [level for level in self._levels if level.cell * _CELLS_PER_BIN <= width]
        level = fine_enough[-1] if fine_enough else self._levels[0]
        cells = -(-width // level.cell)
        bin_width = cells * level.cell
        begin, end = first // bin_width, -(-last // bin_width)
        return np.arange(begin, end) * bin_width, *_extremes(level, begin * cells, end * cells, cells)


def _extremes(level: _Level, begin: int, end: int, run: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Minima and maxima of runs of ``run`` cells in ``begin`` to ``end`` of a level; the last run may be shorter."""
    minima = _columns(level.minima[begin:end], run)
    maxima = minima if level.maxima is level.minima else _columns(level.maxima[begin:end], run)
    return np.fmin.reduce(minima, axis=0), np.fmax.reduce(maxima, axis=0)


def _columns(values: NDArray[np.float32], run: int) -> NDArray[np.float32]:
    """Each run of values as a column: extremes along columns are found several at once."""
    if missing := -len(values) % run:
        values = np.append(values, np.full(missing, np.nan, np.float32))
    return np.ascontiguousarray(values.reshape(-1, run).T)
