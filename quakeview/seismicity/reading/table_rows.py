"""The rows of a table as earthquakes."""

import csv
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.reading.columns import CALENDAR, CLOCK, TYPED, ColumnMap, plain_name
from quakeview.seismicity.reading.line_notes import TimeZones, WrongLines
from quakeview.seismicity.reading.numbers import parse_numbers, unreadable
from quakeview.seismicity.reading.rows import Floats, Rows, Texts
from quakeview.seismicity.reading.tables import Table
from quakeview.seismicity.reading.times import Moments, moments, parse_clock, parse_times
from quakeview.texts import counted

_NUMBERS = ("latitude", "longitude", "depth", "depth_m", "magnitude")
_WORDS = ("magnitude_type", "identifier", "event_type")
_TIMES = ("time", "date", "clock", *CALENDAR, *CLOCK)


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
        self.columns, self.comma = columns, table.decimal_comma
        self.places = _places(table, columns)
        self.needed = 1 + max(self.places[role] for role in self.places if role not in _WORDS)
        self.wrong, self.zones = WrongLines(table.path.name), TimeZones(table.path.name, columns.zone)

    def read(self, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> Rows:
        """Return the earthquakes of some rows, and remember what is wrong with the others."""
        whole = np.array([len(row) >= self.needed for row in rows], bool)
        numbers = np.array(lines)
        self.wrong.add("is cut off or has too few columns, and is left out", numbers[~whole])
        kept, numbers = [row for row, long in zip(rows, whole, strict=True) if long], numbers[whole]
        texts = {role: _texts(kept, place) for role, place in self.places.items()}
        when = self._times(texts)
        values = {role: parse_numbers(texts[role], self.comma) for role in _NUMBERS if role in texts}
        timeless = np.isnan(when.time)
        placeless = ~timeless & (np.isnan(values["latitude"]) | np.isnan(values["longitude"]))
        usable = ~(timeless | placeless)

        def note(what: str, wrong: NDArray[np.bool_], *roles: str) -> None:
            self.wrong.add(what, numbers[wrong], [texts[role][wrong] for role in roles if role in texts])

        note("has a time that is impossible or cannot be read, and is left out", timeless, *_TIMES)
        note("has no place that can be read, and is left out", placeless, "latitude", "longitude")
        for role in (role for role in ("magnitude", "depth", "depth_m") if role in values):
            what = f"has a {role.removesuffix('_m')} that is no number and counts as unknown"
            note(what, usable & unreadable(texts[role], values[role]), role)
        self.zones.add(when, usable)
        return self._rows(when, values, texts).where(usable)

    def notes(self) -> list[str]:
        """What was not read, and the time zones."""
        return [*self.wrong.sentences(), *self.zones.sentences()]

    def _rows(self, when: Moments, values: Mapping[str, Floats], texts: Mapping[str, Texts]) -> Rows:
        depth = values["depth"] * 1e3 if "depth" in values else values.get("depth_m")
        words = {role: np.char.strip(texts[role]) for role in _WORDS if role in texts}
        if "magnitude_type" not in words and (kind := TYPED.get(plain_name(self.columns.columns.get("magnitude", "")))):
            words["magnitude_type"] = np.full(len(when.time), kind)
        return Rows.of(when.time, values["latitude"], values["longitude"], depth, values.get("magnitude"), **words)

    def _times(self, texts: Mapping[str, Texts]) -> Moments:
        zone = self.columns.zone
        if "time" in texts:
            return parse_times(texts["time"], zone, self.columns.day_first)
        if "date" in texts:
            day = parse_times(texts["date"], 0.0, self.columns.day_first)
            clock = self._clock(texts)
            return Moments(day.time + clock.time, clock.zone, clock.carried)
        return moments(self._numbers(texts, (*CALENDAR, *CLOCK)), zone)

    def _clock(self, texts: Mapping[str, Texts]) -> Moments:
        """Seconds from the beginning of the day, UTC."""
        if "clock" in texts:
            packed = plain_name(self.columns.columns["clock"]) == "hhmmsscc"
            return parse_clock(np.char.zfill(texts["clock"], 8) if packed else texts["clock"], self.columns.zone)
        start = {role: np.full(len(texts["date"]), value) for role, value in zip(CALENDAR, (1970, 1, 1), strict=True)}
        return moments({**start, **self._numbers(texts, CLOCK)}, self.columns.zone)

    def _numbers(self, texts: Mapping[str, Texts], roles: Sequence[str]) -> dict[str, Floats]:
        return {role: parse_numbers(texts[role], self.comma) for role in roles if role in texts}


def _places(table: Table, columns: ColumnMap) -> dict[str, int]:
    """Where the column of each role is."""
    if lacking := columns.lacking():
        raise UnknownColumns(
            f"{table.path.name} cannot be read as a catalogue: {lacking}; say which column is what (they are "
            f"{', '.join(table.names)})."
        )
    numbered = {f"column {place + 1}": place for place in range(len(table.names))}
    places = numbered | {name: place for place, name in enumerate(table.names)}
    if unknown := [name for name in columns.columns.values() if name not in places]:
        raise UnknownColumns(
            f"{table.path.name} has no column {unknown[0]!r}; its columns are {', '.join(table.names)}."
        )
    return {role: places[name] for role, name in columns.columns.items()}


def _texts(rows: Sequence[Sequence[str]], place: int) -> Texts:
    return np.array([row[place] if place < len(row) else "" for row in rows], dtype=np.str_)
