"""The hypocentre file of the Japan Meteorological Agency: lines of 96 columns, times of Japan (UTC+9).

https://www.data.jma.go.jp/eqev/data/bulletin/data/format/hypfmt_e.html
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from quakeview.jobs import Progress
from quakeview.seismicity.reading.rows import Floats, Rows, Texts
from quakeview.seismicity.reading.tables import PIECE, open_text
from quakeview.seismicity.reading.times import moments
from quakeview.texts import counted

_LINE = re.compile(r"[JUI]\d{4}[ \d]{8}[ \d]{4}")
_SHORTEST = 44
"""Columns up to the end of the longitude's."""
_ZONE = 9.0
_EVENTS = {"2": "earthquake", "3": "artificial event", "4": "noise", "5": "low-frequency earthquake"}
"""Column 61; 1 is a natural earthquake, 2 one with too few stations."""
_TYPES = {"J": "Mj", "D": "Mj", "d": "Mj", "V": "Mv", "v": "Mv", "B": "mb", "S": "Ms", "W": "Mw"}
"""Column 55: of displacement (Tsuboi's and later ones), of velocity, USGS's, moment magnitude."""
_NEGATIVE = {"-": 0, "A": 10, "B": 20, "C": 30}
"""Magnitudes below zero (column 53): -5 is -0.5, A0 is -1.0, B5 is -2.5."""


def is_jma(head: str) -> bool:
    """Whether a file that begins so is a hypocentre file of the JMA."""
    lines = [line for line in head.splitlines()[:200] if line.strip()]
    return bool(lines) and sum(bool(_LINE.match(line)) for line in lines) > len(lines) / 2


def read_jma(path: Path, progress: Progress | None = None) -> tuple[Rows, list[str]]:
    """Read the lines of hypocentres (J, U and I); those of readings between them are passed over.

    Raises:
        Cancelled: through ``progress``.
    """
    progress, size = progress or Progress(), path.stat().st_size
    parts, cut = [], 0
    with open_text(path) as (text, raw):
        lines = (line.rstrip("\r\n") for line in text if line[:1] in ("J", "U", "I"))
        while piece := list(islice(lines, PIECE)):
            progress.advance(raw.tell(), size, path.name)
            whole = [line.ljust(96) for line in piece if len(line) >= _SHORTEST]
            cut += len(piece) - len(whole)
            parts.append(_rows(np.array(whole, dtype="U96")))
    rows = Rows.joined(parts)
    readable = np.isfinite(rows.time) & np.isfinite(rows.latitude) & np.isfinite(rows.longitude)
    return rows.where(readable), list(_sentences(path.name, cut, int(np.sum(~readable))))


def _sentences(name: str, cut: int, unreadable: int) -> Iterator[str]:
    yield f"{name}: read as a hypocentre file of the JMA; its times are UTC+9 and converted to UTC."
    if cut:
        yield f"{name}: {counted(cut, 'line is', 'lines are')} cut off and left out."
    if unreadable:
        yield f"{name}: {counted(unreadable, 'line has', 'lines have')} no time or no place that can be read, left out."


def _rows(lines: Texts) -> Rows:
    letters = lines.view(np.uint32).reshape(len(lines), 96)

    def column(first: int, last: int) -> Texts:
        """Columns as they are counted in the description, from 1."""
        return np.ascontiguousarray(letters[:, first - 1 : last]).view(f"U{last - first + 1}").ravel()

    def number(first: int, last: int, decimals: int = 0) -> Floats:
        return _implied(column(first, last), decimals)

    parts = {
        name: number(*columns)
        for name, columns in {
            "year": (2, 5), "month": (6, 7), "day": (8, 9), "hour": (10, 11), "minute": (12, 13), "second": (14, 17, 2),
        }.items()
    }  # fmt: skip
    kind = column(55, 55)
    return Rows.of(
        moments(parts, _ZONE).time,
        _degrees(column(22, 24), number(25, 28, 2)),
        _degrees(column(33, 36), number(37, 40, 2)),
        number(45, 49, 2) * 1e3,
        _magnitudes(column(53, 54)),
        magnitude_type=np.array([_TYPES.get(each, "") for each in kind.tolist()], dtype=np.str_),
        event_type=np.array([_EVENTS.get(each, "") for each in column(61, 61).tolist()], dtype=np.str_),
    )


def _implied(texts: Texts, decimals: int = 0) -> Floats:
    """Numbers whose decimal point is not written; blank decimals are 0, what is blank altogether is unknown."""
    values = [_number(text[: len(text) - decimals], text[len(text) - decimals :]) for text in texts.tolist()]
    return np.array(values, np.float64)


def _number(whole: str, decimals: str) -> float:
    whole, decimals = whole.strip(), decimals.replace(" ", "0")
    try:
        return float(f"{whole or '0'}.{decimals}") if whole or decimals.strip("0") else np.nan
    except ValueError:
        return np.nan


def _degrees(whole: Texts, minutes: Floats) -> Floats:
    south = np.char.find(whole, "-") >= 0
    return (np.abs(_implied(whole)) + minutes / 60) * np.where(south, -1, 1)


def _magnitudes(texts: Texts) -> Floats:
    return np.array([_magnitude(text) for text in texts.tolist()], np.float64)


def _magnitude(text: str) -> float:
    first, last = text[:1], text[1:].strip()
    if first in _NEGATIVE and last.isdigit():
        return -(_NEGATIVE[first] + int(last)) / 10
    return int(text) / 10 if text.strip().isdigit() else np.nan
