"""Waveforms as pixels: the anti-aliased coverage of their extremes in every pixel column.

A trace costs the same at every zoom: its extremes per column come from the min/max pyramid (``waveforms.columns``),
and the coverage of all traces is found by one accumulation down the rows.
"""

import numpy as np


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
