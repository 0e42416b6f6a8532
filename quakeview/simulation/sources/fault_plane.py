"""A rectangle that slips."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.simulation.region import HAYWARD

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FaultPlane:
    """A plane rectangle whose upper edge is level; it dips to the right of its strike.

    Attributes:
        x, y: of the corner at the top where the strike begins, m.
        strike, dip: degrees; strike clockwise from north.
        top_depth: of the upper edge, m.
        length, width: along the strike and down the dip, m.
        x_azimuth: of the X axis of the region, degrees clockwise from north.
    """

    x: float
    y: float
    strike: float
    dip: float
    top_depth: float
    length: float
    width: float
    x_azimuth: float = HAYWARD.x_azimuth

    def at(self, along: ArrayLike, down: ArrayLike) -> Floats:
        """(..., 3): X, Y and depth, m, of points given in metres along the strike and down the dip."""
        along, down = np.broadcast_arrays(np.asarray(along, float), np.asarray(down, float))
        corner = np.array([self.x, self.y, self.top_depth])
        return corner + along[..., None] * self._along + down[..., None] * self._down

    def project(self, position: ArrayLike) -> tuple[float, float]:
        """Metres along the strike and down the dip of the point of the plane nearest to X, Y and depth."""
        offset = np.asarray(position, float) - np.array([self.x, self.y, self.top_depth])
        return float(offset @ self._along), float(offset @ self._down)

    def centres(self, n_dip: int, n_strike: int) -> Floats:
        """(n_dip, n_strike, 3): centres of equal cells."""
        along = (np.arange(n_strike) + 0.5) * self.length / n_strike
        down = (np.arange(n_dip) + 0.5) * self.width / n_dip
        return self.at(along, down[:, None])

    @property
    def corners(self) -> Floats:
        """(4, 3): in order around the rectangle, from the start of the upper edge."""
        return self.at(np.array([0, self.length, self.length, 0]), np.array([0, 0, self.width, self.width]))

    @property
    def _along(self) -> Floats:
        angle = np.radians(self.strike - self.x_azimuth)
        return np.array([np.cos(angle), -np.sin(angle), 0.0])

    @property
    def _down(self) -> Floats:
        angle, dip = np.radians(self.strike - self.x_azimuth), np.radians(self.dip)
        return np.array([-np.sin(angle) * np.cos(dip), -np.cos(angle) * np.cos(dip), np.sin(dip)])
