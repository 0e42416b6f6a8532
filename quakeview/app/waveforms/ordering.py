"""The order of the stations on screen, and what it is called."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple, Self

from obspy import UTCDateTime

from quakeview.events.event import Event
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.stations.coordinates import Coordinates, epicentral_path
from quakeview.waveforms.channels import Instrument

Place = tuple[str, str]


@dataclass(frozen=True)
class Earthquake:
    """Where and when: degrees and UTC."""

    time: UTCDateTime
    latitude: float
    longitude: float
    label: str

    @classmethod
    def of(cls, event: Event) -> Self:
        """Where an event was located."""
        origin, magnitude = event.origin, event.magnitude
        label = f"M {magnitude.value:.1f}" if magnitude else "Origin"
        return cls(origin.time, origin.latitude, origin.longitude, label)


LONGEST_S_MINUS_P = 45.0
"""Seconds, at about 370 km. A longer delay is between two earthquakes."""
LONGEST_P_SPREAD = 60.0
"""Seconds between the first P at the nearest and at the farthest station of a network that large."""


@dataclass(frozen=True)
class Order:
    """Stations from top to bottom, a second line for each (may be empty), and the name of the order."""

    stations: tuple[Instrument, ...]
    subtitles: Mapping[Instrument, str]
    label: str


def by_name(stations: Iterable[Instrument]) -> Order:
    """Network, station, location, band."""
    return Order(tuple(sorted(stations)), {}, "Sorted by name")


def by_distance(
    stations: Sequence[Instrument], picks: Iterable[Pick], places: Mapping[Place, Coordinates], event: Earthquake | None
) -> Order:
    """Epicentral distance if an event and coordinates are known; else S−P time; else time of the first P; else name.

    S−P and P are those of one earthquake: the one that most of the stations have a P of. Stations without the value
    come last, by name.

    Args:
        picks: in any order; those on other stations do not count.
    """
    known = {station: places[station[:2]] for station in stations if station[:2] in places}
    if event is not None and known:
        return _by_epicentre(stations, event, known)
    onsets = _onsets_of_one_event(picks, set(stations))
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


def _sorted_by(stations: Sequence[Instrument], values: Mapping[Instrument, float], label: str, form: str) -> Order:
    ordered = sorted(stations, key=lambda station: (station not in values, values.get(station, 0.0), station))
    return Order(tuple(ordered), {station: form.format(value) for station, value in values.items()}, label)


def _by_epicentre(stations: Sequence[Instrument], event: Earthquake, known: Mapping[Instrument, Coordinates]) -> Order:
    """By distance along the ellipsoid; distance and azimuth, as seen from the epicentre, are the second line."""
    paths = {s: epicentral_path(event.latitude, event.longitude, place) for s, place in known.items()}
    ordered = sorted(stations, key=lambda s: (s not in paths, paths[s].distance if s in paths else 0.0, s))
    subtitles = {s: f"{path.distance / 1000:.0f} km, {round(path.azimuth) % 360}°" for s, path in paths.items()}
    return Order(tuple(ordered), subtitles, "Sorted by epicentral distance")


def _onsets_of_one_event(picks: Iterable[Pick], stations: Set[Instrument]) -> dict[Instrument, dict[str, float]]:
    """Of the earthquake that most stations have a P of, the most probable P of each, and its S."""
    found: dict[str, list[_Onset]] = {"P": [], "S": []}
    for pick in picks:
        family, station = pick.phase[:1].upper(), Instrument.of(pick.channel_id)
        if family in found and station in stations and pick.status is not PickStatus.REJECTED:
            sure = 1.0 if pick.probability is None else pick.probability
            found[family].append(_Onset(pick.time.ns / 1e9, station, sure))
    best: dict[Instrument, dict[str, _Onset]] = {}
    for p in _most_stations(sorted(found["P"])):
        known = best.setdefault(p.station, {"P": p})
        known["P"] = max(known["P"], p, key=_probability)
    for s in sorted(found["S"]):
        known = best.get(s.station, {})
        if known and 0 < s.time - known["P"].time < LONGEST_S_MINUS_P:
            known["S"] = max(known.get("S", s), s, key=_probability)
    return {station: {family: onset.time for family, onset in known.items()} for station, known in best.items()}


class _Onset(NamedTuple):
    time: float
    station: Instrument
    probability: float


def _probability(onset: _Onset) -> float:
    return onset.probability


def _most_stations(onsets: Sequence[_Onset]) -> Sequence[_Onset]:
    """Of the stretches no longer than ``LONGEST_P_SPREAD``, the first with onsets at the most stations."""
    most, first, begin = 0, 0, 0
    inside: Counter[Instrument] = Counter()
    for onset in onsets:
        inside[onset.station] += 1
        while onset.time - onsets[begin].time > LONGEST_P_SPREAD:
            left = onsets[begin].station
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
            begin += 1
        if len(inside) > most:
            most, first = len(inside), begin
    return [onset for onset in onsets[first:] if onset.time - onsets[first].time <= LONGEST_P_SPREAD]
