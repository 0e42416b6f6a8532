"""Origin times as tables write them, whole columns at once.

Texts with the same layout (every digit taken as 0) are read together: a regular expression finds where the year,
the month ... stand in one of them, and the digits of all are turned into numbers as arrays.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY

Floats = NDArray[np.float64]
Texts = NDArray[np.str_]

YEARS = (1, 2200)
"""What is outside is no year of an earthquake that was recorded."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?)?"
_PACKED_CLOCK = r"(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
_ZONE = r"(?P<zone>z|utc|gmt|jst|(?P<sign>[+-])(?P<zone_hour>\d\d):?(?P<zone_minute>\d\d)?)?"
_DATES = {
    "year first": rf"(?P<year>\d{{4}})[-/. ](?:(?P<month>\d{{1,2}})|{_NAMED_MONTH})[-/. ](?P<day>\d{{1,2}})",
    "year last": r"(?P<first>\d{1,2})[-/.](?P<next>\d{1,2})[-/.](?P<year>\d{4})",
    "named": rf"(?P<day>\d{{1,2}})[-/. ]{_NAMED_MONTH}[-/. ](?P<year>\d{{4}})",
    "day of the year": r"(?P<year>\d{4})[-/.](?P<ordinal>\d{3})",
}
_SEPARATED = [
    re.compile(rf"\s*{date}(?:(?:t|\s*,?\s+){_CLOCK}\s*{_ZONE})?\s*", re.IGNORECASE) for date in _DATES.values()
]
_PACKED = [
    re.compile(
        rf"\s*(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?:[t ]?{_PACKED_CLOCK}\s*{_ZONE})?\s*", re.IGNORECASE
    ),
    re.compile(r"\s*(?P<seconds>-?\d{7,10})(?:[.,](?P<fraction>\d*))?\s*"),
    re.compile(r"\s*(?P<year>[12]\d{3})\.(?P<part>\d{2,})\s*"),
    re.compile(r"\s*(?P<milliseconds>\d{12,13})(?:\.0)?\s*"),
]
_LAYOUTS = [*_SEPARATED, *_PACKED]
_CLOCK_ALONE = re.compile(rf"\s*{_CLOCK}\s*{_ZONE}\s*", re.IGNORECASE)
_CLOCK_PACKED = [
    re.compile(rf"\s*{_PACKED_CLOCK}\s*"),
    re.compile(r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<fraction>\d\d)"),
]
_JAPAN = 9.0


@dataclass(frozen=True)
class Moments:
    """Times that were read.

    Attributes:
        time: (n,) seconds since 1970 UTC; NaN where there is no such time.
        zone: (n,) hours ahead of UTC that the text says; NaN where it says none.
        carried: (n,) whether its seconds, minutes or hours were beyond their range (second 60) and carried over.
    """

    time: Floats
    zone: Floats
    carried: NDArray[np.bool_]


def parse_times(texts: Texts, zone: float = 0.0, day_first: bool = True) -> Moments:
    """Read dates with times.

    Args:
        texts: (n,) such as 2019-07-04T17:33:49.0Z, 2019/07/04 17:33, 20190704173349, 4-Jul-2019 17:33:49, seconds or
            milliseconds since 1970, or years with a fraction.
        zone: hours ahead of UTC of those that do not say.
        day_first: whether 4/7/2019 is in July.
    """
    return _grouped(texts, _LAYOUTS, zone, day_first)


def parse_clock(texts: Texts, zone: float = 0.0) -> Moments:
    """Read times of day, such as 17:33:49.0, 173349.0 or 17334900 (hypoDD's), as seconds since midnight UTC."""
    return _grouped(texts, [_CLOCK_ALONE, *_CLOCK_PACKED], zone, True)


def moments(parts: Mapping[str, Floats], zone: float = 0.0) -> Moments:
    """Return the times of numbers: year, month, day, and hour, minute and second where there are any."""
    year, month, day = (parts[name] for name in ("year", "month", "day"))
    day_start = _days(year, month, day) * DAY
    clock, carried = _seconds_of_day(parts, len(year))
    return Moments(day_start + clock - 3600 * zone, np.full(len(year), np.nan), carried)


def is_clock_alone(text: str) -> bool:
    """Whether a text is a time of day without a date."""
    return bool(_CLOCK_ALONE.fullmatch(text))


def is_time(text: str) -> bool:
    """Whether a text is a date, or a date with a time, and nothing that could be another number."""
    return any(layout.fullmatch(text) for layout in _SEPARATED) or bool(re.fullmatch(r"[12]\d{9}(\.\d+)?", text))


def day_comes_first(texts: Texts) -> bool | None:
    """Whether 04/07/2019 is in July, as the first or second number of others is above 12; None where none says so."""
    found = (re.match(_DATES["year last"], text.strip()) for text in texts.tolist())
    pairs = [(int(match["first"]), int(match["next"])) for match in found if match]
    if any(first > 12 for first, _ in pairs):
        return True
    return False if any(later > 12 for _, later in pairs) else None


def ambiguous_date(texts: Texts) -> str:
    """Return a date such as 04/07/2019 of which no other says whether the day is first; empty if there is none."""
    if day_comes_first(texts) is not None:
        return ""
    return next((text for text in texts.tolist() if re.match(_DATES["year last"], text.strip())), "")


