"""Ground motion from what an instrument recorded: its response is taken off by spectral division."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

from quakeview.errors import QuakeViewError
from quakeview.stations.responses import Response
from quakeview.waveforms.filters import straight_line

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

WATER_LEVEL = 60.0
"""dB below the largest gain, where a response that is not limited to a band is held: the default of ObsPy."""
WOOD_ANDERSON_PERIOD, WOOD_ANDERSON_DAMPING = 0.8, 0.7
"""Natural period in s and share of the critical damping of a Wood-Anderson seismometer, as Uhrhammer & Collins (1990,
Bull. Seismol. Soc. Am. 80, 702-716) measured them, and as IASPEI (2013) recommends for the local magnitude. Their
magnification of 2080 is not applied. ObsPy's ``WOODANDERSON`` has the older damping of 0.8."""
_BELOW, _ABOVE = 2.0, 1.25
_BELOW_NYQUIST = 0.95
_TAPER = 0.025
_TAPERED_PERIODS, _PADDED_PERIODS = 2, 4
_EVALUATED = 2048


class Quantity(StrEnum):
    """What the samples of a record are."""

    COUNTS = "counts"
    DISPLACEMENT = "displacement"
    VELOCITY = "velocity"
    ACCELERATION = "acceleration"
    WOOD_ANDERSON = "wood_anderson"
    """Displacement as a Wood-Anderson seismometer of magnification 1 shows it."""

    @property
    def unit(self) -> str:
        """As it is written beside numbers."""
        return _UNITS[self]

    @property
    def label(self) -> str:
        """As it is written in menus."""
        return _LABELS[self]


_UNITS = {
    Quantity.COUNTS: "counts",
    Quantity.DISPLACEMENT: "m",
    Quantity.VELOCITY: "m/s",
    Quantity.ACCELERATION: "m/s²",
    Quantity.WOOD_ANDERSON: "m",
}
_LABELS = {quantity: quantity.value.capitalize() for quantity in Quantity} | {Quantity.WOOD_ANDERSON: "Wood-Anderson"}


def ground_motion(
    samples: NDArray[np.floating] | NDArray[np.integer],
    sampling_rate: float,
    response: Response,
    quantity: Quantity,
    band: tuple[float, float] | None,
) -> Floats:
    """Take the response off a record.

    A straight line is removed, the ends are tapered (2.5 % each, but no more than two periods of the lower corner), the
    record is padded with zeros, and its spectrum divided by the response.

    Args:
        samples: (n,) finite numbers as recorded. Gaps are the caller's: give each stretch between them for itself.
        sampling_rate: Hz.
        response: counts per m/s against frequency, see ``stations.responses``.
        quantity: what to make of it; counts come back as they are.
        band: corner frequencies (Hz) between which nothing is lost. Below, a cosine falls to zero at half the lower
            one; above, at 1.25 times the upper one or .95 of the Nyquist frequency: the pre-filter of SAC, and of ObsPy
            with ``water_level=None``. None: everything but the offset, with a water level of 60 dB as in ObsPy.

    Returns:
        (n,) in the unit of ``quantity``.

    Raises:
        QuakeViewError: if the band does not fit the sampling rate, or the response cannot be evaluated.
    """
    samples = np.asarray(samples, np.float64)
    if quantity is Quantity.COUNTS or not samples.size:
        return samples
    limits = None if band is None else _limits(band, sampling_rate)
    longest = samples.size / sampling_rate if band is None else 1 / band[0]
    n = next_fast_len(samples.size + min(samples.size, int(_PADDED_PERIODS * longest * sampling_rate)), real=True)
    frequencies = rfftfreq(n, 1 / sampling_rate)
    first, last = (0.0, sampling_rate / 2) if limits is None else (limits[0], limits[-1])
    inside = (frequencies > first) & (frequencies < last)
    transfer = np.zeros(frequencies.size, np.complex128)
    transfer[inside] = _transfer(frequencies[inside], response, quantity, limits)
    spectrum = rfft(_prepared(samples, int(_TAPERED_PERIODS * longest * sampling_rate)), n)
    motion: Floats = irfft(spectrum * transfer, n)[: samples.size]
    return motion


