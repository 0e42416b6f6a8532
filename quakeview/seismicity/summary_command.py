"""``quakeview seismicity summary``: from where a catalogue is complete, its b-value and clusters, what to beware of."""

import argparse
import sys

from quakeview.progressbar import terminal_progress
from quakeview.seismicity.catalogue_arguments import add_catalogue, columns_of
from quakeview.seismicity.reading import read_catalogue
from quakeview.seismicity.statistics.methods import Method
from quakeview.texts import aligned

_METHODS = {method.name.lower().replace("_", "-"): method for method in Method}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command."""
    add_catalogue(parser)
    parser.add_argument(
        "--least-magnitude",
        type=float,
        metavar="M",
        help="magnitude from which the catalogue is used (default: from where it is complete)",
    )
    parser.add_argument(
        "--clusters",
        choices=_METHODS,
        default=next(iter(_METHODS)),
        help="how mainshocks are found (default %(default)s)",
    )


def main(options: argparse.Namespace) -> int:
    """Print the table, and what to beware of on stderr.

    Raises:
        QuakeViewError: if the catalogue cannot be read or has too few magnitudes.
    """
    from quakeview.seismicity.statistics.summary import summarise

    read = read_catalogue(options.catalogue, columns_of(options))
    with terminal_progress() as progress:
        summary = summarise(read.catalogue, options.least_magnitude, _METHODS[options.clusters], progress)
    sys.stdout.write(aligned(summary.rows))
    for sentence in (*read.notes, *summary.cautions):
        print(sentence, file=sys.stderr)
    return 0
