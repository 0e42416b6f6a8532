"""An illustrative San Francisco Bay area: the survey's laws for rocks in bodies drawn by us.

How fast each geologic unit is at which depth is the USGS model's (``rock_rules``); where the units lie is not
(``bay_area_geology``). The model makes earthquakes that look like those of the region; it says nothing about hazard.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.simulation.earth.bay_area_geology import (
    BASIN_BOTTOM,
    BODIES,
    COLUMNS,
    KM,
    block_shares,
    column_speeds,
    smooth_step,
)
from quakeview.simulation.earth.material import Floats, Material
from quakeview.simulation.earth.rock_rules import density_from_vp, qp_from_qs, qs_from_vs
from quakeview.simulation.earth.speed_limits import check_minimum_vs, limited_speeds
from quakeview.simulation.random_field import RandomField, von_karman_field
from quakeview.simulation.region import HAYWARD

Doubles = NDArray[np.float64]
Number = TypeVar("Number", np.float32, np.float64)

PERTURBATION = 0.04
"""Standard deviation of the relative small-scale changes of both speeds; they are clipped at three times this."""
PERTURBATION_LENGTHS = (2.0 * KM, 5.0 * KM, 5.0 * KM)
"""Correlation lengths down, along Y and along X."""
PERTURBATION_SPACING = (0.5 * KM, 1.0 * KM, 1.0 * KM)
HURST = 0.3
POINTS_AT_ONCE = 50_000


@dataclass(frozen=True)
class BayArea:
    """The illustrative model, in the local coordinates of ``HAYWARD``.

    Attributes:
        minimum_vs: S speeds below it, m/s, are raised to it.
        seed: of the small-scale heterogeneity.
    """

    minimum_vs: float = 1000.0
    seed: int = 1
    name: str = "Bay Area (illustrative)"
    illustrative: bool = True

    def __post_init__(self) -> None:
        check_minimum_vs(self.minimum_vs)

    def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
        """Properties at points given in metres (arrays that broadcast); points outside take the nearest inside.

        Fast when ``x``, ``y`` and ``depth`` are the axes of a grid, (1, 1, nx), (1, ny, 1) and (nz, 1, 1).
        """
        shape = np.broadcast_shapes(np.shape(x), np.shape(y), np.shape(depth))
        extents = (HAYWARD.length, HAYWARD.width, HAYWARD.depth)
        points = [
            np.clip(np.array(values, float, ndmin=max(len(shape), 1)), 0, extent)
            for values, extent in zip((x, y, depth), extents, strict=True)
        ]
        ground = _Ground(*points)
        vp, vs, density, qp, qs = np.empty((5, *np.broadcast_shapes(*(each.shape for each in points))), np.float32)
        for part in _parts(vp.shape):
            change = self._heterogeneity.at(*(_take(each, part) for each in reversed(points)))
            speeds = ground.speeds(part) * (1 + np.float32(PERTURBATION) * np.clip(change, -3, 3))
            vp[part], vs[part] = limited_speeds(speeds[0], speeds[1], self.minimum_vs)
            density[part], qs[part] = density_from_vp(vp[part]), qs_from_vs(vs[part])
            qp[part] = qp_from_qs(qs[part])
        return Material(*(values.reshape(shape) for values in (vp, vs, density, qp, qs)))

    @cached_property
    def _heterogeneity(self) -> RandomField:
        extent = (HAYWARD.depth, HAYWARD.width, HAYWARD.length)
        return von_karman_field(extent, PERTURBATION_SPACING, PERTURBATION_LENGTHS, HURST, self.seed)


class _Ground:
    """The rocks without their small-scale heterogeneity; what depends on place or depth alone is worked out once.

    Arrays of speeds are Vp and Vs, (2, ...).
    """

    def __init__(self, x: Doubles, y: Doubles, depth: Doubles) -> None:
        self.depth = depth.astype(np.float32)
        self.blocks = [
            (share.astype(np.float32), column_speeds(COLUMNS[name], depth).astype(np.float32))
            for name, share in block_shares(x, y).items()
        ]
        self.bodies = [
            (body.deepest, body.extent(x, y).astype(np.float32), body.unit.speeds(depth).astype(np.float32))
            for body in BODIES.values()
        ]

    def speeds(self, part: slice) -> Floats:
        """Vp and Vs, m/s, in ``part`` of the first axis of the points."""
        speeds: Floats = np.zeros(1, np.float32)
        for share, block_speeds in self.blocks:
            speeds = speeds + _take(share, part) * _take(block_speeds, part, axis=1)
        depth = _take(self.depth, part)
        for deepest, extent, body_speeds in self.bodies:
            if depth.min() < deepest + 4 * BASIN_BOTTOM:
                bottom, amount = _take(extent, part, axis=1)
                share = amount * smooth_step(bottom - depth, BASIN_BOTTOM)
                speeds = speeds + share * (_take(body_speeds, part, axis=1) - speeds)
        return speeds


def _parts(shape: tuple[int, ...]) -> Iterator[slice]:
    """Pieces of the first axis that fit the cache."""
    rows = max(1, POINTS_AT_ONCE // max(1, math.prod(shape[1:])))
    return (slice(start, start + rows) for start in range(0, shape[0], rows))


def _take(values: NDArray[Number], part: slice, axis: int = 0) -> NDArray[Number]:
    """A part of an axis; all of it if it is broadcast."""
    return values[(slice(None),) * axis + (part,)] if values.shape[axis] > 1 else values
