"""Numbers of a piece of record."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.analysis.cuts import Cut, cut
from quakeview.analysis.spectra import power_spectrum
from quakeview.errors import QuakeViewError
from quakeview.waveforms.columns import Sampled
from quakeview.waveforms.filters import finite_stretches

_CHUNK = 2**16
_PERIODS = 2
"""That a piece has to hold of its dominant period."""


@dataclass(frozen=True)
class Statistics:
    """Of the samples that are there.

    Attributes:
        seconds: length of the piece.
        samples, missing: how many it has, and how many it would have besides without gaps.
        minimum, maximum, mean, rms: in ``unit``; ``rms`` is about the mean.
        dominant_frequency: where the smoothed power spectral density is largest, Hz; None of a constant, or of a piece
            that is too short.
        snr: RMS over that of an equally long piece before; None if there is none, or nothing in it.
    """

    seconds: float
    samples: int
    missing: int
    minimum: float
    maximum: float
    mean: float
    rms: float
    dominant_frequency: float | None
    snr: float | None
    unit: str

    @property
    def peak_to_peak(self) -> float:
        """Maximum minus minimum."""
        return self.maximum - self.minimum


def selection_statistics(
    records: Sequence[Sampled], first: float, last: float, name: str, unit: str, offset: float = 0.0
) -> Statistics:
    """Describe a channel from ``first`` to ``last`` (seconds since 1970-01-01 UTC), beside what stands before it.

    Args:
        offset: was taken off the samples.

    Raises:
        QuakeViewError: if there is no sample.
    """
    piece = cut(records, first, last, name, unit)
    try:
        before = cut(records, piece.start - piece.seconds, piece.start - 0.5 / piece.sampling_rate, name, unit)
    except QuakeViewError:
        before = None
    return statistics(piece, before, offset)


def statistics(piece: Cut, before: Cut | None = None, offset: float = 0.0) -> Statistics:
    """Describe a piece of record.

    Args:
        before: what stands before it; it is compared with the piece only if it is as long and whole.
        offset: was taken off the samples, and is added to minimum, maximum and mean.

    Raises:
        QuakeViewError: if there is no sample in it.
    """
    parts = [piece.data[stretch] for stretch in finite_stretches(piece.data)]
    if not parts:
        raise QuakeViewError(f"{piece.name} has no data in this window.")
    samples = sum(len(part) for part in parts)
    mean, rms = _mean_and_rms(parts)
    return Statistics(
        piece.seconds,
        samples,
        len(piece.data) - samples,
        min(float(part.min()) for part in parts) + offset,
        max(float(part.max()) for part in parts) + offset,
        mean + offset,
        rms,
        _dominant_frequency(piece),
        _snr(rms, piece, before),
        piece.unit,
    )


def _mean_and_rms(parts: Sequence[NDArray[np.floating]]) -> tuple[float, float]:
    """Of all samples of the parts, in double precision, without copies of all of them; the RMS is about the mean."""
    pieces = [part[i : i + _CHUNK] for part in parts for i in range(0, len(part), _CHUNK)]
    number = sum(len(each) for each in pieces)
    mean = sum(float(each.sum(dtype=np.float64)) for each in pieces) / number
    about = parts[0].dtype.type(mean)  # the difference stays in single precision, and is exact where it is small
    squares = sum(float(np.square(each - about, dtype=np.float64).sum()) for each in pieces)
    return mean, float(np.sqrt(max(squares / number - (mean - float(about)) ** 2, 0.0)))


def _dominant_frequency(piece: Cut) -> float | None:
    try:
        spectrum = power_spectrum(piece)
    except QuakeViewError:
        return None
    frequency = spectrum.frequency
    known = frequency >= _PERIODS / spectrum.window_seconds
    return float(frequency[known][np.argmax(spectrum.power[known])]) if known.any() else None


def _snr(rms: float, piece: Cut, before: Cut | None) -> float | None:
    if before is None or len(before.data) < len(piece.data) - 1 or not np.isfinite(before.data).all():
        return None
    _, noise = _mean_and_rms([before.data])
    return rms / noise if noise > 0 else None
