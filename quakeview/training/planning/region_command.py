"""``quakeview region``: from a fault and a velocity model to the files that make a forecaster for a region."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError

if TYPE_CHECKING:
    from quakeview.simulation.regional_model import RegionFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``quakeview region``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "Writes library.toml, validation.toml, test.toml and run.toml beside the region's file, and says what its\n"
        "grid holds and costs. Then 'quakeview train run.toml' simulates, trains and calibrates, and 'quakeview\n"
        "simulate test.toml' makes what the forecaster is scored on. A region.toml that is there is taken as it is."
    )
    parser.add_argument("region", type=Path, metavar="region.toml", help="the region's file; made with --fault")
    parser.add_argument(
        "--fault", type=_numbers(4), metavar="LON,LAT,LON,LAT", help="ends of a fault; it dips to the right of the way"
    )
    parser.add_argument("--fault-depth", type=_numbers(2), default=(3.0, 13.0), metavar="KM,KM", help="default 3,13")
    parser.add_argument("--dip", type=float, default=90.0, metavar="DEGREES", help="of the fault (default 90)")
    parser.add_argument("--rake", type=float, default=180.0, metavar="DEGREES", help="of its earthquakes (default 180)")
    parser.add_argument("--name", default="", help="of the region (default: the name of its folder)")
    parser.add_argument(
        "--velocity-model", metavar="NAME|FILE", help="1-D model (default: the published one for the place)"
    )
    parser.add_argument("--places", type=int, metavar="N", help="of the library (default: one for every 14 km²)")
    parser.add_argument("--validation", type=int, default=8, metavar="N", help="events (default 8)")
    parser.add_argument("--test", type=int, default=12, metavar="N", help="events (default 12)")
    parser.add_argument("--members", type=int, default=2, metavar="N", help="of the ensemble (default 2)")
    parser.add_argument("--minutes", type=float, default=60.0, metavar="MIN", help="of training (default 60)")


def main(options: argparse.Namespace) -> int:
    """Write the files and say what they cost.

    Raises:
        QuakeViewError: for a region that cannot be simulated, or files that are there and say something else.
    """
    from quakeview.simulation.regional_model import read_region_file, regional_model
    from quakeview.training.planning.regions import RegionPlan, in_words, limits, suggested_places, write_files

    path: Path = options.region
    if path.exists() and options.fault:
        raise QuakeViewError(f"{path} is there already; leave --fault out, or choose another file.")
    region = read_region_file(path) if options.fault is None else _new_region(options)
    model = regional_model(region)
    places = options.places or suggested_places(model)
    plan = RegionPlan(region, places, options.validation, options.test, options.members, options.minutes)
    for sentence in (*model.changes, *in_words(plan, limits(plan))):
        print(sentence, file=sys.stderr)
    for made in write_files(plan, path):
        print(made)
    return 0


def _new_region(options: argparse.Namespace) -> "RegionFile":
    from quakeview.events.velocity_models import find_velocity_model, suggested
    from quakeview.simulation.regional_model import FaultTable
    from quakeview.training.planning.regions import around_fault

    west, south, east, north = options.fault
    named = options.velocity_model
    model = find_velocity_model(named) if named else suggested((south + north) / 2, (west + east) / 2)
    fault = FaultTable((west, south), (east, north), options.fault_depth, options.dip, options.rake)
    return around_fault(options.name or options.region.resolve().parent.name, fault, model)


def _numbers(count: int) -> Callable[[str], tuple[float, ...]]:
    def parse(text: str) -> tuple[float, ...]:
        try:
            values = tuple(float(part) for part in text.split(","))
        except ValueError:
            values = ()
        if len(values) != count:
            raise argparse.ArgumentTypeError(f"{text!r} is not {count} numbers with commas between")
        return values

    return parse
