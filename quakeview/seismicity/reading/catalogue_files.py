"""Catalogues from files, in any of the formats that are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.reading.columns import ColumnMap
from quakeview.seismicity.reading.duplicates import also_in, repeated, twins
from quakeview.seismicity.reading.formats import read_file
from quakeview.seismicity.reading.rows import Rows
from quakeview.seismicity.reading.screening import mixed_types, screened
from quakeview.seismicity.reading.thinning import thinned
from quakeview.texts import counted


@dataclass(frozen=True)
class ReadCatalogue:
    """A catalogue as it was read.

    Attributes:
        catalogue: its earthquakes.
        name: of the file, or of the first file and how many more there are.
        notes: sentences on how columns and time zones were understood, and on what was left out or changed.
    """

    catalogue: Catalogue
    name: str
    notes: tuple[str, ...]


def read_catalogue(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    columns: ColumnMap | None = None,
    progress: Progress | None = None,
) -> ReadCatalogue:
    """Read the earthquakes of one file, or of several as one catalogue.

    Args:
        paths: tables with any columns, QuakeML, GeoJSON of ComCat, bulletins of the ISC, the hypocentre file of the
            JMA, ZMAP, hypoDD, projects of QuakeView, and what ObsPy reads.
        columns: which column of the tables is what; None guesses it from names and values, and says so in the notes.

    Returns:
        The earthquakes, those that several files report once, as the first of them says.

    Raises:
        QuakeViewError: if there is no file, or none with an earthquake.
        Cancelled: through ``progress``.
    """
    files = [Path(paths)] if isinstance(paths, str | PathLike) else [Path(path) for path in paths]
    if not files:
        raise QuakeViewError("There is no file to read a catalogue from; name one.")
    progress, notes = progress or Progress(), list[str]()
    parts: list[Rows] = []
    for number, path in enumerate(files):
        piece = progress.part(number, number + 1, len(files))
        rows, said = _read_alone(path, columns, piece, only_one=len(files) == 1)
        notes += said
        parts.append(_not_yet_known(rows, path.name, parts, notes))
    rows = Rows.joined(parts)
    if not len(rows):
        raise QuakeViewError(" ".join([_nothing(files), *notes]))
    catalogue, name = rows.catalogue(), _name(files)
    mixed = mixed_types(rows, name) if len(files) > 1 else []
    return ReadCatalogue(catalogue, name, (*notes, *mixed, *thinned(catalogue, name)))


def _read_alone(path: Path, columns: ColumnMap | None, progress: Progress, only_one: bool) -> tuple[Rows, list[str]]:
    """The earthquakes of a file, each once; of several files one that cannot be read is left out."""
    try:
        rows, notes = read_file(path, columns, progress)
    except QuakeViewError as error:
        if only_one:
            raise
        return Rows.of([], [], []), [f"{path.name} is left out: {error}"]
    rows, said = screened(rows, path.name)
    again = repeated(rows)
    if number := int(again.sum()):
        said.append(f"{path.name}: {counted(number, 'event is', 'events are')} listed again later and counted once.")
    rows = rows.where(~again)
    if number := twins(rows):
        said.append(
            f"{path.name}: {counted(number, 'event is', 'events are')} within 0.5 s and 2 km of another, probably the "
            f"same one located twice; {'it is' if number == 1 else 'they are'} kept."
        )
    return rows, [*notes, *said]


def _not_yet_known(rows: Rows, name: str, before: Sequence[Rows], notes: list[str]) -> Rows:
    """What the files before do not have."""
    known = also_in(rows, Rows.joined(before)) if before else np.zeros(len(rows), bool)
    if number := int(known.sum()):
        notes.append(f"{name}: {counted(number, 'event is', 'events are')} in a file before, and taken from there.")
    return rows.where(~known)


def _nothing(files: Sequence[Path]) -> str:
    return f"{_name(files)} {'has' if len(files) == 1 else 'have'} no earthquake that can be used."


def _name(files: Sequence[Path]) -> str:
    return files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} more"
