"""Energy envelopes of waves scattered by small heterogeneities: what makes onsets emerge and codas last."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]


def single_scattering(time: Floats, direct_time: float) -> Floats:
    """K(α) = ln((α+1)/(α−1)) / α, α = time/direct_time: coda shape after the direct wave (Sato 1977, eq. 15).

    Zero before the direct wave; the integrable singularity at α = 1 is cut at α − 1 = 0.02.
    """
    alpha = np.maximum(time / direct_time, 1.02)
    return np.where(time >= direct_time, np.log((alpha + 1) / (alpha - 1)) / alpha, 0.0)


def converted_scattering(time: Floats, p_time: float, s_time: float) -> Floats:
    """P-to-S and S-to-P scattered energy: starts with P, grows up to S, then falls like S coda (after Sato 1984)."""
    ramp = np.clip((time - p_time) / max(s_time - p_time, 1e-3), 0.0, 1.0)
    return np.sqrt(ramp) * (s_time / np.maximum(time, s_time)) ** 2


def broadened(energy: Floats, mean_delay: float, sampling_rate: float, peak_delay: float = 0.0) -> Floats:
    """Energy of spikes spread by multiple forward scattering: rise within ``peak_delay``, fall within ``mean_delay``.

    An exponential smoothed by two shorter ones, near the shape of Sato & Fehler (1998, section 8.2): the energy grows
    with the square of time before it falls. Keeps total energy.

    Args:
        energy: (n,) energy arriving unscattered in each sample.
        mean_delay, peak_delay: seconds.
    """
    slow, quick = np.exp(-1 / np.maximum(np.array([mean_delay, peak_delay]) * sampling_rate, 1e-2))
    recursion = [1, -slow - 2 * quick, 2 * slow * quick + quick**2, -slow * quick**2]
    return np.maximum(lfilter([(1 - slow) * (1 - quick) ** 2], recursion, energy), 0.0)
