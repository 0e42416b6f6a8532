"""A fault, and where a rupture lies on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import Region
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.simulation.sources.scaling import leonard_magnitude

Floats = NDArray[np.float64]

REACH = 1_000.0
"""m; a hypocentre this close is moved onto the fault."""


@dataclass(frozen=True)
class Fault:
    """A plane that can break as a whole or in part.

    Attributes:
        name: such as "Hayward fault".
        plane: all that can slip.
        rake: mean of its ruptures, degrees.
        seismogenic: between which distances down the dip ruptures lie that are not too wide for it, m; None is the
            whole width.
    """

    name: str
    plane: FaultPlane
    rake: float
    seismogenic: tuple[float, float] | None = None

    def onto(self, position: ArrayLike) -> Floats:
        """The point of the plane nearest to X, Y and depth, m; it may lie beyond the edges."""
        return self.plane.at(*self.plane.project(position))

    def place(
        self, length: float, width: float, hypocentre: ArrayLike | None, random: np.random.Generator, region: Region
    ) -> tuple[FaultPlane, Floats]:
        """A part of the fault of about this size, and the hypocentre on it.

        The hypocentre is in the middle 80 % of the length and the lower two thirds of the width (but for the last
        tenth, where slip fades), unless the ends of the fault or of the seismogenic depth leave no room for that. A
        rupture longer than the fault is made wider instead, and one that is wider is made longer.

        Raises:
            QuakeViewError: for a rupture greater than the fault, or a hypocentre off it.
        """
        whole = self.plane
        length, width = self._fitted(length, width)
        part_along, part_down, place_along, place_down = random.uniform([0.1, 1 / 3, 0, 0], [0.9, 0.9, 1, 1]).tolist()
        last = whole.length - length
        highest, lowest = self.seismogenic or (0.0, whole.width)
        deepest = max(lowest - width, 0.0)
        tops = (min(highest, deepest), deepest)
        if hypocentre is None:
            start, top = place_along * last, tops[0] + place_down * (tops[1] - tops[0])
            centre = whole.at(start + part_along * length, top + part_down * width)
        else:
            along, down = self._on_fault(hypocentre, tops[0], tops[1] + width)
            start = float(np.clip(along - part_along * length, 0.0, last))
            top = float(np.clip(down - part_down * width, *tops))
            centre = whole.at(along, down)
        x, y, depth = whole.at(start, top).tolist()
        return FaultPlane(x, y, whole.strike, whole.dip, depth, length, width, region.x_azimuth), centre

    def _fitted(self, length: float, width: float) -> tuple[float, float]:
        area, longest, widest = length * width, self.plane.length, self.plane.width
        if area > longest * widest:
            raise QuakeViewError(
                f"A rupture of {area / 1e6:.0f} km² is greater than the {self.name} ({longest / 1000:g} x "
                f"{widest / 1000:g} km); choose a magnitude up to {self.largest_magnitude:.1f}."
            )
        width = min(widest, area / min(length, longest))
        return area / width, width

    @property
    def largest_magnitude(self) -> float:
        """Of a rupture that fills the fault, rounded down to a tenth."""
        return float(np.floor(10 * leonard_magnitude(self.plane.length * self.plane.width)) / 10)

    def _on_fault(self, hypocentre: ArrayLike, top: float, bottom: float) -> tuple[float, float]:
        """Metres along the strike and down the dip; ``top`` and ``bottom`` are those of ruptures of this size."""
        position = np.asarray(hypocentre, float)
        along, down = self.plane.project(position)
        off = float(np.linalg.norm(position - self.plane.at(along, down)))
        if not (0 <= along <= self.plane.length and off <= REACH):
            (x0, y0, _), (x1, y1, _) = self.plane.corners[:2] / 1000
            raise QuakeViewError(
                f"The hypocentre X = {position[0] / 1000:.1f} km, Y = {position[1] / 1000:.1f} km is not on the "
                f"{self.name}, which runs from X = {x0:.4g}, Y = {y0:.4g} km to X = {x1:.4g}, Y = {y1:.4g} km and dips "
                f"{self.plane.dip:g}°; choose a point of it."
            )
        if not top <= down <= bottom:
            depths = self.plane.at(0.0, np.array([down, top, bottom]))[:, 2] / 1000
            raise QuakeViewError(
                f"A rupture of this magnitude cannot start at a depth of {depths[0]:.1f} km; choose a depth within "
                f"{depths[1]:.1f}-{depths[2]:.1f} km."
            )
        return along, down
