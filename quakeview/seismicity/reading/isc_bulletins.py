"""Bulletins of the ISC in IMS1.0: for each event its origins, one of them prime, and its magnitudes.

http://www.isc.ac.uk/standards/isf/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from quakeview.jobs import Progress
from quakeview.seismicity.reading.numbers import parse_numbers
from quakeview.seismicity.reading.rows import Rows
from quakeview.seismicity.reading.tables import open_text
from quakeview.seismicity.reading.times import parse_times
from quakeview.texts import counted

_EVENT = re.compile(r"event\s+(\S+)", re.IGNORECASE)
_ORIGIN = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d")
_PRIME = re.compile(r"\s*\(#PRIME\)", re.IGNORECASE)
_MAGNITUDE = re.compile(r"\s*([A-Za-z]\S{0,4})\s*[<>]?\s*(-?\d+\.\d+)\s*(?:\d*\.\d+)?\s*(?:\d+)?\s+(\S+)")
_OFTEN = 500


@dataclass
class _Event:
    """What a bulletin says of an event."""

    identifier: str
    origins: list[str] = field(default_factory=list)
    prime: str = ""
    magnitudes: list[tuple[str, str, str]] = field(default_factory=list)
    """Type, value and author."""


def is_bulletin(head: str) -> bool:
    """Whether a file that begins so is a bulletin in IMS1.0."""
    return bool(re.search(r"^\s*Date\s+Time\s+Err\s+RMS\s+Latitude\s+Longitude", head, re.MULTILINE))


def read_bulletin(path: Path, progress: Progress | None = None) -> tuple[Rows, list[str]]:
    """Read the prime origin of each event, or its last one, and its Mw, or else a magnitude of the same author.

    Raises:
        Cancelled: through ``progress``.
    """
    progress, size = progress or Progress(), path.stat().st_size
    columns: tuple[list[str], ...] = tuple([] for _ in range(8))
    placeless = 0
    with open_text(path) as (text, raw):
        for number, event in enumerate(_events(text)):
            if number % _OFTEN == 0:
                progress.advance(raw.tell(), size, path.name)
            if not event.origins:
                placeless += 1
                continue
            for column, value in zip(columns, _values(event), strict=True):
                column.append(value)
    rows = _rows(columns)
    readable = np.isfinite(rows.time) & np.isfinite(rows.latitude) & np.isfinite(rows.longitude)
    placeless += int(np.sum(~readable))
    notes = [
        f"{path.name}: read as a bulletin of the ISC; of each event the prime origin counts, and Mw where there is one."
    ]
    if placeless:
        notes.append(f"{path.name}: {counted(placeless, 'event has', 'events have')} no time or no place, left out.")
    return rows.where(readable), notes


def _events(lines: Iterator[str]) -> Iterator[_Event]:
    event: _Event | None = None
    in_magnitudes = False
    for line in lines:
        if match := _EVENT.match(line):
            if event is not None:
                yield event
            event, in_magnitudes = _Event(match[1]), False
        elif event is None:
            continue
        elif _ORIGIN.match(line):
            event.origins.append(line.rstrip("\r\n"))
        elif _PRIME.match(line) and event.origins:
            event.prime = event.origins[-1]
        elif line.lstrip().startswith("Magnitude"):
            in_magnitudes = True
        elif not line.strip() or line.startswith("Sta "):
            in_magnitudes = in_magnitudes and not event.magnitudes and not line.startswith("Sta ")
        elif in_magnitudes and (found := _MAGNITUDE.match(line)):
            event.magnitudes.append((found[1], found[2], found[3]))
    if event is not None:
        yield event


def _values(event: _Event) -> tuple[str, ...]:
    """Time, latitude, longitude, depth, magnitude, its type, identifier and type of event, from fixed columns."""
    origin = (event.prime or event.origins[-1]).ljust(136)
    kind, value, _ = _chosen(event.magnitudes, origin[118:127].strip())
    return (
        origin[:22].strip().replace("/", "-"),
        origin[36:44],
        origin[45:54],
        origin[71:76],
        value,
        kind,
        event.identifier,
        origin[115:117].strip(),
    )


def _chosen(magnitudes: list[tuple[str, str, str]], author: str) -> tuple[str, str, str]:
    moment = [each for each in magnitudes if each[0].lower().startswith("mw")]
    own = [each for each in magnitudes if each[2] == author]
    return next(iter([*moment, *own, *magnitudes]), ("", "", ""))


def _rows(columns: tuple[list[str], ...]) -> Rows:
    time, latitude, longitude, depth, magnitude, kind, identifier, event_type = (
        np.array(each, dtype=np.str_) for each in columns
    )
    return Rows.of(
        parse_times(time).time,
        parse_numbers(latitude),
        parse_numbers(longitude),
        parse_numbers(depth) * 1e3,
        parse_numbers(magnitude),
        magnitude_type=kind,
        identifier=identifier,
        event_type=event_type,
    )
