"""What is measured on a wavefield: peaks and when they come, duration, spectra.

Maps are ``(nx, ny)``; frames ``(3, nx, ny)`` are velocities along X, Y and up in m/s. T_PGV includes the delay of the
low-pass that limits the source to the highest simulated frequency f: about 0.7 / f s, 5 s at 0.15 Hz.
"""

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.wavefield.scenarios.header import Wavefield

Floats = NDArray[np.float64]
Map = NDArray[np.float32]

CYCLES = 5
"""How many times a period must fit into a record for its response to be reported."""
_CHUNK_BYTES = 48_000_000
_REFINEMENT = 8


class Quantity(StrEnum):
    """What is mapped of a whole wavefield."""

    PGV = "PGV"
    T_PGV = "T_PGV"
    MMI = "MMI"
    DURATION = "Duration"


class PeakMeasures:
    """Peak ground velocity and its time, frame by frame (equations 1 and 2 of the WaveCastNet paper, Lyu et al.).

    Attributes:
        pgv: max over time of sqrt(vx² + vy²), m/s.
        t_pgv: when it was first reached, s; NaN where nothing has moved.
    """

    def __init__(self, nx: int, ny: int) -> None:
        self.pgv: Map = np.zeros((nx, ny), np.float32)
        self.t_pgv: Map = np.full((nx, ny), np.nan, np.float32)

    def update(self, time: float, frame: NDArray[np.float32]) -> None:
        """Take a frame (3, nx, ny) at ``time``, s. Frames come in the order of time."""
        speed = np.hypot(frame[0], frame[1])
        larger = speed > self.pgv
        self.pgv[larger] = speed[larger]
        self.t_pgv[larger] = time


def lower_bound(frequency: float | None) -> str:
    """What must stand beside every PGV and intensity of waves up to ``frequency``, Hz (None: not known)."""
    waves = "only long waves" if frequency is None else f"only waves up to {frequency:g} Hz"
    return f"{waves}: PGV and MMI are lower bounds"


def significant_duration(
    wavefield: Wavefield, low: float = 0.05, high: float = 0.95, progress: Progress = Progress()
) -> Map:
    """Time (nx, ny), s, in which the integral of vx² + vy² grows from ``low`` to ``high`` of its final value.

    Trifunac and Brady (1975) with velocity in place of acceleration (Bommer and Martínez-Pereira, 1999). NaN where
    nothing has moved. Reads the frames twice, with memory for a few of them.

    Raises:
        QuakeViewError: if there is no frame.
        Cancelled: through ``progress``.
    """
    for _, _, energy in _energies(wavefield, progress, "Duration, first pass"):
        total = energy[..., -1]
    begin, end = (np.full(total.shape, np.nan) for _ in range(2))
    for start, stop, energy in _energies(wavefield, progress, "Duration, second pass"):
        times = wavefield.times[start:stop]
        for reached, fraction in ((begin, low), (end, high)):
            _mark_crossings(reached, fraction * total, energy, times)
    return (end - begin).astype(np.float32)


def _mark_crossings(reached: Floats, target: Floats, energy: Floats, times: Floats) -> None:
    """Put into ``reached`` (nx, ny) when ``energy`` (nx, ny, n), which never falls, first reaches ``target`` > 0."""
    after = np.count_nonzero(energy < target[..., None], axis=-1)
    crossed = np.nonzero((after > 0) & (after < energy.shape[-1]) & np.isnan(reached))
    after = after[crossed]
    lower, upper = energy[(*crossed, after - 1)], energy[(*crossed, after)]
    part = (target[crossed] - lower) / (upper - lower)
    reached[crossed] = times[after - 1] + part * (times[after] - times[after - 1])


