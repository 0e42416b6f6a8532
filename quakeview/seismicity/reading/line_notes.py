"""What is told of the lines of a table: those that could not be read, and in which time zones they are."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.reading.rows import Texts
from quakeview.seismicity.reading.times import Moments
from quakeview.texts import counted


class WrongLines:
    """Counts lines by what is wrong with them, and remembers the first of each kind."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._numbers: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, what: str, lines: NDArray[np.int64], cells: Sequence[Texts] = ()) -> None:
        """Count lines.

        Args:
            what: is wrong with one of them, such as "has no place, and is left out".
            lines: (n,) their numbers.
            cells: the texts that are to be shown of the first, (n,) each.
        """
        if not len(lines):
            return
        self._numbers[what] += len(lines)
        example = " ".join(str(column[0]).strip() for column in cells)
        self._first.setdefault(what, f"line {lines[0]}" + (f", {example!r}" if cells else ""))

    def sentences(self) -> Iterator[str]:
        """Yield one for each kind."""
        for what, number in self._numbers.items():
            lines = counted(number, f"line {what}", f"lines {_plural(what)}")
            yield f"{self._name}: {lines} ({'the first is ' if number > 1 else ''}{self._first[what]})."


class TimeZones:
    """Counts in which time zones lines say that their times are; others are ``zone`` hours ahead of UTC."""

    def __init__(self, name: str, zone: float) -> None:
        self._name, self._usual = name, zone_text(zone)
        self._told: Counter[float] = Counter()
        self._silent = self._carried = 0

    def add(self, when: Moments, usable: NDArray[np.bool_]) -> None:
        """Count the times that are used."""
        told = ~np.isnan(when.zone)
        zones, numbers = np.unique(when.zone[usable & told], return_counts=True)
        self._told.update(dict(zip(zones.tolist(), numbers.tolist(), strict=True)))
        self._silent += int(np.sum(usable & ~told))
        self._carried += int(np.sum(usable & when.carried))

    def sentences(self) -> Iterator[str]:
        """Yield what was carried over, and zones that are not UTC or not said."""
        if self._carried:
            times = counted(self._carried, "time has", "times have")
            yield f"{self._name}: {times} a second, minute or hour beyond its range (second 60), which is carried over."
        kinds = [f"{zone_text(zone)} ({number:,})" for zone, number in self._told.most_common()]
        if self._silent and not kinds:
            yield f"{self._name}: times do not say their time zone and are taken to be {self._usual}."
        elif self._silent:
            yield (
                f"{self._name}: times are in {' and '.join(kinds)}, and {self._silent:,} that say none are taken to be "
                f"{self._usual}; all are converted to UTC."
            )
        elif len(kinds) > 1:
            yield f"{self._name}: times are in several time zones, {' and '.join(kinds)}; all are converted to UTC."
        elif kinds and 0.0 not in self._told:
            yield f"{self._name}: times are {zone_text(*self._told)} and converted to UTC."


def zone_text(hours: float) -> str:
    """``UTC``, ``UTC+9``, ``UTC-3:30``."""
    if not hours:
        return "UTC"
    minutes = round(abs(hours) * 60)
    return f"UTC{'+' if hours > 0 else '-'}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "")


def _plural(what: str) -> str:
    """Say of several lines what is said of one: "has ..., and is left out" becomes "have ..., and are left out"."""
    for one, several in (("has ", "have "), ("is ", "are "), ("counts ", "count ")):
        what = re.sub(rf"(^|and |or ){one}", rf"\1{several}", what)
    return what
