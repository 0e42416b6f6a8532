"""Local magnitude: what the amplitude of a Wood-Anderson seismometer says of an earthquake's size (Richter 1935).

M = log10 A − log10 A0(R) + station correction, with A in millimetres on the seismogram. Networks have fitted −log10 A0
for their regions; published ones are here with their source, and users bring their own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.events.event import Amplitude, Event, Magnitude, Origin
from quakeview.events.velocity_models import Floats
from quakeview.stations.coordinates import Coordinates
from quakeview.toml_files import read_table, read_toml
from quakeview.waveforms.channels import ChannelId, component_of

Station = tuple[str, str]
"""Network and station code."""

AUTHOR = "QuakeView"
MAGNIFICATION = 2080.0
"""Of a Wood-Anderson seismometer as Uhrhammer & Collins (1990) measured it; its maker had said 2800."""
OUTSIDE, UNPLACED = "outside the distances of the law", "the distance is not known"
"""Why an amplitude does not count for the law or the place, and not for its record."""
_OF_THE_LAW = (OUTSIDE, UNPLACED)
_VERTICALS = "Zz3UA"
_MILLIMETRES = 1000.0
_TO_SIGMA = 1.4826
"""From the median absolute deviation of a normal distribution to its standard deviation."""
LEAST_EVENTS = 5
"""Earthquakes that a station must have recorded before a correction is learned from them."""
_ROUNDS = 5


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
            "Luckett, Ottemöller, Butcher & Baptie (2019), Geophys. J. Int. 216, 1145-1148",
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
            "Southern Korea (Hong et al. 2000)",
            "Hong et al. (2000), The ML scale in southern Korea, Earthquake Engineering Society of Korea",
            PowerLaw(1.137, 0.001159, 17.0, 2.0),
            10e3,
            480e3,
        ),
    )
}
"""Published laws by name."""


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


def _problems(given: LawFile) -> Iterable[str]:
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


def distances(origin: Origin, places: Sequence[Coordinates]) -> Floats:
    """(n,) epicentral distances of stations on the WGS 84 ellipsoid, m."""
    from pyproj import Geod

    latitudes = [place.latitude for place in places]
    longitudes = [place.longitude for place in places]
    here = np.full(len(places), origin.longitude), np.full(len(places), origin.latitude)
    return np.asarray(Geod(ellps="WGS84").inv(*here, longitudes, latitudes)[2], dtype=float)


def local_magnitude(
    event: Event,
    amplitudes: Iterable[Amplitude],
    coordinates: Mapping[Station, Coordinates],
    law: AttenuationLaw,
    corrections: Mapping[Station, float] | None = None,
) -> tuple[tuple[Amplitude, ...], Magnitude | None]:
    """Size an earthquake by its amplitudes.

    A station's magnitude is the mean of those of its horizontals, as IASPEI (2013) asks for; where none counts, that of
    its vertical, which ``Magnitude.method`` then says. The network's is the median of the stations.

    Args:
        amplitudes: of any number of stations; those with a comment on the record do not count.
        coordinates: by network and station code.
        corrections: added to the magnitudes of a station.

    Returns:
        the amplitudes with their magnitudes, or why they have none; and the network's magnitude, None if no amplitude
        counts.
    """
    amplitudes, corrections = list(amplitudes), corrections or {}
    away = _law_distances(event.origin, amplitudes, coordinates, law)
    sized = tuple(
        _judged(amplitude, away.get(_station(amplitude)), law, corrections.get(_station(amplitude), 0.0))
        for amplitude in amplitudes
    )
    stations = station_magnitudes(sized)
    if not stations:
        return sized, None
    values = np.array([value for value, _ in stations.values()])
    verticals = sum(vertical for _, vertical in stations.values())
    value = float(np.median(values))
    spread = float(_TO_SIGMA * np.median(np.abs(values - value))) if len(values) > 1 else None
    method = law.name + (f", vertical at {verticals} of {len(values)}" if verticals else "")
    return sized, Magnitude("ML", value, spread, len(values), method, AUTHOR)


def station_magnitudes(amplitudes: Iterable[Amplitude]) -> dict[Station, tuple[float, bool]]:
    """Of each station whose amplitudes count: its magnitude, and whether it is that of a vertical."""
    found: dict[Station, tuple[float, bool]] = {}
    counting = sorted((each for each in amplitudes if each.magnitude is not None), key=_station)
    for station, group in groupby(counting, key=_station):
        members = list(group)
        horizontals = [each for each in members if not is_vertical(each.channel_id)]
        mean = float(np.mean([each.magnitude for each in horizontals or members]))
        found[station] = mean, not horizontals
    return found


def station_corrections(events: Iterable[Event], least_events: int = LEAST_EVENTS) -> dict[Station, float]:
    """Learn station corrections: medians of what stations differ from their earthquakes, by turns.

    The earthquakes must have been sized by one law without corrections. In the median of the earthquakes corrections
    leave their magnitudes as they are, so that the scale is not shifted.
    """
    recorded = [
        {station: value for station, (value, _) in station_magnitudes(event.amplitudes).items()} for event in events
    ]
    recorded = [stations for stations in recorded if stations]
    numbers = Counter(station for stations in recorded for station in stations)
    plain = [_network(stations, {}) for stations in recorded]
    corrections = {station: 0.0 for station, number in numbers.items() if number >= least_events}
    for _ in range(_ROUNDS if corrections else 0):
        networks = [_network(stations, corrections) for stations in recorded]
        shift = float(np.median(np.subtract(networks, plain)))
        corrections = {
            station: float(
                np.median(
                    [
                        network - shift - stations[station]
                        for network, stations in zip(networks, recorded, strict=True)
                        if station in stations
                    ]
                )
            )
            for station in corrections
        }
    return corrections


def _network(stations: Mapping[Station, float], corrections: Mapping[Station, float]) -> float:
    """The median of the corrected magnitudes of stations."""
    return float(np.median([value + corrections.get(station, 0.0) for station, value in stations.items()]))


def sized(
    event: Event,
    coordinates: Mapping[Station, Coordinates],
    law: AttenuationLaw,
    corrections: Mapping[Station, float] | None = None,
) -> Event:
    """The event with the magnitude of the amplitudes that it has; see ``local_magnitude``."""
    return with_magnitude(event, *local_magnitude(event, event.amplitudes, coordinates, law, corrections))


def with_magnitude(event: Event, amplitudes: tuple[Amplitude, ...], magnitude: Magnitude | None) -> Event:
    """The event with its amplitudes and our magnitude in place of our earlier one.

    A magnitude of another author that was preferred stays so.
    """
    others = tuple(each for each in event.magnitudes if (each.kind, each.author) != ("ML", AUTHOR))
    ours = (magnitude,) if magnitude else ()
    foreign_first = bool(event.magnitude and others and event.magnitude == others[0])
    return event.with_(amplitudes=amplitudes, magnitudes=others + ours if foreign_first else ours + others)


def is_vertical(channel_id: ChannelId) -> bool:
    """Say so by the component letter."""
    return component_of(channel_id.channel) in _VERTICALS


def _station(amplitude: Amplitude) -> Station:
    return amplitude.channel_id[:2]


def _law_distances(
    origin: Origin, amplitudes: Sequence[Amplitude], coordinates: Mapping[Station, Coordinates], law: AttenuationLaw
) -> dict[Station, float]:
    """Distance of each station that has coordinates, m; none if the law wants a depth and there is none."""
    known = sorted({_station(amplitude) for amplitude in amplitudes} & coordinates.keys())
    if origin.depth is None and not law.epicentral:
        return {}
    places = [coordinates[station] for station in known]
    away = distances(origin, places)
    if origin.depth is not None and not law.epicentral:
        away = np.hypot(away, origin.depth + np.array([place.elevation for place in places]))
    return dict(zip(known, away.tolist(), strict=True))


def _judged(amplitude: Amplitude, distance: float | None, law: AttenuationLaw, correction: float) -> Amplitude:
    """The amplitude with its magnitude, or with the reason why it has none."""
    of_record = "" if amplitude.comment in _OF_THE_LAW else amplitude.comment
    if of_record:
        return replace(amplitude, magnitude=None)
    if distance is None or not law.holds(distance):
        return replace(amplitude, magnitude=None, comment=UNPLACED if distance is None else OUTSIDE)
    magnitude = float(law.magnitude(amplitude.value, distance)) + correction
    return replace(amplitude, magnitude=magnitude, comment="")
