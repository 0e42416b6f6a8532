"""How the amplitudes of a Wood-Anderson seismometer decrease with distance: published laws, and the user's own.

Richter (1935) wrote the magnitude as log10 A − log10 A0(R), with A in millimetres on the seismogram; −log10 A0 is what
networks have fitted for their regions since.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.events.published import by_name_or_file
from quakeview.events.velocity_models import Floats
from quakeview.toml_files import read_table, read_toml

MAGNIFICATION = 2080.0
"""Of a Wood-Anderson seismometer as Uhrhammer & Collins (1990) measured it; its maker had said 2800."""
_MILLIMETRES = 1000.0


@dataclass(frozen=True)
class PowerLaw:
    """−log10 A0 = ``decay`` log10(R/R0) + ``loss`` (R − R0) + ``anchor``.

    Attributes:
        decay: geometrical spreading, magnitude units per factor of ten in distance.
        loss: anelastic, magnitude units per km.
        anchor_km: R0; Richter's earthquake of magnitude 3 has an amplitude of 1 mm at 100 km.
        anchor: −log10 A0 there.
    """

    decay: float
    loss: float
    anchor_km: float = 100.0
    anchor: float = 3.0

    def __call__(self, km: Floats) -> Floats:
        """−log10 A0 at (n,) distances in km."""
        spreading: Floats = self.decay * np.log10(np.maximum(km, 1e-3) / self.anchor_km)
        return spreading + self.loss * (km - self.anchor_km) + self.anchor


@dataclass(frozen=True)
class Table:
    """−log10 A0 as a table of (km, value), linear between its rows."""

    rows: tuple[tuple[float, float], ...]

    def __call__(self, km: Floats) -> Floats:
        """−log10 A0 at (n,) distances in km."""
        distance, value = np.array(self.rows).T
        return np.interp(km, distance, value)


@dataclass(frozen=True)
class AttenuationLaw:
    """−log10 A0 of a region.

    Attributes:
        name: as it is offered, and as ``Magnitude.method`` says it.
        source: the publication, or the file it was read from.
        curve: −log10 A0 of distances in km, for amplitudes in mm.
        nearest, farthest: distances between which it holds, m.
        epicentral: whether distances are along the surface, and not from the hypocentre.
        magnification: of the seismometer whose amplitudes it is for.
    """

    name: str
    source: str
    curve: Callable[[Floats], Floats]
    nearest: float
    farthest: float
    epicentral: bool = False
    magnification: float = MAGNIFICATION

    def holds(self, distance: float) -> bool:
        """Say whether the law was made for a distance, m."""
        return self.nearest <= distance <= self.farthest

    def magnitude(self, amplitude: Floats | float, distance: Floats | float) -> Floats:
        """Magnitude of amplitudes (n,) in m at magnification 1, at distances (n,) in m of the law's kind."""
        shown = np.log10(np.asarray(amplitude) * self.magnification * _MILLIMETRES)
        return shown + self.curve(np.asarray(distance, dtype=float) / 1000)


def _california(km: Floats) -> Floats:
    """−log10 A0 of the CISN: a power law with a sum of Chebyshev polynomials of log10 R, 8 to 500 km."""
    z = np.clip(1.11366 * np.log10(km) - 2.00574, -1, 1)
    bends = np.polynomial.chebyshev.chebval(z, (0, 0.056, -0.031, -0.053, -0.080, -0.028, 0.015))
    return 1.11 * np.log10(km) + 0.00189 * km + 0.591 + bends


def _united_kingdom(km: Floats) -> Floats:
    """−log10 A0 of Hutton & Boore with the term for short distances of Luckett et al. (2019)."""
    return PowerLaw(1.110, 0.00189)(km) - 1.16 * np.exp(-0.2 * km)


_RICHTER = Table(
    (
        *((0, 1.4), (5, 1.4), (10, 1.5), (15, 1.6), (20, 1.7), (25, 1.9), (30, 2.1), (35, 2.3), (40, 2.4)),
        *((45, 2.5), (50, 2.6), (55, 2.7), (60, 2.8), (70, 2.8), (80, 2.9), (90, 3.0), (100, 3.0), (110, 3.1)),
        *((120, 3.1), (130, 3.2), (140, 3.2), (150, 3.3), (160, 3.3), (170, 3.4), (180, 3.4), (190, 3.5)),
        *((200, 3.5), (210, 3.6), (220, 3.65), (230, 3.7), (240, 3.7), (250, 3.8), (260, 3.8), (270, 3.9)),
        *((280, 3.9), (290, 4.0), (300, 4.0), (310, 4.1), (320, 4.1), (330, 4.2), (340, 4.2), (350, 4.3)),
        *((370, 4.3), (380, 4.4), (390, 4.4), (400, 4.5), (420, 4.5), (430, 4.6), (460, 4.6), (470, 4.7)),
        *((500, 4.7), (510, 4.8), (550, 4.8), (560, 4.9), (600, 4.9)),
    )
)

