"""Band-limited interpolation: from any sampling rate and any phase onto a given time grid."""

from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import upfirdn

_ZERO_CROSSINGS = 16
_KAISER_BETA = 6.0  # 60 dB of stop-band attenuation
_CUTOFF = 0.9  # of the lower Nyquist frequency: -6 dB point; the stop band begins at the Nyquist frequency
_DENOMINATORS = (10, 50, 250, 2000)
_WORTH = 15  # filters of so many phases take as long to make as a call takes besides
_SAME_TIME = 0.01  # of an input sample
_PHASES = 512  # per input sample: rounding to the nearest is an error of a thousandth of a sample, and filters repeat


def margin_seconds(rate_in: float, rate_out: float) -> float:
    """How far from an output sample input samples still count (s)."""
    return (_ZERO_CROSSINGS / _CUTOFF + 2) / min(rate_in, rate_out)


def resample(
    data: NDArray[np.float32], rate_in: float, rate_out: float, first: float, count: int
) -> NDArray[np.float32]:
    """Samples of a regularly sampled signal on another time grid, with an anti-alias filter of linear phase.

    Windowed-sinc interpolation (Kaiser window), polyphase; the sub-sample phase of the output grid is part of the
    filter. Where the ratio of the rates is not a simple fraction, the nearest one serves for as many samples as it
    stays within 0.01 of an input sample of the true times, then the phase is taken anew: times never drift. Beyond
    its ends the signal is taken to stay at its first and last value.

    Args:
        data: (n,) float32.
        rate_in: its sampling rate (Hz).
        rate_out: sampling rate of the output (Hz).
        first: time of the first output sample after the first input sample (s).
        count: number of output samples.

    Returns:
        (count,) float32.
    """
    position, step = first * rate_in, rate_in / rate_out
    up, down, length = _fraction(rate_out / rate_in, count)
    drift = step - down / up  # input samples per output sample
    parts = []
    for begin in range(0, count, max(1, length)):
        size = min(length, count - begin)
        middle = drift * (size - 1) / 2  # so that half the error is on either side
        parts.append(_by_fraction(data, up, down, position + begin * step + middle, size))
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _fraction(ratio: float, count: int) -> tuple[int, int, int]:
    """Numerator and denominator near the ratio of the rates, and the number of output samples that they serve for:
    those that cost least, as nearer fractions serve longer but need longer filters."""
    best, lowest = (1, 1, 1), np.inf
    for denominator in _DENOMINATORS:
        fraction = Fraction(ratio).limit_denominator(max(denominator, int(1 / ratio) + 1))
        up, down = fraction.numerator, fraction.denominator
        drift = abs(1 / ratio - down / up)
        length = count if drift * count <= _SAME_TIME else int(2 * _SAME_TIME / drift) + 1
        cost = (1 + up / _WORTH) / min(length, count)
        if cost < lowest:
            best, lowest = (up, down, length), cost
    return best


def _by_fraction(data: NDArray[np.float32], up: int, down: int, position: float, count: int) -> NDArray[np.float32]:
    """``count`` samples from ``position`` on, each ``down / up`` after the one before (both in input samples)."""
    if up == down and abs(position - round(position)) < _SAME_TIME:
        return _hold(data, round(position), round(position) + count)
    phases = round(position * _PHASES)
    whole, phase = phases // _PHASES, phases % _PHASES / _PHASES
    half = _half_width(up, down)
    delay, taps = _interpolation_filter(up, down, phase)
    padded = _hold(data, whole - half, whole + int(np.ceil((count - 1) * down / up)) + half + 2)
    return upfirdn(taps, padded, up, down)[delay : delay + count]


def _half_width(up: int, down: int) -> int:
    """Half-width of the filter in input samples."""
    return int(np.ceil(_ZERO_CROSSINGS / _CUTOFF * max(1.0, down / up))) + 1


@lru_cache(maxsize=_PHASES)
def _interpolation_filter(up: int, down: int, phase: float) -> tuple[int, NDArray[np.float32]]:
    """Kaiser-windowed sinc on the up-sampled grid, shifted by ``phase`` input samples, of unit gain at 0 Hz.

    Returns:
        its delay in output samples when the input begins ``_half_width`` samples early, and its taps.
    """
    half = _half_width(up, down)
    delay = -(-2 * half * up // down)
    centre = delay * down - half * up
    time = (np.arange(centre + half * up + 1) - centre) / up + phase  # in input samples
    cutoff = _CUTOFF * min(1.0, up / down)  # in units of the input's Nyquist frequency
    width = _ZERO_CROSSINGS / cutoff
    window = np.i0(_KAISER_BETA * np.sqrt(np.clip(1 - (time / width) ** 2, 0, None))) / np.i0(_KAISER_BETA)
    taps = np.where(np.abs(time) <= width, cutoff * np.sinc(cutoff * time) * window, 0.0)
    return delay, (taps * up / taps.sum()).astype(np.float32)


def _hold(data: NDArray[np.float32], start: int, stop: int) -> NDArray[np.float32]:
    """``data[start:stop]`` where indices outside repeat the first or the last value."""
    before, after = max(0, -start), max(0, stop - len(data))
    inside = data[max(0, start) : max(0, min(stop, len(data)))]
    if not before and not after:
        return inside
    before, after = min(before, stop - start), min(after, stop - start)
    return np.concatenate([np.full(before, data[0]), inside, np.full(after, data[-1])])
