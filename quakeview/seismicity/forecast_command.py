"""``quakeview seismicity forecast``: the earthquakes to be expected after a day, cell by cell."""

import argparse
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.progressbar import terminal_progress
from quakeview.registry import SEISMICITY, find_model
from quakeview.seismicity.catalogue import DAY, Catalogue, date_of, day_of
from quakeview.seismicity.catalogue_arguments import Setting, add_setting, region_of, setting_of
from quakeview.seismicity.choosing import check_fits
from quakeview.seismicity.forecasting import SeismicityForecaster, probability
from quakeview.seismicity.maps.day_forecast import NOT_SCORED, DayForecast, Provenance, forecast_of_day
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.reference_names import REFERENCES, fit_reference
from quakeview.texts import aligned, geographic

_SHOWN = 10
"""Cells that are printed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command."""
    parser.epilog = (
        "The cells with the highest probabilities go to stdout, all of them with --output. A reference is fitted to "
        "all days until --day; a model brings cells, magnitude and window of its own."
    )
    add_setting(parser)
    by = parser.add_mutually_exclusive_group()
    by.add_argument("--model", metavar="MODEL", help="the name of a model, or its folder")
    by.add_argument(
        "--reference", choices=REFERENCES, default="etas", help="a reference forecast to fit (default %(default)s)"
    )
    parser.add_argument(
        "--day", type=day_of, metavar="DATE", help="the last known day, UTC (default: the last one of the catalogue)"
    )
    parser.add_argument(
        "--inside",
        nargs="+",
        type=float,
        metavar="DEGREES",
        help="also say what is to come in a part of the region, given as --region is",
    )
    parser.add_argument(
        "--least", type=float, metavar="M", help="magnitude that --inside is about (default: as forecast)"
    )
    parser.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FILE",
        help="the map: .csv, .geojson, .tif (GeoTIFF), .xml, .dat or .csep.csv (CSEP), .png, .svg or .pdf",
    )


def main(options: argparse.Namespace) -> int:
    """Forecast, write the map and say what is expected in all.

    Raises:
        QuakeViewError: if the catalogue or the model cannot be read, there is too little to fit to, or the map cannot
            be written.
    """
    from quakeview.seismicity.maps.exports import write_forecast

    if options.least is not None and options.inside is None:
        raise QuakeViewError("--least is about a part of the region; say which with --inside.")
    setting = setting_of(options)
    day = setting.days[1] - 1 if options.day is None else options.day
    forecaster, worth = _forecaster(options, setting, day)
    forecast = forecast_of_day(forecaster, setting.catalogue, day, Provenance.of(forecaster, worth))
    print(
        f"{forecast.total:.2f} {forecast.what} are expected on {forecast.when}, from what was known at the end of "
        f"{date_of(day)}. {forecast.provenance}."
    )
    print(highest(forecast), end="")
    if options.inside is not None:
        print(_inside(options, forecaster, forecast, setting.catalogue, day))
    if options.output is not None:
        write_forecast(options.output, forecast, setting.catalogue)
        print(f"The map is in {options.output}.")
    return 0


def _inside(
    options: argparse.Namespace, forecaster: SeismicityForecaster, forecast: DayForecast, catalogue: Catalogue, day: int
) -> str:
    from quakeview.seismicity.numbers_to_come import region_text

    least = forecaster.magnitude if options.least is None else options.least
    if least < forecaster.magnitude:
        raise QuakeViewError(
            f"The forecast is of magnitude {forecaster.magnitude:g} and more, not of {least:g}; give --least at least "
            "that."
        )
    return region_text(forecaster, forecast, catalogue, day, region_of(options.inside), least)


def highest(forecast: DayForecast, number: int = _SHOWN) -> str:
    """Return the cells with the highest probabilities as lines for a terminal."""
    cells = np.argsort(forecast.expected)[::-1][:number]
    latitude, longitude = forecast.grid.geographic(*(each[cells] for each in forecast.grid.centres))
    chance = probability(np.asarray(forecast.expected[cells], np.float64))
    rows = [(f"middle of a cell of {forecast.grid.size / 1e3:g} km", "expected number", "probability")]
    rows += [
        (geographic(east, north, 2), f"{expected:.4g}", f"{100 * each:.3g} %")
        for east, north, expected, each in zip(longitude, latitude, forecast.expected[cells], chance, strict=True)
    ]
    return aligned(rows, right=(1, 2))


def _forecaster(options: argparse.Namespace, setting: Setting, day: int) -> tuple[SeismicityForecaster, str]:
    """Who forecasts, and what such forecasts have been worth."""
    if options.model is not None:
        card = find_model(options.model, SEISMICITY)
        model = load_forecaster(card.folder)
        check_fits(model, setting.catalogue.between(-np.inf, (day + 1) * DAY))
        return model, card.scored or NOT_SCORED
    with terminal_progress() as progress:
        return fit_reference(options.reference, setting.fitting(day + 1), progress), NOT_SCORED