DEFAULT = "IASPEI"
LAWS = {
    law.name: law
    for law in (
        AttenuationLaw(
            DEFAULT,
            "IASPEI (2013), standard ML: 1.11 log R + 0.00189 R − 2.09 for amplitudes in nm at magnification 1",
            PowerLaw(1.11, 0.00189, 1.0, -2.09 + 0.00189 + 6 - np.log10(MAGNIFICATION)),
            0.0,
            1000e3,
        ),
        AttenuationLaw(
            "Southern California (Hutton & Boore 1987)",
            "Hutton & Boore (1987), Bull. Seismol. Soc. Am. 77, 2074-2094",
            PowerLaw(1.110, 0.00189),
            10e3,
            700e3,
        ),
        AttenuationLaw(
            "California (CISN)",
            "Uhrhammer et al. (2011), Bull. Seismol. Soc. Am. 101, 2685-2693",
            _california,
            8e3,
            500e3,
        ),
        AttenuationLaw(
            "Central California (Bakun & Joyner 1984)",
            "Bakun & Joyner (1984), Bull. Seismol. Soc. Am. 74, 1827-1843",
            PowerLaw(1.0, 0.00301),
            0.0,
            400e3,
            magnification=2800.0,
        ),
        AttenuationLaw(
            "Richter (1958)", "Richter (1958), Elementary Seismology, table 22-1", _RICHTER, 0.0, 600e3, epicentral=True
        ),
        AttenuationLaw(
            "United Kingdom (Luckett et al. 2019)",
            "Luckett, Ottemöller, Butcher & Baptie (2019), Geophys. J. Int. 216, 1145",
            _united_kingdom,
            0.0,
            600e3,
        ),
        AttenuationLaw(
            "Norway (Alsaker et al. 1991)",
            "Alsaker, Kvamme, Hansen, Dahle & Bungum (1991), Bull. Seismol. Soc. Am. 81, 379-398",
            PowerLaw(0.91, 0.00087, 60.0, 2.68),
            0.0,
            1500e3,
        ),
        AttenuationLaw(
            "South-western Germany (Stange 2006)",
            "Stange (2006), J. Seismol. 10, 173-184",
            PowerLaw(1.11, 0.00095, 1.0, 0.69 + 0.00095),
            10e3,
            1000e3,
        ),
        AttenuationLaw(
            "Southern Korea (Hong 2000)",
            "Hong (2000), The ML scale in southern Korea, Earthquake Engineering Society of Korea conference",
            PowerLaw(1.137, 0.001159, 17.0, 2.0),
            10e3,
            480e3,
        ),
    )
}
"""Published laws by name."""


def find_law(name: str) -> AttenuationLaw:
    """Find a published law by its name, or read the user's from a file of that name.

    Raises:
        QuakeViewError: if there is none, or the file holds none.
    """
    return by_name_or_file(name, LAWS, read_attenuation_law, "attenuation law")


@dataclass(frozen=True)
class LawFile:
    """An attenuation law as a TOML file gives it: ``decay`` and ``loss`` of a ``PowerLaw``, or a ``table``.

    Attributes:
        nearest_km, farthest_km: distances between which it holds.
        decay, loss, anchor_km, anchor: see ``PowerLaw``.
        table: rows of km and −log10 A0 for amplitudes in mm.
        epicentral, magnification: see ``AttenuationLaw``.
        name, source: as they are offered; the name of the file, if not given.
    """

    nearest_km: float
    farthest_km: float
    decay: float | None = None
    loss: float = 0.0
    anchor_km: float = 100.0
    anchor: float = 3.0
    table: list[tuple[float, float]] | None = None
    epicentral: bool = False
    magnification: float = MAGNIFICATION
    name: str = ""
    source: str = ""


def read_attenuation_law(path: Path) -> AttenuationLaw:
    """Read a law of the user's from TOML, a ``LawFile``.

    Raises:
        QuakeViewError: if the file is not one, or says something impossible.
    """
    given = read_table(LawFile, read_toml(path)[0], path.name, path.parent)
    for problem in _problems(given):
        raise QuakeViewError(f"{path.name} is no attenuation law: {problem}.")
    curve = (
        Table(tuple(given.table))
        if given.table
        else PowerLaw(given.decay or 0.0, given.loss, given.anchor_km, given.anchor)
    )
    return AttenuationLaw(
        given.name or path.stem,
        given.source or path.name,
        curve,
        1000 * given.nearest_km,
        1000 * given.farthest_km,
        given.epicentral,
        given.magnification,
    )


def _problems(given: LawFile) -> Iterator[str]:
    """What is wrong with a law, clauses."""
    numbers = [given.nearest_km, given.farthest_km, given.loss, given.anchor_km, given.anchor, given.magnification]
    numbers += [given.decay or 0.0, *(number for row in given.table or [] for number in row)]
    if not np.isfinite(numbers).all():
        yield "it has a value that is not a number"
    if (given.decay is None) == (not given.table):
        yield "give either decay (and loss), or a table of km and -log A0"
    if not 0 <= given.nearest_km < given.farthest_km:
        yield "it must hold from nearest_km to farthest_km, the smaller one first"
    if given.anchor_km <= 0 or given.magnification <= 0:
        yield "anchor_km and magnification must be above 0"
    distances = [row[0] for row in given.table or []]
    if distances and (len(distances) < 2 or min(np.diff(distances)) <= 0):
        yield "the distances of its table must increase"
    elif distances and not (distances[0] <= given.nearest_km and given.farthest_km <= distances[-1]):
        yield "its table must reach from nearest_km to farthest_km"
