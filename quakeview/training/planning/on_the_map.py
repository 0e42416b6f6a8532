"""Earthquakes and stations of data sets as maps and time lines show them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.events.event import Event, Magnitude, Origin
from quakeview.stations.coordinates import Coordinates
from quakeview.training.planning.record_table import RecordTable
from quakeview.training.planning.splitting import Division, Earthquakes
from quakeview.training.splits import PARTS

MOST_SHOWN = 20_000
"""Earthquakes that a map is given; of more, so many drawn at random."""
BINS = 60
"""Of a time line."""


@dataclass(frozen=True)
class Places:
    """What a map shows.

    Attributes:
        events: with the number of the earthquake as their id.
        stations: by network and station code.
        note: what is not on it; "" if nothing is missing.
    """

    events: Sequence[Event]
    stations: dict[tuple[str, str], Coordinates]
    note: str


def places_of(earthquakes: Earthquakes, tables: Sequence[RecordTable]) -> Places:
    """The earthquakes and stations whose places are known."""
    known = np.flatnonzero(np.isfinite(earthquakes.latitude) & np.isfinite(earthquakes.longitude))
    shown = known
    if len(known) > MOST_SHOWN:
        shown = np.sort(np.random.default_rng(0).permutation(known)[:MOST_SHOWN])
    stations = {key: place for table in tables for key, place in _stations(table).items()}
    return Places([_event(earthquakes, index) for index in shown.tolist()], stations, _note(earthquakes, known, shown))


def _event(earthquakes: Earthquakes, index: int) -> Event:
    time, depth, magnitude = (
        float(values[index]) for values in (earthquakes.time, earthquakes.depth, earthquakes.magnitude)
    )
    origin = Origin(
        UTCDateTime(time if np.isfinite(time) else 0),
        float(earthquakes.latitude[index]),
        float(earthquakes.longitude[index]),
        depth if np.isfinite(depth) else None,
    )
    magnitudes = (Magnitude("M", magnitude),) if np.isfinite(magnitude) else ()
    return Event(origin, magnitudes, name=earthquakes.names[index], resource_id=str(index))


def _stations(table: RecordTable) -> dict[tuple[str, str], Coordinates]:
    latitude, longitude = table.of_stations("station_latitude"), table.of_stations("station_longitude")
    found = {}
    for name, north, east in zip(table.stations, latitude.tolist(), longitude.tolist(), strict=True):
        if np.isfinite(north) and np.isfinite(east):
            network, _, station = name.partition(".")
            found[network, station] = Coordinates(north, east, 0.0)
    return found


def _note(earthquakes: Earthquakes, known: NDArray[np.int64], shown: NDArray[np.int64]) -> str:
    if not len(known):
        return "The data do not say where their earthquakes are."
    notes = []
    if len(known) < len(earthquakes):
        notes.append(f"{len(earthquakes) - len(known):,} without a place are not on the map")
    if len(shown) < len(known):
        notes.append(f"{len(shown):,} of {len(known):,} earthquakes are drawn")
    return "; ".join(notes) + "." if notes else ""


@dataclass(frozen=True)
class TimeLine:
    """Earthquakes in time.

    Attributes:
        edges: (bins + 1,), s after 1970 UTC.
        counts: (bins,) of each part.
        unknown: earthquakes without a time.
    """

    edges: NDArray[np.float64]
    counts: dict[str, NDArray[np.int64]]
    unknown: int


def time_line(division: Division) -> TimeLine:
    """How many earthquakes of each part there are in stretches of equal length."""
    time, part = division.earthquakes.time, division.part_of_event
    known = np.isfinite(time)
    low, high = (time[known].min(), time[known].max()) if known.any() else (0.0, 1.0)
    edges = np.linspace(low, max(high, low + 1), BINS + 1)
    counts = {name: np.histogram(time[known & (part == name)], edges)[0] for name in PARTS}
    return TimeLine(edges, counts, int((~known).sum()))
