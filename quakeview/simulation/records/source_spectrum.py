"""Source, path and site as amplitude spectra, and the causal wavelet that has a given amplitude spectrum."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float64]


def corner_frequency(moment: float | Floats, stress_drop: float, shear_speed: float) -> float | Floats:
    """S-wave corner frequency of a circular crack, Hz (Brune 1970, eq. 36; Eshelby's radius).

    Args:
        moment: N m.   stress_drop: Pa.   shear_speed: at the source, m/s.
    """
    radius = (7 * moment / (16 * stress_drop)) ** (1 / 3)
    return 2.34 * shear_speed / (2 * np.pi * radius)


def brune_velocity_spectrum(frequency: Floats, moment: Floats | float, corner: Floats | float) -> Floats:
    """|Moment rate| × 2πf of the ω-square source, N m (Brune 1970): ground velocity but for path and medium."""
    return moment * 2 * np.pi * frequency / (1 + (frequency / corner) ** 2)


@dataclass(frozen=True)
class Attenuation:
    """Q = q0 f^exponent for S; P loses ``p_ratio`` times as little per second; near-surface kappa in seconds.

    Amplitude factor exp(−π f t / Q(f)) exp(−π κ f) (Anderson & Hough 1984, eq. 2).
    """

    q0: float
    exponent: float
    p_ratio: float
    kappa: float

    def factor(self, frequency: Floats, travel_time: float, wave: str) -> Floats:
        """Amplitude left after ``travel_time`` seconds as P or S, at each frequency."""
        q0, kappa = (self.q0 * self.p_ratio, self.kappa / 2) if wave == "P" else (self.q0, self.kappa)
        path = travel_time * np.maximum(frequency, 0.2) ** (1 - self.exponent) / q0
        return np.exp(-np.pi * (path + kappa * frequency))


@dataclass(frozen=True)
class SiteResonance:
    """Soft-layer amplification as smooth peaks: centre (k,) Hz, height (k,) amplitude factor, width (k,) in ln f."""

    centre: Floats
    height: Floats
    width: Floats

    def factor(self, frequency: Floats) -> Floats:
        """Amplification at each frequency, at least 1."""
        distance = np.log(np.maximum(frequency, 0.01)[:, None] / self.centre) / self.width
        return 1 + np.exp(-0.5 * distance**2) @ (self.height - 1)


def minimum_phase(amplitude: Floats, n_fft: int) -> NDArray[np.complexfloating]:
    """The spectrum with this amplitude whose time function starts at zero, as early as can be.

    Folding the real cepstrum (Oppenheim & Schafer 2010, section 13.5).

    Args:
        amplitude: (..., n_fft // 2 + 1), not negative; floored at 1e-7 of its maximum.
        n_fft: even.
    """
    floor = amplitude.max(axis=-1, keepdims=True) * 1e-7 + 1e-300
    cepstrum = fft.irfft(np.log(np.maximum(amplitude, floor)), n_fft, axis=-1)
    cepstrum[..., 1 : n_fft // 2] *= 2
    cepstrum[..., n_fft // 2 + 1 :] = 0
    return np.exp(fft.rfft(cepstrum, axis=-1))
