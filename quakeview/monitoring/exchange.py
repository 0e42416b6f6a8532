"""Picks to and from files, by the file's extension.

``.csv`` and ``.tsv`` (``pick_table``), ``.quakeml`` and ``.xml`` (``quakeml``), ``.obs`` (``nonlinloc``); any other
catalogue that ObsPy reads can be imported too. Files are written whole or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import obspy

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.monitoring import catalogue_text, nonlinloc, pick_table, quakeml
from quakeview.monitoring.picks import Pick
from quakeview.texts import counted

QUAKEML_EXTENSIONS = (".quakeml", ".xml")
EXTENSIONS = (".csv", *QUAKEML_EXTENSIONS, ".obs")

_LISTS = {".csv": pick_table.parse_csv, ".tsv": pick_table.parse_csv, ".obs": nonlinloc.parse_nonlinloc}
_TOLD_IN_FULL = 10


@dataclass(frozen=True)
class PickFile:
    """What a file of picks held.

    Attributes:
        path: where it was.
        picks: in the order of the file; may be empty (a catalogue without picks).
        document: QuakeML of the whole catalogue, to be handed to ``write_picks``; None if the file was a plain list.
        notes: sentences about what QuakeML does not allow and was changed or left out, and about what could not be
            imported.
    """

    path: Path
    picks: tuple[Pick, ...]
    document: bytes | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """A catalogue as ObsPy read it, and the same as QuakeML.

    Attributes:
        text: QuakeML.
        notes: as those of ``PickFile``.
        format: ObsPy's name of what was read, such as ``NORDIC``; empty if there are no events.
    """

    catalog: obspy.Catalog
    text: bytes
    notes: list[str]
    format: str = ""


def read_pick_file(path: Path | str) -> PickFile:
    """Picks and the rest of a file.

    Raises:
        QuakeViewError: one sentence, with the line number where there is one.
    """
    path = Path(path)
    data = read_bytes(path)
    if path.suffix.lower() in _LISTS:
        picks, left_out = _LISTS[path.suffix.lower()](data, path.name)
        return PickFile(path, tuple(picks), notes=summarised(path.name, len(picks), left_out))
    document = read_document(data, path.name)
    return PickFile(path, tuple(quakeml.picks_of(document.catalog)), document.text, document.notes)


def read_document(data: bytes, name: str) -> Document:
    """A catalogue of any format that ObsPy reads, with all its picks. What has no ids gets some that are the same at
    every reading.

    Raises:
        QuakeViewError: if it is none.
    """
    text, corrections, left_out = catalogue_text.readable(data, name)
    catalog, changes = quakeml.read_catalog(text, name)
    kind = next((event.get("_format", "") for event in catalog), "")
    found = catalogue_text.add_picks_of_no_event(catalog, text)
    changes += catalogue_text.tell_events_apart(catalog, name)
    if text is not data or changes or found or b"quakeml.org/xmlns" not in data[:4096]:
        text = catalogue_text.with_lasting_ids(quakeml.serialise(catalog), data)
        catalog, _ = quakeml.read_catalog(text, name)
    notes = [*corrections, *changes, *summarised(name, len(quakeml.picks_of(catalog)), left_out)]
    return Document(catalog, text, notes, kind)


def read_picks(path: Path | str) -> list[Pick]:
    """The picks of a file alone.

    Raises:
        QuakeViewError: as ``read_pick_file``, and also if a line of a list cannot be read: here is nobody to tell.
    """
    file = read_pick_file(path)
    if file.document is None and file.notes:
        raise QuakeViewError(file.notes[-1] if len(file.notes) == 1 else file.notes[1])
    return list(file.picks)


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


def summarised(name: str, imported: int, left_out: Sequence[str]) -> list[str]:
    """How many things of a file were not imported, and why each of the first was not."""
    if not left_out:
        return []
    whole = counted(imported + len(left_out), "pick")
    more = len(left_out) - _TOLD_IN_FULL
    rest = [f"{name}: {more} more of this kind."] if more > 0 else []
    return [f"{name}: {len(left_out)} of {whole} could not be imported.", *left_out[:_TOLD_IN_FULL], *rest]


def read_bytes(path: Path) -> bytes:
    """All of a file. Raises ``QuakeViewError`` if it cannot be read or is empty."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuakeViewError(f"{path} could not be read ({error.strerror}).") from error
    if not data.strip():
        raise QuakeViewError(f"{path.name} is empty.")
    return data
