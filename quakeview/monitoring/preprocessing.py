"""What every picker input goes through, in training and in use alike."""

import numpy as np
from numpy.typing import NDArray


def normalise(data: NDArray[np.floating], valid: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Remove each component's mean and divide all three by one standard deviation.

    One norm for the three components keeps their amplitude ratios, which tell P from S.

    Args:
        data: (..., 3, n) samples; missing components and gaps are zeros.
        valid: (..., 3, n), True where there is data. Without it, a constant component counts as missing.

    Returns:
        (..., 3, n) float32; zero where there is no data, all zero if nothing is valid.
    """
    data = np.asarray(data, dtype=np.float32)
    if valid is None:
        valid = np.broadcast_to(np.ptp(data, axis=-1, keepdims=True) > 0, data.shape)
    count = valid.sum(axis=-1, keepdims=True)
    mean = np.where(valid, data, 0).sum(axis=-1, keepdims=True, dtype=np.float64) / np.maximum(count, 1)
    centred = np.where(valid, data - mean, 0).astype(np.float32)
    power = np.square(centred, dtype=np.float64).sum(axis=(-2, -1), keepdims=True)
    std = np.sqrt(power / np.maximum(count.sum(axis=-2, keepdims=True), 1))
    return (centred / np.where(std > 0, std, 1)).astype(np.float32)
