"""Short-time power spectra of a part of a record."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.waveforms.columns import Sampled, start_time

Floats = NDArray[np.floating]

WINDOWS_IN_VIEW = 30
SHORTEST_SECONDS, LONGEST_SECONDS = 0.64, 5.12
SHORTEST_WINDOW, LONGEST_WINDOW = 32, 2**13
WINDOWS_PER_COLUMN = 4
FLOOR = 1e-30


@dataclass(frozen=True)
class Windows:
    """How a record is cut for a spectrogram.

    Attributes:
        seconds: length of a window, rounded to a power of two of samples; None: a thirtieth of the view, 0.6 to 5 s.
        overlap: share of a window that it has in common with the next one; None: a window at each column, as much as
            that makes them overlap.
    """

    seconds: float | None = None
    overlap: float | None = None

    def length(self, span: float, rate: float) -> int:
        """Samples of a window, of a view of ``span`` seconds and data of ``rate`` Hz."""
        automatic = np.clip(span / WINDOWS_IN_VIEW, SHORTEST_SECONDS, LONGEST_SECONDS)
        wanted = np.clip((self.seconds or automatic) * rate, SHORTEST_WINDOW, LONGEST_WINDOW)
        return int(2 ** np.round(np.log2(wanted)))


@dataclass(frozen=True)
class Spectrogram:
    """Power spectral density over time.

    Attributes:
        first, last: edges of the first and last column, seconds since 1970-01-01 UTC.
        highest: Nyquist frequency, Hz; the rows run from 0 to it.
        power: (n_frequencies, n_columns) float32, dB relative to 1 unit^2/Hz; NaN where there are no data.
        window: s.
        share: of the samples in view that are in a window; below 1 where there are more than can be looked at.
    """

    first: float
    last: float
    highest: float
    power: NDArray[np.float32]
    window: float
    share: float

    @property
    def lowest(self) -> float:
        """Of the frequencies above zero, Hz."""
        return self.highest / (len(self.power) - 1)

    def on_log_axis(self, n_rows: int) -> NDArray[np.float32]:
        """(n_rows, n_columns), power at frequencies from ``lowest`` to ``highest`` that are even in logarithm."""
        place = np.geomspace(1, len(self.power) - 1, n_rows)
        below = np.minimum(place.astype(int), len(self.power) - 2)
        weight = (place - below)[:, None].astype(np.float32)
        rows: NDArray[np.float32] = (1 - weight) * self.power[below] + weight * self.power[below + 1]
        return rows


def record_spectrogram(
    record: Sampled, first: float, last: float, n_columns: int, windows: Windows = Windows()
) -> Spectrogram | None:
    """Power in at most ``n_columns`` columns of [first, last] s: Hann windows, up to four averaged in each.

    Windows that touch a gap are left out. None when the view has no data long enough.
    """
    rate = record.sampling_rate
    length = windows.length(last - first, rate)
    data, start = record.data, start_time(record)
    if len(data) < length:
        return None
    hop = length / 2
    if windows.overlap is not None:
        hop = max((1 - windows.overlap) * length, 1.0)
        n_columns = int(np.clip(np.round((last - first) * rate / hop), 1, n_columns))
    edges = (np.linspace(first, last, n_columns + 1) - start) * rate
    column = edges[1] - edges[0]
    per_column = int(np.clip(np.ceil(column / hop - 1e-6), 1, WINDOWS_PER_COLUMN))
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
    level = (10 * np.log10(mean + FLOOR)).T.astype(np.float32)
    return Spectrogram(first, last, rate / 2, level, length / rate, min(1.0, per_column * length / column))


def _periodograms(data: Floats, begins: NDArray[np.int64], length: int, rate: float) -> NDArray[np.float32]:
    taper = np.hanning(length).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(data, length)[begins].astype(np.float32)
    windows -= windows.mean(axis=1, keepdims=True)
    spectra = np.fft.rfft(windows * taper, axis=1)
    return (2 / (rate * np.sum(taper**2)) * np.abs(spectra) ** 2).astype(np.float32)


def _mean_of_finite(power: Floats) -> Floats:
    """Over the second axis; NaN where nothing is finite."""
    finite = np.isfinite(power)
    count = finite.sum(axis=1)
    total = np.where(finite, power, 0).sum(axis=1)
    return np.divide(total, count, out=np.full(total.shape, np.nan, np.float32), where=count > 0)
