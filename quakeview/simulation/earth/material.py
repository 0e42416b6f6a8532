"""Elastic and anelastic properties, and the models that give them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError

Floats = NDArray[np.float32]

LOWEST_OF_SOLIDS = 1.1547
"""Vp/Vs = √(4/3), below which the bulk modulus is negative."""


@dataclass(frozen=True)
class Material:
    """Properties at some points, all arrays of one shape.

    Attributes:
        vp, vs: m/s.
        density: kg/m³.
        qp, qs: quality factors.
    """

    vp: Floats
    vs: Floats
    density: Floats
    qp: Floats
    qs: Floats

    def check(self) -> None:
        """Refuse what no solid can be.

        Raises:
            QuakeViewError: for values that are missing or not positive, or a Vp/Vs that no solid has.
        """
        for name, values in vars(self).items():
            if not (np.isfinite(values) & (values > 0)).all():
                raise QuakeViewError(f"The Earth model has a {name} that is missing or not positive; correct it.")
        ratio = float((self.vp / self.vs).min())
        if ratio < LOWEST_OF_SOLIDS:
            raise QuakeViewError(
                f"The Earth model has Vp/Vs = {ratio:.2f}; no solid is below 1.15. Check the order of Vp and Vs."
            )


class EarthModel(Protocol):
    """Something that knows the ground.

    Attributes:
        name: as it is shown.
        illustrative: True if the geometry is invented; everything that shows the model says so.
    """

    @property
    def name(self) -> str: ...

    @property
    def illustrative(self) -> bool: ...

    def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
        """Properties at points given in metres (arrays that broadcast); points outside take the nearest inside."""
        ...
