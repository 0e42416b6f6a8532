"""What of the three components of a frame a map shows."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from quakeview.scales import Scale
from quakeview.wavefield.ground_motion.motion_scales import diverging, speed_scale


class Component(StrEnum):
    """X, Y, Z, or the length of the horizontal velocity."""

    X = "X"
    Y = "Y"
    Z = "Z"
    HORIZONTAL = "H"

    @property
    def label(self) -> str:
        """Of the map."""
        return f"Velocity {self}" if self.is_signed else "Horizontal velocity"

    @property
    def is_signed(self) -> bool:
        return self is not Component.HORIZONTAL

    def values(self, frame: NDArray[np.float32]) -> NDArray[np.float32]:
        """(nx, ny), m/s, of a frame (3, nx, ny)."""
        if self is Component.HORIZONTAL:
            return np.hypot(frame[0], frame[1])
        return frame["XYZ".index(self)]

    def scale(self, limit: float) -> Scale:
        """Its colours up to ``limit``, m/s."""
        return diverging(limit, self.label) if self.is_signed else speed_scale(limit, self.label)
