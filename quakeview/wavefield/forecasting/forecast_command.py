"""``quakeview forecast``: from what was known of an earthquake to what comes, and how right it was."""

import argparse
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.atomic import check_new
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.texts import counted
from quakeview.wavefield.forecasting.delays import Delays
from quakeview.wavefield.scenarios.schema import SUFFIXES

if TYPE_CHECKING:
    from quakeview.geography import City, Station
    from quakeview.registry import ModelCard
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.forecaster import Forecaster
    from quakeview.wavefield.forecasting.known_events import KnownEvent
    from quakeview.wavefield.forecasting.warning import SiteWarning

INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``quakeview forecast``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "The forecast of a scenario is compared with the scenario itself. Its scores go to stdout, beside those of\n"
        "simple baselines: persistence, the nearest training event, the best sum of training events (ridge), and an\n"
        "attenuation relation that is told the magnitude. Nearest event and ridge need training events on this\n"
        "machine. Records need --inventory, and --origin-time or --until; they are scored at their stations. A\n"
        "scenario of any size is low-passed and resampled to the grid of the model. Warning times rest on forecasts\n"
        "from inputs that end every 2.6 s from 7.8 to 31.2 s, whatever --window says. With several windows each\n"
        "forecast has a file of its own, FILE-15.6s.h5 and so on. Ctrl-C keeps the forecasts that are finished, and\n"
        "the exit code is 130."
    )
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="SCENARIO.h5|MSEED", help="a scenario, or waveform files and folders"
    )
    parser.add_argument(
        "--model", metavar="NAME", help="a forecaster that 'quakeview models' lists (default: the one it marks)"
    )
    parser.add_argument(
        "--window",
        type=_seconds,
        default=(15.6,),
        metavar="S[,S...]",
        help="when the input ends, seconds after the origin time (default 15.6); one forecast for each",
    )
    parser.add_argument("--ensemble", type=int, metavar="N", help="how many members of the ensemble (default: all)")
    parser.add_argument(
        "--stations",
        default="dense",
        metavar="dense|N|virtual|FILE",
        help="where the ground motion of a scenario is known: everywhere (default), at N nodes drawn at random, at the "
        "virtual stations of the region, or at the sites of a StationXML or CSV file",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="the same seed draws the same nodes (default 0)"
    )
    parser.add_argument(
        "--inventory",
        action="extend",
        nargs="+",
        default=[],
        type=Path,
        metavar="XML|FOLDER",
        help="metadata of the recording stations; may be given more than once",
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--origin-time", type=_utc, metavar="TIME", help="when the recorded earthquake began, ISO 8601, UTC"
    )
    when.add_argument(
        "--until", type=_utc, metavar="TIME", help="when the first input ends, if the origin time is not known"
    )
    parser.add_argument("--mmi", type=float, metavar="I", help="print warning times for this intensity (MMI)")
    parser.add_argument(
        "--alert-probability",
        type=float,
        metavar="P",
        help="alert where the intensity has this probability (default: where the expected PGV reaches it)",
    )
    for name, seconds, what in (
        ("telemetry", Delays.telemetry, "until the data of an input have arrived"),
        ("computing", Delays.computing, "until a forecast is made and sent"),
    ):
        text = f"seconds {what}, before an alert (default {seconds:g})"
        parser.add_argument(f"--{name}-delay", type=float, default=seconds, metavar="S", help=text)
    parser.add_argument(
        "--sites", type=Path, metavar="CSV", help="places to warn (default: the cities, or the recording stations)"
    )
    parser.add_argument(
        "--training-events",
        action="store_true",
        help="score the nearest training event and ridge even if gigabytes have to be read for them",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default="auto",
        help="what the model computes on (default auto)",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.h5", help="the forecast file to write")


def main(options: argparse.Namespace) -> int:
    """Forecast what the options say; returns the exit code (130 interrupted).

    Raises:
        QuakeViewError: for what cannot be read, forecast or written.
    """
    from quakeview.progressbar import terminal_progress
    from quakeview.registry import chosen_model
    from quakeview.wavefield.forecasting.forecast_file import write_forecast
    from quakeview.wavefield.forecasting.known_events import said_of_input

    check(options)
    outputs = output_paths(options.output, options.window)
    made: list[Forecast] = []
    with terminal_progress() as progress:
        try:
            forecaster = _loaded(chosen_model(options.model, "forecasting"), options.device, progress)
            event = _event(options, forecaster, progress)
            places = _places(event, options.sites, progress) if options.mmi is not None else ()
            for until, path in zip(options.window, outputs, strict=True):
                observation, begun = event.observation(until), time.monotonic()
                for sentence in said_of_input(event, until):
                    progress.log(sentence)
                forecast = forecaster.forecast(observation, event.duration(until), options.ensemble, progress)
                taken = time.monotonic() - begun
                write_forecast(forecast, path, progress)
                made.append(forecast)
                progress.log(f"{path}: {_described(forecast, until)}, in {taken:.1f} s")
                progress.log(
                    forecast.support.reason or f"{forecast.model.name}: {forecast.model.skill or 'not scored'}."
                )
            said = [event.scores(made, progress, options.training_events)]
            if options.mmi is not None:
                said.append(_warnings(options, event, forecaster, made, places, progress))
        except Cancelled:
            progress.log(f"Stopped; {len(made)} of {len(outputs)} forecasts are finished and kept.")
            return INTERRUPTED
    print("\n\n".join(said))
    return 0


def check(options: argparse.Namespace) -> None:
    """Before anything slow: do the options fit together?

    Raises:
        QuakeViewError: if they do not.
    """
    from quakeview.wavefield.forecasting.warning import LEAST_MMI, MOST_MMI

    scenarios = [path for path in options.inputs if path.suffix.lower() in SUFFIXES]
    real = {"--inventory": options.inventory, "--origin-time": options.origin_time, "--until": options.until}
    if scenarios:
        if len(options.inputs) > 1:
            raise QuakeViewError("One scenario is forecast at a time, and no records beside it; name one file.")
        if given := [name for name, value in real.items() if value]:
            raise QuakeViewError(f"A scenario knows its own stations and times; leave {' and '.join(given)} out.")
    else:
        if options.stations != "dense":
            raise QuakeViewError(
                "--stations chooses among the nodes of a scenario; records have stations of their own."
            )
        if not options.inventory:
            raise QuakeViewError("Where do the stations stand? Add --inventory and their StationXML file.")
        if options.origin_time is None and options.until is None:
            raise QuakeViewError(
                "When was the earthquake? Add --origin-time, or --until and the time at which the input ends."
            )
    if options.mmi is not None and not LEAST_MMI <= options.mmi <= MOST_MMI:
        raise QuakeViewError(f"There are no alerts for an intensity of {options.mmi:g}; choose one from 2 to 10.")
    if options.sites is not None and options.mmi is None:
        raise QuakeViewError("Which intensity are the sites warned of? Add --mmi, such as --mmi 5.")
    if options.alert_probability is not None:
        if options.mmi is None:
            raise QuakeViewError("The probability of which intensity? Add --mmi, such as --mmi 5.")
        if not 0 < options.alert_probability < 1:
            raise QuakeViewError("The probability of an alert is between 0 and 1, such as --alert-probability 0.5.")
    Delays(options.telemetry_delay, options.computing_delay)


def output_paths(output: Path | None, windows: Sequence[float]) -> list[Path]:
    """A file for each window.

    Raises:
        QuakeViewError: if there is no name, it is not one of HDF5, or something has it already.
    """
    if output is None:
        raise QuakeViewError("Where should the forecast go? Add -o and the name of an .h5 file.")
    if output.is_dir():
        check_new(output)
    if output.suffix.lower() not in SUFFIXES:
        raise QuakeViewError(f"Forecasts are HDF5 files; call it {output.with_suffix('.h5')}.")
    paths = [output]
    if len(windows) > 1:
        paths = [output.with_name(f"{output.stem}-{window:g}s{output.suffix}") for window in windows]
    for path in paths:
        check_new(path)
    return paths


def _event(options: argparse.Namespace, forecaster: "Forecaster", progress: Progress) -> "KnownEvent":
    from quakeview.wavefield.forecasting.known_events import RecordedEvent, SimulatedEvent
    from quakeview.wavefield.scenarios.scenario import Scenario

    first = options.inputs[0]
    if first.suffix.lower() in SUFFIXES:
        return SimulatedEvent.prepare(Scenario.open(first), forecaster, options.stations, options.seed, progress)
    reference = options.origin_time or options.until - timedelta(seconds=options.window[0])
    event = RecordedEvent.read(options.inputs, options.inventory, forecaster, reference, options.window[-1], progress)
    end = event.records.end
    progress.log(f"{event.records.header.name}: records until {end:.1f} s after {reference:%H:%M:%S.%f} UTC")
    return event


def _loaded(card: "ModelCard", device: str, progress: Progress) -> "Forecaster":
    from quakeview.wavefield.forecasting.forecaster import load_forecaster

    progress.advance(0, 1, f"Loading {card.name}")
    return load_forecaster(card.folder, device)


def _described(forecast: "Forecast", until: float) -> str:
    model, seen = forecast.model, forecast.observation
    known = counted(len(seen.stations), "station") if seen.stations else "the ground everywhere"
    duration = (forecast.n_frames - forecast.issued) * forecast.frame_step
    members = counted(model.members, "member")
    return f"{model.name} ({members}) from {known} until {until:g} s, {duration:.0f} s ahead"


def _places(event: "KnownEvent", sites: Path | None, progress: Progress) -> "Sequence[City | Station]":
    from quakeview.wavefield.forecasting.sites import read_sites

    if sites is None:
        return event.places
    read = read_sites(sites, event.truth.region)
    for sentence in read.left_out:
        progress.log(sentence)
    return read.sites


def _warnings(
    options: argparse.Namespace,
    event: "KnownEvent",
    forecaster: "Forecaster",
    made: "Sequence[Forecast]",
    places: "Sequence[City | Station]",
    progress: Progress,
) -> str:
    """A line for each place, and in words what alerts and intensities are worth."""
    from quakeview.wavefield.forecasting.known_events import alert_sequence, aligned
    from quakeview.wavefield.forecasting.warning import caveat, warning_map

    sequence = alert_sequence(event, forecaster, made, options.ensemble, progress)
    delays = Delays(options.telemetry_delay, options.computing_delay)
    found = warning_map(event.truth, sequence, options.mmi, progress, options.alert_probability, delays)
    rows = [
        [site.name, *map(_moment, (site.alert_time, site.exceedance_time, site.warning)), _percent(site), site.outcome]
        for site in found.at(places)
    ]
    head = ["place", "alert (s)", "reached (s)", "warning (s)", "probability", "outcome"]
    inputs = (
        f"{len(sequence)} forecasts, from inputs until {sequence[0].issue_time:.1f} to {sequence[-1].issue_time:.1f} s"
    )
    notes = f"{found.said} They rest on {inputs}.\nMMI {options.mmi:g}; {caveat(event.truth)}."
    return f"{aligned([head, *rows])}\n{notes}"


def _percent(site: "SiteWarning") -> str:
    return "" if site.probability is None else f"{100 * site.probability:.0f} %"


def _moment(time: float | None) -> str:
    return "" if time is None else f"{time:.1f}"


def _seconds(text: str) -> tuple[float, ...]:
    try:
        windows = tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of seconds, or several such as 15.6,18.2"
        ) from error
    if not all(0 < window < math.inf for window in windows):
        raise argparse.ArgumentTypeError(f"{text!r}: a window ends after the origin time")
    return windows


def _utc(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2024-01-31T12:00:00") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
