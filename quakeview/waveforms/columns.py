"""The extremes of records in columns of time, for drawing them at any zoom: from the samples, or from the pyramid."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np

SAMPLES_PER_COLUMN = 4


class Pyramid(Protocol):
    """Of a display record: extremes of bins of samples."""

    def envelope(self, first: int, last: int, n_bins: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]: ...


class Sampled(Protocol):
    """A record, as far as its samples and their times are asked for."""

    @property
    def start(self) -> object: ...

    @property
    def sampling_rate(self) -> float: ...

    @property
    def data(self) -> np.ndarray: ...


class DrawnRecord(Sampled, Protocol):
    """What drawing needs of ``quakeview.waveforms.display.DisplayRecord``."""

    @property
    def pyramid(self) -> Pyramid: ...

    def value(self, index: int) -> float: ...


def start_time(record: Sampled) -> float:
    """Time of the first sample, seconds since 1970-01-01 UTC."""
    return float(record.start)  # type: ignore[arg-type]


def end_time(record: Sampled) -> float:
    """Time of the last sample, seconds since 1970-01-01 UTC."""
    return start_time(record) + max(len(record.data) - 1, 0) / record.sampling_rate


def column_extremes(
    records: Iterable[DrawnRecord], first: float, last: float, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of a channel in each of ``width`` columns of the view [first, last] s.

    The signal is taken as the straight lines between its samples, so neighbouring columns touch.

    Args:
        records: of the channel; where they overlap, the extremes of both count.

    Returns:
        low, high: float32 (width,), NaN in columns without data.
    """
    low = np.full(width, np.nan, np.float32)
    high = low.copy()
    for record in records:
        step = (last - first) * record.sampling_rate / width
        left = (first - start_time(record)) * record.sampling_rate
        begin = max(0, int(np.floor(left)) - 1)
        end = min(len(record.data), int(np.ceil(left + width * step)) + 2)
        if begin < end:
            extremes = _from_samples if step <= SAMPLES_PER_COLUMN else _from_pyramid
            lower, higher = extremes(record, begin, end, left, step, width)
            np.fmin(low, lower, out=low)
            np.fmax(high, higher, out=high)
    endless = np.isinf(low) | np.isinf(high)
    low[endless] = high[endless] = np.nan
    return low, high


def _from_samples(
    record: DrawnRecord, begin: int, end: int, left: float, step: float, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """The lines between samples at the column edges, and the samples inside the columns."""
    index, samples = np.arange(begin, end), record.data[begin:end]
    edges = np.interp(left + step * np.arange(width + 1), index, samples, left=np.nan, right=np.nan)
    low = np.minimum(edges[:-1], edges[1:]).astype(np.float32)
    high = np.maximum(edges[:-1], edges[1:]).astype(np.float32)
    column = np.floor((index - left) / step).astype(np.intp)
    keep = (column >= 0) & (column < width) & np.isfinite(samples)
    column, samples = column[keep], samples[keep]
    alone = column[np.isnan(low[column])]
    low[alone], high[alone] = np.inf, -np.inf
    np.minimum.at(low, column, samples)
    np.maximum.at(high, column, samples)
    return low, high


def _from_pyramid(
    record: DrawnRecord, begin: int, end: int, left: float, step: float, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Each bin of about a column goes to the column its centre is in; a column without one takes the nearest."""
    index, lowest, highest = record.pyramid.envelope(begin, end, max(2, round((end - begin) / step)))
    bin_width = float(index[1] - index[0]) if len(index) > 1 else float(end - begin)
    edges = left + step * np.arange(width + 1)
    number = np.ceil((edges - index[0]) / bin_width - 0.5).astype(np.intp)
    np.minimum(np.maximum(number, 0, out=number), len(index) - 1, out=number)
    one, two = number[:-1], np.maximum(number[1:] - 1, number[:-1])
    low, high = np.fmin(lowest[one], lowest[two]), np.fmax(highest[one], highest[two])
    outside = (edges[1:] <= begin) | (edges[:-1] >= end)
    low[outside] = high[outside] = np.nan
    _join(low, high)
    return low, high


def _join(low: np.ndarray, high: np.ndarray) -> None:
    """Stretch columns to meet the one on their left; NaN stretches nothing."""
    before_low, before_high = low[:-1].copy(), high[:-1].copy()
    np.minimum(low[1:], before_high, out=low[1:], where=before_high < low[1:])
    np.maximum(high[1:], before_low, out=high[1:], where=before_low > high[1:])
