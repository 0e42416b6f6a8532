"""Which column of a table is what: guessed from names and values, and changeable."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.seismicity.reading.numbers import parse_numbers
from quakeview.seismicity.reading.times import day_comes_first, is_clock_alone, is_time

ROLES = {
    "time": "origin time",
    "date": "date alone",
    "clock": "time of day alone",
    "year": "year",
    "month": "month",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
    "latitude": "latitude (°)",
    "longitude": "longitude (°)",
    "depth": "depth (km)",
    "depth_m": "depth (m)",
    "magnitude": "magnitude",
    "magnitude_type": "type of magnitude",
    "identifier": "identifier",
    "event_type": "type of event",
}
"""What a column can be, and how it is called on screen."""
CALENDAR = ("year", "month", "day")
CLOCK = ("hour", "minute", "second")
_ALIASES = {
    "time": "time origin_time origintime datetime date_time timestamp source_origin_time time_string utc ot origin "
    "event_time origin_date_time",
    "date": "date yyyymmdd origin_date yyyy_mm_dd yyy_mm_dd fecha datum tarih",
    "clock": "clock time_of_day hhmmsscc hh_mm_ss hh_mm_ss_ss hora uhrzeit saat",
    "year": "year yr yyyy",
    "month": "month mo mon mm",
    "day": "day dy dd",
    "hour": "hour hr hh",
    "minute": "minute min mi minutes",
    "second": "second sec sc seconds ss",
    "latitude": "latitude lat latitude_deg source_latitude_deg latitude_degrees evla latitud breite enlem",
    "longitude": "longitude lon long lng longitude_deg source_longitude_deg longitude_degrees evlo longitud "
    "laenge boylam",
    "depth": "depth dep depth_km source_depth_km z_km depthkm z evdp prof profundidad profondita tiefe derinlik",
    "depth_m": "depth_m",
    "magnitude": "magnitude mag m source_magnitude preferred_magnitude mw ml mb ms md mww mjma mv magnitud magnitudo",
    "magnitude_type": "magnitude_type magtype mag_type source_magnitude_type type_of_magnitude magnitudetype "
    "tipo_mag magt",
    "identifier": "id event_id eventid evid source_id publicid ids event_index index idx cuspid catalog_event_id",
    "event_type": "event_type type et eventtype etype source_type evtype",
}
_ROLE_OF = {alias: role for role, aliases in _ALIASES.items() for alias in aliases.split()}
_RANK = {alias: number for aliases in _ALIASES.values() for number, alias in enumerate(aliases.split())}
_UNITS = re.compile(r"_(utc|gmt|jst|deg|degs|degrees|degree|km|n|e|wgs84|dd|decimal)$")
"""What may stand behind a name; a depth in metres has a name of its own."""
_MAGNITUDE_TYPE = re.compile(r"m[a-z]{0,4}(\(.*\)|_\w+)?", re.IGNORECASE)
TYPED = {"mw": "Mw", "ml": "ML", "mb": "mb", "ms": "Ms", "md": "Md", "mww": "Mww", "mjma": "Mj"}
"""Names of columns of magnitudes that say their type."""
_DEEPEST = 1000.0
"""km; a column that goes deeper is in metres."""
_JAPAN = 9.0


@dataclass(frozen=True)
class ColumnMap:
    """Which column of a table is what.

    Attributes:
        columns: name of the column by role, one of ``ROLES``; columns without a name are "column 1", "column 2" ...
        zone: hours ahead of UTC of times that do not say so themselves.
        day_first: whether 4/7/2019 is in July.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    zone: float = 0.0
    day_first: bool = True

    @classmethod
    def parse(cls, text: str) -> "ColumnMap":
        """Return the map that a text such as ``time=origin,latitude=y,longitude=x,magnitude=M,zone=+9`` says.

        Numbers count columns from 1. ``day_first=no`` says that 4/7/2019 is in April.

        Raises:
            QuakeViewError: if it says something else.
        """
        columns, zone, day_first = {}, 0.0, True
        for part in filter(str.strip, text.split(",")):
            role, _, name = (each.strip() for each in part.partition("="))
            if role == "zone":
                zone = _hours(name)
            elif role == "day_first":
                day_first = name.lower() in ("yes", "true", "1")
            elif role in ROLES and name:
                columns[role] = f"column {name}" if name.isdigit() else name
            else:
                raise QuakeViewError(
                    f"Columns are named such as time=origin,latitude=lat,zone=+9, not {part.strip()!r}; what can be "
                    f"named is {', '.join(ROLES)}, zone and day_first."
                )
        return cls(columns, zone, day_first)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can keep."""
        return {"columns": dict(self.columns), "zone": self.zone, "day_first": self.day_first}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "ColumnMap":
        """Return the map that ``to_dict`` kept; what is no role is passed over."""
        columns = {role: str(name) for role, name in dict(kept.get("columns", {})).items() if role in ROLES}
        return cls(columns, float(kept.get("zone", 0.0)), bool(kept.get("day_first", True)))

    def with_role(self, column: str, role: str | None) -> "ColumnMap":
        """Return the map in which a column is something else, or nothing; no two columns are the same thing."""
        kept = {each: name for each, name in self.columns.items() if name != column and each != role}
        return replace(self, columns=kept if role is None else {**kept, role: column})

    def role_of(self, column: str) -> str | None:
        """Return what a column is, or None."""
        return next((role for role, name in self.columns.items() if name == column), None)

    def lacking(self) -> str | None:
        """Return what is still needed, as the end of a sentence; None if nothing is."""
        has = set(self.columns)
        if not ("time" in has or "date" in has or set(CALENDAR) <= has):
            return "no column is the origin time"
        for role in ("latitude", "longitude"):
            if role not in has:
                return f"no column is the {role}"
        return None

    def sentence(self) -> str:
        """Return which column is what, in words."""
        said = [
            ROLES[role] if plain_name(name) == role else f"{ROLES[role]} = {name!r}"
            for role, name in self.columns.items()
        ]
        missing = [word for role, word in (("magnitude", "magnitudes"), ("depth", "depths")) if not self._has(role)]
        return f"read as {', '.join(said)}{'; there are no ' + ' and no '.join(missing) if missing else ''}"

    def _has(self, role: str) -> bool:
        return role in self.columns or (role == "depth" and "depth_m" in self.columns)


def names_columns(cells: Sequence[str]) -> bool:
    """Whether cells name a latitude, a longitude and something else of an earthquake."""
    return {"latitude", "longitude"} < {_role(cell) for cell in cells} - {None}


def guess_columns(names: Sequence[str], rows: Sequence[Sequence[str]], decimal_comma: bool = False) -> ColumnMap:
    """Return what the columns seem to be.

    Args:
        names: of the columns.
        rows: some rows of cells, from the beginning and the end of the table.
        decimal_comma: whether 3,5 is a number.
    """
    cells = {name: [row[place].strip() for row in rows if place < len(row)] for place, name in enumerate(names)}
    columns = _by_name(names, cells)
    _by_value(columns, cells, decimal_comma)
    _unit_of_depth(columns, cells, decimal_comma)
    when = columns.get("time") or columns.get("date") or ""
    texts = np.array(cells.get(when, []), dtype=np.str_)
    zone = _JAPAN if re.search(r"(?<![a-z])jst(?![a-z])", when.lower()) else 0.0
    return ColumnMap(_ordered(columns), zone, day_comes_first(texts) is not False)


def _ordered(columns: Mapping[str, str]) -> dict[str, str]:
    return {role: columns[role] for role in ROLES if role in columns}


def _role(name: str) -> str | None:
    """What a name says that a column is, also with a unit behind it."""
    plain = plain_name(name)
    return _ROLE_OF.get(plain) or _ROLE_OF.get(_UNITS.sub("", plain))


def _rank(name: str) -> int:
    plain = plain_name(name)
    return _RANK.get(plain, _RANK.get(_UNITS.sub("", plain), 0))


def _by_name(names: Sequence[str], cells: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The columns whose names say what they are; of two that say the same the more usual name counts."""
    found: dict[str, str] = {}
    for name in names:
        role = _role(name)
        if role is None:
            continue
        role = _by_what_it_holds(role, [cell for cell in cells[name] if cell])
        if role not in found or _rank(name) < _rank(found[role]):
            found[role] = name
    return _one_time(found)


