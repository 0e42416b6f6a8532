"""Probabilities of a stretch of any length from windows of one length."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.monitoring.preprocessing import normalise

Float32 = NDArray[np.float32]


class WindowPicker(Protocol):
    """What the stitcher needs of a picker: (b, 3, window_samples) in, (b, 2, window_samples) P and S out."""

    sampling_rate: float
    window_samples: int
    batch_size: int

    def probabilities(self, windows: Float32) -> Float32: ...


class Stitcher:
    """Averages half-overlapping windows of a stretch of data that arrives in pieces.

    The windows are weighted by a triangle, so that every sample is dominated by the window that has it nearest its
    middle; the result does not depend on how the stretch was cut into pieces.
    """

    def __init__(self, picker: WindowPicker) -> None:
        self._picker = picker
        self._window = picker.window_samples
        self._hop = self._window // 2
        ramp = np.arange(1, self._window + 1, dtype=np.float32)
        self._taper = np.minimum(ramp, ramp[::-1]) / ramp[-1] + np.float32(0.02)
        self._data = np.zeros((3, 0), np.float32)
        self._valid = np.zeros((3, 0), np.bool_)
        self._sum = np.zeros((2, 0), np.float32)
        self._weight = np.zeros(0, np.float32)

    def add(self, data: Float32, valid: NDArray[np.bool_]) -> Iterator[Float32]:
        """Append (3, n) samples; yield, batch by batch, the (2, m) probabilities that no later window changes.

        At least one window's length stays behind, so that the last window can end where the data ends.
        """
        self._append(data, valid)
        starts = range(0, self._data.shape[1] - self._window - self._hop + 1, self._hop)
        batches = [starts[i : i + self._picker.batch_size] for i in range(0, len(starts), self._picker.batch_size)]
        done = 0
        for batch in batches:
            self._annotate([start - done for start in batch])
            count = len(batch) * self._hop
            done += count
            yield self._release(count)

    def finish(self) -> Float32:
        """The (2, m) probabilities left at the end. A stretch shorter than a window is padded with zeros."""
        length = self._data.shape[1]
        missing = max(0, self._window - length)
        self._append(np.zeros((3, missing), np.float32), np.zeros((3, missing), np.bool_))
        self._annotate(sorted({0, length + missing - self._window}))
        return self._release(length + missing)[:, :length]

    def _append(self, data: Float32, valid: NDArray[np.bool_]) -> None:
        n = data.shape[1]
        self._data = np.concatenate([self._data, data], axis=1)
        self._valid = np.concatenate([self._valid, valid], axis=1)
        self._sum = np.concatenate([self._sum, np.zeros((2, n), np.float32)], axis=1)
        self._weight = np.concatenate([self._weight, np.zeros(n, np.float32)])

    def _annotate(self, starts: Sequence[int]) -> None:
        cuts = [slice(start, start + self._window) for start in starts]
        valid = np.stack([self._valid[:, cut] for cut in cuts])
        data = np.stack([self._data[:, cut] for cut in cuts])
        windows = normalise(data, valid, self._picker.sampling_rate)
        for cut, probabilities in zip(cuts, self._picker.probabilities(windows), strict=True):
            self._sum[:, cut] += self._taper * probabilities
            self._weight[cut] += self._taper

    def _release(self, count: int) -> Float32:
        released = self._sum[:, :count] / self._weight[:count]
        self._data, self._valid = self._data[:, count:], self._valid[:, count:]
        self._sum, self._weight = self._sum[:, count:], self._weight[count:]
        return released
