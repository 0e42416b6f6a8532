"""Events and stations as arrays, in the order in which they are painted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quakeview.atlas.mercator import Mercator
from quakeview.events.event import Event, EventStatus
from quakeview.stations.coordinates import Coordinates

Floats = NDArray[np.float64]
StationKey = tuple[str, str]
"""Network and station code."""


@dataclass(frozen=True)
class EventColumns:
    """Of n events, the largest first, so that small ones lie above them; those of unknown magnitude come last.

    Attributes:
        time: seconds since 1970-01-01 UTC.
        x, y: on the map, m.
        depth: m; NaN is not known.
        magnitude: NaN is not known.
        pale: whether a person disagreed with it, or says that it was no earthquake.
        solved: whether it has a focal mechanism.
    """

    ids: tuple[str, ...]
    time: Floats
    x: Floats
    y: Floats
    depth: Floats
    magnitude: Floats
    pale: NDArray[np.bool_]
    solved: NDArray[np.bool_]

    @classmethod
    def of(cls, events: Iterable[Event], projection: Mercator) -> "EventColumns":
        rows = [
            (
                event.resource_id,
                event.time.timestamp,
                event.origin.longitude,
                event.origin.latitude,
                np.nan if event.origin.depth is None else event.origin.depth,
                np.nan if event.magnitude is None else event.magnitude.value,
                event.status is EventStatus.REJECTED or not event.is_earthquake,
                event.mechanism is not None,
            )
            for event in events
        ]
        numbers = np.array([row[1:] for row in rows], float).reshape(-1, 7)
        order = np.argsort(-numbers[:, 4], kind="stable")
        time, longitude, latitude, depth, magnitude, pale, solved = numbers[order].T
        x, y = projection.to_map(projection.near(longitude), latitude)
        return cls(tuple(rows[i][0] for i in order), time, x, y, depth, magnitude, pale > 0, solved > 0)

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each event is."""
        return {each: index for index, each in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class StationColumns:
    """Of n stations: their codes, and where they are on the map, m."""

    keys: tuple[StationKey, ...]
    x: Floats
    y: Floats

    @classmethod
    def of(cls, stations: Mapping[StationKey, Coordinates], projection: Mercator) -> "StationColumns":
        places = np.array([(each.longitude, each.latitude) for each in stations.values()], float).reshape(-1, 2)
        x, y = projection.to_map(projection.near(places[:, 0]), places[:, 1])
        return cls(tuple(stations), x, y)
