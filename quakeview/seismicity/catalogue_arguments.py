"""What sub-commands of ``quakeview seismicity`` share: the catalogue, its cells, days and magnitudes."""

import argparse
import sys
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quakeview.seismicity.catalogue import Catalogue
    from quakeview.seismicity.grid import CellGrid
    from quakeview.seismicity.references import Fitting
    from quakeview.seismicity.windows import Window

BELOW_TARGET = 0.5
"""How much smaller than what is forecast earthquakes may be that say where and when."""
BURN_IN = 365
"""Days at the start of a catalogue that are history alone."""


@dataclass(frozen=True)
class Setting:
    """What is forecast, from which earthquakes.

    Attributes:
        name: of the catalogue.
        catalogue: the earthquakes that are used.
        magnitude: earthquakes of at least this are forecast.
    """

    name: str
    catalogue: "Catalogue"
    grid: "CellGrid"
    magnitude: float
    window: "Window"

    @property
    def first_day(self) -> int:
        """Of the catalogue, a number since 1 January 1970."""
        from quakeview.seismicity.catalogue import day_number

        return int(day_number(self.catalogue.time[0]))

    @property
    def last_day(self) -> int:
        """Of the catalogue."""
        from quakeview.seismicity.catalogue import day_number

        return int(day_number(self.catalogue.time[-1]))

    def fitting(self, last: int, first: int | None = None) -> "Fitting":
        """Return what forecasts are fitted to that know nothing of day ``last`` and later.

        Args:
            first: of the days of training; None: a year after the catalogue begins.
        """
        from quakeview.seismicity.references import Fitting

        begin = min(self.first_day + BURN_IN, (self.first_day + last) // 2) if first is None else first
        return Fitting(self.catalogue, self.grid, self.magnitude, begin, last, self.window)


def add_catalogue(parser: argparse.ArgumentParser) -> None:
    """Add the files of the catalogue."""
    parser.add_argument(
        "catalogue", nargs="+", type=Path, metavar="CATALOG", help="files of earthquakes, such as CSV or QuakeML"
    )


def add_setting(parser: argparse.ArgumentParser) -> None:
    """Add the catalogue, and what is forecast where."""
    add_catalogue(parser)
    parser.add_argument(
        "--magnitude", type=float, default=4.5, metavar="M", help="forecast earthquakes of at least this (default 4.5)"
    )
    parser.add_argument(
        "--least-magnitude",
        type=float,
        metavar="M",
        help=f"smallest earthquakes that are used (default: {BELOW_TARGET:g} below --magnitude)",
    )
    parser.add_argument(
        "--window",
        nargs=2,
        type=int,
        default=(1, 2),
        metavar=("FIRST", "LAST"),
        help="days after the last known one, LAST not among them (default 1 2: the next day; the paper: 10 20)",
    )
    parser.add_argument("--cell-size", type=float, default=25.0, metavar="KM", help="side of a cell (default 25 km)")
    parser.add_argument(
        "--region",
        nargs="+",
        type=float,
        metavar="DEGREES",
        help="south, west, north and east of a box, or latitude and longitude of each corner of a polygon (default: "
        "around all earthquakes)",
    )


def setting_of(options: argparse.Namespace) -> Setting:
    """Read the catalogue, say what was left out of it, and lay the cells.

    Raises:
        QuakeViewError: if it cannot be read, holds no earthquake that is large enough, or there are too many cells.
    """
    from quakeview.errors import QuakeViewError
    from quakeview.seismicity.choices import Choices
    from quakeview.seismicity.region import Region
    from quakeview.seismicity.windows import Window

    read = import_module("quakeview.seismicity.reading").read_catalogue(options.catalogue)
    for sentence in read.notes:
        print(sentence, file=sys.stderr)
    least = options.magnitude - BELOW_TARGET if options.least_magnitude is None else options.least_magnitude
    catalogue = read.catalogue.above(least)
    if not len(catalogue.above(options.magnitude)):
        raise QuakeViewError(
            f"{read.name} has no earthquake of magnitude {options.magnitude:g} or more; choose a lower magnitude."
        )
    area = None if options.region is None else Region.parse(" ".join(f"{each:f}" for each in options.region))
    choices = Choices(options.magnitude, 1e3 * options.cell_size, Window(*options.window), area=area)
    return Setting(read.name, catalogue, choices.grid(catalogue), choices.magnitude, choices.window)


def day_of(text: str) -> int:
    """Return the number of a day since 1 January 1970, for argparse."""
    try:
        return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2019-12-31") from error


def day_text(day: int) -> str:
    """``2019-12-31`` of a number since 1 January 1970."""
    return date.fromordinal(day + date(1970, 1, 1).toordinal()).isoformat()
