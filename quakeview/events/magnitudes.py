"""Local magnitude: what amplitudes on a Wood-Anderson seismometer say of an earthquake's size (Richter 1935).

M = log10 A − log10 A0(R) + station correction, with A in millimetres on the seismogram; see ``attenuation_laws``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from quakeview.events.attenuation_laws import AttenuationLaw
from quakeview.events.event import Amplitude, Event, Magnitude, Origin
from quakeview.events.velocity_models import Floats
from quakeview.stations.book import Place
from quakeview.stations.coordinates import Coordinates, epicentral_path
from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId, component_of

AUTHOR = "QuakeView"
OUTSIDE, UNPLACED, STILL = "outside the distances of the law", "the distance is not known", "no motion"
"""Why an amplitude does not count though its record is good."""
_OF_THE_LAW = (OUTSIDE, UNPLACED, STILL)
_VERTICALS = frozenset("Zz3UA")
_TO_SIGMA = 1.4826
"""From the median absolute deviation of a normal distribution to its standard deviation."""
LEAST_EVENTS = 5
"""Earthquakes that a station must have recorded before a correction is learned from them."""
_ROUNDS = 5


def distances(origin: Origin, places: Sequence[Coordinates]) -> Floats:
    """(n,) epicentral distances of stations, m."""
    return np.array([epicentral_path(origin.latitude, origin.longitude, place).distance for place in places])


def local_magnitude(
    event: Event,
    amplitudes: Iterable[Amplitude],
    coordinates: Mapping[Place, Coordinates],
    law: AttenuationLaw,
    corrections: Mapping[Place, float] | None = None,
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


def why_unsized(event: Event) -> str:
    """A sentence on why an earthquake has no local magnitude of ours."""
    if not event.amplitudes:
        return "No amplitude: no horizontal or vertical record with a response, at a station whose place is known."
    reasons = Counter(amplitude.comment for amplitude in event.amplitudes if amplitude.comment)
    said = ", ".join(f"{number:,} {reason}" for reason, number in reasons.most_common())
    return f"None of {counted(len(event.amplitudes), 'amplitude')} counts: {said}."


def station_magnitudes(amplitudes: Iterable[Amplitude]) -> dict[Place, tuple[float, bool]]:
    """Of each station whose amplitudes count: its magnitude, and whether it is that of a vertical."""
    found: dict[Place, tuple[float, bool]] = {}
    counting = sorted((each for each in amplitudes if each.magnitude is not None), key=_station)
    for station, group in groupby(counting, key=_station):
        members = list(group)
        horizontals = [each for each in members if not is_vertical(each.channel_id)]
        mean = float(np.mean([each.magnitude for each in horizontals or members]))
        found[station] = mean, not horizontals
    return found


def station_corrections(events: Iterable[Event], least_events: int = LEAST_EVENTS) -> dict[Place, float]:
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


def _network(stations: Mapping[Place, float], corrections: Mapping[Place, float]) -> float:
    """The median of the corrected magnitudes of stations."""
    return float(np.median([value + corrections.get(station, 0.0) for station, value in stations.items()]))


def sized(
    event: Event,
    coordinates: Mapping[Place, Coordinates],
    law: AttenuationLaw,
    corrections: Mapping[Place, float] | None = None,
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


def _station(amplitude: Amplitude) -> Place:
    return amplitude.channel_id[:2]


def _law_distances(
    origin: Origin, amplitudes: Sequence[Amplitude], coordinates: Mapping[Place, Coordinates], law: AttenuationLaw
) -> dict[Place, float]:
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
    if amplitude.comment not in ("", *_OF_THE_LAW):
        return replace(amplitude, magnitude=None)
    if distance is None:
        return replace(amplitude, magnitude=None, comment=UNPLACED)
    if not law.holds(distance):
        return replace(amplitude, magnitude=None, comment=OUTSIDE)
    if not amplitude.value > 0:
        return replace(amplitude, magnitude=None, comment=STILL)
    magnitude = float(law.magnitude(amplitude.value, distance)) + correction
    return replace(amplitude, magnitude=magnitude, comment="")
