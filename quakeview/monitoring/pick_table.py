"""Picks as CSV: one line per pick, a header line, UTF-8.

``time`` is ISO-8601 UTC with microseconds and a ``Z``; uncertainties are in seconds. Only station, phase and time are
needed to read a file; an empty cell means "not given". Tables of spreadsheets and of other pickers are read too:
separated by semicolons or tabs, with decimal commas, with capitals and blanks in the header, with the columns of
PhaseNet, SeisBench and GaMMA.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from math import isfinite

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
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
    "used",
)
_SEPARATORS = (",", ";", "\t", "|")
_ALIASES = {
    **dict.fromkeys(("net", "network_code"), "network"),
    **dict.fromkeys(("sta", "station_code"), "station"),
    **dict.fromkeys(("loc", "location_code"), "location"),
    **dict.fromkeys(("cha", "chan", "channel_code"), "channel"),
    **dict.fromkeys(("station_id", "seed_id", "id"), "trace_id"),
    **dict.fromkeys(("phase_type", "phase_hint", "phase_name", "type"), "phase"),
    **dict.fromkeys(("phase_time", "peak_time", "pick_time", "arrival_time", "timestamp", "datetime"), "time"),
    **dict.fromkeys(("phase_score", "peak_value", "prob", "score", "confidence"), "probability"),
}
_FREE_TEXT = ("comment", "model")
_EPOCH = re.compile(r"[0-9]{9,10}([.,][0-9]*)?")
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
        "true" if pick.used else "false",
    )


def format_csv(picks: Iterable[Pick]) -> str:
    """The whole table, header included."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(pick_cells, picks))
    return text.getvalue()


def parse_csv(data: bytes, name: str) -> tuple[list[Pick], list[str]]:
    """Picks of a table, and a sentence for each line that is none; columns may come in any order, unknown ones are
    ignored.

    Raises:
        QuakeViewError: names ``name`` and the column that is missing, or what is wrong with the first line if none
            can be read.
    """
    text = decoded(data, name)
    separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    picks: list[Pick] = []
    left_out: list[str] = []
    seen: dict[str, int] = {}
    line = 0
    try:
        header = _header(next(reader), name)
        line = reader.line_num
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            try:
                pick = _parse_row(_row(header, cells), decimal_comma=separator != ",")
                first = seen.setdefault(pick.resource_id, line)
                if first != line:
                    raise ValueError(f"resource_id repeats that of line {first}; leave it empty for a new pick")
                picks.append(pick)
            except ValueError as error:
                left_out.append(f"{name}, line {line}: {error}.")
    except csv.Error as error:
        left_out.append(f"{name}, line {line + 1}: {error}; nothing from there on was read.")
    except StopIteration:
        raise QuakeViewError(f"{name} is not a CSV table of picks.") from None
    if left_out and not picks:
        raise QuakeViewError(left_out[0])
    return picks, left_out


def decoded(data: bytes, name: str) -> str:
    """The text of a table, as spreadsheets write it too. Raises ``QuakeViewError`` if it is no text."""
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuakeViewError(f"{name} is not a CSV table.") from error


def separator_of(text: str) -> str:
    """The one that stands most often in the first line."""
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _header(cells: list[str], name: str) -> list[str]:
    """Our names of the columns."""
    header = [_ALIASES.get(cell.strip().lower(), cell.strip().lower()) for cell in cells]
    needed = ("phase", "time") if "trace_id" in header else ("station", "phase", "time")
    if missing := [column for column in needed if column not in header]:
        lacks = ", ".join(missing)
        raise QuakeViewError(
            f"{name} is not a CSV table of picks: its first line lacks {lacks} (columns are separated by a comma, a "
            "semicolon or a tab); a catalogue of earthquakes is opened in Seismicity."
        )
    return header


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    """The cells by column. Of two columns that mean the same the first one counts."""
    if len(cells) != len(header):
        raise ValueError("the number of cells differs from the first line")
    row: dict[str, str] = {}
    for column, cell in zip(header, cells, strict=True):
        row.setdefault(column, cell if column in _FREE_TEXT else cell.strip())
        if not cell.strip().isprintable() and column not in _FREE_TEXT:
            raise ValueError(f"{column} {cell!r} has characters that cannot be printed")
    return row


def _parse_row(row: dict[str, str], *, decimal_comma: bool) -> Pick:
    for column in ("phase", "time"):
        if not row[column]:
            raise ValueError(f"{column} is empty")
    identity = {"resource_id": row["resource_id"]} if row.get("resource_id") else {}
    numbers = {column: row.get(column, "") for column in ("probability", "lower_uncertainty", "upper_uncertainty")}
    if decimal_comma:
        numbers = {column: text.replace(",", ".") for column, text in numbers.items()}
    return Pick(
        _channel_id(row),
        row["phase"],
        parse_time(row["time"]),
        status=PickStatus(_one_of(row, "status", PickStatus) or _unstated_status(row)),
        probability=_positive(numbers, "probability", maximum=1),
        lower_uncertainty=_positive(numbers, "lower_uncertainty"),
        upper_uncertainty=_positive(numbers, "upper_uncertainty"),
        polarity=Polarity(polarity) if (polarity := _one_of(row, "polarity", Polarity)) else None,
        onset=_one_of(row, "onset", ONSETS),
        used=_one_of(row, "used", ("true", "false")) != "false",
        model=row.get("model", ""),
        comment=row.get("comment", ""),
        **identity,
    )


def _unstated_status(row: dict[str, str]) -> PickStatus:
    """A table that gives probabilities and no status is a picker's."""
    return PickStatus.AUTOMATIC if row.get("probability") and "status" not in row else PickStatus.MANUAL


def _channel_id(row: dict[str, str]) -> ChannelId:
    """From the columns of the codes, or from one that holds ``NET.STA.LOC.CHA``, whose last code may be the band alone
    (PhaseNet) or missing (SeisBench). What is not given is unknown."""
    if "trace_id" in row and not row.get("station"):
        codes = row["trace_id"].split(".")
        if not 2 <= len(codes) <= 4 or not codes[1]:
            raise ValueError(f"{row['trace_id']!r} is not NET.STA.LOC.CHA")
        network, station, location, channel = (*codes, *[UNKNOWN] * (4 - len(codes)))
        channel = channel or UNKNOWN
    else:
        network, station, location, channel = (row.get(column, UNKNOWN) for column in COLUMNS[:4])
        if not station or station == UNKNOWN:
            raise ValueError("station is empty")
    if "trace_id" in row and len(channel) == 2 and UNKNOWN not in channel:
        channel += UNKNOWN
    return ChannelId(network, station, location, channel)


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))


def parse_time(text: str) -> UTCDateTime:
    """ISO-8601, also with a decimal comma, or seconds since 1970."""
    try:
        if _EPOCH.fullmatch(text):
            return UTCDateTime(float(text.replace(",", ".")))
        if ":" in text or "T" in text:
            return UTCDateTime(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"time {text!r} is not ISO-8601, such as 2024-01-31T12:00:00.000000Z")


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
