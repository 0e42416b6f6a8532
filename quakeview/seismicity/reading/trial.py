"""What comes of a choice of columns, tried on some rows of a table before the whole is read."""

from dataclasses import dataclass

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.seismicity.reading.columns import CALENDAR, ROLES, ColumnMap
from quakeview.seismicity.reading.numbers import parse_numbers, unreadable
from quakeview.seismicity.reading.rows import Floats, Rows, Texts
from quakeview.seismicity.reading.screening import DEPTHS, MAGNITUDES
from quakeview.seismicity.reading.table_rows import read_sample
from quakeview.seismicity.reading.tables import Table
from quakeview.seismicity.reading.times import parse_clock, parse_times
from quakeview.texts import counted, geographic

_LIMITS = {
    "latitude": (-90.0, 90.0),
    "longitude": (-360.0, 360.0),
    "depth": (DEPTHS[0] / 1e3, DEPTHS[1] / 1e3),
    "depth_m": DEPTHS,
    "magnitude": MAGNITUDES,
    "year": (1.0, 2200.0),
    "month": (1.0, 12.0),
    "day": (1.0, 31.0),
    "hour": (0.0, 24.0),
    "minute": (0.0, 60.0),
    "second": (0.0, 100.0),
}


@dataclass(frozen=True)
class Trial:
    """What comes of a choice of columns.

    Attributes:
        problems: a sentence for each column, by name, of which some cells are not what the column is said to be.
        lacking: what is still needed, as a sentence; empty if the table can be read.
        first: the first earthquake as it would be read, in words; empty if there is none.
    """

    problems: dict[str, str]
    lacking: str
    first: str


def try_columns(table: Table, columns: ColumnMap) -> Trial:
    """Read the sample of a table with a choice of columns."""
    problems = {}
    for role, name in columns.columns.items():
        if name in table.names and (said := _problem(role, table.cells(name), columns, table.decimal_comma)):
            problems[name] = said
    if lacking := columns.lacking():
        return Trial(problems, f"{lacking[0].upper()}{lacking[1:]}; choose one.", "")
    try:
        rows = read_sample(table, columns)
    except QuakeViewError as error:
        return Trial(problems, str(error), "")
    if not len(rows):
        return Trial(problems, "With these columns no line is an earthquake; choose others.", "")
    return Trial(problems, "", _in_words(rows))


def _problem(role: str, cells: Texts, columns: ColumnMap, comma: bool) -> str:
    """How many cells of a column cannot be what it is said to be; empty if there are none."""
    if role in _LIMITS:
        values = parse_numbers(cells, comma)
        needed = role in ("latitude", "longitude", *CALENDAR)
        wrong = np.isnan(values) if needed else unreadable(cells, values)
        wrong |= _outside(values, *_LIMITS[role])
    elif role == "clock":
        wrong = np.isnan(parse_clock(cells).time)
    elif role in ("time", "date"):
        wrong = np.isnan(parse_times(cells, columns.zone, columns.day_first).time)
    else:
        return ""
    if not wrong.any():
        return ""
    what = ROLES[role].split(" (")[0]
    example = str(cells[np.flatnonzero(wrong)[0]])
    return f"{counted(int(wrong.sum()), 'cell', 'cells')} of {len(cells):,} cannot be the {what}, such as {example!r}."


def _outside(values: Floats, first: float, last: float) -> np.ndarray:
    return (values < first) | (values > last)


def _in_words(rows: Rows) -> str:
    time = np.datetime_as_string(np.datetime64(round(rows.time[0] * 1e3), "ms")).replace("T", " ")
    depth, magnitude = rows.depth[0], rows.magnitude[0]
    said = [f"{time} UTC", geographic(float(rows.longitude[0]), float(rows.latitude[0]), 3)]
    said.append("depth unknown" if np.isnan(depth) else f"{depth / 1e3:g} km deep")
    said.append("magnitude unknown" if np.isnan(magnitude) else f"{rows.magnitude_type[0] or 'M'} {magnitude:g}")
    return ", ".join(said)
