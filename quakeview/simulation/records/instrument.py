"""What the sensor and the digitiser make of ground motion."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Seismometer:
    """Amplitude response of a seismometer to ground velocity, flat between its corners.

    Attributes:
        low_corner: Hz, natural frequency or digital high-pass.   low_poles: its order.
        high_corner: Hz, of the anti-alias filter of the native sampling rate.
        accelerometer: True if the record is ground acceleration.
        self_noise: one-sided acceleration PSD of sensor and digitiser, dB relative to 1 (m/s²)²/Hz.
    """

    low_corner: float
    low_poles: int
    high_corner: float
    accelerometer: bool
    self_noise: float

    def response(self, frequency: Floats) -> Floats:
        """|record / ground velocity| at each frequency, Hz."""
        ratio = (np.maximum(frequency, 1e-3) / self.low_corner) ** self.low_poles
        passed = ratio / np.sqrt(1 + ratio**2) / np.sqrt(1 + (frequency / self.high_corner) ** 16)
        return passed * 2 * np.pi * frequency if self.accelerometer else passed


def random_instrument(rng: np.random.Generator, sampling_rate: float) -> Seismometer:
    """Broadband velocity (45 %), 1-4.5 Hz geophone (30 %) or accelerometer (25 %), recorded at 20 to 250 Hz.

    Self-noise: broadband below the NLNM's level, geophone about −155 dB, class A to C accelerometer (Cauzzi &
    Clinton 2013; D'Alessandro et al. 2019).
    """
    native = rng.choice([20.0, 40.0, 50.0, 100.0, 200.0, 250.0], p=[0.02, 0.08, 0.15, 0.5, 0.15, 0.1])
    high_corner = min(0.42 * native, 0.46 * sampling_rate)
    kind = rng.random()
    if kind < 0.45:
        low = 10 ** rng.uniform(-2, -0.5) if rng.random() < 0.45 else rng.uniform(0.3, 1.5)
        return Seismometer(low, int(rng.integers(2, 5)), high_corner, False, rng.uniform(-185, -160))
    if kind < 0.75:
        return Seismometer(rng.choice([1.0, 2.0, 4.5]), 2, high_corner, False, rng.uniform(-165, -145))
    low = 10 ** rng.uniform(-2, -0.3)
    return Seismometer(low, 2, high_corner, True, rng.uniform(-140, -100))


def digitise(data: Floats, noise_rms: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Whole counts of (3, n) motion; the noise spans 1 to some thousand counts; one loud record in 20 clips."""
    counts = data * 10 ** rng.uniform(0.3, 3.5) / noise_rms
    peak = np.abs(counts).max()
    if rng.random() < 0.05 and peak > 8 * counts.std():
        limit = peak * rng.uniform(0.15, 0.9)
        counts = np.clip(counts, -limit, limit)
    return np.rint(counts).astype(np.float32)
