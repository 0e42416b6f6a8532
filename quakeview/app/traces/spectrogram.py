"""Short-time power spectra of the part of a record in view. No Qt: it runs in a worker."""

from dataclasses import dataclass

import numpy as np

from quakeview.waveforms.columns import DrawnRecord, start_time

WINDOWS_IN_VIEW = 30
SHORTEST_SECONDS, LONGEST_SECONDS = 0.64, 5.12
SHORTEST_WINDOW, LONGEST_WINDOW = 32, 2048
WINDOWS_PER_COLUMN = 4
FLOOR = 1e-30


@dataclass(frozen=True)
class Spectrogram:
    """Power spectral density over time.

    Attributes:
        first, last: edges of the first and last column, seconds since 1970-01-01 UTC.
        highest: Nyquist frequency, Hz; the rows run from 0 to it.
        power: (n_frequencies, n_columns) float32, dB relative to 1 unit^2/Hz; NaN where there are no data.
    """

    first: float
    last: float
    highest: float
    power: np.ndarray


def record_spectrogram(record: DrawnRecord, first: float, last: float, n_columns: int) -> Spectrogram | None:
    """Power in ``n_columns`` columns of [first, last] s: Hann windows, up to four averaged in each.

    The windows are a thirtieth of the view long, but 0.6 to 5 s.

    Windows that touch a gap are left out. None when the view has no data long enough.
    """
    rate = record.sampling_rate
    seconds = np.clip((last - first) / WINDOWS_IN_VIEW, SHORTEST_SECONDS, LONGEST_SECONDS)
    length = int(2 ** np.round(np.log2(np.clip(seconds * rate, SHORTEST_WINDOW, LONGEST_WINDOW))))
    data, start = record.data, start_time(record)
    if len(data) < length:
        return None
    edges = (np.linspace(first, last, n_columns + 1) - start) * rate
    per_column = int(np.clip(np.ceil((edges[1] - edges[0]) / (length / 2)), 1, WINDOWS_PER_COLUMN))
    offsets = (np.arange(per_column) + 0.5) / per_column
    centres = edges[:-1, None] + offsets * np.diff(edges)[:, None]
    begins = np.round(centres - length / 2).astype(np.int64).ravel()
    inside = (centres.ravel() >= 0) & (centres.ravel() < len(data))
    begins = np.clip(begins, 0, len(data) - length)
    power = np.full((len(begins), length // 2 + 1), np.nan, np.float32)
    power[inside] = _periodograms(data, begins[inside], length, rate)
    if not np.isfinite(power).any():
        return None
    mean = _mean_of_finite(power.reshape(n_columns, per_column, -1))
    return Spectrogram(first, last, rate / 2, (10 * np.log10(mean + FLOOR)).T.astype(np.float32))


def _periodograms(data: np.ndarray, begins: np.ndarray, length: int, rate: float) -> np.ndarray:
    taper = np.hanning(length).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(data, length)[begins].astype(np.float32)
    windows -= windows.mean(axis=1, keepdims=True)
    spectra = np.fft.rfft(windows * taper, axis=1)
    return (2 / (rate * np.sum(taper**2)) * np.abs(spectra) ** 2).astype(np.float32)


def _mean_of_finite(power: np.ndarray) -> np.ndarray:
    """Over the second axis; NaN where nothing is finite."""
    finite = np.isfinite(power)
    count = finite.sum(axis=1)
    total = np.where(finite, power, 0).sum(axis=1)
    return np.divide(total, count, out=np.full(total.shape, np.nan, np.float32), where=count > 0)
