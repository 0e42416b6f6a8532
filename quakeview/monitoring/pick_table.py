"""Picks as CSV: one line per pick, a header line, UTF-8.

``time`` is ISO-8601 UTC with microseconds and a ``Z``; uncertainties are in seconds. Only the columns up to
``phase`` and ``time`` are needed to read a file; an empty cell means "not given".
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from math import isfinite

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId

COLUMNS = (
    "network",
    "station",
    "location",
    "channel",
    "phase",
    "time",
    "probability",
    "lower_uncertainty",
    "upper_uncertainty",
    "polarity",
    "onset",
    "status",
    "model",
    "comment",
    "resource_id",
)
REQUIRED_COLUMNS = COLUMNS[:6]
ONSETS = ("impulsive", "emergent", "questionable")


def pick_cells(pick: Pick) -> tuple[str, ...]:
    """The text of every column; numbers are written so that they read back exactly."""
    return (
        *pick.channel_id,
        pick.phase,
        str(pick.time),
        _number(pick.probability),
        _number(pick.lower_uncertainty),
        _number(pick.upper_uncertainty),
        pick.polarity or "",
        pick.onset or "",
        pick.status,
        pick.model,
        pick.comment,
        pick.resource_id,
    )


def format_csv(picks: Iterable[Pick]) -> str:
    """The whole table, header included."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(pick_cells, picks))
    return text.getvalue()


def parse_csv(data: bytes, name: str) -> list[Pick]:
    """Picks of a CSV file; columns may come in any order and unknown ones are ignored.

    Raises:
        QuakeViewError: names ``name``, the line and what is wrong with it.
    """
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        missing = [column for column in REQUIRED_COLUMNS if column not in (reader.fieldnames or ())]
    except (UnicodeDecodeError, csv.Error) as error:
        raise QuakeViewError(f"{name} is not a CSV table of picks.") from error
    if missing:
        raise QuakeViewError(f"{name} is not a CSV table of picks: its first line lacks {', '.join(missing)}.")
    picks: list[Pick] = []
    seen: dict[str, int] = {}
    try:
        for row in reader:
            picks.append(_parse_row(row))
            first = seen.setdefault(picks[-1].resource_id, reader.line_num)
            if first != reader.line_num:
                raise ValueError(f"resource_id repeats that of line {first}; leave it empty for a new pick")
    except csv.Error as error:
        raise QuakeViewError(f"{name}, line {reader.line_num + 1}: {error}.") from error
    except ValueError as error:
        raise QuakeViewError(f"{name}, line {reader.line_num}: {error}.") from error
    return picks


def _parse_row(row: dict[str, str]) -> Pick:
    if None in row or None in row.values():
        raise ValueError("the number of cells differs from the first line")
    for column in ("station", "phase", "time"):
        if not row[column].strip():
            raise ValueError(f"{column} is empty")
    identity = {"resource_id": row["resource_id"]} if row.get("resource_id") else {}
    return Pick(
        ChannelId(row["network"], row["station"], row["location"], row["channel"]),
        row["phase"],
        _time(row["time"]),
        status=PickStatus(_one_of(row, "status", PickStatus) or PickStatus.MANUAL),
        probability=_positive(row, "probability", maximum=1),
        lower_uncertainty=_positive(row, "lower_uncertainty"),
        upper_uncertainty=_positive(row, "upper_uncertainty"),
        polarity=Polarity(polarity) if (polarity := _one_of(row, "polarity", Polarity)) else None,
        onset=_one_of(row, "onset", ONSETS),
        model=row.get("model", ""),
        comment=row.get("comment", ""),
        **identity,
    )


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))


def _time(text: str) -> UTCDateTime:
    try:
        return UTCDateTime(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        raise ValueError(f"time {text!r} is not ISO-8601, such as 2024-01-31T12:00:00.000000Z") from None


def _positive(row: dict[str, str], column: str, maximum: float | None = None) -> float | None:
    text = row.get(column, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{column} {text!r} is not a number") from None
    if not isfinite(value) or value < 0 or (maximum is not None and value > maximum):
        allowed = "0 or more" if maximum is None else f"between 0 and {maximum:g}"
        raise ValueError(f"{column} {text!r} must be {allowed}")
    return value


def _one_of(row: dict[str, str], column: str, allowed: Iterable[str]) -> str | None:
    value = row.get(column, "").strip()
    if value and value not in tuple(allowed):
        raise ValueError(f"{column} {value!r} is not one of {', '.join(allowed)}")
    return value or None
