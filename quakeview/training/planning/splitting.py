"""Data divided by earthquake into parts to learn from, to choose by and to be scored on; nothing is in two of them.

What is one earthquake is decided over all data sets together: the same name in one data set, the same origin within
seconds and km under any names, or a record of the same station and P.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.texts import counted
from quakeview.training.planning.problems import NAMED, Problem
from quakeview.training.planning.record_table import Numbers, RecordTable
from quakeview.training.records import uniform
from quakeview.training.same_earthquake import joined, same_earthquakes
from quakeview.training.splits import PARTS, read_splits

Parts = NDArray[np.str_]

FRACTIONS = {"train": 0.7, "dev": 0.15, "test": 0.15}


@dataclass(frozen=True)
class ByEvent:
    """Drawn at random, so that each part has its share of the earthquakes.

    Attributes:
        fractions: of train, dev and test, summing to 1.
    """

    fractions: Mapping[str, float] = field(default_factory=lambda: dict(FRACTIONS))


@dataclass(frozen=True)
class ByTime:
    """Train before ``dev_from``, dev from then on, test from ``test_from`` on; s after 1970 UTC."""

    dev_from: float
    test_from: float


@dataclass(frozen=True)
class ByRegion:
    """Test on the earthquakes in a box of degrees; of those outside a share is dev, drawn at random."""

    south: float
    north: float
    west: float
    east: float
    dev: float = 0.15


@dataclass(frozen=True)
class AsGiven:
    """As the data sets' own columns ``split`` say."""


@dataclass(frozen=True)
class AsTable:
    """As a table ``dataset,event,split`` says, see ``quakeview.training.splits``."""

    path: Path


Way = ByEvent | ByTime | ByRegion | AsGiven | AsTable


@dataclass(frozen=True)
class Earthquakes:
    """The earthquakes of all data sets.

    Attributes:
        names: of the groups, each of which is one earthquake.
        group: of each record of each table.
        time, latitude, longitude, depth, magnitude: (n,) of each group; NaN where they are not known. The time is that
            of the first record where there is no origin.
    """

    names: Sequence[str]
    group: Sequence[NDArray[np.int64]]
    time: Numbers
    latitude: Numbers
    longitude: Numbers
    depth: Numbers
    magnitude: Numbers

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Division:
    """Which part each record is in.

    Attributes:
        tables: of the data sets.
        parts: of each record of each table: one of ``PARTS``, or "" for one that is used nowhere.
    """

    tables: Sequence[RecordTable]
    earthquakes: Earthquakes
    parts: Sequence[Parts]

    def counts(self) -> dict[str, tuple[int, int]]:
        """How many records and earthquakes are in each part."""
        found = {}
        for part in PARTS:
            events = [
                group[(parts == part) & ~table.noise]
                for table, group, parts in zip(self.tables, self.earthquakes.group, self.parts, strict=True)
            ]
            records = sum(int((parts == part).sum()) for parts in self.parts)
            found[part] = (records, len(np.unique(np.concatenate(events))))
        return found

    @cached_property
    def part_of_event(self) -> Parts:
        """The part of each earthquake, (n,); of one that is in two the one that comes last in ``PARTS``."""
        found = np.full(len(self.earthquakes), "", dtype="<U5")
        for part in PARTS:
            for group, parts in zip(self.earthquakes.group, self.parts, strict=True):
                found[group[parts == part]] = part
        return found

    def events(self) -> dict[str, dict[str, str]]:
        """The part of each event by data set and name, for ``write_splits``; those of no part are not in it."""
        named: dict[str, dict[str, str]] = {}
        for table, parts in zip(self.tables, self.parts, strict=True):
            first = np.unique(table.event, return_index=True)[1]
            named[table.name] = {
                table.events[table.event[index]]: str(parts[index]) for index in first.tolist() if parts[index]
            }
        return named


