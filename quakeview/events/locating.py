"""From the picks of one earthquake to its origin: which picks count, where the stations are, and how good it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Arrival, Event, Origin, Uncertainty
from quakeview.events.locator import LEAST_PICKS, Box, Hypocentre, Readings, locate
from quakeview.events.travel_times import DEEPEST, FARTHEST, TravelTimes, travel_times
from quakeview.events.velocity_models import MANTLE, Floats, P, S, VelocityModel, suggested
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.stations.coordinates import Coordinates, epicentral_path

Place = tuple[str, str]
METHOD = "QuakeView probabilistic grid search"
AUTHOR = "QuakeView"
_NAMES = {
    "P": ("P", "p", "P1"),
    "Pg": ("Pg", "PG", "Pb", "P*"),
    "Pn": ("Pn", "PN"),
    "S": ("S", "s", "S1"),
    "Sg": ("Sg", "SG", "Sb", "S*"),
    "Sn": ("Sn", "SN"),
}
"""What picks are called, by the phase whose travel times they are compared with."""
SIGMA = {P: 0.1, S: 0.15}
"""Standard deviation of a pick that does not give its own, s."""
_LEAST_SIGMA = 0.01
BELONGS = 0.5
"""Probability above which a pick is taken to be of the earthquake."""
_AROUND = 60_000.0
"""Metres around the stations in which earthquakes are looked for, or half the size of the network if that is more."""


def timed_as(phase: str) -> str:
    """The phase of ``TravelTimes`` that a pick is compared with: P and S with the first arrival, Pg and Sg with the
    first through the crust, Pn and Sn with the first through the mantle; empty for another phase, which is not used."""
    return next((name for name, names in _NAMES.items() if phase in names), "")


def family(phase: str) -> str:
    """``"P"`` or ``"S"`` for a phase that is used; empty for another one."""
    return timed_as(phase)[:1]


def usage(pick: Pick, arrival: Arrival | None = None) -> str:
    """As what a pick counts when its event is located, or why it does not.

    Args:
        arrival: what it is to its event.
    """
    if pick.status is PickStatus.REJECTED:
        return "not used: rejected"
    if not pick.used:
        return "not used: left out by hand"
    if timed_as(pick.phase) and arrival is not None and arrival.residual is None and not arrival.weight:
        return f"not used: the velocity model has no {pick.phase}"
    match timed_as(pick.phase):
        case "":
            return f"not used: {pick.phase} has no travel times here"
        case "P" | "S" as phase:
            return f"first {phase}"
        case "Pg" | "Sg" as phase:
            return f"{phase}, first through the crust"
        case phase:
            return f"{phase}, first through the mantle"


@dataclass(frozen=True, eq=False)
class Locator:
    """Locates earthquakes with one velocity model and one network.

    Attributes:
        coordinates: of the stations, by network and station code.
        model: the velocity model.
        terms: of stations and phases, s: how much later than computed waves arrive; they are taken from the picks.
        depth: metres below sea level, if it is fixed.
        deepest: to which depth earthquakes are looked for, metres.
    """

    coordinates: Mapping[Place, Coordinates]
    model: VelocityModel
    terms: Mapping[tuple[Place, str], float] = field(default_factory=dict)
    depth: float | None = None
    deepest: float = DEEPEST

    @classmethod
    def at(cls, coordinates: Mapping[Place, Coordinates], model: VelocityModel | None = None) -> Self:
        """For a network, with a velocity model, or with the published one for its place.

        Raises:
            QuakeViewError: if no station has coordinates.
        """
        if not coordinates:
            raise QuakeViewError("No station has coordinates; open a station list or StationXML.")
        return cls(coordinates, model or suggested(*middle(coordinates.values())))

    def with_(self, **changes: object) -> "Locator":
        """A copy with some things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @cached_property
    def times(self) -> TravelTimes:
        """Tables of the velocity model."""
        return travel_times(self.model)

    @cached_property
    def places(self) -> list[Place]:
        """The stations, in the order of ``x``, ``y`` and ``elevation``."""
        return sorted(self.coordinates)

    @cached_property
    def index(self) -> dict[Place, int]:
        """Where in ``places`` a station is."""
        return {place: number for number, place in enumerate(self.places)}

    @cached_property
    def _frame(self) -> "_Frame":
        return _Frame.around([self.coordinates[place] for place in self.places])

    @cached_property
    def x(self) -> Floats:
        """(n,) metres east."""
        return self._frame.x

    @cached_property
    def y(self) -> Floats:
        """(n,) metres north."""
        return self._frame.y

    @cached_property
    def elevation(self) -> Floats:
        """(n,) metres above sea level."""
        return np.array([self.coordinates[place].elevation for place in self.places])

    def to_local(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Metres east and north of the middle of the network."""
        return self._frame.to_local(latitude, longitude)

    def to_geographic(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude, degrees."""
        latitude, longitude = self._frame.to_geographic(np.array([x]), np.array([y]))
        return float(latitude[0]), float(longitude[0])

    @cached_property
    def box(self) -> Box:
        """Where earthquakes are looked for."""
        around = max(_AROUND, np.ptp(self.x) / 2, np.ptp(self.y) / 2)
        top, bottom = (0.0, self.deepest) if self.depth is None else (self.depth, self.depth)
        low, high = (self.x.min() - around, self.y.min() - around), (self.x.max() + around, self.y.max() + around)
        return Box(np.array([*low, top]), np.array([*high, bottom]))

    def usable(self, picks: Iterable[Pick]) -> list[Pick]:
        """Those that count: neither rejected nor left out, with travel times, where coordinates are known."""
        return [
            pick
            for pick in picks
            if pick.used
            and pick.status is not PickStatus.REJECTED
            and timed_as(pick.phase) in self.times.time
            and pick.channel_id[:2] in self.index
        ]

    def without_times(self, picks: Iterable[Pick]) -> list[str]:
        """A sentence for each reason why phases of some picks are not used, which names the phases."""
        phases = {pick.phase for pick in picks if pick.used and timed_as(pick.phase) not in self.times.time}
        deep, later = sorted(filter(timed_as, phases)), sorted(phase for phase in phases if not timed_as(phase))
        sentences = []
        if later:
            names = ", ".join(later)
            sentences.append(f"Picks of {names} are not used: there are travel times of P, Pg, Pn, S, Sg and Sn alone.")
        if deep:
            sentences.append(
                f"Picks of {', '.join(deep)} are not used: the velocity model {self.model.name} has no mantle (P of "
                f"{MANTLE / 1000:g} km/s or more)."
            )
        return sentences

    def readings(self, picks: Sequence[Pick], reference: UTCDateTime) -> Readings:
        """Usable picks as the search wants them; times are seconds after ``reference``, less the station terms."""
        at = np.array([self.index[pick.channel_id[:2]] for pick in picks], dtype=np.intp)
        phases = [timed_as(pick.phase) for pick in picks]
        times = [
            pick.time - reference - self.terms.get((pick.channel_id[:2], family(pick.phase)), 0.0) for pick in picks
        ]
        sigma = np.array([sigma_of(pick) for pick in picks])
        return Readings(self.x[at], self.y[at], self.elevation[at], phases, np.array(times), sigma)

    def hypocentre(self, picks: Sequence[Pick], reference: UTCDateTime) -> Hypocentre:
        """Search with usable picks.

        Raises:
            QuakeViewError: if they are too few, or of one station.
        """
        stations = {pick.channel_id[:2] for pick in picks}
        if len(picks) < LEAST_PICKS or len(stations) < 2:
            raise QuakeViewError(_too_few(len(picks), len(stations)))
        return locate(self.readings(picks, reference), self.times, self.box)

    def origin(self, picks: Iterable[Pick]) -> Origin:
        """Locate one earthquake with the picks that are usable. The others become arrivals without weight.

        Raises:
            QuakeViewError: if too few can be used.
        """
        every = sorted(picks, key=lambda pick: pick.time.ns)
        used = self.usable(every)
        reference = used[0].time if used else UTCDateTime(0)
        found = self.hypocentre(used, reference)
        return self.described(found, used, reference, [pick for pick in every if pick not in used])

    def probable(self, picks: Iterable[Pick]) -> tuple[Floats, Floats, Floats, Floats]:
        """Where an earthquake with these picks may have been: longitude and latitude (n,) in degrees, depth (n,) in m,
        and the probability (n,) of each point.

        Raises:
            QuakeViewError: if too few picks can be used.
        """
        used = self.usable(picks)
        found = self.hypocentre(used, used[0].time if used else UTCDateTime(0)).posterior
        x, y, depth = found.points.T
        latitude, longitude = self._frame.to_geographic(x, y)
        return np.asarray(longitude), np.asarray(latitude), depth, found.probability.ravel()

    def described(
        self, found: Hypocentre, used: Sequence[Pick], reference: UTCDateTime, unused: Iterable[Pick] = ()
    ) -> Origin:
        """A hypocentre as an origin, with its arrivals."""
        latitude, longitude = self.to_geographic(found.x, found.y)
        arrivals = [
            self._arrival(pick, latitude, longitude, float(residual), round(float(weight), 3))
            for pick, residual, weight in zip(used, found.residuals, found.belonging, strict=True)
        ]
        arrivals += [
            self._arrival(pick, latitude, longitude, None, 0.0)
            for pick in unused
            if pick.channel_id[:2] in self.coordinates
        ]
        weight = found.belonging
        return Origin(
            reference + found.time,
            latitude,
            longitude,
            found.depth,
            self.depth is not None,
            tuple(arrivals),
            Uncertainty.of(found.time_error, found.covariance),
            float(np.sqrt((weight * found.residuals**2).sum() / max(weight.sum(), 1e-9))),
            azimuthal_gap([each.azimuth for each in arrivals if each.azimuth is not None and each.weight > BELONGS]),
            METHOD,
            self.model.name,
            AUTHOR,
        )

    def _arrival(self, pick: Pick, latitude: float, longitude: float, residual: float | None, weight: float) -> Arrival:
        path = epicentral_path(latitude, longitude, self.coordinates[pick.channel_id[:2]])
        return Arrival(pick.resource_id, pick.phase, path.distance, path.azimuth, residual, weight)

    def relocated(self, event: Event, picks: Iterable[Pick]) -> Event:
        """The event where its picks, as they are now, put it.

        Raises:
            QuakeViewError: if too few can be used.
        """
        return event.with_(origin=self.origin(picks))


def sigma_of(pick: Pick) -> float:
    """Standard deviation of reading, s: the pick's own, or the usual one of its phase; that of S for later phases."""
    if pick.uncertainty is not None:
        return max(pick.uncertainty, _LEAST_SIGMA)
    return SIGMA.get(family(pick.phase), SIGMA[S])


def azimuthal_gap(azimuths: Sequence[float]) -> float | None:
    """The largest angle between neighbouring stations, seen from the epicentre, degrees; None without stations."""
    if not azimuths:
        return None
    ordered = np.sort(np.mod(azimuths, 360))
    return float(np.diff(ordered, append=ordered[0] + 360).max())


@dataclass(frozen=True)
class _Frame:
    """Metres east and north of a place: azimuthal equidistant, so that distances from the middle are right."""

    latitude: float
    longitude: float
    x: Floats
    y: Floats

    @classmethod
    def around(cls, places: Sequence[Coordinates]) -> "_Frame":
        """The middle of some stations; those too far from it for flat layers raise ``QuakeViewError``."""
        latitude, longitude = middle(places)
        frame = cls(latitude, longitude, np.empty(0), np.empty(0))
        x, y = np.array([frame.to_local(place.latitude, place.longitude) for place in places]).T
        if np.hypot(x, y).max() > FARTHEST:
            raise QuakeViewError(
                f"The stations are more than {FARTHEST / 1000:,.0f} km apart; flat layers do not reach so far. Take "
                "the distant ones out of the session, or locate them with a global program."
            )
        return replace(frame, x=x, y=y)

    def to_local(self, latitude: float, longitude: float) -> tuple[float, float]:
        from pyproj import Geod

        azimuth, _, distance = Geod(ellps="WGS84").inv(self.longitude, self.latitude, longitude, latitude)
        return float(distance * np.sin(np.radians(azimuth))), float(distance * np.cos(np.radians(azimuth)))

    def to_geographic(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Latitude and longitude (n,), degrees."""
        from pyproj import Geod

        azimuth, distance = np.degrees(np.arctan2(x, y)), np.hypot(x, y)
        start = np.full(len(x), self.longitude), np.full(len(x), self.latitude)
        longitude, latitude, _ = Geod(ellps="WGS84").fwd(*start, azimuth, distance)
        return latitude, longitude


def middle(places: Iterable[Coordinates]) -> tuple[float, float]:
    """Latitude and longitude of the mean of directions from the centre of the Earth, also across the date line."""
    latitude, longitude = np.radians([(place.latitude, place.longitude) for place in places]).T
    mean: NDArray[np.float64] = np.array(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    ).mean(axis=1)
    return (
        float(np.degrees(np.arctan2(mean[2], np.hypot(mean[0], mean[1])))),
        float(np.degrees(np.arctan2(mean[1], mean[0]))),
    )


def _too_few(picks: int, stations: int) -> str:
    if picks >= LEAST_PICKS:
        return (
            "All picks are of one station; an earthquake is located with those of at least two. Pick another station."
        )
    were = "is" if picks == 1 else "are"
    return (
        f"{LEAST_PICKS} picks of P or S at stations with coordinates are needed to locate an earthquake, and there "
        f"{were} {picks}; pick more, or open the coordinates of the stations."
    )