def _by_what_it_holds(role: str, values: Sequence[str]) -> str:
    """What a column is that is called time, date or type, which mean several things."""
    if role in ("time", "date") and values and all(map(is_clock_alone, values)):
        return "clock"
    if role == "date" and values and all(is_time(value) and ":" in value for value in values):
        return "time"
    if role == "event_type" and values and all(map(_MAGNITUDE_TYPE.fullmatch, values)):
        return "magnitude_type"
    return role


def _unit_of_depth(columns: dict[str, str], cells: Mapping[str, Sequence[str]], decimal_comma: bool) -> None:
    """A depth that is said to be in nothing and goes below 1,000 is in metres."""
    name = columns.get("depth")
    if name is None or "depth_m" in columns or plain_name(name).endswith("km"):
        return
    values = parse_numbers(np.array(cells[name], dtype=np.str_), decimal_comma)
    if np.sum(np.abs(values) > _DEEPEST) > np.isfinite(values).sum() / 2:
        columns["depth_m"] = columns.pop("depth")


def _one_time(found: dict[str, str]) -> dict[str, str]:
    """One way of saying the time: a whole one, or a date with a clock, or a number for each part."""
    if "time" in found:
        unneeded: Iterable[str] = ("date", "clock", *CALENDAR, *CLOCK)
    elif set(CALENDAR) <= set(found) and "hour" in found:
        unneeded = ("date", "clock")
    elif "date" in found:
        unneeded = (*CALENDAR, *(CLOCK if "clock" in found else ()))
    else:
        unneeded = ()
    return {role: name for role, name in found.items() if role not in unneeded}


