"""The arrivals of one event with what is known of each: station, distance, travel time."""

from collections.abc import Mapping
from dataclasses import dataclass

from quakeview.events.event import Event
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates, epicentral_path


@dataclass(frozen=True)
class Reading:
    """An arrival.

    Attributes:
        station: network and station code.
        distance: epicentral, m; None if it is not known.
        azimuth: of the station seen from the epicentre, degrees; None if it is not known.
        residual: s; None if it was not computed.
        time: after the origin time, s.
        used: whether it counts.
    """

    pick_id: str
    station: tuple[str, str]
    phase: str
    distance: float | None
    azimuth: float | None
    residual: float | None
    time: float
    used: bool

    @property
    def family(self) -> str:
        """``P`` or ``S``, of ``Pn``, ``Sg`` and the like."""
        return self.phase[:1].upper()


def readings_of(
    event: Event, picks: Mapping[str, Pick], stations: Mapping[tuple[str, str], Coordinates]
) -> list[Reading]:
    """The arrivals whose picks are known, in the order of their times; what a file did not give, coordinates give."""
    found = []
    for arrival in event.origin.arrivals:
        pick = picks.get(arrival.pick_id)
        if pick is None:
            continue
        station = pick.channel_id.network, pick.channel_id.station
        distance, azimuth = arrival.distance, arrival.azimuth
        if (distance is None or azimuth is None) and station in stations:
            path = epicentral_path(event.origin.latitude, event.origin.longitude, stations[station])
            distance, azimuth = path.distance, path.azimuth
        time, used = float(pick.time - event.time), arrival.weight > 0
        found.append(Reading(arrival.pick_id, station, arrival.phase, distance, azimuth, arrival.residual, time, used))
    return sorted(found, key=lambda reading: reading.time)


def pairs(readings: list[Reading]) -> list[tuple[Reading, Reading]]:
    """The first P and the first S of every station that has both."""
    first: dict[tuple[tuple[str, str], str], Reading] = {}
    for reading in readings:
        first.setdefault((reading.station, reading.family), reading)
    stations = [station for station, family in first if family == "P" and (station, "S") in first]
    return [(first[station, "P"], first[station, "S"]) for station in stations]


def first_arrivals(readings: list[Reading], family: str) -> list[Reading]:
    """The first P or S of every station."""
    first: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        if reading.family == family:
            first.setdefault(reading.station, reading)
    return list(first.values())
