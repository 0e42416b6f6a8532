"""Spectra of a piece of record and of the noise before it."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.analysis.cuts import Cut
from quakeview.errors import QuakeViewError
from quakeview.stations.ground_motion import Quantity, wood_anderson
from quakeview.stations.responses import Response
from quakeview.waveforms.filters import finite_stretches, straight_line

Floats = NDArray[np.float64]

SHORTEST = 16
"""Samples of the shortest window."""
LONGEST = 2**15
"""Samples of one window; longer pieces are looked at in several."""
MOST_WINDOWS = 24
PER_DECADE = 40
BANDWIDTH = 40.0
"""Of the smoothing of Konno and Ohmachi, whose own value this is."""
_TAPERED = 0.1
"""Share of a single window that is tapered, half of it at each end."""
CLEAR = 3.0
"""Amplitude of the signal over the noise in the band that is worth using."""
_FEWEST_CLEAR = 5


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Smoothed power spectral density, one-sided.

    Attributes:
        frequency: (m,) Hz, about evenly spaced in logarithm.
        power: (m,) squared ``unit`` per Hz.
        unit: of the ground motion or the counts it is of.
        windows, window_seconds: over how many windows of what length the power was averaged.
        seconds: of the piece of record.
    """

    frequency: Floats
    power: Floats
    unit: str
    windows: int
    window_seconds: float
    seconds: float

    def amplitude(self, seconds: float) -> Floats:
        """(m,), amplitude spectral density in ``unit`` per Hz of a piece of ``seconds`` with this power."""
        density: Floats = np.sqrt(self.power * seconds / 2)
        return density

    @property
    def decibels(self) -> Floats:
        """(m,), relative to one squared ``unit`` per Hz."""
        level: Floats = 10 * np.log10(np.maximum(self.power, np.finfo(float).tiny))
        return level

    def between(self, low: float, high: float) -> "Spectrum":
        """The part of it from ``low`` to ``high``, Hz.

        Raises:
            QuakeViewError: if there is nothing of it.
        """
        kept = (self.frequency >= low) & (self.frequency <= high)
        if kept.sum() < 2:
            raise QuakeViewError(
                f"The window is too short for the band in which the instrument is known, {low:.2g} to {high:.3g} Hz."
            )
        return replace(self, frequency=self.frequency[kept], power=self.power[kept])


