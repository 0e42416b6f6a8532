"""Constant Q by coarse-grained memory variables (Day 1998; Day & Bradley 2001; Graves & Day 2003)."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls

Floats = NDArray[np.float64]

MECHANISMS = 8
"""Relaxation times, one at each corner of a cube of 2 x 2 x 2 cells."""


@dataclass(frozen=True)
class RelaxationSpectrum:
    """M(ω) = M_unrelaxed [1 − defect Σ weights / (1 + iω times)], with Q(ω) ≈ Q over a band.

    Attributes:
        times: (8,) relaxation times, s.
        weights: (8,) that make Im M / M_unrelaxed equal to the defect.
        relaxed: mean over the band of the real part of the sum.
        reference: frequency at which velocities have their given values, Hz.
    """

    times: Floats
    weights: Floats
    relaxed: float
    reference: float

    def defect(self, q: ArrayLike) -> Floats:
        """1/Q, less what Re M < M_unrelaxed adds to Im M / Re M."""
        return 1 / (np.asarray(q, float) + self.relaxed)

    def modulus(self, frequency: ArrayLike, q: ArrayLike) -> NDArray[np.complex128]:
        """M(ω) / M_unrelaxed; ``frequency`` in Hz and ``q`` broadcast."""
        omega = 2 * np.pi * np.asarray(frequency, float)[..., None]
        relaxed = (self.weights / (1 + 1j * omega * self.times)).sum(axis=-1)
        return np.asarray(1 - self.defect(q) * relaxed)

    def unrelaxed(self, q: ArrayLike) -> Floats:
        """M_unrelaxed / (ρ c²), where c is the phase velocity at the reference frequency."""
        return np.real(1 / np.sqrt(self.modulus(self.reference, q))) ** 2

    def rows(self, n: int, step: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Decay and gain of the memory variables over ``step`` seconds, (4, n): rows with k even or odd, j even or odd.

        Each cell has one of the eight mechanisms, with eight times its weight.
        """
        mechanism = 2 * np.arange(4)[:, None] + np.arange(n) % 2
        time = self.times[mechanism]
        decay = (2 * time - step) / (2 * time + step)
        gain = MECHANISMS * self.weights[mechanism] * 2 * step / (2 * time + step)
        return decay.astype(np.float32), gain.astype(np.float32)


@cache
def relaxation_spectrum(frequency: float) -> RelaxationSpectrum:
    """For waves up to ``frequency`` Hz: constant Q from a thirtieth of it to 1.3 times it, fitted by least squares."""
    low, high = frequency / 30, 1.3 * frequency
    times = 1 / (2 * np.pi * np.geomspace(low / 2, 2 * high, MECHANISMS))
    omega_t = 2 * np.pi * np.geomspace(low, high, 60)[:, None] * times
    weights, _ = nnls(omega_t / (1 + omega_t**2), np.ones(60))
    relaxed = float(((1 / (1 + omega_t**2)) @ weights).mean())
    return RelaxationSpectrum(times, weights, relaxed, frequency / 2)
