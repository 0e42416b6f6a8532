"""``quakeview evaluate``: how good models are on held-out records, side by side, as a report."""

import argparse
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.progressbar import terminal_progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("model", metavar="MODEL", help="the name of a picker, or its folder")
    parser.add_argument(
        "datasets", metavar="DATASET", type=Path, nargs="+", help="folders of labelled records in SeisBench layout"
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
        "-o", "--output", metavar="FILE", type=Path, help="the report, .html or .pdf (default: tables in the terminal)"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="what to compute on")
    parser.epilog = "ObsPy's AR-AIC picker always stands beside the models. Nothing the model was trained on should be"
    parser.epilog += " among the records: the split is what the data set says."


def main(options: argparse.Namespace) -> int:
    """Measure, and write or print the report.

    Raises:
        QuakeViewError: if a model or the data cannot be read, nothing is in the split, or the file has another suffix.
    """
    from quakeview.registry import PICKING, find_model
    from quakeview.training.reports.document import SUFFIXES, report_text, write_report
    from quakeview.training.reports.evaluating import evaluate_pickers

    if options.output is not None and options.output.suffix.lower() not in SUFFIXES:
        raise QuakeViewError(f"“{options.output.name}” must end in {' or '.join(SUFFIXES)}.")
    cards = [find_model(name, PICKING) for name in (options.model, *options.against)]
    with terminal_progress() as progress:
        evaluation = evaluate_pickers(
            cards, options.datasets, options.split, options.quiet, options.device, progress, options.splits
        )
    if options.output is None:
        print(report_text(evaluation.report()), end="")
        return 0
    folder = options.output.with_name(f"{options.output.stem} worst records")
    evaluation.write_worst(folder)
    write_report(evaluation.report(folder.name), options.output)
    return 0
