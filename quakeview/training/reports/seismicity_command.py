"""``quakeview seismicity evaluate``: what forecasts are worth on the last days of a catalogue, side by side."""

import argparse
import shlex
from dataclasses import replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.progressbar import terminal_progress
from quakeview.registry import SEISMICITY, find_model
from quakeview.seismicity.catalogue import date_of, day_of
from quakeview.seismicity.catalogue_arguments import add_setting, setting_of
from quakeview.seismicity.choosing import check_fits
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.reference_names import REFERENCES
from quakeview.seismicity.scoring.evaluation import evaluate

DAYS = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command."""
    parser.epilog = (
        "References are fitted to the days before those that are held out. With models the cells, the magnitude and "
        "the window are theirs. What a model has learnt from is said first, and no card is written from it."
    )
    add_setting(parser)
    parser.add_argument("--models", nargs="+", default=[], metavar="MODEL", help="names of models, or their folders")
    parser.add_argument(
        "--references", nargs="*", choices=REFERENCES, default=list(REFERENCES), help="to stand beside (default: all)"
    )
    parser.add_argument("--days", type=int, default=DAYS, metavar="N", help="days held out, the last (default 1000)")
    parser.add_argument(
        "--fit-until",
        type=day_of,
        metavar="DATE",
        help="last day references are fitted to (default: the last but N)",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="the report, .html or .pdf (default: tables in the terminal)"
    )
    parser.add_argument(
        "--write-card",
        action="store_true",
        help="put the scores of the first model into its card, in place of those",
    )


def main(options: argparse.Namespace) -> int:
    """Score, and write or print the report.

    Raises:
        QuakeViewError: if the catalogue or a model cannot be read, nothing can be scored, or a card would rest on days
            that the model has seen.
    """
    from quakeview.training.reports.card import write_card
    from quakeview.training.reports.document import SUFFIXES, report_text, write_report
    from quakeview.training.reports.seismicity_report import seismicity_headline, seismicity_report

    if options.report is not None and options.report.suffix.lower() not in SUFFIXES:
        raise QuakeViewError(f"“{options.report.name}” must end in {' or '.join(SUFFIXES)}.")
    if options.write_card and not (options.models and options.references):
        raise QuakeViewError("A card says what a model is worth beside references; name --models and --references.")
    cards = [find_model(name, SEISMICITY) for name in options.models]
    models = [load_forecaster(card.folder) for card in cards]
    if models:
        first = models[0]
        options.magnitude, options.window = first.magnitude, (first.window.first, first.window.last)
    setting = setting_of(options)
    if models:
        setting = replace(setting, grid=models[0].grid)
    for model in models:
        check_fits(model, setting.catalogue)
    references = sorted(set(options.references), key=REFERENCES.index)
    until = None if options.fit_until is None else options.fit_until + 1
    with terminal_progress() as progress:
        found = evaluate(setting, models, references, options.days, until, progress)
    report = seismicity_report(found)
    if options.report is None:
        print(report_text(report), end="")
    else:
        write_report(report, options.report)
        print(f"The report is in {options.report}.")
    if options.write_card:
        if found.seen:
            raise QuakeViewError(f"{found.seen[0]} A card needs held-out days; choose fewer days.")
        write_card(cards[0], seismicity_headline(found), _command(options))
    return 0


def _command(options: argparse.Namespace) -> str:
    """What makes the scores again, without where the report went."""
    words = ["quakeview", "seismicity", "evaluate", *map(str, options.catalogue), "--models", *options.models]
    words += ["--references", *options.references, "--days", str(options.days)]
    words += ["--fit-until", date_of(options.fit_until)] if options.fit_until is not None else []
    words += ["--least-magnitude", f"{options.least_magnitude:g}"] if options.least_magnitude is not None else []
    return shlex.join([*words, "--write-card"])
