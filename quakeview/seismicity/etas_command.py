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
    from quakeview.seismicity.etas_uncertainty import intervals

    law, within = model.triggering, intervals(model)
    of_background, of_aftershocks = model.factors

    def row(label: str, name: str, value: float, words: str, unit: float = 1.0) -> tuple[str, str, str, str]:
        low, high = (each / unit for each in within.get(name, (value, value)))
        return label, f"{value / unit:.3g}", f"{low:.3g} to {high:.3g}" if name in within else "", words

    rows = [
        ("", "", "95 %" if within else "", ""),
        row("background", "background", float(model.background.sum()), "earthquakes a day in all cells"),
        row(
            "A", "productivity", law.productivity, f"aftershocks of {model.magnitude:g} and more: A 10^(alpha (M - m0))"
        ),
        row("alpha", "alpha", law.alpha, ""),
        ("m0", f"{law.reference:g}", "", "least magnitude of those that have aftershocks"),
        row("c", "c", law.c, "days, of Omori and Utsu's law"),
        row("p", "p", law.p, ""),
        row("d", "d", law.d, "km, of the law of distances: D = d² 10^(gamma (M - m0))", 1e3),
        row("gamma", "gamma", law.gamma, ""),
        row("q", "q", law.q, ""),
        ("factors", f"{of_background:.2f}, {of_aftershocks:.2f}", "", "of background and aftershocks in the forecast"),
    ]
    return aligned(rows, right=(1, 2))
