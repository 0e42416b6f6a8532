"""Probabilities of a stretch of any length from windows of one length."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.monitoring.preprocessing import normalise

Float32 = NDArray[np.float32]
Preparation = Callable[[Float32, NDArray[np.bool_], float], Float32]
"""Samples (b, 3, n), where they are valid, and Hz to the (b, 3, n) input of a network."""


@dataclass(frozen=True)
class Windowing:
    """What a picker is given of a record, and how its windows become one curve.

    Attributes:
        prepare: makes the network's input of samples.
        hop: samples from the start of one window to the next, at most a window; None is half a window.
        highest: the curve is the highest of the windows that see a sample; False: their mean, weighted by a triangle,
            so that every sample is dominated by the window that has it nearest its middle.
    """

    prepare: Preparation = normalise
    hop: int | None = None
    highest: bool = False


class WindowPicker(Protocol):
    """What the stitcher needs of a picker: (b, 3, window_samples) in, (b, 2, window_samples) P and S out.

    A probability is NaN where a window says nothing: at its ends, of many networks.
    """

    sampling_rate: float
    window_samples: int
    batch_size: int
    windowing: Windowing

    def probabilities(self, windows: Float32) -> Float32: ...


class Stitcher:
    """Puts the overlapping windows of a stretch of data together that arrives in pieces.

    The result does not depend on how the stretch was cut into pieces. It is 0 where no window says anything.
    """

    def __init__(self, picker: WindowPicker) -> None:
        self._picker = picker
        self._window = picker.window_samples
        self._hop = picker.windowing.hop or self._window // 2
        ramp = np.arange(1, self._window + 1, dtype=np.float32)
        self._taper = np.minimum(ramp, ramp[::-1]) / ramp[-1] + np.float32(0.02)
        self._data = np.zeros((3, 0), np.float32)
        self._valid = np.zeros((3, 0), np.bool_)
        self._sum = np.zeros((2, 0), np.float32)
        self._weight = np.zeros((2, 0), np.float32)

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
        self._weight = np.concatenate([self._weight, np.zeros((2, n), np.float32)], axis=1)

    def _annotate(self, starts: Sequence[int]) -> None:
        cuts = [slice(start, start + self._window) for start in starts]
        valid = np.stack([self._valid[:, cut] for cut in cuts])
        data = np.stack([self._data[:, cut] for cut in cuts])
        windows = self._picker.windowing.prepare(data, valid, self._picker.sampling_rate)
        for cut, probabilities in zip(cuts, self._picker.probabilities(windows), strict=True):
            self._stack(cut, np.nan_to_num(probabilities), np.isfinite(probabilities))

    def _stack(self, cut: slice, probabilities: Float32, known: NDArray[np.bool_]) -> None:
        if self._picker.windowing.highest:
            self._sum[:, cut] = np.maximum(self._sum[:, cut], probabilities)
            self._weight[:, cut] = 1
        else:
            self._sum[:, cut] += self._taper * probabilities
            self._weight[:, cut] += self._taper * known

    def _release(self, count: int) -> Float32:
        total, weight = self._sum[:, :count], self._weight[:, :count]
        released = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
        self._data, self._valid = self._data[:, count:], self._valid[:, count:]
        self._sum, self._weight = self._sum[:, count:], self._weight[:, count:]
        return released
