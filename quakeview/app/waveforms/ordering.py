"""The order of the stations on screen, and what it is called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from obspy import UTCDateTime

from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.channels import Station
from quakeview.waveforms.coordinates import Coordinates

Place = tuple[str, str]


@dataclass(frozen=True)
class Event:
    """Where and when: degrees and UTC."""

    time: UTCDateTime
    latitude: float
    longitude: float
    label: str


LONGEST_S_MINUS_P = 45.0
"""Seconds, at about 370 km. A longer delay is between two earthquakes."""


@dataclass(frozen=True)
class Order:
    """Stations from top to bottom, a second line for each (may be empty), and the name of the order."""

    stations: tuple[Station, ...]
    subtitles: Mapping[Station, str]
    label: str


def by_name(stations: Iterable[Station]) -> Order:
    """Network, station, location, band."""
    return Order(tuple(sorted(stations)), {}, "Sorted by name")


def by_distance(
    stations: Sequence[Station], picks: Sequence[Pick], places: Mapping[Place, Coordinates], event: Event | None
) -> Order:
    """Epicentral distance if an event and coordinates are known; else S−P time; else time of the first P; else name.

    Stations without the value come last, by name.
    """
    known = {station: places[station[:2]] for station in stations if station[:2] in places}
    if event is not None and known:
        return _sorted_by(stations, _distances(event, known), "Sorted by epicentral distance", "{:.0f} km")
    onsets = _first_onsets(picks)
    delays = {station: times["S"] - times["P"] for station, times in onsets.items() if times.keys() >= {"P", "S"}}
    both = {station: delay for station, delay in delays.items() if 0 < delay < LONGEST_S_MINUS_P}
    if len(both) > 1:
        return _sorted_by(stations, both, "Sorted by S−P time (no event or coordinates are open)", "S−P {:.1f} s")
    first = {station: times["P"] for station, times in onsets.items() if "P" in times}
    if len(first) > 1:
        seconds = {station: time - min(first.values()) for station, time in first.items()}
        return _sorted_by(stations, seconds, "Sorted by first P (no event or coordinates are open)", "P +{:.1f} s")
    name = by_name(stations)
    return Order(name.stations, {}, "Sorted by name: distance needs an event and coordinates, or picks")


def _sorted_by(stations: Sequence[Station], values: Mapping[Station, float], label: str, form: str) -> Order:
    ordered = sorted(stations, key=lambda station: (station not in values, values.get(station, 0.0), station))
    return Order(tuple(ordered), {station: form.format(value) for station, value in values.items()}, label)


def _distances(event: Event, known: Mapping[Station, Coordinates]) -> dict[Station, float]:
    """Kilometres along the ellipsoid."""
    from obspy.geodetics import gps2dist_azimuth

    return {
        station: gps2dist_azimuth(event.latitude, event.longitude, place.latitude, place.longitude)[0] / 1000
        for station, place in known.items()
    }


def _first_onsets(picks: Sequence[Pick]) -> dict[Station, dict[str, float]]:
    """The first P of each station that has one, and the first S after it."""
    onsets: dict[Station, dict[str, float]] = {}
    for pick in sorted(picks, key=lambda pick: pick.time):
        family = pick.phase[:1].upper()
        if pick.status is PickStatus.REJECTED or family not in ("P", "S"):
            continue
        times = onsets.setdefault(Station.of(pick.channel_id), {})
        if family == "P" or "P" in times:
            times.setdefault(family, float(pick.time))
    return onsets
