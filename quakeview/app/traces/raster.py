"""Waveforms as pixels: the extremes of records in every pixel column, and their anti-aliased coverage.

A trace costs the same at every zoom: its extremes per column come from the min/max pyramid (or from the
samples, when there are few), and the coverage of all traces is found by one accumulation down the rows.
"""

from collections.abc import Iterable

import numpy as np

from quakeview.app.traces.marks import DrawnRecord, start_time

SAMPLES_PER_COLUMN = 4


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


def coverage(top: np.ndarray, bottom: np.ndarray, rows: int, thickness: float) -> np.ndarray:
    """How much of each pixel the lines of several traces cover, each trace on a sheet of its own.

    A line of slope s covers sqrt(1 + s^2) times its thickness in a column; the columns are padded to that.
    The sum down the rows runs modulo 256: at the top edge it rises by 255 over the two pixels that share
    the edge, at the bottom edge it falls again.

    Args:
        top, bottom: (n_traces, width) extremes in each column, pixels from the top; NaN where there is no data.
        rows: height of a sheet, pixels; what is outside is cut.
        thickness: of the lines, pixels.

    Returns:
        (rows, n_traces, width) uint8, 255 where a pixel is covered whole.
    """
    extent = bottom - top
    pad = (np.hypot(extent, thickness) - extent) / 2
    sheets = np.zeros((rows + 2, *top.shape), np.uint8)
    drawn = np.flatnonzero(np.isfinite(extent))
    upper = np.clip((top - pad).ravel()[drawn], 0, rows)
    lower = np.clip((bottom + pad).ravel()[drawn], 0, rows)
    _add_edge(sheets, drawn, upper, rising=True)
    _add_edge(sheets, drawn, lower, rising=False)
    for row in range(1, rows):
        sheets[row] += sheets[row - 1]
    return sheets[:rows]


def _add_edge(sheets: np.ndarray, columns: np.ndarray, edge: np.ndarray, rising: bool) -> None:
    """Step of 255 at the fractional row ``edge`` of each of the ``columns`` (numbered through all traces)."""
    row = edge.astype(np.intp)
    share = np.rint(255 * (row + 1 - edge)).astype(np.uint8)
    flat = sheets.reshape(-1)
    place = row * sheets[0].size + columns
    below = place + sheets[0].size
    if rising:
        flat[place] += share
        flat[below] += 255 - share
    else:
        flat[place] -= share
        flat[below] -= 255 - share


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
