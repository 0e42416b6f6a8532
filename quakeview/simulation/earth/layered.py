"""Flat homogeneous layers over a half-space."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.material import Floats, Material
from quakeview.simulation.earth.rock_rules import qp_from_qs, qs_from_vs


@dataclass(frozen=True)
class Layer:
    """One layer; the last of a model is the half-space, whose thickness is infinite.

    Attributes:
        thickness: m.   vp, vs: m/s.   density: kg/m³.   qp, qs: quality factors.
    """

    thickness: float
    vp: float
    vs: float
    density: float
    qp: float
    qs: float


@dataclass(frozen=True)
class LayeredEarth:
    """Layers from the surface down; a depth on an interface belongs to the layer below it.

    Raises:
        QuakeViewError: without layers, for a thickness that is not positive, or for values no solid has.
    """

    layers: Sequence[Layer]
    name: str = "Layered"
    illustrative: bool = False

    def __post_init__(self) -> None:
        if not self.layers:
            raise QuakeViewError("A layered Earth model needs at least one layer.")
        if not all(layer.thickness > 0 for layer in self.layers):
            raise QuakeViewError("A layer of the Earth model is not thicker than 0 m; correct its thickness.")
        self.at(0.0, 0.0, np.append(0.0, self.interfaces)).check()

    @cached_property
    def interfaces(self) -> NDArray[np.float64]:
        """Depths of the bottoms of all layers but the last, m."""
        return np.cumsum([layer.thickness for layer in self.layers[:-1]], dtype=np.float64)

    def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
        """Properties at points given in metres (arrays that broadcast)."""
        shape = np.broadcast_shapes(np.shape(x), np.shape(y), np.shape(depth))
        layer = np.searchsorted(self.interfaces, np.asarray(depth, float), side="right")

        def values(name: str) -> Floats:
            of_layer = np.array([getattr(each, name) for each in self.layers], np.float32)
            return np.broadcast_to(of_layer[layer], shape).copy()

        return Material(*map(values, ("vp", "vs", "density", "qp", "qs")))


def loh1() -> LayeredEarth:
    """LOH.1, a soft layer over a half-space (Day et al. 2001, PEER task 1A01). Lossless there, hence the large Q."""
    return LayeredEarth(
        (
            Layer(1000.0, 4000.0, 2000.0, 2600.0, 1e6, 1e6),
            Layer(np.inf, 6000.0, 3464.0, 2700.0, 1e6, 1e6),
        ),
        name="LOH.1 (layer over half-space)",
    )


def gil7() -> LayeredEarth:
    """GIL7, the Gilroy model of the Berkeley Seismological Laboratory (Stidham et al. 1999), approximately.

    Thicknesses, velocities and densities are quoted from memory and not checked against a published table, and Q is
    the USGS rule (see ``rock_rules``): good for examples, not for locating earthquakes.
    """
    thickness = (1e3, 2e3, 1e3, 1e3, 12e3, 8e3, np.inf)
    vp = (3200.0, 4500.0, 4800.0, 5510.0, 6210.0, 6890.0, 7830.0)
    vs = (1500.0, 2400.0, 2780.0, 3180.0, 3400.0, 3980.0, 4520.0)
    density = (2280.0, 2280.0, 2580.0, 2580.0, 2680.0, 3000.0, 3260.0)
    rows = zip(thickness, vp, vs, density, strict=True)
    return LayeredEarth(
        [Layer(*row, qp=float(qp_from_qs(qs_from_vs(row[2]))), qs=float(qs_from_vs(row[2]))) for row in rows],
        name="GIL7 (approximate)",
    )
