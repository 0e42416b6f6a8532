"""Events from the web services of data centres (FDSN), asked for in pieces that they do not refuse."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np

from quakeview import __version__
from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.stations.fdsn import answered
from quakeview.texts import counted

USUAL_CENTRE = "USGS"
CENTRES = (
    "USGS", "EMSC", "ISC", "INGV", "GEONET", "NCEDC", "SCEDC", "ETH", "GFZ", "KNMI", "NOA", "NIEP", "RESIF", "ICGC",
    "IGN", "TEXNET", "USP", "AUSPASS",
)  # fmt: skip
"""Data centres of those that ObsPy knows that have a service of events."""
_CSV = "https://earthquake.usgs.gov"
"""Only its CSV says which events are blasts."""
_TIMEOUT = 120.0
_NOTHING = (204, 404)
_BUSY = (429, 502, 503, 504)
_TOO_MANY = (413, 414)
_LIMIT_WORDS = ("exceed", "limit", "too many", "too large", "maximum")
_SHORTEST = 60.0
"""s; a shorter time is not divided any more."""
_FULL = 5000
"""An answer with a whole multiple of so many events was cut at a limit that the service does not tell."""


@dataclass(frozen=True)
class EventQuery:
    """Which events are wanted.

    Attributes:
        start, end: seconds since 1970 UTC; ``start`` is included, ``end`` is not.
        magnitude: the smallest; None for all.
        box: west, south, east, north, degrees; west may be east of east, across the date line; None for the Earth.
        deepest: m below sea level; None for all.

    Raises:
        QuakeViewError: if it is contradictory.
    """

    start: float
    end: float
    magnitude: float | None = None
    box: tuple[float, float, float, float] | None = None
    deepest: float | None = None

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise QuakeViewError("The end of the time has to be after its start.")
        if self.box is not None:
            west, south, east, north = self.box
            if not -90 <= south < north <= 90 or abs(west) > 360 or abs(east) > 360 or west == east:
                raise QuakeViewError(
                    "A box is given as west, south, east, north in degrees, the south below the north."
                )

    def __str__(self) -> str:
        size = "" if self.magnitude is None else f" of magnitude {self.magnitude:g} and more"
        return f"earthquakes{size} from {_day(self.start)} to {_day(self.end)}"

    def parts(self) -> Iterator["EventQuery"]:
        """Yield the query, or its two halves if its box lies across the date line."""
        if self.box is None:
            yield self
            return
        west, south, east, north = self.box
        west, east = ((degrees + 180) % 360 - 180 if abs(degrees) > 180 else degrees for degrees in (west, east))
        spans = [(west, east)] if west < east else [(west, 180.0), (-180.0, east)]
        yield from (replace(self, box=(first, south, last, north)) for first, last in spans if first < last)

    def halves(self) -> tuple["EventQuery", "EventQuery"]:
        """Return the same for the first and the second half of the time."""
        middle = (self.start + self.end) / 2
        return replace(self, end=middle), replace(self, start=middle)

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the service."""
        found = {"starttime": _iso(self.start), "endtime": _iso(self.end), "orderby": "time-asc", "nodata": "404"}
        if self.magnitude is not None:
            found["minmagnitude"] = f"{self.magnitude:g}"
        if self.box is not None:
            sides = ("minlongitude", "minlatitude", "maxlongitude", "maxlatitude")
            found |= {side: f"{value:g}" for side, value in zip(sides, self.box, strict=True)}
        if self.deepest is not None:
            found["maxdepth"] = f"{self.deepest / 1e3:g}"
        return found


class _Answer(NamedTuple):
    status: int
    text: str


