"""What every network input goes through, in training and in use alike."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

HIGH_PASS = 0.5
"""Hz. Below it a broadband record is mostly microseism, which would decide the norm of the whole window."""


def normalise(data: NDArray[np.floating], valid: NDArray[np.bool_] | None, sampling_rate: float) -> NDArray[np.float32]:
    """Remove each component's mean, high-pass (causal, two poles), and divide all three by one standard deviation.

    A causal filter puts no energy before an onset; one norm for the three components keeps their amplitude ratios,
    which tell P from S.

    Args:
        data: (..., 3, n) samples; missing components and gaps are zeros.
        valid: (..., 3, n), True where there is data; None takes constant components as missing.
        sampling_rate: Hz.

    Returns:
        (..., 3, n) float32; zero where there is no data, all zero if nothing is valid.
    """
    data = np.asarray(data, dtype=np.float32)
    if valid is None:
        valid = np.broadcast_to(np.ptp(data, axis=-1, keepdims=True) > 0, data.shape)
    count = valid.sum(axis=-1, keepdims=True)
    mean = np.where(valid, data, 0).sum(axis=-1, keepdims=True, dtype=np.float64) / np.maximum(count, 1)
    centred = np.where(valid, data - mean, 0).astype(np.float32)
    filtered = np.where(valid, sosfilt(_high_pass(sampling_rate), centred, axis=-1), 0)
    power = np.square(filtered, dtype=np.float64).sum(axis=(-2, -1), keepdims=True)
    std = np.sqrt(power / np.maximum(count.sum(axis=-2, keepdims=True), 1))
    return (filtered / np.where(std > 0, std, 1)).astype(np.float32)


@cache
def _high_pass(sampling_rate: float) -> NDArray[np.float32]:
    return butter(2, HIGH_PASS, "highpass", fs=sampling_rate, output="sos").astype(np.float32)
