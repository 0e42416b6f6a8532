"""Which format a file of earthquakes has: its content decides, not its name."""

from collections.abc import Callable
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.reading.columns import ColumnMap, guess_columns, has_names
from quakeview.seismicity.reading.geojson_files import is_geojson, read_geojson
from quakeview.seismicity.reading.isc_bulletins import is_bulletin, read_bulletin
from quakeview.seismicity.reading.jma_files import is_jma, read_jma
from quakeview.seismicity.reading.own_events import is_project, read_events, read_project
from quakeview.seismicity.reading.quakeml_files import is_quakeml, read_quakeml
from quakeview.seismicity.reading.rows import Rows
from quakeview.seismicity.reading.table_rows import read_table
from quakeview.seismicity.reading.tables import Table, open_table, read_head
from quakeview.seismicity.reading.times import ambiguous_date

Reader = Callable[[Path, Progress], tuple[Rows, list[str]]]

_READERS: tuple[tuple[Callable[[str], bool], Reader], ...] = (
    (is_quakeml, read_quakeml),
    (is_geojson, read_geojson),
    (is_bulletin, read_bulletin),
    (is_jma, read_jma),
)


def read_file(path: Path, columns: ColumnMap | None, progress: Progress) -> tuple[Rows, list[str]]:
    """Read the events of a file of any format.

    Args:
        columns: which column of a table is what; None guesses it.

    Returns:
        The events as they are in the file, and sentences on how it was read and what could not be.

    Raises:
        QuakeViewError: if it is no catalogue.
        Cancelled: through ``progress``.
    """
    if not path.is_file():
        raise QuakeViewError(f"There is no file {path}.")
    if is_project(path):
        return read_project(path, progress)
    head = read_head(path)
    reader = next((reader for fits, reader in _READERS if fits(head)), None)
    return _read_table(path, columns, progress) if reader is None else reader(path, progress)


def table_of(path: Path) -> Table | None:
    """Return how a file is a table whose columns can be chosen; None if it is a format with columns of its own.

    Raises:
        QuakeViewError: if it cannot be read at all.
    """
    if is_project(path):
        return None
    head = read_head(path)
    return None if any(fits(head) for fits, _ in _READERS) else open_table(path)


def _read_table(path: Path, columns: ColumnMap | None, progress: Progress) -> tuple[Rows, list[str]]:
    """A table, or one of the many files of events that are none."""
    try:
        return _read_as_table(path, columns, progress)
    except QuakeViewError as error:
        try:
            return read_events(path, progress)
        except QuakeViewError:
            raise error from None


def _read_as_table(path: Path, columns: ColumnMap | None, progress: Progress) -> tuple[Rows, list[str]]:
    table = open_table(path)
    guessed = columns is None
    columns = columns or guess_columns(table.names, table.sample, table.decimal_comma)
    rows, notes = read_table(table, columns, progress)
    if not len(rows):
        raise QuakeViewError(" ".join([f"{path.name} has no earthquake that can be used.", *notes]))
    how = f", as a file of {table.layout}" if table.layout else ""
    if guessed and not has_names(table.names):
        how = ", guessed from their values as they have no names"
    when = columns.columns.get("time", columns.columns.get("date"))
    if guessed and when is not None and (example := ambiguous_date(table.cells(when))):
        notes.insert(
            0, f"{path.name}: dates such as {example} are read with the day first; if it is the month, say so."
        )
    return rows, [f"{path.name}: {columns.sentence()}{how}.", *notes]
