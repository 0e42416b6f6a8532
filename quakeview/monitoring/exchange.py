"""Picks to and from files, by the file's extension.

``.csv`` (``pick_table``), ``.quakeml`` and ``.xml`` (``quakeml``), ``.obs`` (``nonlinloc``); any other catalogue that
ObsPy reads can be imported too. Files are written whole or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.monitoring import nonlinloc, pick_table, quakeml
from quakeview.monitoring.picks import Pick

QUAKEML_EXTENSIONS = (".quakeml", ".xml")
EXTENSIONS = (".csv", *QUAKEML_EXTENSIONS, ".obs")


@dataclass(frozen=True)
class PickFile:
    """What a file of picks held.

    Attributes:
        path: where it was.
        picks: in the order of the file; may be empty (a catalogue without picks).
        document: QuakeML of the whole catalogue, to be handed to ``write_picks``; None if the file was a plain list.
        notes: sentences about what QuakeML does not allow and was changed or left out.
    """

    path: Path
    picks: tuple[Pick, ...]
    document: bytes | None = None
    notes: list[str] = field(default_factory=list)


def read_pick_file(path: Path | str) -> PickFile:
    """Picks and the rest of a file.

    Raises:
        QuakeViewError: one sentence, with the line number where there is one.
    """
    path = Path(path)
    data = _read(path)
    match path.suffix.lower():
        case ".csv":
            return PickFile(path, tuple(pick_table.parse_csv(data, path.name)))
        case ".obs":
            return PickFile(path, tuple(nonlinloc.parse_nonlinloc(data, path.name)))
    catalog, notes = quakeml.read_catalog(data, path.name)
    if notes or b"quakeml.org/xmlns" not in data[:4096]:
        data = quakeml.serialise(catalog)
        catalog, _ = quakeml.read_catalog(data, path.name)
    return PickFile(path, tuple(quakeml.picks_of(catalog)), data, notes)


def read_picks(path: Path | str) -> list[Pick]:
    """The picks of a file alone. Raises ``QuakeViewError`` as ``read_pick_file``."""
    return list(read_pick_file(path).picks)


def write_picks(picks: Iterable[Pick], path: Path | str, documents: Sequence[bytes] = ()) -> list[str]:
    """Write picks in the format of the extension; returns sentences about what that format could not hold.

    Args:
        documents: for QuakeML, the catalogues the picks came from (``PickFile.document``); they are written along.

    Raises:
        QuakeViewError: for another extension, or if the file cannot be written; an existing file is then intact.
    """
    path = Path(path)
    check_extension(path)
    if path.suffix.lower() in QUAKEML_EXTENSIONS:
        write_atomically(path, quakeml.format_quakeml(picks, documents))
        return []
    if path.suffix.lower() == ".csv":
        write_atomically(path, pick_table.format_csv(picks).encode())
        return []
    text, losses = nonlinloc.format_nonlinloc(picks)
    write_atomically(path, text.encode())
    return losses


def check_extension(path: Path) -> None:
    """Raises ``QuakeViewError`` if picks cannot be written under that name."""
    if path.suffix.lower() not in EXTENSIONS:
        raise QuakeViewError(f"Picks are written as {', '.join(EXTENSIONS)}, not as {path.suffix or path.name!r}.")


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuakeViewError(f"{path} could not be read ({error.strerror}).") from error
    if not data.strip():
        raise QuakeViewError(f"{path.name} is empty.")
    return data
