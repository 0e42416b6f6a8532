"""How numbers, times and sizes are written, on screen and on the command line."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime


def duration(seconds: float) -> str:
    """``8 s``, ``3 min 20 s``, ``2 h 05 min``, ``3 d 04 h``."""
    if seconds < 1:
        return f"{seconds:.2g} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 86400} d {whole % 86400 // 3600:02d} h"


def clock(time: float, digits: int = 2) -> str:
    """``17:03:00.43`` of seconds since 1970-01-01 UTC."""
    moment = datetime.fromtimestamp(round(time, digits), UTC)
    return f"{moment:%H:%M:%S}" + (f"{moment.microsecond / 1e6:.{digits}f}"[1:] if digits else "")


def date(time: float) -> str:
    """``2019-07-04`` of seconds since 1970-01-01 UTC."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"


def geographic(longitude: float, latitude: float, digits: int = 4) -> str:
    """``37.9080° N, 122.8327° W``."""
    return f"{latitude_text(latitude, digits)}, {longitude_text(longitude, digits)}"


def latitude_text(degrees: float, digits: int) -> str:
    """``37.91° N``."""
    return f"{abs(degrees):.{digits}f}° {'N' if degrees >= 0 else 'S'}"


def longitude_text(degrees: float, digits: int) -> str:
    """``122.83° W``; degrees beyond 180 are those of the other hemisphere."""
    degrees = (degrees + 180) % 360 - 180
    return f"{abs(degrees):.{digits}f}° {'E' if degrees >= 0 else 'W'}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """``1 station``, ``3,000 stations``; with a verb: ``counted(n, "pick was", "picks were")``.

    Every number of things that is shown to a person is written with this, so that nobody reads "1 picks".
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def file_size(size: float) -> str:
    """``640 kB``, ``26 MB``, ``1.4 GB`` of a number of bytes."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.2g} {unit}" if size < 10 * scale else f"{size / scale:.0f} {unit}"
    return f"{size:.0f} bytes"


def aligned(rows: Iterable[Sequence[str]], right: Collection[int] = ()) -> str:
    """Lines of columns for reading in a terminal; those numbered in ``right`` are flush right."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)
