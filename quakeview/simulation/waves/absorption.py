"""Convolutional perfectly matched layers (Roden & Gedney 2000; Komatitsch & Martin 2007)."""

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.waves.grid import Grid

_REFLECTION = 1e-4
"""Amplitude that a wave at normal incidence would bring back."""


def absorbing_profile(
    grid: Grid, fastest: float, frequency: float, step: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Decay and gain of the memory variables, each (2, 2 x layer): at the nodes, and half a cell after them.

    The first ``layer`` columns belong to the sides at low X and Y, the others to high X and Y and to the bottom.

    Args:
        fastest: largest P velocity, m/s.
        frequency: highest of the waves, Hz; half of it is where the layer is tuned to.
        step: time step, s.
    """
    n = grid.layer
    if n == 0:
        return np.zeros((2, 0), np.float32), np.zeros((2, 0), np.float32)
    node, half = np.arange(n) + 0.5, np.arange(n) + 1.0
    inward = np.array([np.r_[node[::-1], node], np.r_[half[::-1] - 1, half]]) / n
    strongest = -1.5 * fastest * np.log(_REFLECTION) / (n * grid.spacing)
    damping = strongest * inward**2
    shift = np.pi * frequency / 2 * (1 - inward)
    decay = np.exp(-(damping + shift) * step)
    gain = damping / np.maximum(damping + shift, 1e-12) * (decay - 1)
    return decay.astype(np.float32), gain.astype(np.float32)
