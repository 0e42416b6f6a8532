"""``quakeview forecast``: from what was known of an earthquake to what comes, and how right it was."""

import argparse
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress

if TYPE_CHECKING:
    from quakeview.registry import ModelCard
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.forecaster import Forecaster
    from quakeview.wavefield.forecasting.judged_events import Event
    from quakeview.wavefield.geography import City, Station
    from quakeview.wavefield.header import Header, Wavefield

INTERRUPTED = 130
_HDF5 = (".h5", ".hdf5")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``quakeview forecast``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "A scenario is its own truth: scores go to stdout, beside those of persistence and of an attenuation\n"
        "relation that is told the magnitude. Records need --inventory, and --origin-time or --until; they are scored\n"
        "at the stations. With several windows, each forecast has a file of its own, out-15.6s.h5 and so on. Ctrl-C\n"
        "keeps the forecasts that are finished, and exits with 130."
    )
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="SCENARIO.h5|MSEED", help="a scenario, or waveform files and folders"
    )
    parser.add_argument("--model", metavar="NAME", help="as 'quakeview models' lists it; default: the first forecaster")
    parser.add_argument(
        "--window",
        type=_seconds,
        default=(15.6,),
        metavar="S[,S...]",
        help="when the input ends, seconds after the origin time (default 15.6); several: a forecast each",
    )
    parser.add_argument("--ensemble", type=int, metavar="N", help="members of the ensemble; default: all")
    parser.add_argument(
        "--stations",
        default="dense",
        metavar="dense|N|virtual|FILE",
        help="where a scenario is known: everywhere (default), at N drawn nodes, at the virtual stations of the "
        "region, or at the sites of a StationXML or CSV file",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the drawn nodes (default 0)")
    parser.add_argument(
        "--inventory", action="append", default=[], type=Path, metavar="XML", help="metadata of recording stations"
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--origin-time", type=_utc, metavar="TIME", help="of recorded earthquakes, ISO-8601 UTC")
    when.add_argument(
        "--until", type=_utc, metavar="TIME", help="if it is not known: when the first window ends, ISO-8601 UTC"
    )
    parser.add_argument("--mmi", type=float, metavar="I", help="print warning times for this intensity")
    parser.add_argument("--sites", type=Path, metavar="CSV", help="places to warn; default: cities, or the stations")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.h5", help="the forecast")


def main(options: argparse.Namespace) -> int:
    """Forecast what the options say; returns the exit code (130 interrupted).

    Raises:
        QuakeViewError: for what cannot be read, forecast or written.
    """
    from quakeview.progressbar import terminal_progress
    from quakeview.wavefield.forecasting.forecast_file import write_forecast

    check(options)
    outputs = output_paths(options.output, options.window)
    made: list[Forecast] = []
    with terminal_progress() as progress:
        try:
            forecaster = _loaded(chosen_model(options.model), options.device, progress)
            event = _event(options, forecaster, progress)
            places = _places(event, options.sites, progress) if options.mmi is not None else ()
            for until, path in zip(options.window, outputs, strict=True):
                observation, begun = event.observation(until), time.monotonic()
                forecast = forecaster.forecast(observation, event.duration(until), options.ensemble, progress)
                taken = time.monotonic() - begun
                write_forecast(forecast, path, progress)
                made.append(forecast)
                progress.log(f"{path}: {_described(forecast, until)}, in {taken:.1f} s")
            said = [event.scores(made, progress)]
            if options.mmi is not None:
                said.append(_warnings(event.truth, made, options.mmi, places, progress))
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

    scenarios = [path for path in options.inputs if path.suffix.lower() in _HDF5]
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


def output_paths(output: Path | None, windows: Sequence[float]) -> list[Path]:
    """A file for each window.

    Raises:
        QuakeViewError: if there is no name, it is not one of HDF5, or something has it already.
    """
    if output is None:
        raise QuakeViewError("Where should the forecast go? Add -o and the name of an .h5 file.")
    if output.is_dir():
        raise QuakeViewError(f"{output} is a folder; add the name of an .h5 file in it.")
    if output.suffix.lower() not in _HDF5:
        raise QuakeViewError(f"Forecasts are HDF5 files; call it {output.with_suffix('.h5')}.")
    paths = [output]
    if len(windows) > 1:
        paths = [output.with_name(f"{output.stem}-{window:g}s{output.suffix}") for window in windows]
    for path in paths:
        if path.exists():
            raise QuakeViewError(f"{path} exists already; choose another name, or delete it first.")
        if not path.parent.is_dir():
            raise QuakeViewError(f"There is no folder {path.parent}; make it first.")
    return paths


def chosen_model(name: str | None) -> "ModelCard":
    """The forecaster of this name, or the first.

    Raises:
        QuakeViewError: if there is none, or the model does something else.
    """
    from quakeview.registry import available_models, find_model

    if name is not None:
        card = find_model(name)
        if card.task != "forecasting":
            raise QuakeViewError(f"{card.name} does not forecast, it is for {card.task}; see 'quakeview models'.")
        return card
    forecasters = [card for card in available_models() if card.task == "forecasting"]
    if not forecasters:
        raise QuakeViewError("No model that forecasts is installed; 'quakeview doctor' says where models belong.")
    return forecasters[0]


def stations_of(text: str, header: "Header", seed: int) -> "tuple[Station, ...]":
    """What --stations says: none for everywhere.

    Raises:
        QuakeViewError: for a number that the grid does not have, a region without virtual stations, or a file that
            cannot be read or has no site inside.
    """
    from quakeview.wavefield.forecasting.station_choice import drawn_stations, read_stations
    from quakeview.wavefield.geography import geography

    if text == "dense":
        return ()
    if text == "virtual":
        if not (virtual := geography(header.region).stations):
            raise QuakeViewError(f"There are no virtual stations in {header.region.name}; choose other stations.")
        return virtual
    if text.lstrip("+-").isdigit():
        nodes = len(header.x) * len(header.y)
        if not 1 <= int(text) <= nodes:
            raise QuakeViewError(f"{text} stations cannot be drawn from {nodes} nodes; choose 1 to {nodes}.")
        return drawn_stations(header, int(text), seed)
    return read_stations(Path(text), header.region)


def _event(options: argparse.Namespace, forecaster: "Forecaster", progress: Progress) -> "Event":
    from quakeview.wavefield.forecasting.judged_events import LONGEST, RecordedEvent, SimulatedEvent
    from quakeview.wavefield.forecasting.station_records import read_station_records
    from quakeview.wavefield.scenario import Scenario

    first = options.inputs[0]
    if first.suffix.lower() in _HDF5:
        scenario = Scenario.open(first)
        return SimulatedEvent(scenario, stations_of(options.stations, scenario.header, options.seed))
    reference = options.origin_time or options.until - timedelta(seconds=options.window[0])
    duration = options.window[-1] + LONGEST
    records = read_station_records(options.inputs, options.inventory, forecaster, reference, duration, progress)
    for sentence in records.report:
        progress.log(sentence)
    progress.log(f"{records.header.name}: records until {records.end:.1f} s after {reference:%H:%M:%S.%f} UTC")
    return RecordedEvent(records)


def _loaded(card: "ModelCard", device: str, progress: Progress) -> "Forecaster":
    from quakeview.wavefield.forecasting.forecaster import Forecaster

    progress.advance(0, 1, f"Loading {card.name}")
    return Forecaster.load(card.folder, device)


def _described(forecast: "Forecast", until: float) -> str:
    model, seen = forecast.model, forecast.observation
    known = f"{len(seen.stations)} stations" if seen.stations else "the ground everywhere"
    duration = (forecast.n_frames - forecast.issued) * forecast.frame_step
    members = f"{model.members} members" if model.members > 1 else "one member"
    return f"{model.name} ({members}) from {known} until {until:g} s, {duration:.0f} s ahead"


def _places(event: "Event", sites: Path | None, progress: Progress) -> "Sequence[City | Station]":
    from quakeview.wavefield.forecasting.sites import read_sites

    if sites is None:
        return event.places
    read = read_sites(sites, event.truth.region)
    for sentence in read.left_out:
        progress.log(sentence)
    return read.sites


def _warnings(
    truth: "Wavefield",
    forecasts: "Sequence[Forecast]",
    mmi: float,
    places: "Sequence[City | Station]",
    progress: Progress,
) -> str:
    """A line for each place, and in words what the intensities are worth."""
    from quakeview.wavefield.forecasting.judged_events import aligned
    from quakeview.wavefield.forecasting.warning import caveat, site_warnings

    rows = [
        [found.name, *map(_moment, (found.alert_time, found.exceedance_time, found.warning)), found.outcome]
        for found in site_warnings(truth, forecasts, mmi, places, progress)
    ]
    head = ["place", "alert (s)", "reached (s)", "warning (s)", "outcome"]
    return f"{aligned([head, *rows])}\nMMI {mmi:g}; {caveat(truth.frequency)}."


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