def _limits(band: tuple[float, float], sampling_rate: float) -> tuple[float, float, float, float]:
    """Where the flanks of the pre-filter begin and end, Hz."""
    low, high = band
    highest = _BELOW_NYQUIST * sampling_rate / 2
    if not 0 < low < high < highest:
        raise QuakeViewError(
            f"A response cannot be removed between {low:g} and {high:g} Hz from {sampling_rate:g} samples a second; "
            f"choose a band below {highest:g} Hz."
        )
    return low / _BELOW, low, high, min(high * _ABOVE, highest)


def _transfer(
    f: Floats, response: Response, quantity: Quantity, limits: tuple[float, float, float, float] | None
) -> Complex:
    """From counts to ``quantity`` at frequencies ``f`` above 0."""
    if not f.size:
        return np.zeros(0, np.complex128)
    derivative = 2j * np.pi * f
    instrument = response(f) if f.size <= 2 * _EVALUATED else tabulated(response, f[0], f[-1])(f)
    if quantity is Quantity.DISPLACEMENT:
        instrument *= derivative
    elif quantity is Quantity.ACCELERATION:
        instrument /= derivative
    kept = _above_water(instrument) if limits is None else _pre_filter(f, limits)
    transfer: Complex = kept / instrument
    return transfer * wood_anderson(f) if quantity is Quantity.WOOD_ANDERSON else transfer


def wood_anderson(f: Floats) -> Complex:
    """Displacement that a Wood-Anderson seismometer of magnification 1 shows, per m/s of ground velocity."""
    natural, s = 2 * np.pi / WOOD_ANDERSON_PERIOD, np.asarray(2j * np.pi * f, np.complex128)
    shown: Complex = s / (s**2 + 2 * WOOD_ANDERSON_DAMPING * natural * s + natural**2)
    return shown


def _above_water(instrument: Complex) -> Floats:
    """(n,), 1, or less where the response is below the water level: what raises it to that level."""
    gain = np.abs(instrument)
    level: Floats = np.minimum(1.0, gain / (gain.max() * 10 ** (-WATER_LEVEL / 20)))
    return level


def _pre_filter(f: Floats, limits: tuple[float, float, float, float]) -> Floats:
    """(n,), from 0 to 1 and back to 0 with cosine flanks."""
    height = np.interp(f, limits, (0.0, 1.0, 1.0, 0.0))
    flanks: Floats = 0.5 * (1 - np.cos(np.pi * height))
    return flanks


def _prepared(samples: Floats, longest_taper: int) -> Floats:
    """Without a straight line, and with cosine tapers."""
    offset, slope = straight_line(samples)
    prepared: Floats = samples - (offset + slope * np.arange(samples.size))
    length = min(int(_TAPER * samples.size), longest_taper)
    flank = 0.5 * (1 - np.cos(np.pi * np.arange(length) / max(length, 1)))
    prepared[:length] *= flank
    prepared[samples.size - length :] *= flank[::-1]
    return prepared


def tabulated(response: Response, first: float, last: float) -> Response:
    """Evaluate a response at some thousand frequencies (Hz), close on both kinds of axis, and interpolate between them.

    Raises:
        QuakeViewError: if it cannot be evaluated.
    """
    from scipy.interpolate import CubicSpline

    some = np.union1d(np.geomspace(first, last, _EVALUATED), np.linspace(first, last, _EVALUATED)).clip(first, last)
    some = some[np.append(True, np.diff(some) > 1e-6 * some[1:])]
    known = response(some)
    both = CubicSpline(np.log(some), np.column_stack([np.log(np.abs(known)), np.unwrap(np.angle(known))]))

    def interpolated(f: Floats) -> Complex:
        logarithm, phase = both(np.log(f)).T
        gain: Complex = np.exp(logarithm + 1j * phase)
        return gain

    return interpolated
