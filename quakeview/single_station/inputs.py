"""What the network for one station is given, in training and in use alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfilt

from quakeview.monitoring.preprocessing import normalise

Samples = NDArray[np.floating]

RATE = 100.0
"""Hz of the records that a station's characteristics are read from."""
BEFORE_P = 5.0
"""Seconds from the start of the record to the P."""
SECONDS = 81.92
LENGTH = round(SECONDS * RATE)
"""Samples of the record."""
P_SAMPLE = round(BEFORE_P * RATE)
TRUNK_RATE = 50.0
ONSET_BEFORE, ONSET_AFTER = 64, 128
"""Samples of the onset, before and after the P."""
_ONSET_BAND = (1.0, 20.0)
"""Hz."""
_NOISE_UNTIL = 20
"""Samples before the P at which the noise ends: a pick may be late."""


@dataclass(frozen=True)
class Inputs:
    """One record as the network takes it.

    Attributes:
        waveforms: (3, 4096) float32 Z, N, E at 50 Hz, normalised as for picking; the P is 5 s after its start.
        onset: (3, 192) float32 at 100 Hz, band-passed, in units of the noise before the P, which all three share.
        s_minus_p: seconds; 0 where no S was picked.
    """

    waveforms: NDArray[np.float32]
    onset: NDArray[np.float32]
    s_minus_p: float

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """By the names of the network's arguments."""
        return {
            "waveforms": self.waveforms,
            "onset": self.onset,
            "s_minus_p": np.asarray(self.s_minus_p, np.float32),
        }


def network_inputs(data: Samples, valid: NDArray[np.bool_], s_minus_p: float | None, late: int = 0) -> Inputs:
    """Prepare a record that begins ``BEFORE_P`` before the P.

    Args:
        data: (3, 8192) Z, N, E at 100 Hz, zeros where there is none.
        valid: (3, 8192), True where there is data.
        s_minus_p: seconds; None without an S.
        late: samples by which the onset is cut late, as from a late pick; for training.
    """
    half = resample_poly(data, 1, 2, axis=1).astype(np.float32)
    waveforms = normalise(half, valid[:, ::2], TRUNK_RATE)
    return Inputs(waveforms, onset_in_noise(data, P_SAMPLE + late), s_minus_p or 0.0)


def onset_in_noise(data: Samples, p: int) -> NDArray[np.float32]:
    """(3, 192) samples around a P at sample ``p``, 1-20 Hz (causal), in units of the noise before it."""
    heard = onset_band(data)
    noise = noise_level(heard[:, max(p - P_SAMPLE, 0) : max(p - _NOISE_UNTIL, 1)])
    around = heard[:, p - ONSET_BEFORE : p + ONSET_AFTER]
    return (around / (noise or float(np.abs(around).max()) or 1.0)).astype(np.float32)


def onset_band(data: Samples) -> Samples:
    """(3, n) at 100 Hz without offset, 1-20 Hz, by a causal filter, which puts nothing before an onset."""
    living = data - data.mean(axis=1, keepdims=True) * (np.ptp(data, axis=1, keepdims=True) > 0)
    band: Samples = sosfilt(butter(2, _ONSET_BAND, "bandpass", fs=RATE, output="sos"), living, axis=1)
    return band


def noise_level(before: Samples) -> float:
    """Standard deviation of (3, n) samples where they are alive; 0 if none is."""
    alive = before[np.abs(before) > 0]
    return float(alive.std()) if alive.size else 0.0
