"""First motions of P on the focal sphere: where each ray left the source, as far as that is known.

Where a ray leaves depends on the hypocentre and on the Earth, and both are known with errors: all rays are traced many
times, from hypocentres that the location allows, with errors of the velocity model (Hardebeck & Shearer 2002).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.events.event import Event, Origin
from quakeview.events.locating import family, timed_as
from quakeview.events.travel_times import TravelTimes
from quakeview.events.velocity_models import Floats, P
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.stations.coordinates import Coordinates, epicentral_path

Place = tuple[str, str]
TRIALS = 30
"""Times that the rays are traced; the first one is from the hypocentre as it is located."""
TAKEOFF_ERROR, AZIMUTH_ERROR = 8.0, 4.0
"""Degrees by which a ray leaves otherwise than in flat layers of a velocity model, standard deviations."""
UNKNOWN_EPICENTRE, UNKNOWN_DEPTH = 2_000.0, 4_000.0
"""Standard deviations of hypocentres whose errors are not known, m; the second also of a depth that was fixed."""
WRONG_BY_HAND, WRONG_BY_MODEL = 0.05, 0.2
"""Share of polarities that are wrong when a person read them, and when a model is quite sure of its pick."""
_ONSETS = {"impulsive": 0.5, "emergent": 2.0, "questionable": 4.0}
"""How many times as often polarities of such onsets are wrong."""


@dataclass(frozen=True, eq=False)
class FirstMotions:
    """The polarities of one event, one for each station.

    Attributes:
        pick_ids: of the n picks.
        stations: network and station code of each.
        up: (n,) whether the ground moved up first, away from the source.
        wrong: (n,) probability that this is wrong.
        azimuth: (n,) of the ray at the source, degrees from north.
        takeoff: (n,) angle of the ray at the source from the downward vertical, degrees.
        rays: (trials, n, 3) unit vectors north, east and down in which rays may have left.
    """

    pick_ids: tuple[str, ...]
    stations: tuple[Place, ...]
    up: NDArray[np.bool_]
    wrong: Floats
    azimuth: Floats
    takeoff: Floats
    rays: Floats

    def __len__(self) -> int:
        return len(self.pick_ids)


def first_motions(
    event: Event, picks: Mapping[str, Pick], coordinates: Mapping[Place, Coordinates], times: TravelTimes
) -> FirstMotions:
    """The polarities of the P arrivals that count, in the order of their times.

    Args:
        event: whose depth is known.
        picks: of its arrivals, by id; those that are not there do not count.
        coordinates: of the stations, by network and station code.
        times: tables of the velocity model by which the event was located.
    """
    found = _readings(event.origin, picks, coordinates, float(times.distances[-1]))
    takeoff, azimuth = _traced(event.origin, found, times)
    return FirstMotions(
        tuple(each.pick_id for each in found),
        tuple(each.station for each in found),
        np.array([each.up for each in found], dtype=bool),
        np.array([each.wrong for each in found], dtype=float),
        azimuth[0] % 360,
        takeoff[0],
        direction(takeoff, azimuth),
    )


def direction(takeoff: Floats, azimuth: Floats) -> Floats:
    """(..., 3) unit vectors north, east and down of angles (...), degrees."""
    i, a = np.radians(takeoff), np.radians(azimuth)
    return np.stack([np.sin(i) * np.cos(a), np.sin(i) * np.sin(a), np.cos(i)], -1)


def probability_wrong(pick: Pick, weight: float = 1.0) -> float:
    """How probable it is that a polarity is wrong: by who read it, on which onset, and whether it is of the event.

    Args:
        weight: probability that the pick is of the event.
    """
    wrong = WRONG_BY_HAND
    if pick.status is PickStatus.AUTOMATIC:
        sure = 1.0 if pick.probability is None else pick.probability
        wrong = WRONG_BY_MODEL + (0.5 - WRONG_BY_MODEL) * (1 - sure)
    wrong = min(wrong * _ONSETS.get(pick.onset or "", 1.0), 0.5)
    return weight * wrong + (1 - weight) * 0.5


class _Reading(NamedTuple):
    """A polarity; ``north`` and ``east`` of the epicentre and ``elevation`` above the sea in metres."""

    pick_id: str
    station: Place
    phase: str
    north: float
    east: float
    elevation: float
    up: bool
    wrong: float


def _readings(
    origin: Origin, picks: Mapping[str, Pick], coordinates: Mapping[Place, Coordinates], farthest: float
) -> list[_Reading]:
    """The first one of each station."""
    arrivals = {arrival.pick_id: arrival for arrival in origin.used if family(arrival.phase) == P}
    known = sorted((picks[pick_id] for pick_id in arrivals if pick_id in picks), key=lambda pick: pick.time.ns)
    found: dict[Place, _Reading] = {}
    for pick in known:
        place, arrival = pick.channel_id[:2], arrivals[pick.resource_id]
        if pick.polarity not in (Polarity.UP, Polarity.DOWN) or pick.status is PickStatus.REJECTED or place in found:
            continue
        distance, azimuth, elevation = arrival.distance, arrival.azimuth, 0.0
        if (at := coordinates.get(place)) is not None:
            path = epicentral_path(origin.latitude, origin.longitude, at)
            distance, azimuth, elevation = path.distance, path.azimuth, at.elevation
        if distance is None or azimuth is None or distance > farthest:
            continue
        angle, wrong = math.radians(azimuth), probability_wrong(pick, min(arrival.weight, 1.0))
        where = distance * math.cos(angle), distance * math.sin(angle), elevation
        up = pick.polarity is Polarity.UP
        found[place] = _Reading(pick.resource_id, place, timed_as(arrival.phase), *where, up, wrong)
    return list(found.values())


def _traced(origin: Origin, found: Sequence[_Reading], times: TravelTimes) -> tuple[Floats, Floats]:
    """Take-off angle and azimuth (trials, n), degrees; the same at every call, so that nothing changes by itself."""
    rng = np.random.default_rng(0)
    covariance = np.diag(np.square([UNKNOWN_EPICENTRE, UNKNOWN_EPICENTRE, UNKNOWN_DEPTH]))
    if origin.uncertainty is not None:
        covariance = origin.uncertainty.covariance.copy()
        covariance[2, 2] = UNKNOWN_DEPTH**2 if origin.depth_fixed else covariance[2, 2]
    off = rng.multivariate_normal(np.zeros(3), covariance, TRIALS, check_valid="ignore")
    errors = rng.normal(size=(2, TRIALS, len(found)))
    off[0], errors[:, 0] = 0.0, 0.0
    best = origin.depth or 0.0
    highest = min(best, 0.0)
    depth = highest + np.abs(best + off[:, 2] - highest)  # what would be in the air is reflected
    takeoff, azimuth = np.empty((2, TRIALS, len(found)))
    for number, each in enumerate(found):
        x, y = each.east - off[:, 0], each.north - off[:, 1]
        phase = each.phase if each.phase in times.takeoff else P
        takeoff[:, number] = times.leaving(phase, np.hypot(x, y), depth, each.elevation)
        azimuth[:, number] = np.degrees(np.arctan2(x, y))
    return takeoff + TAKEOFF_ERROR * errors[0], azimuth + AZIMUTH_ERROR * errors[1]
