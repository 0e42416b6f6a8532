"""Where the rocks of the illustrative Bay Area model lie: fault blocks and the sediments over them.

Basins are ellipses and faults are vertical; their places and depths are our estimates from geologic maps.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.earth import rock_rules as rocks
from quakeview.simulation.earth.rock_rules import RockUnit
from quakeview.simulation.region import HAYWARD

Floats = NDArray[np.float64]
Number = TypeVar("Number", np.float32, np.float64)

KM = 1000.0
FAULT_WIDTH = 1.0 * KM
"""Distance over which one rock passes into another across a fault."""
BLOCK_BOUNDARY = 3.0 * KM
BASIN_EDGE = 1.5 * KM
BASIN_BOTTOM = 0.3 * KM
CRUSTAL_INTERFACE = 0.7 * KM

Trace = tuple[tuple[float, float], ...]
SAN_ANDREAS: Trace = ((0, 14), (9.7, 11.1), (18, 10.1), (31.5, 8.3), (60, 8.2), (87.7, 9.0), (108.9, 11.6), (120, 14.0))
HAYWARD_FAULT: Trace = ((0, 38), (120, 38))
CALAVERAS: Trace = ((0, 66), (26, 61.7), (39, 60.6), (46.6, 54), (59, 52.2), (75, 48.4), (93, 43.2), (120, 40.5))
"""Traces as (X, Y) in km. The Calaveras continues as the Concord fault."""
DIABLO_RANGE_BEGINS = 68 * KM
"""X where, east of the Calaveras, sediments of the Great Valley Sequence give way to the rocks of the Diablo Range."""

Column = tuple[tuple[float, RockUnit], ...]
COLUMNS: dict[str, Column] = {
    "Salinian": ((0, rocks.SALINIAN_GRANITE), (25 * KM, rocks.MANTLE)),
    "Bay": ((0, rocks.FRANCISCAN_BAY_BLOCK), (16 * KM, rocks.MAFIC_CRUST), (25 * KM, rocks.MANTLE)),
    "East Bay": (
        (0, rocks.EAST_BAY_VALLEY_SEQUENCE),
        (8 * KM, rocks.FRANCISCAN_BERKELEY),
        (16 * KM, rocks.MAFIC_CRUST),
        (26 * KM, rocks.MANTLE),
    ),
    "Mount Diablo": (
        (0, rocks.GREAT_VALLEY_SEQUENCE),
        (5 * KM, rocks.FRANCISCAN_BERKELEY),
        (16 * KM, rocks.MAFIC_CRUST),
        (27 * KM, rocks.MANTLE),
    ),
    "Diablo Range": ((0, rocks.FRANCISCAN_BERKELEY), (16 * KM, rocks.MAFIC_CRUST), (28 * KM, rocks.MANTLE)),
}
"""Rocks under each fault block: (top in m, unit)."""


@dataclass(frozen=True)
class Basin:
    """Half an ellipsoid. Centre and half-axes in m; the long axis is turned ``angle`` degrees from X towards Y."""

    unit: RockUnit
    x: float
    y: float
    along: float
    across: float
    deepest: float
    angle: float = 0.0

    def extent(self, x: Floats, y: Floats) -> Floats:
        """Depth of the bottom, m, and how much of the body there is, 0 outside to 1 inside: (2, ...)."""
        turned = np.exp(-1j * np.radians(self.angle)) * ((x - self.x) + 1j * (y - self.y))
        radius = np.hypot(turned.real / self.along, turned.imag / self.across)
        depth = self.deepest * np.sqrt(np.maximum(1 - radius**2, 0))
        return np.stack([depth, smooth_step((1 - radius) * self.across, BASIN_EDGE)])


@dataclass(frozen=True)
class GreatValley:
    """A wedge that begins at ``edge`` and reaches ``deepest`` at the region's northeast side."""

    unit: RockUnit = rocks.GREAT_VALLEY_SEQUENCE
    edge: float = 71 * KM
    deepest: float = 8 * KM

    def extent(self, x: Floats, y: Floats) -> Floats:
        """Depth of the bottom, m, and how much of the wedge there is, 0 outside to 1 inside: (2, ...)."""
        depth = self.deepest * np.clip((y - self.edge) / (HAYWARD.width - self.edge), 0, 1)
        return np.stack([depth, smooth_step(y - self.edge, BASIN_EDGE)])


BODIES: dict[str, Basin | GreatValley] = {
    "Great Valley": GreatValley(),
    "La Honda": Basin(rocks.LA_HONDA_TERTIARY, 78 * KM, 2 * KM, 22 * KM, 5 * KM, 3 * KM),
    "San Pablo Bay": Basin(rocks.OLDER_CENOZOIC, 6 * KM, 40 * KM, 12 * KM, 6 * KM, 3.5 * KM),
    "San Leandro": Basin(rocks.OLDER_CENOZOIC, 50 * KM, 35 * KM, 10 * KM, 2.5 * KM, 2 * KM),
    "Concord": Basin(rocks.WALNUT_CREEK_CENOZOIC, 38 * KM, 56 * KM, 12 * KM, 5 * KM, 3 * KM),
    "Livermore": Basin(rocks.LIVERMORE_QUATERNARY, 72 * KM, 54 * KM, 13 * KM, 7 * KM, 4.5 * KM, angle=45),
    "Cupertino": Basin(rocks.SOUTH_BAY_TERTIARY, 95 * KM, 19 * KM, 9 * KM, 4 * KM, 3.5 * KM),
    "Evergreen": Basin(rocks.SOUTH_BAY_TERTIARY, 107 * KM, 37 * KM, 9 * KM, 4 * KM, 4.5 * KM),
}
"""Sediments over the blocks; a later one replaces an earlier one where they meet."""


def block_shares(x: Floats, y: Floats) -> dict[str, Floats]:
    """How much of the rock at a place is of each fault block; the shares add up to 1."""
    east_of_san_andreas, east_of_hayward, east_of_calaveras = (
        smooth_step(y - _trace(fault, x), FAULT_WIDTH) for fault in (SAN_ANDREAS, HAYWARD_FAULT, CALAVERAS)
    )
    diablo_range = smooth_step(x - DIABLO_RANGE_BEGINS, BLOCK_BOUNDARY)
    return {
        "Salinian": 1 - east_of_san_andreas,
        "Bay": east_of_san_andreas * (1 - east_of_hayward),
        "East Bay": east_of_san_andreas * east_of_hayward * (1 - east_of_calaveras),
        "Mount Diablo": east_of_san_andreas * east_of_hayward * east_of_calaveras * (1 - diablo_range),
        "Diablo Range": east_of_san_andreas * east_of_hayward * east_of_calaveras * diablo_range,
    }


def column_speeds(column: Column, depth: Floats) -> Floats:
    """Vp and Vs, m/s, under one fault block at depths in metres: (2, ...)."""
    speeds = column[0][1].speeds(depth)
    for top, unit in column[1:]:
        speeds = speeds + smooth_step(depth - top, CRUSTAL_INTERFACE) * (unit.speeds(depth) - speeds)
    return speeds


def smooth_step(distance: NDArray[Number], width: float) -> NDArray[Number]:
    """From 0 on the negative side to 1 on the positive one, over about twice ``width``."""
    return 0.5 + 0.5 * np.tanh(distance / width)


def _trace(fault: Trace, x: Floats) -> Floats:
    along, across = KM * np.array(fault).T
    return np.interp(x, along, across)
