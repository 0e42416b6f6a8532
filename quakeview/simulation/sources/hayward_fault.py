"""Where a rupture lies on the Hayward fault."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import Region
from quakeview.simulation.sources.fault_plane import FaultPlane

Floats = NDArray[np.float64]

Y = 38_000.0
X = (17_000.0, 83_000.0)
"""m; the fault is straight along X and vertical."""
DIP, RAKE = 90.0, 180.0
DEPTHS = (2_000.0, 15_000.0)
"""m; ruptures too wide for this range reach the surface."""
DEEPEST = 17_000.0
REACH = 1_000.0
"""m; a hypocentre this close is moved onto the fault."""


def place(
    length: float, width: float, hypocentre: ArrayLike | None, random: np.random.Generator, region: Region
) -> tuple[FaultPlane, Floats]:
    """A part of the fault of about this size, and the hypocentre on it.

    The hypocentre is in the middle 80 % of the length and the lower two thirds of the width (but for the last tenth,
    where slip fades), unless the ends of the fault or of the seismogenic depth leave no room for that. A rupture longer
    than the fault is made wider instead.

    Raises:
        QuakeViewError: for a rupture greater than the fault, or a hypocentre off it.
    """
    length, width = _fitted(length, width)
    part_along, part_down, place_along, place_down = random.uniform([0.1, 1 / 3, 0, 0], [0.9, 0.9, 1, 1]).tolist()
    ends = (X[0], X[1] - length)
    deepest = max(DEPTHS[1] - width, 0.0)
    tops = (min(DEPTHS[0], deepest), deepest)
    if hypocentre is None:
        start, top = ends[0] + place_along * (ends[1] - ends[0]), tops[0] + place_down * (tops[1] - tops[0])
        centre = np.array([start + part_along * length, Y, top + part_down * width])
    else:
        centre = _on_fault(hypocentre, tops[0], tops[1] + width)
        start = float(np.clip(centre[0] - part_along * length, *ends))
        top = float(np.clip(centre[2] - part_down * width, *tops))
    return FaultPlane(start, Y, region.x_azimuth, DIP, top, length, width, region.x_azimuth), centre


def _fitted(length: float, width: float) -> tuple[float, float]:
    longest = X[1] - X[0]
    if length > longest:
        length, width = longest, width * length / longest
    if width > DEEPEST:
        raise QuakeViewError(
            f"A rupture of {length * width / 1e6:.0f} km² is greater than the Hayward fault "
            f"({longest / 1000:g} x {DEEPEST / 1000:g} km); choose a magnitude up to 7.0."
        )
    return length, width


def _on_fault(hypocentre: ArrayLike, top: float, bottom: float) -> Floats:
    x, y, depth = (float(value) for value in np.asarray(hypocentre, float))
    if not (X[0] <= x <= X[1] and abs(y - Y) <= REACH):
        raise QuakeViewError(
            f"The hypocentre X = {x / 1000:.1f} km, Y = {y / 1000:.1f} km is not on the Hayward fault; choose X within "
            f"{X[0] / 1000:g}-{X[1] / 1000:g} km and Y = {Y / 1000:g} km."
        )
    if not top <= depth <= bottom:
        raise QuakeViewError(
            f"A rupture of this magnitude cannot start at a depth of {depth / 1000:.1f} km; choose a depth within "
            f"{top / 1000:.1f}-{bottom / 1000:.1f} km."
        )
    return np.array([x, Y, depth])
