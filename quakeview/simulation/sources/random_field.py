"""Random fields on a fault plane."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def von_karman(
    shape: tuple[int, int],
    spacing: tuple[float, float],
    correlation: tuple[float, float],
    hurst: float,
    random: np.random.Generator,
) -> Floats:
    """A Gaussian field with a von Karman power spectrum (Mai & Beroza 2002, eq. 3), of mean 0 and deviation 1.

    Args:
        shape: rows and columns.
        spacing: between rows and between columns, m.
        correlation: lengths down the rows and along the columns, m.
        hurst: exponent; the spectrum falls as wavenumber^(−2 hurst − 2).
    """
    wide = tuple(2 * n for n in shape)  # what wraps around is cut off
    down = 2 * np.pi * np.fft.fftfreq(wide[0], spacing[0])[:, None] * correlation[0]
    along = 2 * np.pi * np.fft.rfftfreq(wide[1], spacing[1]) * correlation[1]
    amplitude = (1 + down**2 + along**2) ** (-0.5 * (hurst + 1))
    noise = np.fft.rfft2(random.standard_normal(wide))
    field = np.fft.irfft2(noise * amplitude, wide)[: shape[0], : shape[1]]
    return standardised(field)


def standardised(field: Floats) -> Floats:
    """The field less its mean, over its standard deviation."""
    return (field - field.mean()) / field.std()


def cosine_taper(n: int, first: float, last: float) -> Floats:
    """n weights that rise from 0 to 1 over the ``first`` part of the length and fall over the ``last`` (parts of 1)."""
    position = (np.arange(n) + 0.5) / n
    weight = np.ones(n)
    for edge, part in ((position, first), (1 - position, last)):
        if part > 0:
            weight *= 0.5 - 0.5 * np.cos(np.pi * np.minimum(edge / part, 1))
    return weight
