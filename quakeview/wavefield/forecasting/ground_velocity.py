"""From what an instrument recorded to ground velocity as the simulated wavefields have it, at the times of frames.

The simulations end at a highest frequency because their sources went through a critically damped low-pass of four poles
(``MomentSources.band_limited``). Waves are linear: the same low-pass on a record makes of a real earthquake what the
simulation would have made of it, with the same delay of about 0.7 / f s. And it is causal, as all that is done here:
the frame at a moment needs no later sample (but for the spline between two), and nothing moves before the waves come.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.moment_sources import low_pass_time_constant
from quakeview.stations.responses import Response, is_accelerometer, response_of

if TYPE_CHECKING:
    from obspy.core.inventory import Channel

    from quakeview.waveforms.channels import ChannelId

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEAST_SAMPLING = 16
"""Samples in a period of the highest frequency."""
_NATURAL_SHARE = 1 / 20
"""Of the natural frequency of a seismometer, down to which its response can be undone: there it is 1/400."""
_DEAF = 0.5
"""Of the highest frequency: an instrument that is filtered above that has nothing to say."""
DRIFT = 1 / 50
"""Corner of the high-pass against drift, in units of the highest frequency, of instruments that feel slow motion."""
ACCELEROMETER_CORNER = 0.04
"""Hz, of the high-pass of accelerometers. Their noise and tilts grow without limit when they are integrated:
strong-motion networks take 0.03 to 0.05 Hz for earthquakes of moderate size."""
_FARTHEST = 16  # times the highest frequency, where the low-pass has left 3e-6
_BELOW_NYQUIST = 0.4  # of the sampling rate, up to where responses are reliable
_DEAD = 10.0
_FLAT = 3
_LEVELS = 1000
_STEEP = 0.003


@dataclass(frozen=True)
class Recording:
    """One channel on a regular time grid.

    Attributes:
        start: time of the first sample, s after the reference time.
        rate: Hz.
        samples: (n,) as recorded; NaN in gaps.
    """

    start: float
    rate: float
    samples: Floats

    @property
    def times(self) -> Floats:
        return self.start + np.arange(self.samples.size) / self.rate

    def dead(self) -> Bools:
        """(n,), where the record says the same for 10 s or longer, as no ground does."""
        dead = np.zeros(self.samples.size, np.bool_)
        for first, last in _constant(self.samples, int(_DEAD * self.rate)):
            dead[first:last] = True
        return dead

    def clipped(self) -> Bools:
        """(n,), from the first flat top on: three samples or more at the largest or least value, reached steeply."""
        clipped = np.zeros(self.samples.size, np.bool_)
        finite = self.samples[np.isfinite(self.samples)]
        steps = np.abs(np.diff(finite))
        span = np.ptp(finite) if finite.size else 0.0
        if not steps.any() or span < _LEVELS * steps[steps > 0].min():
            return clipped
        for first, last in _constant(self.samples, _FLAT):
            around = self.samples[[max(first - 1, 0), min(last, self.samples.size - 1)]] - self.samples[first]
            if self.samples[first] in (finite.min(), finite.max()) and np.nanmax(np.abs(around)) > _STEEP * span:
                clipped[first:] = True
                break
        return clipped


def ground_velocity(
    samples: Floats, rate: float, response: Response, frequency: float, corner: float | None = None
) -> Floats:
    """Velocity up to ``frequency`` (Hz) and without drift, m/s, of (n,) samples without offset or gaps.

    One transfer function: the inverse of the response, the low-pass of the sources, and a high-pass of three poles
    (Butterworth) at ``corner`` (Hz; None: ``DRIFT``), which takes away what the instrument does not know well. All
    three are causal, and so is their product.
    """
    from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

    corner = DRIFT * frequency if corner is None else corner
    n = next_fast_len(samples.size + int(3 * rate / corner), real=True)
    frequencies = rfftfreq(n, 1 / rate)
    band = (frequencies > 0) & (frequencies <= min(_FARTHEST * frequency, _BELOW_NYQUIST * rate))
    f = frequencies[band]
    s = 1j * f / corner
    high_pass = s**3 / ((s + 1) * (s**2 + s + 1))
    low_pass = (1 + 2j * np.pi * f * low_pass_time_constant(frequency)) ** -4
    transfer = np.zeros(frequencies.size, np.complex128)
    transfer[band] = low_pass * high_pass / response(f)
    filtered: Floats = irfft(rfft(samples, n) * transfer, n)[: samples.size]
    return filtered


def at_frames(
    recording: Recording, response: Response, frequency: float, times: Floats, corner: float | None = None
) -> tuple[Floats, Bools]:
    """Velocity at the times of frames, m/s, and where it is known.

    It is not known before the record begins and after it ends, in gaps but for the first quarter of the shortest
    period, while the instrument is dead, for the memory of the low-pass after these, and once the record is clipped.
    """
    samples, missing = _filled(recording, recording.dead() | recording.clipped(), frequency)
    velocity = ground_velocity(samples, recording.rate, response, frequency, corner)
    return _sampled(recording, velocity, missing, 4 * low_pass_time_constant(frequency), times)


def as_it_is(recording: Recording, times: Floats) -> tuple[Floats, Bools]:
    """As ``at_frames``, of a simulated seismogram: velocity in m/s whose source was band-limited already."""
    missing = np.isnan(recording.samples)
    return _sampled(recording, np.where(missing, 0.0, recording.samples), missing, 0.0, times)


def _filled(recording: Recording, spoilt: Bools, frequency: float) -> tuple[Floats, Bools]:
    """Samples without offset, held through the first quarter period of a gap and then zero; and where they are zero."""
    number = np.arange(spoilt.size)
    gap = np.isnan(recording.samples)
    missing = gap | spoilt
    if missing.all():
        return np.zeros(missing.size), missing
    times, first = recording.times, number[~missing][0]
    quiet = ~missing & (times < max(0.0, times[first] + 1 / frequency))
    samples = recording.samples - recording.samples[quiet].mean()
    before = np.maximum.accumulate(np.where(missing, first, number))
    held = gap & ~spoilt & (number > first) & (number - before <= 0.25 * recording.rate / frequency)
    samples[missing] = np.where(held, samples[before], 0.0)[missing]
    return samples, missing & ~held


def _sampled(
    recording: Recording, velocity: Floats, missing: Bools, settling: float, times: Floats
) -> tuple[Floats, Bools]:
    """Between samples by a cubic spline, which is all but exact far below half the sampling rate."""
    from scipy.interpolate import CubicSpline

    if velocity.size < 2:
        return np.zeros(times.size), np.zeros(times.size, np.bool_)
    position = (times - recording.start) * recording.rate
    inside = (position >= -1e-3) & (position <= velocity.size - 1 + 1e-3)
    sample = np.clip(np.floor(position + 1e-3), 0, velocity.size - 1).astype(int)
    following = np.clip(np.ceil(position - 1e-3), 0, velocity.size - 1).astype(int)
    last_missing = np.maximum.accumulate(np.where(missing, np.arange(velocity.size), -1))[sample]
    settled = position - last_missing - 1 + 1e-3 >= settling * recording.rate
    known = inside & settled & ~missing[sample] & ~missing[following]
    values = CubicSpline(np.arange(velocity.size), velocity)(np.clip(position, 0, velocity.size - 1))
    return np.where(known, values, 0.0), known


def _constant(samples: Floats, least: int) -> list[tuple[int, int]]:
    """First and end of runs of at least so many equal samples."""
    starts = np.append(0, np.flatnonzero(samples[1:] != samples[:-1]) + 1)
    ends = np.append(starts[1:], samples.size)
    long = (ends - starts >= least) & np.isfinite(samples[starts])
    return list(zip(starts[long].tolist(), ends[long].tolist(), strict=True))


def high_pass_corner(channel: "ChannelId", about: "Channel", frequency: float) -> float:
    """Corner of the high-pass below which the instrument does not know slow motion well, Hz.

    It is ``ACCELEROMETER_CORNER`` for accelerometers, a twentieth of their natural frequency for seismometers that are
    not slow, and for all others ``DRIFT``.

    Raises:
        QuakeViewError: if hardly anything is left below ``frequency``, or as ``response_of``.
    """
    corner = DRIFT * frequency
    if is_accelerometer(channel, about):
        return max(corner, ACCELEROMETER_CORNER)
    trial = np.logspace(-3, np.log10(0.4 * float(about.sample_rate or 20.0)), 200)
    gain = np.abs(response_of(channel, about)(trial))
    natural = float(trial[np.argmax(gain >= gain.max() / np.sqrt(2))])
    corner = max(corner, _NATURAL_SHARE * natural)
    if corner > _DEAF * frequency:
        raise QuakeViewError(
            f"{channel} is left out: below {natural:.2g} Hz it is deaf, and the forecaster needs waves up to "
            f"{frequency:g} Hz."
        )
    return corner
