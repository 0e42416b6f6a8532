"""``quakeview dataset``: what a person has picked, as a data set to train with."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.events.continuing import Known, read_known
from quakeview.jobs import Cancelled, Progress
from quakeview.progressbar import terminal_progress
from quakeview.project import EXTENSION, Project
from quakeview.texts import counted
from quakeview.training.building.building import BuiltDataset, Window, build_dataset
from quakeview.training.building.labelled import labels_and_others
from quakeview.training.building.reading import read_reviewed

_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument(
        "paths",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="a project (.qvproj); or files and folders of waveforms (SDS too), of picks and of events (QuakeML)",
    )
    parser.add_argument("-o", "--output", metavar="FOLDER", type=Path, required=True, help="a new or empty folder")
    parser.add_argument(
        "--stations", metavar="FILE", type=Path, nargs="+", default=[], help="station metadata, for distances"
    )
    parser.add_argument("--automatic", action="store_true", help="use picks too that nobody has looked at")
    window = Window()
    parser.add_argument(
        "--before", metavar="S", type=float, default=window.before, help="seconds before the first label (%(default)g)"
    )
    parser.add_argument(
        "--after", metavar="S", type=float, default=window.after, help="seconds after the last label (%(default)g)"
    )
    parser.epilog = "The data set has SeisBench's layout; 'quakeview train' and 'quakeview evaluate' read it."


def main(options: argparse.Namespace) -> int:
    """Build the data set, and say on stderr what was left out.

    Raises:
        QuakeViewError: if nothing can be read, no record is left, or the folder cannot be written.
    """
    if min(options.before, options.after) < 0:
        raise QuakeViewError("Seconds before and after the labels cannot be negative.")
    try:
        with terminal_progress() as progress:
            built, notes = _build(options, progress)
    except Cancelled:
        return _INTERRUPTED
    parts = ", ".join(f"{number:,} {part}" for part, number in sorted(built.records.items()))
    total = counted(sum(built.records.values()), "record is", "records are")
    for sentence in (*notes, *built.sentences, f"{total} in {built.folder}: {parts}."):
        print(sentence, file=sys.stderr)
    return 0


def _build(options: argparse.Namespace, progress: Progress) -> tuple[BuiltDataset, list[str]]:
    known = _read(options.paths, options.stations, progress.part(0, 0.3))
    try:
        labels, others, wrong = labels_and_others(known.picks, known.events, options.automatic)
    except QuakeViewError as error:
        more = "" if options.automatic else " --automatic takes those too that nobody has looked at."
        raise QuakeViewError(f"{error}{more}") from error
    built = build_dataset(
        labels,
        known.archive,
        options.output,
        others,
        Window(options.before, options.after),
        coordinates=known.stations.coordinates,
        progress=progress.part(0.3, 1),
    )
    return built, [*known.notes, *wrong]


def _read(paths: list[Path], stations: list[Path], progress: Progress) -> Known:
    projects = [path for path in paths if path.suffix == EXTENSION]
    if projects and len(paths) > 1:
        raise QuakeViewError("A project stands alone: it knows its waveforms; station metadata follow --stations.")
    if projects:
        with Project.open(projects[0]) as project:
            known = read_known(project.waveforms, stations, progress)
            return replace(known, picks=tuple(project.picks()), events=tuple(project.events()))
    return read_reviewed(paths, stations, progress)