def _grouped(texts: Texts, layouts: list[re.Pattern[str]], zone: float, day_first: bool) -> Moments:
    time, told = np.full(len(texts), np.nan), np.full(len(texts), np.nan)
    carried = np.zeros(len(texts), bool)
    if not len(texts):
        return Moments(time, told, carried)
    letters = texts.view(np.uint32).reshape(len(texts), -1)
    shapes, group = _shapes(letters)
    for number, first in enumerate(shapes):
        members = np.flatnonzero(group == number)
        example = str(texts[first])
        match = next((found for layout in layouts if (found := layout.fullmatch(example))), None)
        if match is not None:
            fields = _Fields(match, letters[members])
            time[members], told[members], carried[members] = fields.moments(zone, day_first)
    return Moments(time, told, carried)


def _shapes(letters: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first text of each layout, and the number of the layout of each text."""
    digits = (letters >= ord("0")) & (letters <= ord("9"))
    shape = np.where(digits, ord("0"), letters).astype(np.uint8)
    whole = np.ascontiguousarray(shape).view(f"V{shape.shape[1]}").ravel()
    _, first, group = np.unique(whole, return_index=True, return_inverse=True)
    return first, group


class _Fields:
    """The parts of texts with one layout, as numbers."""

    def __init__(self, match: re.Match[str], letters: NDArray[np.uint32]) -> None:
        self.match, self.letters = match, letters

    def moments(self, zone: float, day_first: bool) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Seconds since 1970 UTC, hours ahead of UTC where the text says so, and what was carried over."""
        told = self._zone()
        if self.has("seconds") or self.has("milliseconds"):
            seconds = (
                self.number("seconds") + self.fraction() if self.has("seconds") else self.number("milliseconds") / 1e3
            )
            return seconds, np.zeros_like(seconds), np.zeros(len(seconds), bool)
        parts = {name: self.number(name) for name in ("hour", "minute", "second") if self.has(name)}
        if self.has("fraction"):
            parts["second"] = parts["second"] + self.fraction()
        clock, carried = _seconds_of_day(parts, len(self.letters))
        start = self._day(day_first) * DAY if self.has("year") else 0.0
        return start + clock - 3600 * np.where(np.isnan(told), zone, told), told, carried

    def has(self, name: str) -> bool:
        return self.match.groupdict().get(name) is not None

    def number(self, name: str) -> Floats:
        first, last = self.match.span(name)
        negative = self.match[name].startswith("-")
        total = np.zeros(len(self.letters))
        for place in range(first + negative, last):
            total = total * 10 + (self.letters[:, place].astype(np.int64) - ord("0"))
        return -total if negative else total

    def fraction(self) -> Floats:
        if not self.match.groupdict().get("fraction"):
            return np.zeros(len(self.letters))
        value = self.number("fraction") / 10.0 ** len(self.match["fraction"])
        return -value if (self.match.groupdict().get("seconds") or "").startswith("-") else value

    def _day(self, day_first: bool) -> Floats:
        year = self.number("year")
        if self.has("part"):
            start, end = (_days(each, np.ones_like(year), np.ones_like(year)) for each in (year, year + 1))
            return start + (end - start) * self.number("part") / 10.0 ** len(self.match["part"])
        if self.has("ordinal"):
            ordinal = self.number("ordinal")
            longest = np.where(np.isnan(_days(year, np.full_like(year, 2), np.full_like(year, 29))), 365, 366)
            start = _days(year, np.ones_like(year), np.ones_like(year))
            return np.where((ordinal >= 1) & (ordinal <= longest), start + ordinal - 1, np.nan)
        if self.has("first"):
            month, day = self.number("next"), self.number("first")
            return _days(year, month, day) if day_first else _days(year, day, month)
        named = self.has("name")
        month = np.full(len(year), _MONTHS.index(self.match["name"].lower()) + 1.0) if named else self.number("month")
        return _days(year, month, self.number("day"))

    def _zone(self) -> Floats:
        told = np.full(len(self.letters), np.nan)
        if not self.has("zone"):
            return told
        if not self.has("zone_hour"):
            return np.full_like(told, _JAPAN if self.match["zone"].lower() == "jst" else 0.0)
        minutes = self.number("zone_minute") if self.has("zone_minute") else 0.0
        return (self.number("zone_hour") + minutes / 60) * (-1 if self.match["sign"] == "-" else 1)


def _days(year: Floats, month: Floats, day: Floats) -> Floats:
    """Days since 1970 of dates; NaN where the calendar has no such day."""
    known = np.isfinite(year) & np.isfinite(month) & np.isfinite(day)
    whole = [np.where(known, each, 1).astype(np.int64) for each in (year, month, day)]
    years, months, days = whole
    known &= (years >= YEARS[0]) & (years <= YEARS[1]) & (months >= 1) & (months <= 12) & (days >= 1)
    number = (years.clip(*YEARS) - 1970) * 12 + months.clip(1, 12) - 1
    start, end = (_month_start(number + later) for later in (0, 1))
    return np.where(known & (days <= end - start), start + days - 1.0, np.nan)


def _month_start(months: NDArray[np.int64]) -> NDArray[np.int64]:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _seconds_of_day(parts: Mapping[str, Floats], number: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Seconds since midnight, what is beyond its range carried over; NaN where it is no time at all."""
    nothing = np.zeros(number)
    hour, minute, second = (parts.get(name, nothing) for name in ("hour", "minute", "second"))
    carried = (hour >= 24) | (minute >= 60) | (second >= 60) | (second < 0)
    seconds = hour * 3600 + minute * 60 + second
    possible = (hour >= 0) & (hour <= 24) & (minute >= 0) & (minute <= 60) & (np.abs(second) < 120)
    return np.where(possible, seconds, np.nan), carried
