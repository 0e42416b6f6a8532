"""``quakeview convert``: events and picks from files of one format to a file of another, or their records."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError
from quakeview.texts import counted

if TYPE_CHECKING:
    from quakeview.events.event import Event
    from quakeview.events.exchange.reading import EventFile
    from quakeview.monitoring.picks import Pick


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``quakeview convert``."""
    parser.epilog = (
        "Read are QuakeML, SeisComP XML, NonLinLoc, HypoInverse archives, hypoDD, Nordic, tables, and other catalogues "
        "that ObsPy reads. Several files become one. What the new format cannot hold is told on stderr."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="events or picks")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=".quakeml (or .xml), .csv, .obs and .hyp (NonLinLoc), .phs (HypoInverse), .pha (hypoDD) or .nordic; a "
        "folder with --waveforms",
    )
    parser.add_argument(
        "--event", nargs="+", metavar="ID", help="these events alone: their ids, or the last part of them"
    )
    parser.add_argument("--stations", nargs="+", type=Path, metavar="FILE", help="metadata: elevations, for .hyp")
    parser.add_argument(
        "--waveforms",
        nargs="+",
        type=Path,
        metavar="FILE|FOLDER",
        help="write a MiniSEED file of each event, cut out of these records",
    )
    parser.add_argument("--before", type=float, default=30.0, metavar="S", help="seconds before the origin (30)")
    parser.add_argument("--after", type=float, default=120.0, metavar="S", help="seconds after the origin (120)")


def main(options: argparse.Namespace) -> int:
    """Convert; return the exit code.

    Raises:
        QuakeViewError: for files that cannot be read or written, and if there is nothing in them.
    """
    from quakeview.events.exchange import read_event_file

    files = [read_event_file(path) for path in options.files]
    _say(note for file in files for note in file.notes)
    events = {event.resource_id: event for file in files for event in file.events}
    picks = {pick.resource_id: pick for file in files for pick in file.picks}
    if not events and not picks:
        raise QuakeViewError(f"There are no events and no picks in {' and '.join(file.path.name for file in files)}.")
    chosen = list(events.values()) if options.event is None else _chosen(events.values(), options.event)
    if options.waveforms is not None:
        return _cut(options, chosen)
    return _write(options, files, chosen, list(picks.values()))


def _chosen(events: Iterable["Event"], names: Sequence[str]) -> list["Event"]:
    """The events of these ids, whole or the part after the last slash or equals sign."""
    found = [event for event in events if any(_is_called(event.resource_id, name) for name in names)]
    missing = [name for name in names if not any(_is_called(event.resource_id, name) for event in found)]
    if missing:
        raise QuakeViewError(f"There is no event {missing[0]} in the files; a table (-o events.csv) lists them all.")
    return found


def _is_called(identity: str, name: str) -> bool:
    return identity == name or identity.endswith((f"/{name}", f"={name}"))


def _write(
    options: argparse.Namespace, files: Sequence["EventFile"], events: Sequence["Event"], picks: Sequence["Pick"]
) -> int:
    from quakeview.events.exchange import check_suffix, picks_of, write_events
    from quakeview.monitoring.exchange import write_picks
    from quakeview.stations.book import read_stations

    documents = [file.document for file in files if file.document is not None]
    if not events:
        losses = write_picks(picks, options.output, documents)
    else:
        check_suffix(options.output)
        whole = options.event is None
        picks = picks if whole else picks_of(events, picks)
        stations = read_stations(options.stations).coordinates if options.stations else None
        losses = write_events(events, picks, options.output, documents, stations, whole=whole)
    _say(losses)
    parts = [counted(len(events), "event")] if events else []
    parts += [counted(len(picks), "pick")] if picks else []
    verb = "is" if len(events) + len(picks) == 1 else "are"
    _say([f"{' and '.join(parts)} {verb} in {options.output}{', as far as it can hold them' if losses else ''}."])
    return 0


def _cut(options: argparse.Namespace, events: Sequence["Event"]) -> int:
    from quakeview.events.exchange import write_waveform_cuts
    from quakeview.progressbar import terminal_progress
    from quakeview.waveforms.archive import Archive

    archive = Archive()
    with terminal_progress() as progress:
        problems = archive.add(options.waveforms, progress)
        paths, notes = write_waveform_cuts(
            events, archive, options.output, before=options.before, after=options.after, progress=progress
        )
    _say([*(problem.sentence for problem in problems), *notes])
    print("\n".join(map(str, paths)))
    return 0


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
