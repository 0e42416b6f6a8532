"""Times as people type them: whole or in part, or as so much later than the time that they look at."""

import re
from datetime import UTC, datetime, timedelta

from quakeview.errors import QuakeViewError

_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_LATER = re.compile(r"(?P<sign>[+\-−])\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>s|min|h|d)?", re.IGNORECASE)
_DATE = r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})-(?P<day>\d{1,2})|[-.,](?P<of_year>\d{3}))|(?P<of_this_year>\d{3})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?"
_TIME = re.compile(rf"(?:{_DATE})?[T ,]*(?:{_CLOCK})?\s*(?:Z|UTC)?", re.IGNORECASE)
_HELP = "type it like 16:33, 16:33:20.5, 2019-07-04T16:33, 2019-185, 185 16:33, or +30 s, −2 min, +1 h"


def parse_time(text: str, now: float) -> float:
    """Read a time, UTC.

    Args:
        text: ISO 8601 (``2019-07-04T16:33:20``), with the day of the year (``2019-185 16:33``, ``185``), a time of the
            day of ``now`` (``16:33``), or later or earlier than ``now`` (``+30 s``, ``-2 min``, ``+1 h``, ``-1 d``).
        now: the time that is looked at, seconds since 1970-01-01 UTC.

    Returns:
        Seconds since 1970-01-01 UTC; of a date alone its midnight.

    Raises:
        QuakeViewError: if it is no time.
    """
    written = text.strip()
    if later := _LATER.fullmatch(written):
        seconds = float(later["number"]) * _UNITS[(later["unit"] or "s").lower()]
        return now + seconds if later["sign"] == "+" else now - seconds
    found = _TIME.fullmatch(written)
    if not written or found is None or not any(found.groupdict().values()):
        raise QuakeViewError(f"“{written}” is not a time; {_HELP}.")
    try:
        return (_midnight(found, now) + _since_midnight(found)).timestamp()
    except ValueError as error:
        raise QuakeViewError(f"“{written}” is on no calendar or clock; {_HELP}.") from error


def _midnight(found: re.Match[str], now: float) -> datetime:
    """Of the date that is written, or of ``now``.

    Raises:
        ValueError: if there is no such day.
    """
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if found["month"]:
        return datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC)
    if number := found["of_year"] or found["of_this_year"]:
        first = datetime(int(found["year"] or today.year), 1, 1, tzinfo=UTC)
        day = first + timedelta(days=int(number) - 1)
        if day.year != first.year:
            raise ValueError(number)
        return day
    return today


def _since_midnight(found: re.Match[str]) -> timedelta:
    """Raises:
    ValueError: if no clock shows that.
    """
    hour, minute, second = int(found["hour"] or 0), int(found["minute"] or 0), float(found["second"] or 0)
    if hour > 23 or minute > 59 or second >= 60:
        raise ValueError(found[0])
    return timedelta(hours=hour, minutes=minute, seconds=second)
