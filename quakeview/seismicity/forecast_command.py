"""``quakeview seismicity forecast``: the earthquakes to be expected after a day, cell by cell."""

import argparse
import sys
from pathlib import Path

from quakeview.atomic import write_atomically
from quakeview.progressbar import terminal_progress
from quakeview.seismicity.catalogue import date_of, day_of
from quakeview.seismicity.catalogue_arguments import Setting, add_setting, setting_of
from quakeview.seismicity.forecast_table import table
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.reference_names import REFERENCES, fit_reference


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command."""
    parser.epilog = (
        "CSV: centre of each cell, expected number of earthquakes and probability of at least one. A reference is "
        "fitted to all days until --day; a model brings cells, magnitude and window of its own."
    )
    add_setting(parser)
    by = parser.add_mutually_exclusive_group()
    by.add_argument("--model", type=Path, metavar="FOLDER", help="a forecaster that was trained or fitted before")
    by.add_argument(
        "--reference", choices=REFERENCES, default="etas", help="a reference forecast to fit (default %(default)s)"
    )
    parser.add_argument(
        "--day", type=day_of, metavar="DATE", help="the last known day, UTC (default: the last one of the catalogue)"
    )
    parser.add_argument(
        *("-o", "--output"), type=Path, metavar="FILE.csv", help="where to write the map (default: stdout)"
    )


def main(options: argparse.Namespace) -> int:
    """Forecast, write the map and say what is expected in all.

    Raises:
        QuakeViewError: if the catalogue or the model cannot be read, or there is too little to fit to.
    """
    setting = setting_of(options)
    day = setting.days[1] - 1 if options.day is None else options.day
    forecaster = _forecaster(options, setting, day)
    expected = next(iter(forecaster.expected(setting.catalogue, [day])))
    text = table(forecaster.grid, expected)
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_atomically(options.output, text.encode())
    print(_summary(forecaster, day, float(expected.sum())), file=sys.stderr)
    return 0


def _forecaster(options: argparse.Namespace, setting: Setting, day: int) -> SeismicityForecaster:
    if options.model is not None:
        return load_forecaster(options.model)
    with terminal_progress() as progress:
        return fit_reference(options.reference, setting.fitting(day + 1), progress)


def _summary(forecaster: SeismicityForecaster, day: int, total: float) -> str:
    first, last = day + forecaster.window.first, day + forecaster.window.last - 1
    days = date_of(first) if first == last else f"{date_of(first)} to {date_of(last)}"
    return (
        f"{forecaster.name} expects {total:.2f} earthquakes of magnitude {forecaster.magnitude:g} and more on {days}, "
        f"from what was known at the end of {date_of(day)}."
    )
