"""``quakeview seismicity leak``: what a map of frequencies that has seen the days of the test is worth."""

import argparse

from quakeview.progressbar import terminal_progress
from quakeview.seismicity.catalogue import date_of, day_of
from quakeview.seismicity.catalogue_arguments import BELOW_TARGET, add_catalogue, read_earthquakes
from quakeview.seismicity.scoring.leak import HELD_OUT, Leak, leak
from quakeview.seismicity.scoring.ranks import WHAT_AUC_IS_WORTH
from quakeview.seismicity.windows import Window
from quakeview.texts import aligned


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command."""
    parser.epilog = (
        "The protocol of the HierarchicalQuake paper and the code it grew from: 200 x 250 cells of 10 km, forecasts of "
        "whether an earthquake comes 10 to 49 days later, the last 1,000 days as test."
    )
    add_catalogue(parser)
    parser.add_argument("--magnitude", type=float, default=4.5, metavar="M", help="least magnitude (default 4.5)")
    parser.add_argument(
        "--window", nargs=2, type=int, default=(10, 50), metavar=("FIRST", "LAST"), help="days after (default 10 50)"
    )
    parser.add_argument("--days", type=int, default=HELD_OUT, metavar="N", help="last days, the test (default 1000)")
    parser.add_argument(
        "--fit-until", type=day_of, metavar="DATE", help="last day of training (default: as many days before the test)"
    )


def main(options: argparse.Namespace) -> int:
    """Print the scores of the maps, and what they mean.

    Raises:
        QuakeViewError: if the catalogue cannot be read, or has too few days or earthquakes.
    """
    read = read_earthquakes(options)
    until = None if options.fit_until is None else options.fit_until + 1
    with terminal_progress() as progress:
        found = leak(
            read.catalogue.above(options.magnitude - BELOW_TARGET),
            options.magnitude,
            Window(*options.window),
            options.days,
            until,
            progress,
        )
    print(leak_text(found), end="")
    return 0


def leak_text(found: Leak) -> str:
    """Return the table and the sentences for a terminal."""
    rows = [("map", "sees the test", "AUC", "average precision")]
    rows += [
        (each.name, "yes" if each.sees_test else "no", f"{each.auc:.3f}", f"{each.average_precision:.4f}")
        for each in found.maps
    ]
    days = (
        f"{found.grid.number:,} cells; training until {date_of(found.trained_until - 1)}, test from "
        f"{date_of(found.tested_from)}; {found.base_rate:.2%} of cells and days have an earthquake."
    )
    return f"{days}\n{aligned(rows, right=(2, 3))}{found.sentence}\n{WHAT_AUC_IS_WORTH}\n"
