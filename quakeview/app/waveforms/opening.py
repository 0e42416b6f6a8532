"""What a path is, and reading everything that is opened together. No Qt: this runs on a worker thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.events.continuing import kind_of
from quakeview.events.exchange.reading import EventFile, read_event_file
from quakeview.jobs import Progress
from quakeview.project import EXTENSION, WaveformPlace
from quakeview.stations.headers import stations_in_headers
from quakeview.stations.inventories import StationFile, read_station_file
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument


@dataclass
class Opened:
    """What came of a list of paths.

    Attributes:
        waveforms: files and folders that went into the archive.
        metadata: files of station metadata, those found in folders too.
        headers: what the headers of the waveforms say of their stations.
        stations: those with data in ``waveforms``.
        moved: files and folders of a project that are not where they were, and where they are now.
        problems: sentences, one per thing that could not be opened.
        explained: what the archive says of files that are no waveforms, which were read as something else.
    """

    waveforms: list[Path] = field(default_factory=list)
    picks: list[EventFile] = field(default_factory=list)
    metadata: list[StationFile] = field(default_factory=list)
    headers: list[StationFile] = field(default_factory=list)
    stations: set[Instrument] = field(default_factory=set)
    moved: dict[Path, Path] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)


def projects_in(paths: Iterable[Path]) -> list[Path]:
    """Those of the paths that are QuakeView projects."""
    return [path for path in paths if path.suffix.lower() == EXTENSION]


def open_paths(archive: Archive, paths: Sequence[Path], progress: Progress) -> Opened:
    """Sort the paths by what they are and read them; a path that cannot be read does not stop the others."""
    opened = Opened()
    for path in paths:
        try:
            match kind_of(path):
                case "events":
                    file = read_event_file(path)
                    opened.picks.append(file)
                    opened.problems += file.notes
                case "stations":
                    _read_metadata(path, opened)
                case _:
                    opened.waveforms.append(path)
        except QuakeViewError as error:
            opened.problems.append(str(error))
    if opened.waveforms:
        before, files = set(archive.channels), set(archive.channels_by_file())
        problems = archive.add(opened.waveforms, progress)
        for problem in problems:
            if kind_of(problem.path) == "stations":
                _read_metadata(problem.path, opened)
                opened.explained.append(problem.sentence)
            else:
                opened.problems.append(problem.sentence)
        failed = {problem.path for problem in problems}
        if set(archive.channels) == before:
            opened.waveforms = [path for path in opened.waveforms if path.resolve() not in failed]
        opened.stations = _stations_in(archive, opened.waveforms)
        new = {path: found for path, found in archive.channels_by_file().items() if path not in files}
        opened.headers = list(stations_in_headers(new))
    return opened


def reopen_paths(
    archive: Archive, places: Sequence[WaveformPlace], metadata: Sequence[Path], progress: Progress
) -> Opened:
    """Read what belongs to a project, wherever it is now, and say what is no longer there."""
    found = {place.path: place.found() for place in places}
    paths = [*found.values(), *metadata]
    missing = [path for path in paths if not path.exists()]
    opened = open_paths(archive, [path for path in paths if path not in missing], progress)
    opened.moved = {old: new for old, new in found.items() if old != new}
    opened.problems[:0] = [f"{path} is no longer there; its picks are kept." for path in missing]
    return opened


def _stations_in(archive: Archive, paths: Iterable[Path]) -> set[Instrument]:
    """The stations of an archive that have data in these files, or in files below these folders."""
    tops = {path.resolve() for path in paths}
    files = archive.channels_by_file()
    opened = [found for file, found in files.items() if not tops.isdisjoint((file, *file.parents))]
    return {Instrument.of(channel_id) for channel_id in set().union(*opened)}


def _read_metadata(path: Path, opened: Opened) -> None:
    """A file of station metadata, named by the user or found in a folder of waveforms."""
    try:
        opened.metadata.append(read_station_file(path))
    except QuakeViewError as error:
        opened.problems.append(str(error))
