"""Butterworth filters for records with gaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt, sosfiltfilt

from quakeview.errors import QuakeViewError

_SETTLED = 1e-3


@dataclass(frozen=True)
class Filter:
    """Band-pass (``low`` and ``high``), high-pass (``low`` only), low-pass (``high`` only), or none, after removal
    of a straight line from each gap-free stretch.

    Attributes:
        low, high: corner frequencies (Hz): -3 dB points of one pass.
        corners: order of the Butterworth filter.
        zero_phase: forwards and backwards, so that onsets stay in place but ring before they come; else causal.
    """

    detrend: bool = True
    low: float | None = None
    high: float | None = None
    corners: int = 4
    zero_phase: bool = True

    @property
    def label(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.low:g}–{self.high:g} Hz"
        if self.low is not None:
            return f"> {self.low:g} Hz"
        if self.high is not None:
            return f"< {self.high:g} Hz"
        return "Detrended" if self.detrend else "Unfiltered"

    def check(self, sampling_rate: float) -> None:
        """Raises:
        QuakeViewError: if data of this rate (Hz) cannot be filtered so.
        """
        nyquist = sampling_rate / 2
        for corner in (self.low, self.high):
            if corner is not None and not 0 < corner < nyquist:
                raise QuakeViewError(
                    f"A corner at {corner:g} Hz needs to be between 0 and {nyquist:g} Hz, half the sampling rate."
                )
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise QuakeViewError(f"The lower corner ({self.low:g} Hz) must be below the upper one ({self.high:g} Hz).")

    def apply(self, data: NDArray, sampling_rate: float) -> NDArray[np.float32]:
        """Filter samples of ``sampling_rate`` (Hz), each gap-free stretch for itself; NaN and infinite values are gaps.

        Returns:
            (n,) float32, NaN in gaps; ``data`` is left alone.

        Raises:
            QuakeViewError: if a corner is not below half the sampling rate.
        """
        self.check(sampling_rate)
        filtered = np.full(len(data), np.nan, np.float32)
        for stretch in finite_stretches(data):
            filtered[stretch] = self._apply_without_gaps(data[stretch], sampling_rate)
        return filtered

    def margin(self, sampling_rate: float) -> int:
        """Number of samples after which the filter has forgotten the edge of the data (to 0.1 %)."""
        sections = self._sections(sampling_rate)
        if sections is None:
            return 0
        slowest = max(abs(pole) for section in sections for pole in np.roots(section[3:]))
        return int(np.ceil(np.log(_SETTLED) / np.log(slowest)))

    def _apply_without_gaps(self, data: NDArray, sampling_rate: float) -> NDArray:
        samples = remove_line(data) if self.detrend else data.astype(np.float64)
        sections = self._sections(sampling_rate)
        if sections is None:
            return samples
        if self.zero_phase:
            return sosfiltfilt(sections, samples, padlen=min(6 * self.corners + 3, len(samples) - 1))
        return sosfilt(sections, samples)

    def _sections(self, sampling_rate: float) -> NDArray[np.float64] | None:
        return _butterworth(self.low, self.high, self.corners, sampling_rate)


@lru_cache(maxsize=32)
def _butterworth(
    low: float | None, high: float | None, corners: int, sampling_rate: float
) -> NDArray[np.float64] | None:
    if low is not None and high is not None:
        return butter(corners, (low, high), "bandpass", fs=sampling_rate, output="sos")
    if low is not None:
        return butter(corners, low, "highpass", fs=sampling_rate, output="sos")
    if high is not None:
        return butter(corners, high, "lowpass", fs=sampling_rate, output="sos")
    return None


def finite_stretches(data: NDArray) -> Iterator[slice]:
    """Runs of finite numbers in (n,) ``data``."""
    if data.dtype.kind != "f":
        if len(data):
            yield slice(0, len(data))
        return
    finite = np.isfinite(data)
    edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
    for first, stop in edges.reshape(-1, 2):
        yield slice(int(first), int(stop))


def remove_line(data: NDArray) -> NDArray[np.float64]:
    """``data`` (n,) minus its least-squares straight line."""
    n = len(data)
    samples = data.astype(np.float64)
    samples -= samples.mean()
    if n > 1:
        time = np.arange(n) - (n - 1) / 2
        samples -= time * (12 * np.dot(time, samples) / (n * (float(n) ** 2 - 1)))
    return samples