def download_events(centre: str, query: EventQuery, progress: Progress | None = None) -> tuple[str, list[str]]:
    """Ask a data centre for events; where it refuses too many at once, the time is halved until it does not.

    Args:
        centre: one of ``CENTRES``, or an address that begins with ``http://`` or ``https://``.

    Returns:
        A table of text that ``read_catalogue`` reads, each event once, and sentences about it.

    Raises:
        QuakeViewError: if the data centre cannot be reached, refuses, or knows no such event.
        Cancelled: through ``progress``, at once.
    """
    progress, base = progress or Progress(), _address(centre)
    header, lines = "", dict[str, None]()
    parts = list(query.parts())
    waiting = parts[::-1]
    length, done = len(parts) * (query.end - query.start), 0.0
    while waiting:
        part = waiting.pop()
        call = partial(_ask, base, part)
        answer = answered(call, centre, progress, round(1000 * done / length), 1000)
        if _is_refused(answer) or _is_cut(answer):
            _check_divisible(part, centre)
            waiting += part.halves()[::-1]
            continue
        _check(answer, centre)
        done += part.end - part.start
        first, *events = answer.text.splitlines() if answer.status == 200 and answer.text else [""]
        header = header or first
        lines |= dict.fromkeys(event for event in events if event.strip())
    if not lines:
        raise QuakeViewError(f"{centre} knows no {query}; ask for smaller ones, a longer time, or another data centre.")
    notes = [f"{centre}: {counted(len(lines), 'event')}; {query}."]
    if "type" not in header.lower().replace("magtype", "").replace("magnitudetype", ""):
        notes.append(f"{centre} does not say which events are blasts, so some may be among them.")
    return "\n".join([header, *lines, ""]), notes


def save_events(centre: str, query: EventQuery, path: Path, progress: Progress | None = None) -> list[str]:
    """Download events into a file that ``read_catalogue`` reads, and return sentences about them.

    Raises:
        QuakeViewError: as ``download_events``; nothing is written then.
        Cancelled: through ``progress``; nothing is written then.
    """
    text, notes = download_events(centre, query, progress)
    write_atomically(path, text.encode())
    return notes


def _ask(base: str, query: EventQuery) -> _Answer:
    form = "csv" if base == _CSV else "text"
    address = f"{base}/fdsnws/event/1/query?{urlencode({'format': form, **query.parameters()})}"
    request = Request(address, headers={"User-Agent": f"QuakeView/{__version__}"})
    try:
        with urlopen(request, timeout=_TIMEOUT) as response:
            return _Answer(response.status, response.read().decode("utf-8", "replace"))
    except HTTPError as error:
        with error:
            return _Answer(error.code, error.read().decode("utf-8", "replace"))


def _address(centre: str) -> str:
    from obspy.clients.fdsn.header import URL_MAPPINGS

    if centre.startswith(("http://", "https://")):
        return centre.rstrip("/").removesuffix("/fdsnws/event/1")
    try:
        return str(URL_MAPPINGS[centre.upper()])
    except KeyError:
        raise QuakeViewError(
            f"There is no data centre {centre!r}; choose one of {', '.join(CENTRES)}, or an address that begins with "
            "https://."
        ) from None


def _check(answer: _Answer, centre: str) -> None:
    """Raises:
    QuakeViewError: if an answer is neither events nor that there are none.
    """
    if answer.status in _BUSY:
        raise QuakeViewError(f"{centre} is busy and asks to wait; try again in some minutes.")
    if answer.status not in (200, *_NOTHING):
        said = " ".join(answer.text.split())[:200]
        raise QuakeViewError(f"{centre} refused the query (HTTP {answer.status}: {said}); change it.")


def _is_refused(answer: _Answer) -> bool:
    """Whether the service says that there are too many events at once."""
    said = answer.text.lower()
    return answer.status in _TOO_MANY or (answer.status == 400 and any(word in said for word in _LIMIT_WORDS))


def _is_cut(answer: _Answer) -> bool:
    number = answer.text.count("\n") - 1 + (not answer.text.endswith("\n"))
    return answer.status == 200 and number > 0 and number % _FULL == 0


def _check_divisible(query: EventQuery, centre: str) -> None:
    """Raises:
    QuakeViewError: if the time of a query is too short to be divided.
    """
    if query.end - query.start < _SHORTEST:
        raise QuakeViewError(
            f"{centre} refuses as too many even the events of one minute; ask for larger ones or a smaller region."
        )


def _iso(time: float) -> str:
    return np.datetime_as_string(np.datetime64(round(time * 1e3), "ms"))


def _day(time: float) -> str:
    return np.datetime_as_string(np.datetime64(round(time), "s"), unit="D")
