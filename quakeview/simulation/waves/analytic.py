"""Closed-form waves in a homogeneous full space: what the numerical solution is measured against."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from quakeview.simulation.sources.moment_sources import MomentSources

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


def full_space_velocity(
    sources: MomentSources,
    receivers: Floats,
    times: Floats,
    vp: float,
    vs: float,
    density: float,
    qp: float = np.inf,
    qs: float = np.inf,
    reference: float = 1.0,
) -> Floats:
    """Particle velocity with near, intermediate and far-field terms (Aki & Richards 2002, eq. 4.29).

    Computed frequency by frequency, so that constant Q enters through complex velocities (correspondence principle).

    Args:
        sources: the rates must be sampled finely enough for their spectra to vanish at the Nyquist frequency.
        receivers: (n, 3), X, Y and depth, m; none at a source.
        times: (nt,), s after the origin time.
        vp, vs: m/s; phase velocities at the frequency ``reference`` (Hz) if Q is finite.
        density: kg/m³.
        qp, qs: quality factors.

    Returns:
        (n, 3, nt) along X, Y and down, m/s.
    """
    distance = np.linalg.norm(receivers[:, None] - sources.positions, axis=2)
    latest = max(sources.end, float(times.max())) + 1.5 * distance.max() / vs
    earliest = min(sources.start, float(times.min()))
    n = fft.next_fast_len(int(np.ceil((latest - earliest) / sources.step)) + 1, real=True)
    frequency = np.arange(n // 2 + 1) / (n * sources.step)
    p_velocity = constant_q_velocity(frequency, vp, qp, reference)
    s_velocity = constant_q_velocity(frequency, vs, qs, reference)
    rates = fft.rfft(sources.rates, n) * sources.step
    spectrum = np.zeros((len(receivers), 3, frequency.size), complex)
    for position, moment, rate in zip(sources.positions, sources.moments, rates, strict=True):
        spectrum += _response(receivers - position, moment, frequency, p_velocity, s_velocity, density) * rate
    weight = np.where(frequency > 0, 2, 1) / (n * sources.step)
    phase = np.exp(2j * np.pi * frequency[:, None] * (times - sources.start))
    return np.real((spectrum * weight) @ phase)


def constant_q_velocity(frequency: ArrayLike, velocity: float, q: float, reference: float) -> Complexes:
    """Complex velocity, for exp(iωt), of a medium with the same Q at every frequency (Kjartansson 1979, eqs 16-31).

    Args:
        frequency: Hz; at 0 the velocity is that of the lowest positive one.
        velocity: phase velocity at ``reference`` Hz, m/s.
    """
    frequency = np.atleast_1d(np.asarray(frequency, float))
    positive = np.maximum(frequency, frequency[frequency > 0].min())
    gamma = np.arctan(1 / q) / np.pi
    phase_velocity = velocity * (positive / reference) ** gamma
    return phase_velocity / (1 - 1j * np.tan(np.pi * gamma / 2))


def plane_wave_response(
    frequency: ArrayLike, distance: float, velocity: float, q: float, reference: float
) -> Complexes:
    """What ``distance`` metres of constant Q do to the spectrum of a plane wave.

    The amplitude is exp(−πft*) with t* = distance / (Q c), to second order in 1/Q; the phase is its dispersion.
    """
    frequency = np.atleast_1d(np.asarray(frequency, float))
    return np.exp(-2j * np.pi * frequency * distance / constant_q_velocity(frequency, velocity, q, reference))


def _response(
    offset: Floats,
    moment: Floats,
    frequency: Floats,
    p_velocity: Complexes,
    s_velocity: Complexes,
    density: float,
) -> Complexes:
    """Velocity spectra (n, 3, frequencies) at ``offset`` (n, 3) from a source whose moment rate is an impulse."""
    xx, yy, zz, xy, xz, yz = moment
    tensor = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    r = np.linalg.norm(offset, axis=1)[:, None]
    direction = offset / r
    traction = direction @ tensor
    radial = direction * np.sum(direction * traction, axis=1, keepdims=True)
    isotropic = direction * (xx + yy + zz)
    r, omega = r[:, :, None], 2 * np.pi * frequency
    p_time, s_time = r / p_velocity, r / s_velocity
    p_wave, s_wave = np.exp(-1j * omega * p_time), np.exp(-1j * omega * s_time)

    def term(pattern: Floats, spectrum: Complexes) -> Complexes:
        return pattern[:, :, None] * spectrum / (4 * np.pi * density)

    return (
        term(15 * radial - 3 * isotropic - 6 * traction, _delays(omega, p_time, s_time) / r**4)
        + term(6 * radial - isotropic - 2 * traction, p_wave / (p_velocity * r) ** 2)
        - term(6 * radial - isotropic - 3 * traction, s_wave / (s_velocity * r) ** 2)
        + term(radial, 1j * omega * p_wave / (p_velocity**3 * r))
        - term(radial - traction, 1j * omega * s_wave / (s_velocity**3 * r))
    )


def _delays(omega: Floats, first: Complexes, last: Complexes) -> Complexes:
    """∫ τ exp(−iωτ) dτ from ``first`` to ``last``."""
    safe = np.where(omega > 0, omega, 1)

    def integral(tau: Complexes) -> Complexes:
        return np.exp(-1j * safe * tau) * (1 + 1j * safe * tau) / safe**2

    return np.where(omega > 0, integral(last) - integral(first), (last**2 - first**2) / 2)
