"""Minima and maxima of a long record at several resolutions, for drawing it at any zoom."""

import numpy as np
from numpy.typing import NDArray

BASE = 16
_CELLS_PER_BIN = 4
_CHUNK = BASE**4

Envelope = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]


class MinMaxPyramid:
    """Level k holds the extremes of runs of 16^k samples; NaN samples count as gaps.

    Takes 13 % of the memory of the samples, which are not copied. Samples may be written into the array as they
    arrive: ``update`` renews what depends on them.

    Args:
        data: (n,) float32. NaN where there are no samples (yet).
    """

    def __init__(self, data: NDArray[np.float32]) -> None:
        self.data = data
        self._levels: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        size = len(data)
        while size > BASE:
            size = -(-size // BASE)
            self._levels.append((np.full(size, np.nan, np.float32), np.full(size, np.nan, np.float32)))
        self.update(0, len(data))

    def __len__(self) -> int:
        return len(self.data)

    @property
    def nbytes(self) -> int:
        """Memory of the levels, without the samples."""
        return sum(minima.nbytes + maxima.nbytes for minima, maxima in self._levels)

    def update(self, first: int, last: int) -> None:
        """Samples ``first`` to ``last`` (excluded) have been written."""
        for begin in range(first // _CHUNK * _CHUNK, last, _CHUNK):
            self._update_chunk(max(first, begin), min(last, begin + _CHUNK))

    def _update_chunk(self, first: int, last: int) -> None:
        finer = (self.data, self.data)
        for level in self._levels:
            first, last = first // BASE, -(-last // BASE)
            for extremes, source, extreme in zip(level, finer, (np.fmin, np.fmax), strict=True):
                extremes[first:last] = _reduce(source[first * BASE : last * BASE], extreme)
            finer = level

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
        cell, (minima, maxima) = 1, (self.data, self.data)
        for level in self._levels:
            if cell * BASE * _CELLS_PER_BIN > width:
                break
            cell, (minima, maxima) = cell * BASE, level
        cells = -(-width // cell)
        begin = first // cell // cells * cells
        end = min(len(minima), -(-last // (cell * cells)) * cells)
        edges = np.arange(begin, end, cells)
        lowest = np.fmin.reduceat(minima[begin:end], edges - begin)
        highest = np.fmax.reduceat(maxima[begin:end], edges - begin)
        return edges * cell, lowest, highest


def _reduce(source: NDArray[np.float32], extreme: np.ufunc) -> NDArray[np.float32]:
    """Extremes of runs of 16 values; the last run may be shorter."""
    whole = len(source) // BASE * BASE
    reduced = source[:whole]
    for _ in range(BASE.bit_length() - 1):
        reduced = extreme(reduced[0::2], reduced[1::2])
    if whole == len(source):
        return reduced
    return np.append(reduced, extreme.reduce(source[whole:]))
