"""Moment of an earthquake and size of a strike-slip rupture from the magnitude."""

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError

MAGNITUDES = (4.0, 7.5)
"""The least and the greatest magnitude a rupture is made for."""

_TABLE_MAGNITUDE = (4.50, 5.00, 5.50, 5.99, 6.48, 6.99)
_TABLE_WIDTH = (1800.0, 3000.0, 4000.0, 8000.0, 12000.0, 15000.0)


def seismic_moment(magnitude: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Scalar moment in N m of a moment magnitude (Hanks & Kanamori 1979)."""
    return 10 ** (1.5 * magnitude + 9.1)


def leonard_area(magnitude: float) -> float:
    """Area of a strike-slip rupture, m² (Leonard 2010, table 5: M = log10(area in km²) + 3.99)."""
    return 1e6 * 10 ** (magnitude - 3.99)


def leonard_magnitude(area: float) -> float:
    """Magnitude of a strike-slip rupture of ``area`` m², the inverse of ``leonard_area``."""
    return float(np.log10(area / 1e6)) + 3.99


def fault_dimensions(magnitude: float) -> tuple[float, float]:
    """Length and width, m: Leonard's area, in the shapes of the WaveCastNet paper's table 2.

    The width is interpolated in its logarithm between the rows of the table; ruptures smaller than the first row keep
    its shape, and greater ones than the last its width, as they fill the seismogenic depth.

    Raises:
        QuakeViewError: for a magnitude outside ``MAGNITUDES``.
    """
    if not MAGNITUDES[0] <= magnitude <= MAGNITUDES[1]:
        raise QuakeViewError(
            f"A rupture of magnitude {magnitude:g} is outside {MAGNITUDES[0]:g}-{MAGNITUDES[1]:g}; choose one within."
        )
    area = leonard_area(magnitude)
    width = float(np.exp(np.interp(magnitude, _TABLE_MAGNITUDE, np.log(_TABLE_WIDTH))))
    width = min(width, np.sqrt(area))
    return area / width, width
