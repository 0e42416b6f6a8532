"""Where a rupture front is on the fault at a time: isochrones of the onset."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.sources.rupture import Rupture


def rupture_fronts(rupture: Rupture, times: Sequence[float]) -> list[NDArray[np.float64]]:
    """Find the lines (n, 2), m along strike and down dip, that the rupture has reached at ``times``, s."""
    from contourpy import LineType, contour_generator

    n_dip, n_strike = rupture.onset.shape
    along = (np.arange(n_strike) + 0.5) * rupture.plane.length / n_strike
    down = (np.arange(n_dip) + 0.5) * rupture.plane.width / n_dip
    contours = contour_generator(along, down, rupture.onset, line_type=LineType.Separate)
    return [np.asarray(line, np.float64) for time in times for line in contours.lines(time)]
