"""``quakeview measures``: how a scenario shakes places, as a table with response spectra."""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quakeview.geography import City
    from quakeview.wavefield.scenarios.scenario import Scenario

_PERIODS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``quakeview measures``."""
    parser.epilog = (
        "CSV on stdout, a line for each place: PGV of the horizontal motion, when it comes, intensity (MMI), and the "
        "pseudo-velocity response (5 % damping, geometric mean of X and Y) at the periods that the simulation resolves."
    )
    parser.add_argument("scenario", type=Path, metavar="SCENARIO.h5", help="a simulated earthquake")
    parser.add_argument(
        "--sites",
        type=Path,
        metavar="CSV",
        help="places: a table name,lon,lat or name,x_km,y_km (default: the cities of the region)",
    )


def main(options: argparse.Namespace) -> int:
    """Print the table; return the exit code.

    Raises:
        QuakeViewError: for files that cannot be read, and scenarios that are too short for response spectra.
    """
    from quakeview.geography import geography
    from quakeview.wavefield.forecasting.sites import read_sites
    from quakeview.wavefield.ground_motion.measures import lower_bound
    from quakeview.wavefield.scenarios.scenario import Scenario

    with Scenario.open(options.scenario) as scenario:
        if options.sites is None:
            sites: Sequence[City] = geography(scenario.region).cities
        else:
            read = read_sites(options.sites, scenario.region)
            sites = read.sites
            for sentence in read.left_out:
                print(sentence, file=sys.stderr)
        csv.writer(sys.stdout, lineterminator="\n").writerows(table(scenario, sites))
        print(f"{lower_bound(scenario.frequency)}.", file=sys.stderr)
    return 0


def table(scenario: "Scenario", sites: "Sequence[City]") -> list[list[str]]:
    """Return the head and a row for each place, measured at the node nearest to it.

    Raises:
        QuakeViewError: if the scenario has no frame yet, or is too short for response spectra.
    """
    import numpy as np

    from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
    from quakeview.wavefield.ground_motion.measures import resolved_periods, response_spectrum

    step = scenario.frame_step
    periods = resolved_periods(scenario.frequency, scenario.n_frames * step, _PERIODS)
    head = ["name", "x_km", "y_km", "pgv_cm_s", "t_pgv_s", "mmi", *(f"psv_{period:.3g}s_cm_s" for period in periods)]
    rows = [head]
    for site in sites:
        ix, iy = scenario.nearest(site.x, site.y)
        response = response_spectrum(scenario.traces(ix, iy)[0, :2], step, periods, scenario.frequency)
        pgv, time = float(scenario.pgv[ix, iy]), float(scenario.t_pgv[ix, iy])
        place = [site.name, f"{site.x / 1000:.3f}", f"{site.y / 1000:.3f}"]
        peaks = [f"{100 * pgv:.4g}", "" if np.isnan(time) else f"{time:.2f}", f"{float(mmi_from_pgv(pgv)):.1f}"]
        rows.append([*place, *peaks, *(f"{100 * value:.4g}" for value in np.sqrt(response.prod(axis=0)))])
    return rows