def _energies(wavefield: Wavefield, progress: Progress, message: str) -> Iterator[tuple[int, int, Floats]]:
    """(start, stop, integral of vx² + vy² by the trapezoidal rule at times start:stop).

    Neighbouring pieces share a time. The integral is in steps of time; only its ratios are used.
    """
    energy = power = np.zeros(0)
    for first, frames in _chunks(wavefield, progress, message):
        new = np.square(frames[:2], dtype=np.float64).sum(axis=0)
        start = first
        if first == 0:
            energy = np.zeros((*new.shape[:2], 1))
        else:
            new = np.concatenate([power, new], axis=-1)
            start = first - 1
        growth = np.cumsum((new[..., 1:] + new[..., :-1]) / 2, axis=-1)
        energy = np.concatenate([energy[..., -1:], energy[..., -1:] + growth], axis=-1)
        power = new[..., -1:]
        yield start, start + energy.shape[-1], energy


def _chunks(wavefield: Wavefield, progress: Progress, message: str) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """(index of the first frame, frames) in the order of time."""
    n_frames = wavefield.n_frames
    if n_frames == 0:
        raise QuakeViewError("There is no frame of this wavefield yet; wait until the simulation has begun.")
    size = max(1, _CHUNK_BYTES // wavefield.frames(0, 1).nbytes)
    for start in range(0, n_frames, size):
        progress.advance(start, n_frames, message)
        yield start, wavefield.frames(start, min(start + size, n_frames))
    progress.advance(n_frames, n_frames, message)


def fourier_amplitude(trace: ArrayLike, step: float) -> tuple[Floats, Floats]:
    """Frequencies (n,), Hz, and the amplitude (..., n) of the continuous Fourier transform of (..., nt) samples.

    ``step`` in s. A velocity in m/s gives m.
    """
    samples = np.asarray(trace, float)
    frequencies = np.asarray(np.fft.rfftfreq(samples.shape[-1], step), np.float64)
    return frequencies, np.abs(np.fft.rfft(samples)) * step


def resolved_periods(frequency: float, duration: float, count: int = 40) -> Floats:
    """Periods (count,), s, whose response a simulation can tell: from 1 / ``frequency`` to a fifth of ``duration``.

    Raises:
        QuakeViewError: if the record is too short for any.
    """
    shortest, longest = 1 / frequency, duration / CYCLES
    if longest <= shortest:
        raise QuakeViewError(
            f"{duration:.0f} s are too short for response spectra of waves up to {frequency:g} Hz; simulate longer."
        )
    return np.geomspace(shortest, longest, count)


def response_spectrum(
    velocity: ArrayLike, step: float, periods: ArrayLike, frequency: float, damping: float = 0.05
) -> Floats:
    """Pseudo-velocity (..., n_periods), m/s: 2 π / T times the largest relative displacement of damped oscillators.

    Times 2 π / T again it is the pseudo-acceleration. Exact for acceleration that is linear between samples (Nigam
    and Jennings, 1969), which are taken from cubic splines through the velocity. The ground moves no more after the
    record; the oscillators are not followed beyond it.

    Args:
        velocity: of the ground (..., nt), m/s.
        step: between its samples, s.
        periods: of the oscillators, s.
        frequency: the highest in the simulation, Hz.
        damping: of critical.

    Raises:
        QuakeViewError: for a period that the simulation does not resolve.
    """
    from scipy.interpolate import CubicSpline
    from scipy.signal import cont2discrete, lfilter

    samples = np.asarray(velocity, float)
    periods = np.asarray(periods, float)
    if periods.min() < (1 - 1e-6) / frequency:
        raise QuakeViewError(
            f"The simulation has no waves above {frequency:g} Hz; ask for periods of {1 / frequency:.2g} s and more."
        )
    times = np.arange(samples.shape[-1]) * step
    fine = step / _REFINEMENT
    spline = CubicSpline(times, samples, axis=-1)
    acceleration = spline(np.arange(0.0, times[-1] + fine / 2, fine), 1)
    response = np.empty((*samples.shape[:-1], periods.size))
    for index, omega in enumerate(2 * np.pi / periods):
        oscillator = ([-1.0], [1.0, 2 * damping * omega, omega**2])
        numerator, denominator, _ = cont2discrete(oscillator, fine, method="foh")
        displacement = lfilter(numerator[0], denominator, acceleration, axis=-1)
        response[..., index] = omega * np.abs(displacement).max(axis=-1)
    return response
