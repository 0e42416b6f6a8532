"""Probability curves of a picker, kept small enough to draw a day of them at any zoom."""

from functools import cache

import numpy as np

from quakeview.app.traces.raster import fold_peaks

LEVEL_FACTOR = 16
FULL_SCALE = 255


class ProbabilityCurve:
    """Probability of one phase at one station, in steps of 1/255, with the peaks of 16 and 256 samples."""

    def __init__(self, start: float, rate: float, probability: np.ndarray) -> None:
        """Keep a curve for drawing.

        Args:
            start: time of the first sample, seconds since 1970-01-01 UTC.
            rate: samples per second.
            probability: (n,) in 0-1; NaN counts as 0.
        """
        self.start = start
        self.rate = rate
        self._levels = [_quantise(probability)]
        while len(self._levels[-1]) > LEVEL_FACTOR and len(self._levels) < 4:
            self._levels.append(_peaks(self._levels[-1]))

    def columns(self, first: float, last: float, width: int) -> np.ndarray:
        """Highest probability in each of ``width`` columns of [first, last] s; float32, 0 where there is none."""
        step = (last - first) * self.rate / width
        level = min(len(self._levels) - 1, max(0, int(np.log(max(step / 2, 1)) / np.log(LEVEL_FACTOR))))
        factor = LEVEL_FACTOR**level
        left = (first - self.start) * self.rate / factor
        return fold_peaks(self._levels[level], left, step / factor, width) / np.float32(FULL_SCALE)


@cache
def _steps_of_float16() -> np.ndarray:
    """The step of 1/255 for each of the 65536 half-precision numbers; 0 for NaN."""
    numbers = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)
    return np.rint(np.clip(np.where(np.isnan(numbers), 0, numbers), 0, 1) * FULL_SCALE).astype(np.uint8)


def _quantise(probability: np.ndarray) -> np.ndarray:
    half = np.ascontiguousarray(probability, np.float16)
    return _steps_of_float16().take(half.view(np.uint16))


def _peaks(values: np.ndarray) -> np.ndarray:
    whole = len(values) // LEVEL_FACTOR * LEVEL_FACTOR
    peaks = values[:whole]
    for _ in range(LEVEL_FACTOR.bit_length() - 1):
        peaks = np.maximum(peaks[0::2], peaks[1::2])
    return peaks if whole == len(values) else np.append(peaks, values[whole:].max())
