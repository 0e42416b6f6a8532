"""When the waves of a located event should come, also where nothing was picked, and what time to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Origin
from quakeview.events.travel_times import FARTHEST, TravelTimes, travel_times
from quakeview.events.velocity_models import Floats, P, S, VelocityModel
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates, epicentral_path

Place = tuple[str, str]
VP_OVER_VS = 1.75
"""About that of the crust: how many times as long as P the S is under way."""
SLOWEST_S = 3000.0
"""Speed along the surface of late S waves at local and regional distance, m/s."""
_LEAD, _CODA = 0.1, 0.3
"""Shares of the time from first to last arrival that are shown before and after them."""
_NEAR = 0.5
"""Share of the same time; an origin that is not longer before the first P is shown too."""
_LEAST_LEAD, _LEAST_CODA = 2.0, 5.0
"""Seconds."""
_NODES = 200


@dataclass(frozen=True)
class Curves:
    """When the first P and S arrive in a velocity model.

    Attributes:
        model: its name.
        distance: (n,) m.
        times: of each phase, (n,) s.
    """

    model: str
    distance: Floats
    times: dict[str, Floats]


def arrival_curves(model: VelocityModel, depth: float, farthest: float) -> Curves:
    """When the first P and S from a depth (m) arrive at sea level, up to a distance (m) that flat layers reach.

    The tables of a new model take half a second.
    """
    import numpy as np

    distance, tables = np.linspace(0.0, min(farthest, FARTHEST), _NODES), travel_times(model)
    return Curves(model.name, distance, {phase: tables.first(phase, distance, max(depth, 0.0)) for phase in (P, S)})


def theoretical_arrivals(
    origin: Origin, coordinates: Mapping[Place, Coordinates], times: TravelTimes
) -> dict[tuple[Place, str], UTCDateTime]:
    """When the first P and S of an event arrive at every station that the flat layers of a model reach.

    Args:
        origin: where and when the event was.
        coordinates: of the stations, by network and station code.
        times: tables of the velocity model.

    Returns:
        Times by station and phase, ``"P"`` or ``"S"``.

    Raises:
        QuakeViewError: if the depth of the event is not known.
    """
    if origin.depth is None:
        raise QuakeViewError(
            "The depth of this event is not known, so that no theoretical arrivals can be computed; locate it first."
        )
    import numpy as np

    paths = {
        place: epicentral_path(origin.latitude, origin.longitude, at).distance for place, at in coordinates.items()
    }
    within = [place for place, distance in paths.items() if distance <= times.distances[-1]]
    distances = np.array([paths[place] for place in within])
    elevations = np.array([coordinates[place].elevation for place in within])
    return {
        (place, phase): origin.time + float(seconds)
        for phase in (P, S)
        for place, seconds in zip(within, times.first(phase, distances, origin.depth, elevations), strict=True)
    }


def window_of(origin: Origin, picks: Mapping[str, Pick], distances: Iterable[float]) -> tuple[UTCDateTime, UTCDateTime]:
    """From a little before the first P, or the origin if that is near, to after the last S of those that were used.

    Args:
        picks: of the arrivals, by id; those that are not there do not count.
        distances: epicentral, m, of the stations; they count where no pick does.
    """
    used = [(arrival.phase, picks[arrival.pick_id].time) for arrival in origin.used if arrival.pick_id in picks]
    if used:
        first = min(time for _, time in used)
        s = [time for phase, time in used if phase.startswith("S")]
        s += [origin.time + VP_OVER_VS * (time - origin.time) for phase, time in used if phase.startswith("P")]
        last = max(s, default=first)
    else:
        first = origin.time
        last = origin.time + max(distances, default=60.0 * SLOWEST_S) / SLOWEST_S
    span = last - first
    if first - origin.time < _NEAR * span:
        first = origin.time
    return first - max(_LEAST_LEAD, _LEAD * span), last + max(_LEAST_CODA, _CODA * span)