def power_spectrum(piece: Cut) -> Spectrum:
    """Estimate the power spectral density of a piece of record, without its straight line.

    Up to ``LONGEST`` samples are one window with 5 % cosine tapers; of more, the power of up to ``MOST_WINDOWS`` Hann
    windows that are spread evenly over the piece is averaged (Welch, 1967). Windows with gaps are left out. The
    power is smoothed as Konno and Ohmachi (1998, Bull. Seismol. Soc. Am. 88, 228-241) do.

    Raises:
        QuakeViewError: if there is no stretch long enough without a gap, or nothing but a constant.
    """
    rate = piece.sampling_rate
    windows = _windows(piece)
    length = len(windows[0])
    taper = _taper(length, len(windows) > 1)
    total = np.zeros(length // 2 + 1)
    for window in windows:
        offset, slope = straight_line(window)
        samples = window - (offset + slope * np.arange(length))
        total += np.abs(np.fft.rfft(samples * taper)) ** 2
    power = 2 * total / (len(windows) * rate * np.sum(taper**2))
    if not power[1:].max() > 0:
        raise QuakeViewError(f"{piece.name} is constant in this window: it has no spectrum.")
    centres, weights = _smoothing(length, rate)
    smoothed = np.array([power[place] @ weight for place, weight in weights])
    return Spectrum(centres, smoothed, piece.unit, len(windows), length / rate, piece.seconds)


def _windows(piece: Cut) -> list[NDArray[np.floating]]:
    """Of equal length, without gaps."""
    stretches = sorted(finite_stretches(piece.data), key=lambda stretch: stretch.start - stretch.stop)
    longest = stretches[0].stop - stretches[0].start if stretches else 0
    if longest < SHORTEST:
        raise QuakeViewError(
            f"{piece.name} has no {SHORTEST} samples in a row in this window; choose a longer one, or one without gaps."
        )
    length = min(longest, LONGEST)
    firsts = [f for each in stretches for f in range(each.start, each.stop - length + 1, length)]
    chosen = np.unique(np.linspace(0, len(firsts) - 1, MOST_WINDOWS).round().astype(int))
    return [piece.data[firsts[i] : firsts[i] + length] for i in chosen]


def _taper(length: int, several: bool) -> Floats:
    from scipy.signal.windows import hann, tukey

    taper: Floats = hann(length) if several else tukey(length, _TAPERED)
    return taper


@lru_cache(maxsize=8)
def _smoothing(length: int, rate: float) -> tuple[Floats, list[tuple[slice, Floats]]]:
    """Centre frequencies, and for each where the power counts and how much.

    The main lobe of [sin(b log10(f/fc)) / (b log10(f/fc))]^4 (Konno & Ohmachi 1998). ObsPy has it too, in a
    module that takes seconds to load.
    """
    frequency = np.fft.rfftfreq(length, 1 / rate)
    number = max(int(PER_DECADE * np.log10(len(frequency))), 2)
    centres = frequency[np.unique(np.geomspace(1, len(frequency) - 1, number).round().astype(int))]
    reach = 10 ** (np.pi / BANDWIDTH)
    begins = np.maximum(np.searchsorted(frequency, centres / reach), 1)
    ends = np.searchsorted(frequency, centres * reach, side="right")
    weights = []
    for centre, begin, end in zip(centres, begins, ends, strict=True):
        weight = np.sinc(BANDWIDTH / np.pi * np.log10(frequency[begin:end] / centre)) ** 4
        weights.append((slice(int(begin), int(end)), weight / weight.sum()))
    return centres, weights


def ground_power(spectrum: Spectrum, response: Response, band: tuple[float, float], quantity: Quantity) -> Spectrum:
    """Make the spectrum of a record one of ground motion, within the band (Hz) in which that is known.

    Args:
        response: unit of the record per m/s of ground velocity against frequency.
        quantity: of ground motion.

    Raises:
        QuakeViewError: if the spectrum has nothing in that band, or the response cannot be evaluated.
    """
    known = spectrum.between(*band)
    ratio = np.abs(per_velocity(quantity)(known.frequency) / response(known.frequency))
    return replace(known, power=known.power * ratio**2, unit=quantity.unit)


def per_velocity(quantity: Quantity) -> Response:
    """What a quantity is of a ground velocity of 1 m/s, against frequency (Hz)."""
    if quantity is Quantity.WOOD_ANDERSON:
        return wood_anderson
    return lambda f: np.power(2j * np.pi * f.astype(np.complex128), _DERIVATIVE[quantity])


_DERIVATIVE = {Quantity.DISPLACEMENT: -1, Quantity.VELOCITY: 0, Quantity.ACCELERATION: 1}


def clear_band(signal: Spectrum, noise: Spectrum) -> tuple[float, float] | None:
    """The widest band (Hz) in which the amplitude is at least ``CLEAR`` times that of the noise.

    None if it is so nowhere, or only at a few frequencies, which happens by chance.
    """
    ratio = signal.power / np.interp(signal.frequency, noise.frequency, noise.power, left=np.inf, right=np.inf)
    edges = np.flatnonzero(np.diff(ratio >= CLEAR**2, prepend=False, append=False)).reshape(-1, 2)
    first, stop = max(edges.tolist(), key=lambda edge: edge[1] - edge[0], default=(0, 0))
    if stop - first < _FEWEST_CLEAR:
        return None
    return float(signal.frequency[first]), float(signal.frequency[stop - 1])


@lru_cache(maxsize=1)
def noise_models() -> tuple[Floats, Floats, Floats]:
    """The new low and high noise models of Peterson (1993, USGS Open-File Report 93-322), as ObsPy has them.

    Returns:
        Frequency (m,) Hz, and the low and the high model (m,), dB relative to 1 (m/s²)²/Hz.
    """
    import obspy

    with np.load(Path(obspy.__file__).parent / "signal" / "data" / "noise_models.npz") as models:
        return 1 / models["model_periods"], models["low_noise"], models["high_noise"]
