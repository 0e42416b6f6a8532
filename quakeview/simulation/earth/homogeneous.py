"""The same rock everywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from quakeview.simulation.earth.material import Material


@dataclass(frozen=True)
class HomogeneousEarth:
    """A full space or half-space of one rock; by default hard crystalline crust.

    Attributes:
        vp, vs: m/s.   density: kg/m³.   qp, qs: quality factors.
    """

    vp: float = 6000.0
    vs: float = 3464.0
    density: float = 2700.0
    qp: float = 600.0
    qs: float = 300.0
    name: str = "Homogeneous"
    illustrative: bool = False

    def __post_init__(self) -> None:
        self.at(0.0, 0.0, 0.0).check()

    def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
        """Properties at points given in metres (arrays that broadcast)."""
        shape = np.broadcast_shapes(np.shape(x), np.shape(y), np.shape(depth))
        properties = (self.vp, self.vs, self.density, self.qp, self.qs)
        return Material(*(np.full(shape, value, np.float32) for value in properties))
