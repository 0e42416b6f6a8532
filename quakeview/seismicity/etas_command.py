"""``quakeview seismicity etas``: an ETAS model of a catalogue, its law, and a folder to use it from."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.progressbar import terminal_progress
from quakeview.seismicity.catalogue import date_of, day_of
from quakeview.seismicity.catalogue_arguments import add_setting, setting_of
from quakeview.seismicity.model_folder import card_of, save
from quakeview.texts import aligned

if TYPE_CHECKING:
    from quakeview.seismicity.etas import EtasForecast


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command."""
    add_setting(parser)
    parser.add_argument(
        "--first-day", type=day_of, metavar="DATE", help="first day of the fit (default: a year after the first one)"
    )
    parser.add_argument(
        "--last-day", type=day_of, metavar="DATE", help="last day of the fit (default: the last one of the catalogue)"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="keep the model in this folder")


def main(options: argparse.Namespace) -> int:
    """Fit, print the law, and keep the model.

    Raises:
        QuakeViewError: if the catalogue cannot be read, has too few earthquakes, or the folder cannot be written.
    """
    from quakeview.seismicity.etas_fitting import fit_etas

    setting = setting_of(options)
    last = setting.days[1] - 1 if options.last_day is None else options.last_day
    fitting = setting.fitting(last + 1, options.first_day)
    with terminal_progress() as progress:
        model = fit_etas(fitting, progress)
    days = f"{date_of(fitting.first)} to {date_of(fitting.last - 1)}"
    print(f"ETAS of {setting.name}, magnitude {setting.magnitude:g} and more, fitted to {days}")
    print(law_text(model), end="")
    if options.output is not None:
        save(model, options.output, card_of(fitting, options.output.name, setting.name))
        print(f"The model is in {options.output}.")
    return 0


def law_text(model: "EtasForecast") -> str:
    """Return the law of an ETAS model as lines for a terminal."""
    law = model.triggering
    of_background, of_aftershocks = model.factors
    rows = [
        ("background", f"{model.background.sum():.4g}", "earthquakes a day in all cells"),
        ("A", f"{law.productivity:.4g}", f"aftershocks of magnitude {law.reference:g}: A 10^(alpha (M - m0))"),
        ("alpha", f"{law.alpha:.3f}", ""),
        ("m0", f"{law.reference:g}", ""),
        ("c", f"{law.c:.4g}", "days, of Omori and Utsu's law"),
        ("p", f"{law.p:.3f}", ""),
        ("d", f"{law.d / 1e3:.3g}", "km, of the law of distances: D = d² 10^(gamma (M - m0))"),
        ("gamma", f"{law.gamma:.3f}", ""),
        ("q", f"{law.q:.3f}", ""),
        ("factors", f"{of_background:.2f}, {of_aftershocks:.2f}", "of background and aftershocks in the forecast"),
    ]
    return aligned(rows, right=(1,))
