"""P and S speed of the geologic units of the San Francisco Bay region against depth.

The depth rules of the USGS velocity model: Aagaard et al. (2010, BSSA 100, 2945-2977, electronic supplement, as
corrected in the USGS release of the rules), with the East Bay units of version 21.1 (Hirakawa & Aagaard 2022,
BSSA 112, 2070-2096) where they replaced older ones. Only the laws are the survey's; where each unit lies is not here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def vs_from_vp(vp: ArrayLike) -> Floats:
    """S speed of a P speed, both m/s (Brocher 2005 as adapted by Aagaard et al. 2010)."""
    return np.polyval((0.0064e-9, -0.1238e-6, 0.7949e-3, -1.2344, 785.8), np.asarray(vp, float))


def density_from_vp(vp: ArrayLike) -> Floats:
    """Density, kg/m³, of a P speed in m/s (Gardner et al. 1974)."""
    return 1740.0 * (np.asarray(vp, float) / 1000) ** 0.25


def qs_from_vs(vs: ArrayLike) -> Floats:
    """Quality factor of S waves of an S speed in m/s (Brocher 2008, as in Aagaard et al. 2010)."""
    vs = np.asarray(vs, float)
    return np.where(vs < 300, 13.0, np.polyval((8.2184e-9, -25.225e-6, 104.13e-3, -16.0), vs))


def qp_from_qs(qs: ArrayLike) -> Floats:
    """Quality factor of P waves (Brocher 2008)."""
    return 2 * np.asarray(qs, float)


Pieces = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class RockUnit:
    """Speeds as polynomials of depth, piece by piece; the last piece continues downwards.

    The survey's special rules for the upper 50 m are left out: they lie below the least S speed that is simulated.

    Attributes:
        vp: pieces (top in m, then coefficients of rising powers of the depth below the top, m/s), surface first.
        vs: the same for S down to ``vs_bottom`` m, for units with a law of their own; elsewhere S follows from P.
    """

    vp: Pieces
    vs: Pieces = ()
    vs_bottom: float = 0.0

    def speeds(self, depth: ArrayLike) -> Floats:
        """Vp and Vs, m/s, at depths in metres: (2, ...)."""
        depth = np.asarray(depth, float)
        vp = _piecewise(self.vp, depth)
        vs = vs_from_vp(vp)
        if self.vs:
            vs = np.where(depth < self.vs_bottom, _piecewise(self.vs, depth), vs)
        return np.stack([vp, vs])


def _piecewise(pieces: Pieces, depth: Floats) -> Floats:
    tops = [piece[0] for piece in pieces]
    values = [polyval(depth - top, coefficients) for top, *coefficients in pieces]
    return np.asarray(np.choose(np.searchsorted(tops[1:], depth, side="right"), values))


def _franciscan(shift: float) -> RockUnit:
    return RockUnit(((0, 2500 + shift, 2.0), (1000, 4500 + shift, 0.45), (3000, 5400 + shift, 0.0588)))


FRANCISCAN_BERKELEY = _franciscan(-30)
FRANCISCAN_BAY_BLOCK = _franciscan(30)
SALINIAN_GRANITE = RockUnit(
    ((0, 1500, 5.0), (500, 4000, 1.3), (1500, 5300, 0.3), (2500, 5600, 0.08), (5000, 5800, 0.06))
)
GREAT_VALLEY_SEQUENCE = RockUnit(
    vp=((0, 2500, 0.5833), (3600, 4600, 0.18182), (8000, 5400, 0.166), (11_000, 5900, 0.0666)),
    vs=((0, 600, 1.183), (1000, 1783.6, 0.2836)),
    vs_bottom=5000,
)
EAST_BAY_VALLEY_SEQUENCE = RockUnit(((0, 2750, 0.4725), (4000, 4640, 0.3), (7000, 5540, 0.06)))
OLDER_CENOZOIC = RockUnit(((0, 2240, 0.6), (4000, 4640, 0.3), (7000, 5540, 0.06)))
WALNUT_CREEK_CENOZOIC = RockUnit(((0, 1800, 1.2), (750, 2700, 0.597), (4000, 4640, 0.3), (7000, 5540, 0.06)))
LA_HONDA_TERTIARY = RockUnit(((0, 2240, 2.62, -0.74432e-3, 0.0707e-6), (3000, 5320, 0.027)))
SOUTH_BAY_TERTIARY = RockUnit(((0, 1800, 1.2), (750, 2700, 0.597), (4000, 4640, 0.417), (7000, 5891, 0.06)))
LIVERMORE_QUATERNARY = RockUnit(((0, 1640, 0.6), (6444.44, 5506.667, 0.06)))
MAFIC_CRUST = RockUnit(((0, 5900, 0.0), (10_000, 5900, 0.056)))
MANTLE = RockUnit(((0, 7770, 0.0), (20_000, 7770, 0.001)))
