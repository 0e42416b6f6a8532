"""Waveforms, and what people have read on them: files and folders of catalogues, archives, station metadata."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.events.continuing import Known, kind_of, read_known
from quakeview.events.exchange import read_event_file
from quakeview.jobs import Progress


def read_reviewed(paths: Sequence[Path], stations: Sequence[Path] = (), progress: Progress = Progress()) -> Known:
    """Read waveforms, picks and events; a folder that holds event files alone is one of catalogues.

    Raises:
        QuakeViewError: if there are neither waveforms nor picks, or a file that is named cannot be read.
        Cancelled: through ``progress``.
    """
    catalogues = {path: event_files_in(path) for path in paths if path.is_dir()}
    others = [path for path in paths if not catalogues.get(path)]
    known = read_known(others, stations, progress.part(0, 0.7))
    return _with_catalogues(known, catalogues, progress.part(0.7, 1))


def event_files_in(folder: Path) -> list[Path]:
    """The files of a folder that is all catalogues; none if anything else is in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return files if files and all(kind_of(path) == "events" for path in files) else []


def _with_catalogues(known: Known, catalogues: Mapping[Path, Sequence[Path]], progress: Progress) -> Known:
    """What is known, with the events of folders of catalogues; a file that cannot be read is told and left out."""
    picks = {pick.resource_id: pick for pick in known.picks}
    events = {event.resource_id: event for event in known.events}
    notes = list(known.notes)
    files = [file for folder in catalogues.values() for file in folder]
    for number, path in enumerate(files):
        progress.advance(number, len(files), path.name)
        try:
            read = read_event_file(path)
        except QuakeViewError as error:
            notes.append(str(error))
            continue
        picks.update((pick.resource_id, pick) for pick in read.picks)
        events.update((event.resource_id, event) for event in read.events)
    return replace(known, picks=tuple(picks.values()), events=tuple(events.values()), notes=tuple(notes))
