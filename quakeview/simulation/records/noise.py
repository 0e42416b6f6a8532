"""Seismic background: Gaussian noise with the spectra of the Earth, or recorded noise made as long as needed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from quakeview.simulation.records.instrument import Seismometer

Floats = NDArray[np.float64]

_PERIOD = np.array(
    [0.1, 0.17, 0.22, 0.32, 0.4, 0.8, 1.24, 2.4, 3.8, 4.3, 4.6, 5.0, 6.0, 6.3, 7.9, 10.0, 12.0, 15.4, 20.0, 21.9,
     31.6, 45.0, 70.0, 101.0]
)  # fmt: skip
_NLNM = np.array(
    [-168.0, -166.7, -166.7, -166.7, -166.7, -169.1, -163.7, -148.7, -142.7, -141.1, -141.1, -141.2, -149.0, -150.4,
     -156.9, -163.7, -166.1, -162.3, -173.4, -177.5, -185.0, -187.5, -187.5, -185.0]
)  # fmt: skip
_NHNM = np.array(
    [-91.5, -95.5, -97.4, -110.5, -112.8, -119.9, -113.8, -104.5, -98.0, -97.0, -96.5, -97.7, -100.3, -101.1, -113.4,
     -115.8, -117.6, -120.2, -138.2, -138.1, -136.5, -135.0, -133.1, -131.5]
)  # fmt: skip


def peterson_models(frequency: Floats) -> tuple[Floats, Floats]:
    """New low and high noise models, acceleration dB relative to 1 (m/s²)²/Hz (Peterson 1993, Tables 3 and 4).

    Linear in log period between the tabulated periods, constant outside 0.1-101 s.
    """
    log_period = -np.log10(np.maximum(frequency, 1e-3))
    return np.interp(log_period, np.log10(_PERIOD), _NLNM), np.interp(log_period, np.log10(_PERIOD), _NHNM)


def random_ground_noise(frequency: Floats, rng: np.random.Generator) -> Floats:
    """(2, m) acceleration PSD of vertical and horizontal ground noise, (m/s²)²/Hz, between NLNM and NHNM.

    The place between the two models wanders with frequency; humps and lines of traffic and machines are added above
    1 Hz (McNamara & Buland 2004); horizontals are up to 10 dB noisier at long periods.
    """
    low, high = peterson_models(frequency)
    knots = np.log10([0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 25.0])
    typical = np.array([0.48, 0.48, 0.48, 0.42, 0.41, 0.37, 0.35])
    place = np.clip(typical + rng.normal(0, 0.16) + rng.normal(0, 0.08, knots.size), 0.05, 0.95)
    log_frequency = np.log10(np.maximum(frequency, 1e-3))
    level = low + np.interp(log_frequency, knots, place) * (high - low)
    for _ in range(rng.integers(0, 4)):
        centre, width = np.log10(rng.uniform(1.2, 25)), rng.uniform(0.01, 0.2)
        level = level + rng.exponential(6) * np.exp(-0.5 * ((log_frequency - centre) / width) ** 2)
    horizontal = level + rng.normal(1, 2.5) + np.clip(-log_frequency, 0, 1) * rng.uniform(0, 10)
    return 10 ** (np.stack((level, horizontal)) / 10)


def record_psd(ground: Floats, frequency: Floats, instrument: Seismometer) -> Floats:
    """PSD of the record, (2, m): ground noise and the sensor's own, through the instrument."""
    motion = (ground + 10 ** (instrument.self_noise / 10)) / (2 * np.pi * np.maximum(frequency, 1e-2)) ** 2
    return motion * instrument.response(frequency) ** 2


def gaussian_noise(psd: Floats, sampling_rate: float, n_samples: int, rng: np.random.Generator) -> Floats:
    """(3, n) stationary noise on Z, N, E with the one-sided PSD (2, n_samples // 2 + 1) of vertical and horizontals."""
    half = n_samples // 2 + 1
    spectrum = rng.standard_normal((3, half, 2), dtype=np.float32).view(np.complex64)[..., 0]
    scale = np.sqrt(psd * sampling_rate * n_samples / 4)
    scale[:, 0] = 0
    return fft.irfft(spectrum * scale[[0, 1, 1]], n_samples, axis=-1)


def slow_modulation(n_samples: int, sampling_rate: float, rng: np.random.Generator) -> Floats:
    """(n,) positive factor of mean near 1 that wanders by some dB within tens of seconds."""
    n_knots = max(3, int(n_samples / sampling_rate / rng.uniform(4, 30)) + 2)
    knots = np.cumsum(rng.normal(0, rng.uniform(0.05, 0.35), n_knots))
    return np.exp(np.interp(np.linspace(0, n_knots - 1, n_samples), np.arange(n_knots), knots - knots.mean()))


def recorded_noise(pool: Sequence[NDArray[np.floating]], n_samples: int, rng: np.random.Generator) -> Floats:
    """(3, n) of real noise: a cut of a random pool member, or, if that is short, cuts cross-faded at equal power.

    Args:
        pool: (3, any) arrays at the wanted rate, at least 64 samples each; a constant component is a missing one.
    """
    recorded = np.asarray(pool[int(rng.integers(len(pool)))], dtype=np.float64)
    recorded = recorded - recorded.mean(axis=1, keepdims=True)
    length = recorded.shape[1]
    if length >= n_samples:
        start = rng.integers(length - n_samples + 1)
        return recorded[:, start : start + n_samples] * rng.choice([-1.0, 1.0])
    fade = min(length // 4, 100)
    out = np.zeros((3, n_samples + length))
    ramp = np.sin(np.linspace(0, np.pi / 2, fade))
    start = -int(rng.integers(0, length))
    while start < n_samples:
        piece = recorded[:, ::-1].copy() if rng.random() < 0.5 else recorded.copy()
        piece[:, :fade] *= ramp
        piece[:, -fade:] *= ramp[::-1]
        first = max(start, 0)
        out[:, first : start + length] += piece[:, first - start :] * rng.choice([-1.0, 1.0])
        start += length - fade
    return out[:, :n_samples]
