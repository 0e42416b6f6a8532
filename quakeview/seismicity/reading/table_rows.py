"""The rows of a table as earthquakes."""

import csv
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.reading.columns import CALENDAR, CLOCK, TYPED, ColumnMap, plain_name
from quakeview.seismicity.reading.numbers import parse_numbers, unreadable
from quakeview.seismicity.reading.rows import Rows, Texts
from quakeview.seismicity.reading.tables import Table
from quakeview.seismicity.reading.times import Moments, moments, parse_clock, parse_times
from quakeview.texts import counted

_NUMBERS = ("latitude", "longitude", "depth", "depth_m", "magnitude")
_WORDS = ("magnitude_type", "identifier", "event_type")


def read_table(table: Table, columns: ColumnMap, progress: Progress | None = None) -> tuple[Rows, list[str]]:
    """Read the earthquakes of a table.

    Returns:
        Its rows whose time and place can be read, and sentences about the others and about time zones.

    Raises:
        QuakeViewError: if a column that is needed is not named, or is not in the table.
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    name, size = table.path.name, table.path.stat().st_size
    reader = _Reader(table, columns)
    parts: list[Rows] = []
    damage: list[str] = []
    try:
        for rows, lines, done in table.pieces():
            progress.advance(done, size, name)
            parts.append(reader.read(rows, lines))
    except (csv.Error, EOFError, OSError, zlib.error) as error:
        read = counted(sum(map(len, parts)), "event")
        damage.append(f"{name} is damaged or cut off after {read} ({error}); what comes later is left out.")
    return Rows.joined(parts), [*damage, *reader.notes()]


def read_sample(table: Table, columns: ColumnMap) -> Rows:
    """Return the earthquakes of the sample of a table.

    Raises:
        QuakeViewError: as ``read_table``.
    """
    return _Reader(table, columns).read(table.sample, range(len(table.sample)))


class UnknownColumns(QuakeViewError):
    """It is not known which column of a table is what: a person has to say it."""


class _Reader:
    """Reads a table piece by piece, and counts what could not be read."""

    def __init__(self, table: Table, columns: ColumnMap) -> None:
        self.name, self.columns, self.comma = table.path.name, columns, table.decimal_comma
        self.places = _places(table, columns)
        self.needed = 1 + max(self.places[role] for role in self.places if role not in _WORDS)
        self.zones: Counter[float] = Counter()
        self.zoneless = self.carried = 0
        self.lost: dict[str, list[tuple[int, str]]] = {}

    def read(self, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> Rows:
        """Return the earthquakes of some rows."""
        whole = [len(row) >= self.needed for row in rows]
        self._lose(
            "is cut off or has too few columns",
            "are cut off or have too few columns",
            ((line, "") for line, long in zip(lines, whole, strict=True) if not long),
        )
        kept = [row for row, long in zip(rows, whole, strict=True) if long]
        numbers = np.array([line for line, long in zip(lines, whole, strict=True) if long])
        texts = {role: _texts(kept, place) for role, place in self.places.items()}
        when = self._times(texts)
        values = {role: parse_numbers(texts[role], self.comma) for role in _NUMBERS if role in texts}
        bad_time = np.isnan(when.time)
        self._lose(
            "has a time that is impossible or cannot be read",
            "have a time that is impossible or cannot be read",
            self._examples(bad_time, numbers, texts, ("time", "date", "clock", *CALENDAR, *CLOCK)),
        )
        bad_place = ~bad_time & (np.isnan(values["latitude"]) | np.isnan(values["longitude"]))
        self._lose(
            "has no place that can be read",
            "have no place that can be read",
            self._examples(bad_place, numbers, texts, ("latitude", "longitude")),
        )
        usable = ~bad_time & ~bad_place
        self._count(when, usable)
        depth = values["depth"] * 1e3 if "depth" in values else values.get("depth_m")
        words = {role: np.char.strip(texts[role]) for role in _WORDS if role in texts}
        if "magnitude_type" not in words and (kind := TYPED.get(plain_name(self.columns.columns.get("magnitude", "")))):
            words["magnitude_type"] = np.full(len(kept), kind)
        for role in ("magnitude", "depth", "depth_m"):
            if role in values:
                wrong = usable & unreadable(texts[role], values[role])
                self._odd(role, self._examples(wrong, numbers, texts, (role,)))
        found = Rows.of(when.time, values["latitude"], values["longitude"], depth, values.get("magnitude"), **words)
        return found.where(usable)

    def notes(self) -> list[str]:
        """What was not read, and the time zones."""
        said = []
        for what, found in self.lost.items():
            singular, plural = what.split("|")
            line, example = found[0]
            first = f"line {line}" + (f", {example}" if example else "")
            said.append(
                f"{self.name}: {counted(len(found), f'line {singular}', f'lines {plural}')}"
                f" ({'the first is ' if len(found) > 1 else ''}{first})."
            )
        if self.carried:
            said.append(
                f"{self.name}: {counted(self.carried, 'time has', 'times have')} second 60 or hour 24 and "
                f"{'is' if self.carried == 1 else 'are'} carried over."
            )
        return [*said, *self._about_zones()]

    def _about_zones(self) -> list[str]:
        ours = zone_text(self.columns.zone)
        if not self.zones:
            return [f"{self.name}: times do not say their time zone and are taken to be {ours}."]
        kinds = [f"{zone_text(zone)} ({number:,})" for zone, number in self.zones.most_common()]
        if self.zoneless:
            return [
                f"{self.name}: times are in {' and '.join(kinds)}, and {self.zoneless:,} that say none are taken "
                f"to be {ours}; all are converted to UTC."
            ]
        if len(kinds) > 1:
            return [f"{self.name}: times are in several time zones, {' and '.join(kinds)}; all are converted to UTC."]
        return [] if 0.0 in self.zones else [f"{self.name}: times are {zone_text(*self.zones)} and converted to UTC."]

    def _times(self, texts: Mapping[str, Texts]) -> Moments:
        zone = self.columns.zone
        if "time" in texts:
            return parse_times(texts["time"], zone, self.columns.day_first)
        if "date" in texts:
            day = parse_times(texts["date"], 0.0, self.columns.day_first)
            clock = self._clock(texts)
            return Moments(day.time + clock.time, clock.zone, clock.carried)
        return moments(
            {role: parse_numbers(texts[role], self.comma) for role in (*CALENDAR, *CLOCK) if role in texts}, zone
        )

    def _clock(self, texts: Mapping[str, Texts]) -> Moments:
        """Seconds from the beginning of the day, UTC."""
        if "clock" in texts:
            packed = plain_name(self.columns.columns["clock"]) == "hhmmsscc"
            return parse_clock(np.char.zfill(texts["clock"], 8) if packed else texts["clock"], self.columns.zone)
        parts = {role: parse_numbers(texts[role], self.comma) for role in CLOCK if role in texts}
        start = {role: np.full(len(texts["date"]), value) for role, value in zip(CALENDAR, (1970, 1, 1), strict=True)}
        return moments({**start, **parts}, self.columns.zone)

    def _count(self, when: Moments, usable: np.ndarray) -> None:
        zones, numbers = np.unique(when.zone[usable & ~np.isnan(when.zone)], return_counts=True)
        self.zones.update(dict(zip(zones.tolist(), numbers.tolist(), strict=True)))
        self.zoneless += int(np.sum(usable & np.isnan(when.zone)))
        self.carried += int(np.sum(usable & when.carried))

    def _lose(self, singular: str, plural: str, found: Iterator[tuple[int, str]]) -> None:
        if examples := list(found):
            self.lost.setdefault(f"{singular} and is left out|{plural} and are left out", []).extend(examples)

    def _odd(self, role: str, found: Iterator[tuple[int, str]]) -> None:
        what = role.removesuffix("_m")
        if examples := list(found):
            self.lost.setdefault(
                f"has a {what} that is no number and counts as unknown|have a {what} that is no number and counts as "
                "unknown",
                [],
            ).extend(examples)

    def _examples(
        self, wrong: np.ndarray, lines: np.ndarray, texts: Mapping[str, Texts], roles: Sequence[str]
    ) -> Iterator[tuple[int, str]]:
        for place in np.flatnonzero(wrong):
            yield int(lines[place]), repr(" ".join(str(texts[role][place]).strip() for role in roles if role in texts))


def zone_text(hours: float) -> str:
    """``UTC``, ``UTC+9``, ``UTC-3:30``."""
    if not hours:
        return "UTC"
    minutes = round(abs(hours) * 60)
    return f"UTC{'+' if hours > 0 else '-'}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "")


def _places(table: Table, columns: ColumnMap) -> dict[str, int]:
    """Where the column of each role is."""
    if lacking := columns.lacking():
        raise UnknownColumns(
            f"{table.path.name} cannot be read as a catalogue: {lacking}; say which column is what (they are "
            f"{', '.join(table.names)})."
        )
    unknown = [name for name in columns.columns.values() if name not in table.names]
    if unknown:
        raise UnknownColumns(
            f"{table.path.name} has no column {unknown[0]!r}; its columns are {', '.join(table.names)}."
        )
    return {role: table.names.index(name) for role, name in columns.columns.items()}


def _texts(rows: Sequence[Sequence[str]], place: int) -> Texts:
    return np.array([row[place] if place < len(row) else "" for row in rows], dtype=np.str_)
