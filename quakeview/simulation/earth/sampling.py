"""Slices and profiles, for looking at a model."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.material import EarthModel, Floats, Material
from quakeview.simulation.region import Region

PROPERTIES = tuple(field.name for field in fields(Material))
"""What can be looked at: vp, vs (m/s), density (kg/m³), qp, qs."""


@dataclass(frozen=True)
class Slice:
    """A picture of one property.

    Attributes:
        values: (n_across, n_down) on a map, X by Y; on a section, distance by depth.
        across, down: coordinates of the columns and rows, m.
    """

    values: Floats
    across: NDArray[np.float64]
    down: NDArray[np.float64]


def horizontal_slice(model: EarthModel, region: Region, depth: float, spacing: float, property: str = "vs") -> Slice:
    """A property at one depth over the region, every ``spacing`` metres: values (nx, ny), X across and Y down."""
    x, y = _nodes(region.length, spacing), _nodes(region.width, spacing)
    return Slice(_values(model.at(x[:, None], y[None, :], depth), property), x, y)


def vertical_section(
    model: EarthModel,
    region: Region,
    start: tuple[float, float],
    end: tuple[float, float],
    spacing: float,
    property: str = "vs",
) -> Slice:
    """A property under the line from ``start`` to ``end`` (X, Y in m): values (distance, depth).

    Raises:
        QuakeViewError: for a line without length.
    """
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    if length == 0:
        raise QuakeViewError("A section needs two different ends; move one of them.")
    distance, depth = _nodes(length, spacing), _nodes(region.depth, spacing)
    x, y = (first + distance / length * (last - first) for first, last in zip(start, end, strict=True))
    return Slice(_values(model.at(x[:, None], y[:, None], depth[None, :]), property), distance, depth)


def profile(model: EarthModel, x: float, y: float, depths: NDArray[np.float64]) -> Material:
    """All properties under one place, at depths in metres; arrays of the shape of ``depths``."""
    return model.at(x, y, depths)


def _nodes(extent: float, spacing: float) -> NDArray[np.float64]:
    """From 0 to the extent, both included, no farther apart than ``spacing``."""
    if not spacing > 0:
        raise QuakeViewError(f"A spacing of {spacing:g} m is not possible; choose one above 0 m.")
    return np.linspace(0, extent, int(np.ceil(extent / spacing)) + 1)


def _values(material: Material, property: str) -> Floats:
    if property not in PROPERTIES:
        raise QuakeViewError(f"There is no property {property}; choose one of {', '.join(PROPERTIES)}.")
    values: Floats = getattr(material, property)
    return values
