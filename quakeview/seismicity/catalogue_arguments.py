"""What sub-commands of ``quakeview seismicity`` share: the catalogue, its cells, days and magnitudes."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.choices import Choices, days_of
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.reading import ColumnMap, ReadCatalogue, read_catalogue
from quakeview.seismicity.references import Fitting
from quakeview.seismicity.region import Region
from quakeview.seismicity.statistics.cautions import of_use
from quakeview.seismicity.statistics.completeness import completeness
from quakeview.seismicity.statistics.magnitudes import rounding
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
    catalogue: Catalogue
    grid: CellGrid
    magnitude: float
    window: Window

    @property
    def days(self) -> tuple[int, int]:
        """Of the catalogue, [first, last)."""
        return days_of(self.catalogue)

    def fitting(self, last: int, first: int | None = None) -> Fitting:
        """Return what forecasts are fitted to that know nothing of day ``last`` and later.

        Args:
            first: of the days of training; None: a year after the catalogue begins.
        """
        begin = self.days[0]
        begin = min(begin + BURN_IN, (begin + last) // 2) if first is None else first
        return Fitting(self.catalogue, self.grid, self.magnitude, begin, last, self.window)


def add_catalogue(parser: argparse.ArgumentParser) -> None:
    """Add the files of the catalogue."""
    parser.add_argument(
        "catalogue", nargs="+", type=Path, metavar="CATALOG", help="files of earthquakes, such as CSV or QuakeML"
    )
    add_columns(parser)


def add_columns(parser: argparse.ArgumentParser) -> None:
    """Add which column of a table is what."""
    parser.add_argument(
        "--columns",
        metavar="MAP",
        help="which column of a table is what, such as time=date,latitude=y,longitude=x,depth_m=z,zone=+9; columns are "
        "named or counted from 1 (default: guessed from names and values, and said)",
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


def region_of(degrees: Sequence[float]) -> Region:
    """Return the region that was typed.

    Raises:
        QuakeViewError: if it is none.
    """
    return Region.parse(" ".join(f"{each:f}" for each in degrees))


def read_earthquakes(options: argparse.Namespace) -> ReadCatalogue:
    """Read the catalogue, and say what was left out of it.

    Raises:
        QuakeViewError: if it cannot be read.
    """
    read = read_catalogue(options.catalogue, columns_of(options))
    for sentence in read.notes:
        print(sentence, file=sys.stderr)
    return read


def columns_of(options: argparse.Namespace) -> ColumnMap | None:
    """Return which column is what, if it was said.

    Raises:
        QuakeViewError: if it was said wrongly.
    """
    return ColumnMap.parse(options.columns) if options.columns else None


def setting_of(options: argparse.Namespace) -> Setting:
    """Read the catalogue, say what was left out of it, and lay the cells.

    Raises:
        QuakeViewError: if it cannot be read, holds no earthquake that is large enough, or there are too many cells.
    """
    read = read_earthquakes(options)
    least = options.magnitude - BELOW_TARGET if options.least_magnitude is None else options.least_magnitude
    catalogue = read.catalogue.above(least)
    if not len(catalogue.above(options.magnitude)):
        raise QuakeViewError(
            f"{read.name} has no earthquake of magnitude {options.magnitude:g} or more; choose a lower magnitude."
        )
    for sentence in _cautions(read.catalogue, options.magnitude):
        print(sentence, file=sys.stderr)
    area = None if options.region is None else region_of(options.region)
    choices = Choices(options.magnitude, 1e3 * options.cell_size, Window(*options.window), area=area)
    return Setting(read.name, catalogue, choices.grid(catalogue), choices.magnitude, choices.window)


def _cautions(catalogue: Catalogue, magnitude: float) -> Iterator[str]:
    """Say that a catalogue is not complete from the magnitude on that is forecast."""
    try:
        found = completeness(catalogue, rounding(catalogue.magnitude).step)
    except QuakeViewError:  # too few magnitudes to tell
        return
    yield from of_use(found, magnitude)
