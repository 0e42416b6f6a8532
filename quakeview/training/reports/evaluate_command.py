"""``quakeview evaluate``: how good models are on held-out data, side by side, as a report."""

import argparse
import shlex
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.progressbar import terminal_progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("model", metavar="MODEL", help="the name of a model, or its folder")
    parser.add_argument(
        "datasets",
        metavar="DATASET",
        type=Path,
        nargs="+",
        help="folders of labelled records in SeisBench layout; for forecasters of scenarios",
    )
    parser.add_argument(
        "--against", metavar="MODEL", nargs="+", default=[], help="other models that read the same records"
    )
    parser.add_argument("--split", default="test", help="which part of the data to use (default %(default)s); 'all'")
    parser.add_argument(
        "--splits", metavar="FILE", type=Path, help="what the parts are, as the run file's table of splits says"
    )
    parser.add_argument(
        "--quiet", metavar="FILES", type=Path, help="continuous records without earthquakes, to count false picks on"
    )
    parser.add_argument(
        "--library", metavar="FOLDER", type=Path, help="training events for the references of forecasters"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="the report, .html or .pdf (default: tables in the terminal)"
    )
    parser.add_argument(
        "--write-card", action="store_true", help="put the scores into the model's card, in place of those there"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="what to compute on")
    parser.epilog = "Rules always stand beside the models: ObsPy's AR-AIC picker; S minus P, P polarisation and first"
    parser.epilog += " swing; persistence and an attenuation relation. Nothing the model was trained on should be among"
    parser.epilog += " the records: the split is what the data set says."


def main(options: argparse.Namespace) -> int:
    """Measure, and write or print the report.

    Raises:
        QuakeViewError: if a model or the data cannot be read, nothing is in the split, or the file has another suffix.
    """
    from quakeview.registry import find_model
    from quakeview.training.reports.document import SUFFIXES, report_text
    from quakeview.training.reports.evaluating import Request, evaluate, write_all

    if options.output is not None and options.output.suffix.lower() not in SUFFIXES:
        raise QuakeViewError(f"“{options.output.name}” must end in {' or '.join(SUFFIXES)}.")
    cards = [find_model(name) for name in (options.model, *options.against)]
    request = Request(
        cards, options.datasets, options.split, options.quiet, options.library, options.device, options.splits
    )
    with terminal_progress() as progress:
        evaluation = evaluate(request, progress)
    if options.output is None:
        print(report_text(evaluation.report()), end="")
    else:
        write_all(evaluation, options.output)
        print(f"The report is in {options.output}.")
    if options.write_card:
        from quakeview.training.reports.card import write_card

        write_card(cards[0], evaluation.headline(), _command(options))
    return 0


def _command(options: argparse.Namespace) -> str:
    """What was typed, without where the report went and what does not touch the scores."""
    words = ["quakeview", "evaluate", options.model, *map(str, options.datasets)]
    words += ["--against", *options.against] if options.against else []
    words += ["--split", options.split] if options.split != "test" else []
    words += ["--splits", str(options.splits)] if options.splits else []
    words += ["--quiet", str(options.quiet)] if options.quiet else []
    words += ["--library", str(options.library)] if options.library else []
    return shlex.join([*words, "--write-card"])
