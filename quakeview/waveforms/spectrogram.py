"""Spectrograms of records of any length at the resolution of the screen."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import rfft, rfftfreq

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress

_WINDOWS_IN_SHORT_RECORD = 20
_MIN_WINDOW = 16
_SAMPLES_AT_ONCE = 2**18


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """Power spectral density over time.

    Attributes:
        times: (columns,) centre of each column, s after the first sample.
        frequencies: (rows,) Hz, from 0 to half the sampling rate.
        power: (rows, columns) float32, dB relative to 1 unit^2/Hz; NaN where there are gaps.
    """

    times: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    power: NDArray[np.float32]


def spectrogram(
    data: NDArray,
    sampling_rate: float,
    max_columns: int = 1600,
    max_rows: int = 512,
    progress: Progress | None = None,
) -> Spectrogram:
    """Hann windows without offset that overlap by half or more. In long records the powers of neighbouring windows are
    averaged, so that every sample counts and at most ``max_columns`` columns come back.

    Args:
        data: (n,) samples; windows with values that are not finite are gaps.
        sampling_rate: Hz.

    Raises:
        QuakeViewError: if there are fewer than 16 samples.
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    n = len(data)
    if n < _MIN_WINDOW:
        raise QuakeViewError(f"A spectrogram needs at least {_MIN_WINDOW} samples; here are {n}.")
    length = 2 ** int(np.log2(max(_MIN_WINDOW, min(2 * (max_rows - 1), n / _WINDOWS_IN_SHORT_RECORD))))
    hop = max(1, min(length // 2, n // max_columns))
    windows = sliding_window_view(data, length)[::hop]
    per_column = -(-len(windows) // max_columns)
    at_once = max(1, _SAMPLES_AT_ONCE // (length * per_column)) * per_column
    columns = []
    for first in range(0, len(windows), at_once):
        progress.advance(first, len(windows), "spectrogram")
        columns.append(_column_powers(windows[first : first + at_once], sampling_rate, per_column))
    firsts = np.arange(0, len(windows), per_column)
    lasts = np.minimum(firsts + per_column, len(windows)) - 1
    times = ((firsts + lasts) * hop + length - 1) / (2 * sampling_rate)
    power = 10 * np.log10(np.concatenate(columns).T.astype(np.float32) + np.finfo(np.float32).tiny)
    return Spectrogram(times, rfftfreq(length, 1 / sampling_rate), power)


def _column_powers(windows: NDArray, sampling_rate: float, per_column: int) -> NDArray:
    """(columns, rows) mean of the one-sided power spectral densities of each ``per_column`` windows (windows, length).

    Windows that touch a gap do not count; a column of none but these is NaN.
    """
    length = windows.shape[1]
    taper = np.hanning(length + 1)[:-1].astype(np.float32)
    with np.errstate(invalid="ignore"):
        samples = (windows - windows.mean(axis=1, keepdims=True, dtype=np.float64)).astype(np.float32) * taper
        spectra = rfft(samples, axis=1)
    power = spectra.real**2 + spectra.imag**2
    power[:, 1 : (length + 1) // 2] *= 2
    complete = np.isfinite(power[:, 0])
    power[~complete] = 0
    starts = np.arange(0, len(power), per_column)
    counts = np.add.reduceat(complete, starts, dtype=np.float32)
    counts[counts == 0] = np.nan
    return np.add.reduceat(power, starts, axis=0) / (counts[:, np.newaxis] * sampling_rate * np.sum(taper**2))
