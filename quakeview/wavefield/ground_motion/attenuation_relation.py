"""Ground-motion models of earthquakes in active regions (NGA-West2): what PGV to expect at which distance.

They were fitted to recorded PGV with all its frequencies. Waves simulated up to a few tenths of a hertz are a lower
bound of PGV and lie below the curves, the more so the smaller the magnitude. PGV here is the median over horizontal
directions (RotD50), and the largest horizontal velocity of a simulation some 20 % more than that (Boore, 2010).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.fault_plane import FaultPlane

Floats = NDArray[np.float64]

REFERENCE_VS30 = 760.0
"""Rock on which the models are anchored, m/s."""

RELATIONS = {
    "BSSA14": ("BooreStewartSeyhanAtkinson2014", "Boore, Stewart, Seyhan and Atkinson (2014)"),
    "CB14": ("CampbellBozorgnia2014", "Campbell and Bozorgnia (2014)"),
    "CY14": ("ChiouYoungs2014", "Chiou and Youngs (2014)"),
    "ASK14": ("AbrahamsonSilvaKamai2014", "Abrahamson, Silva and Kamai (2014)"),
}
"""Name: (class in pygmm, authors)."""

_QUANTITIES = {
    "mag": "magnitudes",
    "v_s30": "Vs30 in m/s",
    "dist_jb": "distances in km",
    "dist_rup": "distances in km",
    "dip": "dips in degrees",
    "depth_tor": "depths of the rupture's top in km",
}


@dataclass(frozen=True)
class Distances:
    """From sites to a rupture, m; arrays of one shape.

    Attributes:
        joyner_boore: to its projection on the ground.
        rupture: to the plane rectangle itself.
        strike_normal: from the line of its top edge, positive on the side to which it dips.
    """

    joyner_boore: Floats
    rupture: Floats
    strike_normal: Floats


def plane_distances(plane: FaultPlane, x: ArrayLike, y: ArrayLike) -> Distances:
    """From sites at local ``x``, ``y``, m. A point source is a plane without length and width."""
    along_x, along_y = _strike_direction(plane)
    dx, dy = np.asarray(x, float) - plane.x, np.asarray(y, float) - plane.y
    along, across = dx * along_x + dy * along_y, dx * along_y - dy * along_x
    dip = np.radians(plane.dip)
    beyond = _outside(along, plane.length)
    down = across * np.cos(dip) - plane.top_depth * np.sin(dip)
    off = across * np.sin(dip) + plane.top_depth * np.cos(dip)
    return Distances(
        np.hypot(beyond, _outside(across, plane.width * np.cos(dip))),
        np.sqrt(beyond**2 + off**2 + _outside(down, plane.width) ** 2),
        across,
    )


def distances_beside(plane: FaultPlane, joyner_boore: ArrayLike) -> Distances:
    """For a curve against distance: sites off the middle of the plane, on the side from which it dips away."""
    along_x, along_y = _strike_direction(plane)
    near, middle = np.asarray(joyner_boore, float), plane.length / 2
    x = plane.x + middle * along_x - near * along_y
    y = plane.y + middle * along_y + near * along_x
    return plane_distances(plane, x, y)


def gmpe_pgv(
    relation: str,
    magnitude: float,
    plane: FaultPlane,
    distances: Distances,
    rake: float = 180.0,
    v_s30: float = REFERENCE_VS30,
) -> tuple[Floats, Floats]:
    """Median PGV, m/s, and the standard deviation of its natural logarithm, each in the shape of ``distances``.

    With all frequencies: see above. Coefficients of California, where the relation has them; basins as deep as is
    usual for ``v_s30``.

    Args:
        relation: one of ``RELATIONS``.
        plane, distances: the rupture, and how far from it the sites are. Relations that need the width of a point
            source take what is usual for its magnitude.
        rake: degrees.
        v_s30: of the sites, m/s.

    Raises:
        QuakeViewError: if the relation is not known or does not hold for these values.
    """
    import pygmm

    if relation not in RELATIONS:
        raise QuakeViewError(f"{relation} is not a known attenuation relation; choose {', '.join(RELATIONS)}.")
    model = getattr(pygmm, RELATIONS[relation][0])
    median, sigma = np.empty((2, distances.rupture.size))
    sites = zip(distances.joyner_boore.flat, distances.rupture.flat, distances.strike_normal.flat, strict=True)
    for index, (joyner_boore, rupture, strike_normal) in enumerate(sites):
        values = {
            "mag": float(magnitude),
            "dist_jb": joyner_boore / 1000,
            "dist_rup": rupture / 1000,
            "dist_x": strike_normal / 1000,
            "on_hanging_wall": bool(plane.dip < 90 and strike_normal > 0),
            "depth_tor": plane.top_depth / 1000,
            "width": plane.width / 1000 or None,
            "dip": float(plane.dip),
            "v_s30": float(v_s30),
            "mechanism": mechanism(rake),
            "region": "california",
        }
        _check(model, relation, values)
        motion = model(pygmm.Scenario(**values))
        median[index], sigma[index] = motion.pgv / 100, motion.ln_std_pgv
    return median.reshape(distances.rupture.shape), sigma.reshape(distances.rupture.shape)


def mechanism(rake: float) -> str:
    """SS (strike slip), RS (reverse) or NS (normal), by rakes within 30° of horizontal, up and down."""
    rake = (rake + 180) % 360 - 180
    if 30 < rake < 150:
        return "RS"
    return "NS" if -150 < rake < -30 else "SS"


def _strike_direction(plane: FaultPlane) -> tuple[float, float]:
    """Components along X and Y; the plane dips to the right of it."""
    turn = np.radians(plane.x_azimuth - plane.strike)
    return float(np.cos(turn)), float(np.sin(turn))


def _outside(position: Floats, extent: float) -> Floats:
    """How far a position is outside 0 to ``extent``."""
    return position - np.clip(position, 0.0, extent)


def _check(model: Any, relation: str, values: dict[str, Any]) -> None:
    for parameter in model.PARAMS:
        if parameter.name not in _QUANTITIES:
            continue
        value = values[parameter.name]
        low = 0.0 if parameter.min is None else parameter.min
        high = np.inf if parameter.max is None else parameter.max
        if not low <= value <= high:
            raise QuakeViewError(
                f"{relation} holds for {_QUANTITIES[parameter.name]} from {low:g} to {high:g}, not for {value:.4g}; "
                "choose another relation."
            )
