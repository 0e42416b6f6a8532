"""``quakeview seismicity catalogue``: what is in files of earthquakes, or at a data centre; to another format."""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.progressbar import terminal_progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.catalogue_arguments import add_columns, columns_of
from quakeview.seismicity.reading import ReadCatalogue, read_catalogue, write_catalogue
from quakeview.seismicity.reading.fdsn_events import EventQuery, save_events
from quakeview.texts import aligned, latitude_text, longitude_text

_ROUND = 60.0
"""Degrees without earthquakes at least, if a catalogue has a west and an east end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files that are read as one catalogue")
    add_columns(parser)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write it as .csv, .xml (QuakeML), .zmap or .csep")
    centre = parser.add_argument_group("instead of files")
    centre.add_argument("--fdsn", metavar="CENTRE", help="ask a data centre, such as USGS, or an address")
    centre.add_argument("--start", metavar="DAY", help="first day that is asked for, such as 2010-01-01")
    centre.add_argument("--end", metavar="DAY", help="the day before which the catalogue ends")
    centre.add_argument("--magnitude", type=float, metavar="M", help="smallest magnitude that is asked for")
    centre.add_argument(
        "--box",
        nargs=4,
        type=float,
        metavar=("WEST", "SOUTH", "EAST", "NORTH"),
        help="region that is asked for, degrees (default: the whole Earth)",
    )


def main(options: argparse.Namespace) -> int:
    """Print what is in the catalogue, and what was left out of it on stderr.

    Raises:
        QuakeViewError: if it cannot be read, downloaded or written, or it is not said what to read.
    """
    if bool(options.files) == bool(options.fdsn):
        raise QuakeViewError("Name either files of earthquakes, or with --fdsn a data centre.")
    with terminal_progress() as progress:
        if options.fdsn:
            read = _downloaded(options, progress)
        else:
            read = read_catalogue(options.files, columns_of(options), progress)
        if options.write:
            write_catalogue(read.catalogue, options.write, progress)
    sys.stdout.write(aligned(_rows(read)))
    for sentence in read.notes:
        print(sentence, file=sys.stderr)
    return 0


def _downloaded(options: argparse.Namespace, progress: Progress) -> ReadCatalogue:
    if not (options.start and options.end):
        raise QuakeViewError("Say with --start and --end of which days the catalogue is to be.")
    box = None if options.box is None else tuple(options.box)
    query = EventQuery(_seconds(options.start), _seconds(options.end), options.magnitude, box)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{options.fdsn.split('//')[-1].partition('/')[0].replace(':', '-')}.csv"
        notes = save_events(options.fdsn, query, path, progress)
        read = read_catalogue(path, progress=progress)
    return ReadCatalogue(read.catalogue, read.name, (*notes, *read.notes))


def _seconds(day: str) -> float:
    try:
        return float(np.datetime64(day, "s").astype(np.int64))
    except ValueError as error:
        raise QuakeViewError(f"A day is written such as 2010-01-31, not {day!r}.") from error


def _rows(read: ReadCatalogue) -> list[tuple[str, str]]:
    catalogue = read.catalogue
    known = catalogue.where(np.isfinite(catalogue.magnitude)).magnitude
    deep = catalogue.depth[np.isfinite(catalogue.depth)] / 1e3
    return [
        ("catalogue", read.name),
        ("earthquakes", f"{len(catalogue):,}"),
        ("times", f"{_moment(catalogue.time[0])} to {_moment(catalogue.time[-1])} UTC"),
        ("latitudes", _between(latitude_text(float(each), 2) for each in _ends(catalogue.latitude))),
        ("longitudes", _longitudes(catalogue)),
        ("magnitudes", _between(f"{each:g}" for each in _ends(known)) if len(known) else "none"),
        ("depths", _between(f"{each:g} km" for each in _ends(deep)) if len(deep) else "none"),
    ]


def _ends(values: np.ndarray) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _longitudes(catalogue: Catalogue) -> str:
    """The west and the east end: what is left of the circle without its widest gap."""
    around = np.sort(catalogue.longitude % 360)
    gaps = np.diff(around, append=around[0] + 360)
    widest = int(np.argmax(gaps))
    if gaps[widest] < _ROUND:
        return "all around the Earth"
    west, east = around[(widest + 1) % len(around)], around[widest]
    return _between(longitude_text(float(each), 2) for each in (west, east))


def _between(ends: Iterable[str]) -> str:
    return " to ".join(ends)


def _moment(time: float) -> str:
    return np.datetime_as_string(np.datetime64(round(time), "s")).replace("T", " ")
