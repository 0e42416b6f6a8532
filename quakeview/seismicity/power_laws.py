"""Power laws as sums of exponentials, so that states can be carried on from day to day and cells be filled exactly.

(1 + z)^-s is the mean of exp(-u z) over a Gamma distribution of u with shape s. With z = t / c it is the law of Omori
and Utsu as a sum of exponential decays; with z = r² / D the decay of aftershocks with distance as a sum of Gaussians,
whose part in a square cell is known.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]

_STEP = 0.7
"""Of ln u, for an error below three parts in a thousand."""
_HIGHEST = 3.5
"""ln u from where on the Gamma distribution is nothing."""


def exponentials(exponent: float, farthest: float) -> tuple[Floats, Floats]:
    """Return rates u and weights w with sum(w exp(-u z)) ≈ (1 + z)^-exponent for z from 0 to ``farthest``."""
    logarithms = np.arange(_HIGHEST, -np.log(farthest) - 7 / exponent, -_STEP)
    rates = np.exp(logarithms)
    weights = _STEP * np.exp(exponent * logarithms - rates - gammaln(exponent))
    return rates, weights
