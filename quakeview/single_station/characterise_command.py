"""``quakeview characterise``: what each station alone says of the earthquakes that it recorded."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.events.attenuation_laws import DEFAULT, find_law
from quakeview.events.continuing import Known, read_known
from quakeview.events.velocity_models import find_velocity_model
from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring.annotate import pick_archive, picks_of
from quakeview.monitoring.picks import Pick
from quakeview.progressbar import terminal_progress
from quakeview.registry import chosen_model
from quakeview.single_station.answers_text import format_aligned, format_csv, format_json
from quakeview.single_station.characterising import RuleSettings
from quakeview.single_station.networks import chosen_network
from quakeview.single_station.whole_archive import characterise_archive

INTERRUPTED = 130
FORMATS = {".csv": format_csv, ".json": format_json}
EPILOG = (
    "Stations whose picks are not among the files are picked first. By each value stands whether the rule or the\n"
    "network said it; the default is whichever was better on records that neither had seen. Distances are in km,\n"
    "uncertainties hold 68 % of the truths. What cannot be said is explained in the table, or on stderr."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``main`` reads."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "paths", nargs="+", metavar="FILE|FOLDER", type=Path, help="waveforms, picks and station metadata, in any order"
    )
    parser.add_argument(
        "--stations", nargs="+", default=[], type=Path, metavar="FILE", help="metadata or a list of stations"
    )
    parser.add_argument("--model", metavar="NAME", help="a model for single stations, or its folder (default: ours)")
    parser.add_argument("--velocity-model", metavar="NAME", help="of S minus P (default: that of the region)")
    parser.add_argument("--attenuation-law", metavar="NAME", default=DEFAULT, help=f"of ML (default {DEFAULT})")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write a table (.csv) or all of it (.json)")


def main(options: argparse.Namespace) -> int:
    """Read, pick what is not picked, characterise, write; returns the exit code.

    Raises:
        QuakeViewError: if nothing can be read, a model or law is not there, or the output cannot be written.
    """
    output: Path | None = options.output
    if output is not None:
        _check_output(output)
    velocity_model = None if options.velocity_model is None else find_velocity_model(options.velocity_model)
    rules = RuleSettings(velocity_model, find_law(options.attenuation_law))
    network = chosen_network(options.model)
    try:
        with terminal_progress() as progress:
            known = read_known(options.paths, options.stations, progress)
            _say(known.notes)
            picks = all_picks(known, progress)
            found = characterise_archive(known.archive, known.stations, picks, network, rules, progress)
    except Cancelled:
        return INTERRUPTED
    if output is not None:
        write_atomically(output, FORMATS[output.suffix.lower()](found).encode())
    sys.stdout.write(format_aligned(found) if sys.stdout.isatty() else format_csv(found))
    if not found:
        _say([why_nothing(known, picks)])
    return 0


def all_picks(known: Known, progress: Progress = Progress()) -> list[Pick]:
    """The picks that were given, and those of the stations that had none.

    Raises:
        QuakeViewError: if there is something to pick, and no model for it.
        Cancelled: through ``progress``.
    """
    unpicked = known.unpicked
    if not unpicked:
        return list(known.picks)
    model = chosen_model(None, "picking").name
    return [*known.picks, *picks_of(pick_archive(known.archive, model, stations=unpicked, progress=progress))]


def why_nothing(known: Known, picks: Iterable[Pick]) -> str:
    """Why nothing was characterised, a sentence."""
    if not known.archive.channels:
        return "Nothing to characterise: there are picks and no waveforms; name the waveforms too."
    if not any(pick.phase.startswith("P") for pick in picks):
        return "Nothing to characterise: no P was found."
    return "Nothing to characterise: no station has a record at its P."


def _check_output(path: Path) -> None:
    """Better before the work than after it."""
    if path.suffix.lower() not in FORMATS:
        raise QuakeViewError(f"{path.name} must end in .csv or .json.")
    if not os.access(path.parent, os.W_OK) or path.is_dir():
        raise QuakeViewError(f"{path} could not be written; choose another place.")


def _say(sentences: Iterable[str]) -> None:
    for sentence in dict.fromkeys(filter(None, sentences)):
        print(sentence, file=sys.stderr)