def find_earthquakes(tables: Sequence[RecordTable]) -> Earthquakes:
    """Find out which events of the data sets are one earthquake."""
    starts = np.cumsum([0, *(len(table.events) for table in tables)])
    time, latitude, longitude, depth, magnitude = (
        np.concatenate([table.of_events(name) for table in tables])
        for name in ("origin_time", "latitude", "longitude", "depth", "magnitude")
    )
    pairs = [same_earthquakes(time, latitude, longitude), _shared_records(tables, starts)]
    group = joined(int(starts[-1]), np.concatenate(pairs))
    seconds = np.concatenate([_times(table) for table in tables])
    first = np.unique(group, return_index=True)[1]
    names = [name for table in tables for name in table.events]
    return Earthquakes(
        [names[index] for index in first.tolist()],
        [group[start + table.event] for start, table in zip(starts, tables, strict=False)],
        *(_of_groups(values, group, len(first)) for values in (seconds, latitude, longitude, depth, magnitude)),
    )


def _shared_records(tables: Sequence[RecordTable], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs (k, 2) of events that have a record of the same station and the same P, to a tenth of a second."""
    stations = {name: number for number, name in enumerate({name for table in tables for name in table.stations})}
    keys, events = [], []
    for start, table in zip(starts, tables, strict=False):
        time = table["start"] + table["p"]
        known = np.isfinite(time) & np.array([name != "." for name in table.stations])[table.station]
        number = np.array([stations[name] for name in table.stations], np.int64)[table.station[known]]
        keys.append(np.stack([number, np.round(10 * time[known]).astype(np.int64)], axis=1))
        events.append(start + table.event[known])
    _, inverse = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    every = np.concatenate(events)
    order = np.argsort(inverse, kind="stable")
    same = np.diff(inverse[order]) == 0
    pairs = np.stack([every[order][:-1][same], every[order][1:][same]], axis=1)
    return pairs[pairs[:, 0] != pairs[:, 1]]


def _times(table: RecordTable) -> Numbers:
    """When each event was: its origin time, else the start of its first record."""
    origin, start = table.of_events("origin_time"), table.of_events("start")
    return np.where(np.isfinite(origin), origin, start)


def _of_groups(values: Numbers, group: NDArray[np.int64], count: int) -> Numbers:
    """The first value in each group that is known."""
    found = np.full(count, np.nan)
    known = np.flatnonzero(np.isfinite(values))[::-1]
    found[group[known]] = values[known]
    return found


def divide(tables: Sequence[RecordTable], way: Way) -> Division:
    """Divide the records of data sets so that no earthquake is in two parts (but for what is given: see ``leaks``).

    Raises:
        QuakeViewError: if there is nothing to divide by, or the numbers cannot be.
    """
    if not any(len(table) for table in tables):
        raise QuakeViewError("There are no records to divide; choose data first.")
    _check_names(tables)
    earthquakes = find_earthquakes(tables)
    if isinstance(way, AsGiven):
        without = [table.name for table in tables if not (table.split != "").any()]
        if without:
            raise QuakeViewError(f"{' and '.join(without)} has no split of its own; divide by event, time or region.")
        return Division(tables, earthquakes, [table.split for table in tables])
    if isinstance(way, AsTable):
        return Division(tables, earthquakes, _parts_in_table(tables, way.path))
    part = _parts(earthquakes, way)
    return Division(tables, earthquakes, [part[group] for group in earthquakes.group])


def _parts_in_table(tables: Sequence[RecordTable], path: Path) -> list[Parts]:
    named = read_splits(path)
    return [
        np.array([named.get(table.name, {}).get(event, "") for event in table.events], np.str_)[table.event]
        for table in tables
    ]


def _parts(earthquakes: Earthquakes, way: ByEvent | ByTime | ByRegion) -> Parts:
    """The part of each earthquake."""
    if isinstance(way, ByEvent):
        return _by_event(earthquakes, way)
    return _by_time(earthquakes, way) if isinstance(way, ByTime) else _by_region(earthquakes, way)


def _check_names(tables: Sequence[RecordTable]) -> None:
    names = [table.name for table in tables]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise QuakeViewError(f"Two data sets are called {twice}; rename one of the folders, or use it only once.")


def _by_event(earthquakes: Earthquakes, way: ByEvent) -> Parts:
    fractions = [way.fractions.get(part, 0.0) for part in PARTS]
    if min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-6:
        raise QuakeViewError("The shares of train, dev and test must add up to 100 %.")
    order = sorted(range(len(earthquakes)), key=lambda index: uniform(earthquakes.names[index]))
    edges = np.round(np.cumsum([0.0, *fractions]) * len(order)).astype(int)
    part = np.full(len(order), "", dtype="<U5")
    for name, (first, last) in zip(PARTS, pairwise(edges), strict=True):
        part[order[first:last]] = name
    return part


def _by_time(earthquakes: Earthquakes, way: ByTime) -> Parts:
    if way.test_from < way.dev_from:
        raise QuakeViewError("The test part must not begin before the dev part: what is scored comes last in time.")
    time = earthquakes.time
    part = np.where(time >= way.test_from, "test", np.where(time >= way.dev_from, "dev", "train"))
    return np.where(np.isfinite(time), part, "")


def _by_region(earthquakes: Earthquakes, way: ByRegion) -> Parts:
    if way.south >= way.north:
        raise QuakeViewError("The box is empty: its north must be above its south.")
    width = (way.east - way.west) % 360 or 360.0
    inside = (earthquakes.latitude >= way.south) & (earthquakes.latitude <= way.north)
    inside &= (earthquakes.longitude - way.west) % 360 <= width
    dev = np.array([uniform(name) < way.dev for name in earthquakes.names])
    part = np.where(inside, "test", np.where(dev, "dev", "train"))
    return np.where(np.isfinite(earthquakes.latitude) & np.isfinite(earthquakes.longitude), part, "")


# --- what is wrong with a division -----------------------------------------------------------------------------------


def leaks(division: Division) -> list[Problem]:
    """The earthquakes that are in two parts, by name and place."""
    found = []
    seen: list[dict[str, str]] = [{} for _ in range(len(division.earthquakes))]
    for table, group, parts in zip(division.tables, division.earthquakes.group, division.parts, strict=True):
        for index in np.flatnonzero(parts != "").tolist():
            where = f"{parts[index]} ({table.events[table.event[index]]} of {table.name})"
            seen[group[index]].setdefault(str(parts[index]), where)
    found = [places for places in seen if len(places) > 1]
    if not found:
        return []
    told = "; ".join(" and in ".join(places.values()) for places in found[:NAMED])
    more = f"; and {len(found) - NAMED:,} more" if len(found) > NAMED else ""
    said = counted(len(found), "earthquake is", "earthquakes are")
    return [
        Problem(
            f"{said} in more than one part: in {told}{more}",
            advice="what is tested on must not be learnt; divide by event",
        )
    ]


def division_problems(division: Division) -> list[Problem]:
    """Why nothing can be trained with a division: leaks, and parts without an earthquake; "" if it can."""
    empty = [part for part, (records, _) in division.counts().items() if not records]
    problems = leaks(division)
    if empty:
        needs = {"train": "there is nothing to learn from", "dev": "nothing chooses the best weights"}
        why = ", ".join(needs.get(part, "nothing is left to score the model on") for part in empty)
        problems.append(Problem(f"There is no record in {' and '.join(empty)}: {why}"))
    return problems


def division_notes(division: Division) -> list[str]:
    """What somebody should know of a division that can be used."""
    unused = sum(int((parts == "").sum()) for parts in division.parts)
    events = division.counts()["test"][1]
    notes = []
    if unused:
        said = counted(unused, "record has", "records have")
        notes.append(f"{said} no time or place to be divided by, or no part, and will not be used.")
    if 0 < events < 10:
        notes.append(f"{counted(events, 'earthquake is', 'earthquakes are')} few to test on: scores will be uncertain.")
    dev = [int((parts == "dev").sum()) for parts in division.parts]
    if sum(number > 0 for number in dev) > 1:
        chosen = division.tables[int(np.argmax(dev))].name
        notes.append(f"The best weights are chosen on the dev part of {chosen} alone, which is the largest.")
    return notes
