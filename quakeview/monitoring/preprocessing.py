"""What the input of a network goes through, in training and in use alike."""

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
    filtered = np.where(valid, high_pass(centre(data, valid), sampling_rate), 0)
    power = np.square(filtered, dtype=np.float64).sum(axis=(-2, -1), keepdims=True)
    std = np.sqrt(power / np.maximum(valid.sum(axis=(-2, -1), keepdims=True), 1))
    return (filtered / np.where(std > 0, std, 1)).astype(np.float32)


def high_pass(data: NDArray[np.floating], sampling_rate: float) -> NDArray[np.floating]:
    """Filter (..., n) samples causally with two poles at ``HIGH_PASS``."""
    filtered: NDArray[np.floating] = sosfilt(_high_pass(sampling_rate), data, axis=-1)
    return filtered


def centre(data: NDArray[np.floating], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Remove the mean of what is ``valid`` from each component of data (..., 3, n); zero where there is none."""
    count = valid.sum(axis=-1, keepdims=True)
    mean = np.where(valid, data, 0).sum(axis=-1, keepdims=True, dtype=np.float64) / np.maximum(count, 1)
    return np.where(valid, data - mean, 0).astype(np.float32)


def standardise(
    data: NDArray[np.floating], valid: NDArray[np.bool_], sampling_rate: float | None = None
) -> NDArray[np.float32]:
    """Remove the mean of each component and divide it by its own standard deviation, as SeisT's published code does.

    The deviation is that of the whole window, with zeros where there is no data: that code pads first.

    Args:
        data: (..., 3, n) samples.
        valid: (..., 3, n), True where there is data.
        sampling_rate: Hz; does not matter.
    """
    centred = centre(data, valid)
    std = centred.std(axis=-1, keepdims=True, dtype=np.float64)
    return (centred / np.where(std > 0, std, 1)).astype(np.float32)


@cache
def _high_pass(sampling_rate: float) -> NDArray[np.float32]:
    return butter(2, HIGH_PASS, "highpass", fs=sampling_rate, output="sos").astype(np.float32)
