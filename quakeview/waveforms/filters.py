"""Butterworth filters for records with gaps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq
from scipy.signal import butter, freqz_zpk

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress

_FORGOTTEN = 1e-4
_SETTLED = 0.02
"""Share of what is not known in a result that counts as settled."""
_MIN_FFT = 2**14
_FFT_SAMPLES = 2**17
_FFTS_AT_ONCE = 4
_CHUNK = 2**14
_RAMP = np.arange(_CHUNK, dtype=np.float64)


@dataclass(frozen=True)
class Filter:
    """Band-pass (``low`` and ``high``), high-pass (``low`` only), low-pass (``high`` only), or none, after removal
    of a straight line from each gap-free stretch.

    Attributes:
        low, high: corner frequencies (Hz): -3 dB points of one pass.
        corners: order of the Butterworth filter.
        zero_phase: forwards and backwards, so that peaks stay in place but onsets ring before they come; else causal:
            no onset comes before its time, peaks come a little late.
    """

    detrend: bool = True
    low: float | None = None
    high: float | None = None
    corners: int = 4
    zero_phase: bool = False

    @property
    def label(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.low:g}–{self.high:g} Hz"
        if self.low is not None:
            return f"> {self.low:g} Hz"
        if self.high is not None:
            return f"< {self.high:g} Hz"
        return "Detrended" if self.detrend else "Unfiltered"

    @property
    def name(self) -> str:
        """Its label with the phase: ``1–10 Hz, causal``."""
        if self.low is None and self.high is None:
            return self.label
        return f"{self.label}, {'zero-phase' if self.zero_phase else 'causal'}"

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

    def fitted(self, sampling_rate: float) -> Self:
        """As much of it as data of this rate (Hz) can have.

        They hold nothing at and above half the rate: an upper corner there does nothing, and with a lower corner there
        nothing would be left, so that none is applied.
        """
        nyquist = sampling_rate / 2
        if self.low is not None and self.low >= nyquist:
            return replace(self, low=None, high=None)
        return replace(self, high=None) if self.high is not None and self.high >= nyquist else self

    def apply(
        self,
        data: NDArray[Any],
        sampling_rate: float,
        progress: Progress | None = None,
        out: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Filter samples of ``sampling_rate`` (Hz), each gap-free stretch for itself; NaN and infinite values are gaps.

        In single precision: errors are of the order of 1e-7 of the largest sample.

        Args:
            out: (n,) where to write the result, not ``data`` itself; otherwise a new array.

        Returns:
            (n,) float32, NaN in gaps; ``data`` is left alone.

        Raises:
            QuakeViewError: if a corner is not below half the sampling rate.
            Cancelled: through ``progress``.
        """
        self.check(sampling_rate)
        progress = progress or Progress()
        filtered = np.empty(len(data), np.float32) if out is None else out
        stretches = list(finite_stretches(data))
        if stretches != [slice(0, len(data))]:
            filtered.fill(np.nan)
        for stretch in stretches:
            progress.advance(stretch.start, len(data), "filtering")
            line = straight_line(data[stretch]) if self.detrend else (0.0, 0.0)
            if self.low is None and self.high is None:
                _remove_line(data[stretch], line, 0, filtered[stretch])
            else:
                self._overlap_save(data[stretch], line, sampling_rate, filtered[stretch], progress)
        return filtered

    def margin(self, sampling_rate: float, remembered: float = _FORGOTTEN) -> int:
        """Number of samples after which the filter has forgotten its input but for a share of ``remembered``."""
        _, poles, _ = _butterworth(self, sampling_rate)
        if not len(poles):
            return 0
        return int(np.ceil(np.log(remembered) / np.log(np.abs(poles).max())))

    def unsettled(self, data: NDArray[Any], sampling_rate: float) -> NDArray[np.intp]:
        """Where the result still depends on what was before a gap-free stretch, or for zero phase after it.

        The filter goes on as if the samples were mirrored there; what it makes of that is no ground motion.

        Returns:
            (k, 2) first sample and the one after the last, by time.
        """
        n, found = self.margin(sampling_rate, _SETTLED), []
        for stretch in finite_stretches(data) if n else ():
            found.append((stretch.start, min(stretch.start + n, stretch.stop)))
            if self.zero_phase:
                found.append((max(stretch.stop - n, stretch.start), stretch.stop))
        return np.array(found, dtype=np.intp).reshape(-1, 2)

    def _overlap_save(
        self,
        data: NDArray[Any],
        line: tuple[float, float],
        sampling_rate: float,
        filtered: NDArray[np.float32],
        progress: Progress,
    ) -> None:
        """Convolution by FFT in overlapping blocks (Oppenheim & Schafer 1989, section 8.9.3).

        The ends are continued by their point reflection, so that a filter which removes the offset starts quietly.
        """
        n, margin = len(data), self.margin(sampling_rate)
        size = next_fast_len(max(_MIN_FFT, min(8 * margin, n + 2 * margin)), real=True)
        step = size - 2 * margin
        at_once = step * min(max(_FFTS_AT_ONCE, _FFT_SAMPLES // size), -(-n // step))
        response = _frequency_response(self, sampling_rate, size)
        for first in range(0, n, at_once):
            progress.advance(first, n, "filtering")
            samples = _continued(data, line, first - margin, first + at_once + margin)
            spectra = rfft(sliding_window_view(samples, size)[::step], axis=1)
            spectra *= response
            output = irfft(spectra, n=size, axis=1)[:, margin : margin + step]
            for begin, block in zip(range(first, n, step), output, strict=False):
                filtered[begin : begin + step] = block[: n - begin]


@lru_cache(maxsize=64)
def _butterworth(filter: Filter, sampling_rate: float) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Zeros, poles, gain."""
    corners = [corner for corner in (filter.low, filter.high) if corner is not None]
    if not corners:
        return np.empty(0), np.empty(0), 1.0
    kind = "bandpass" if len(corners) == 2 else "lowpass" if filter.low is None else "highpass"
    return butter(filter.corners, np.squeeze(corners), kind, fs=sampling_rate, output="zpk")


@lru_cache(maxsize=16)
def _frequency_response(filter: Filter, sampling_rate: float, size: int) -> NDArray[Any]:
    """At the frequencies of a real FFT of ``size``: complex64, or float32 if of zero phase."""
    _, response = freqz_zpk(
        *_butterworth(filter, sampling_rate), worN=rfftfreq(size, 1 / sampling_rate), fs=sampling_rate
    )
    return (np.abs(response) ** 2).astype(np.float32) if filter.zero_phase else response.astype(np.complex64)


def _continued(data: NDArray[Any], line: tuple[float, float], begin: int, end: int) -> NDArray[np.float32]:
    """``data[begin:end]`` minus a line; beyond both ends its point reflections, and then their last value."""
    n = len(data)
    parts = [_without_line(data, line, max(begin, 0), min(end, n))]
    if begin < 0:
        parts.insert(0, _point_reflection(_without_line(data, line, 0, min(n, 1 - begin)), -begin)[::-1])
    if end > n:
        parts.append(_point_reflection(_without_line(data, line, max(0, 2 * n - 1 - end), n)[::-1], end - n))
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _point_reflection(samples: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """``count`` values that continue ``samples`` to the other side of its first one."""
    reflected = 2 * samples[:1] - samples[: count + 1]
    return np.pad(reflected, (0, count + 1 - len(reflected)), mode="edge")[1:]


def _without_line(data: NDArray[Any], line: tuple[float, float], begin: int, end: int) -> NDArray[np.float32]:
    result = np.empty(end - begin, np.float32)
    _remove_line(data, line, begin, result)
    return result


def _remove_line(data: NDArray[Any], line: tuple[float, float], begin: int, result: NDArray[np.float32]) -> None:
    """Fill ``result`` from ``data[begin:]``; in double precision, in chunks that stay in the processor's cache."""
    offset, slope = line
    ramp = slope * _RAMP
    for first in range(0, len(result), _CHUNK):
        chunk = result[first : first + _CHUNK]
        start = begin + first
        chunk[:] = data[start : start + len(chunk)] - (ramp[: len(chunk)] + (offset + slope * start))


def finite_stretches(data: NDArray[Any]) -> Iterator[slice]:
    """Runs of finite numbers in (n,) ``data``."""
    if data.dtype.kind != "f":
        if len(data):
            yield slice(0, len(data))
        return
    finite = np.isfinite(data)
    if finite.all():
        if len(data):
            yield slice(0, len(data))
        return
    edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
    for first, stop in edges.reshape(-1, 2):
        yield slice(int(first), int(stop))


def straight_line(data: NDArray[Any]) -> tuple[float, float]:
    """Offset (of sample 0) and slope (per sample) of the least-squares line through (n,) ``data``."""
    n = len(data)
    total = moment = 0.0
    for begin in range(0, n, _CHUNK):
        chunk = data[begin : begin + _CHUNK].astype(np.float64)
        chunk_total = chunk.sum()
        total += chunk_total
        moment += (_RAMP[: len(chunk)] * chunk).sum() + (begin - (n - 1) / 2) * chunk_total
    slope = 12 * moment / (n * (float(n) ** 2 - 1)) if n > 1 else 0.0
    return float(total / n - slope * (n - 1) / 2), float(slope)