def _by_value(columns: dict[str, str], cells: Mapping[str, Sequence[str]], decimal_comma: bool) -> None:
    """Add what the names did not say and the values do.

    A time is unmistakable. Places and magnitudes are guessed only where columns have no names: x and y could be km.
    """
    free = [name for name in cells if name not in columns.values()]
    if not {"time", "date", "year"} & set(columns):
        values = {name: [cell for cell in cells[name] if cell] for name in free}
        when = next((name for name in free if values[name] and all(map(is_time, values[name]))), None)
        columns |= {} if when is None else {"time": when}
    if has_names(list(cells)):
        return
    numbers = {
        name: parse_numbers(np.array(cells[name], dtype=np.str_), decimal_comma)
        for name in free
        if name not in columns.values() and cells[name]
    }
    known = {name: values[np.isfinite(values)] for name, values in numbers.items()}
    usable = [name for name, values in known.items() if len(values) and _is_column_of_numbers(values, numbers[name])]
    if not {"latitude", "longitude"} & set(columns):
        _guess_place(columns, usable, known)
    if "latitude" in columns and "longitude" in columns and "magnitude" not in columns:
        _guess_size(columns, [name for name in usable if name not in columns.values()], known)


def has_names(names: Sequence[str]) -> bool:
    """Return whether columns have names of their own."""
    return not all(re.fullmatch(r"column \d+", name) for name in names)


def _is_column_of_numbers(values: np.ndarray, whole: np.ndarray) -> bool:
    return len(values) > 0.5 * len(whole) and bool(np.any(values != np.round(values)))


def _guess_place(columns: dict[str, str], usable: Sequence[str], known: Mapping[str, np.ndarray]) -> None:
    """Two neighbouring columns with fractions that can be degrees; the one that goes beyond 90 is the longitude."""
    for first, second in pairwise(usable):
        largest = [float(np.abs(known[name]).max()) for name in (first, second)]
        if max(largest) <= 360 and min(largest) <= 90:
            north, east = (second, first) if largest[0] > 90 else (first, second)
            columns["latitude"], columns["longitude"] = north, east
            return


def _guess_size(columns: dict[str, str], usable: Sequence[str], known: Mapping[str, np.ndarray]) -> None:
    """Of the columns that are left, the magnitude lies between -3 and 10; a depth goes deeper."""
    sized = [name for name in usable if known[name].min() >= -3 and known[name].max() <= 10]
    deeper = [name for name in usable if name not in sized and known[name].min() >= -5 and known[name].max() <= 800]
    if sized:
        columns["magnitude"] = sized[-1] if len(sized) > 1 and not deeper else sized[0]
    if deeper:
        columns.setdefault("depth", deeper[0])


def plain_name(name: str) -> str:
    """A name without capitals, blanks and brackets: "Depth (km)" and "depth/km" are depth_km."""
    words = re.sub(r"[^\w]+", "_", name.strip().lower().lstrip("#").strip()).strip("_")
    return re.sub(r"_\d+$", "", words)


def _hours(text: str) -> float:
    match = re.fullmatch(r"(?:UTC)?([+-]?)(\d{1,2})(?::?(\d\d))?", text.strip(), re.IGNORECASE)
    if text.strip().upper() in ("UTC", "Z", "GMT"):
        return 0.0
    if not match or int(match[2]) > 14:
        raise QuakeViewError(f"A time zone is written such as +9 or -03:30, not {text!r}.")
    return (-1 if match[1] == "-" else 1) * (int(match[2]) + int(match[3] or 0) / 60)
