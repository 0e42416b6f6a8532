"""Waveforms as pixels: the extremes of a record in every pixel column, and their anti-aliased coverage.

A trace costs the same at every zoom: its extremes per column come from the min/max pyramid (or from the
samples, when there are few), and the coverage of all columns is found by one accumulation down the rows.
"""

import numpy as np

from quakeview.app.traceview.marks import Record, start_time

SAMPLES_PER_COLUMN = 4
BINS_PER_COLUMN = 2


def column_extremes(record: Record, first: float, last: float, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of ``record`` in each of ``width`` columns of the view [first, last] s.

    The signal is taken as the straight lines between its samples, so neighbouring columns touch.

    Returns:
        low, high: float32 (width,), NaN in columns without data.
    """
    step = (last - first) * record.sampling_rate / width
    left = (first - start_time(record)) * record.sampling_rate
    begin = max(0, int(np.floor(left)) - 1)
    end = min(len(record.data), int(np.ceil(left + width * step)) + 2)
    low = np.full(width, np.inf, np.float32)
    high = np.full(width, -np.inf, np.float32)
    if begin < end:
        if step <= SAMPLES_PER_COLUMN:
            _interpolate(record.data[begin:end], begin, left, step, low, high)
        else:
            n_bins = max(1, round(BINS_PER_COLUMN * (end - begin) / step))
            index, lowest, highest = record.pyramid.envelope(begin, end, n_bins)
            _spread(index, lowest, highest, left, step, low, high)
            _join(low, high)
    empty = high < low
    low[empty] = high[empty] = np.nan
    return low, high


def _spread(
    index: np.ndarray,
    lowest: np.ndarray,
    highest: np.ndarray,
    left: float,
    step: float,
    low: np.ndarray,
    high: np.ndarray,
) -> None:
    """Merge bins that begin at sample ``index`` into the columns."""
    column = np.floor((index - left) / step).astype(np.intp)
    keep = (column >= 0) & (column < len(low)) & np.isfinite(lowest)
    np.minimum.at(low, column[keep], lowest[keep])
    np.maximum.at(high, column[keep], highest[keep])


def _interpolate(samples: np.ndarray, begin: int, left: float, step: float, low: np.ndarray, high: np.ndarray) -> None:
    """Few samples per column: the line between them at the column edges, and the samples themselves."""
    index = np.arange(begin, begin + len(samples))
    edges = left + step * np.arange(len(low) + 1)
    at_edges = np.interp(edges, index, samples, left=np.nan, right=np.nan)
    inside = np.isfinite(at_edges[:-1]) & np.isfinite(at_edges[1:])
    low[inside] = np.minimum(at_edges[:-1], at_edges[1:])[inside]
    high[inside] = np.maximum(at_edges[:-1], at_edges[1:])[inside]
    _spread(index, samples, samples, left, step, low, high)


def _join(low: np.ndarray, high: np.ndarray) -> None:
    """Stretch columns to meet the one on their left."""
    before_low, before_high = low[:-1].copy(), high[:-1].copy()
    both = (low[1:] <= high[1:]) & (before_low <= before_high)
    np.minimum(low[1:], before_high, out=low[1:], where=both)
    np.maximum(high[1:], before_low, out=high[1:], where=both)


def add_coverage(canvas: np.ndarray, top: np.ndarray, bottom: np.ndarray, thickness: float) -> None:
    """Draw a trace on ``canvas`` (rows, columns) uint8: 255 where its line covers a pixel whole.

    A line of slope s covers sqrt(1 + s^2) times its thickness in a column; the columns are padded to that.

    Args:
        top, bottom: extremes in each column, pixels from the top of the canvas; NaN where there is no data.
        thickness: of the line, pixels.
    """
    columns = np.flatnonzero(np.isfinite(top))
    if not len(columns):
        return
    top, bottom = top[columns], bottom[columns]
    extent = bottom - top
    pad = (np.hypot(extent, thickness) - extent) / 2
    rows = len(canvas)
    top = np.clip(top - pad, 0, rows)
    bottom = np.clip(bottom + pad, 0, rows)
    first, last = int(top.min()), int(np.ceil(bottom.max())) + 2
    block = np.zeros((last - first + 1, canvas.shape[1]), np.uint8)
    _add_edge(block, columns, top - first, np.uint8(1))
    _add_edge(block, columns, bottom - first, np.uint8(255))
    np.add.accumulate(block, axis=0, dtype=np.uint8, out=block)
    target = canvas[first:last]
    np.maximum(target, block[: len(target)], out=target)


def _add_edge(block: np.ndarray, columns: np.ndarray, edge: np.ndarray, sign: np.uint8) -> None:
    """Step of 255 (times ``sign``, modulo 256) at the fractional row ``edge`` of each column."""
    row = edge.astype(np.intp)
    above = np.rint(255 * (row + 1 - edge)).astype(np.uint8)
    block[row, columns] += sign * above
    block[row + 1, columns] += sign * (255 - above)


def fold_peaks(values: np.ndarray, left: float, step: float, width: int) -> np.ndarray:
    """Highest of ``values`` in each of ``width`` columns of ``step`` samples, the first at sample ``left``.

    Columns narrower than a sample are interpolated; columns outside the values are 0. Float32 (width,).
    """
    edges = left + step * np.arange(width + 1)
    begin, end = max(0, int(np.floor(left)) - 1), min(len(values), int(np.ceil(edges[-1])) + 2)
    if begin >= end:
        return np.zeros(width, np.float32)
    index = np.arange(begin, end)
    inside = values[begin:end].astype(np.float32)
    if step < 1:
        return np.interp((edges[:-1] + edges[1:]) / 2, index, inside, left=0, right=0).astype(np.float32)
    column = np.floor((index - left) / step).astype(np.intp)
    keep = (column >= 0) & (column < width)
    peaks = np.zeros(width, np.float32)
    np.maximum.at(peaks, column[keep], inside[keep])
    return peaks
