"""``quakeview simulate``: from an earthquake to a scenario file, or from a description to a data set."""

import argparse
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.atomic import check_new
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled
from quakeview.texts import counted

if TYPE_CHECKING:
    from quakeview.wavefield.scenarios.making import ScenarioRequest
    from quakeview.wavefield.scenarios.scenario import Scenario

INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``quakeview simulate``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "Without --point or --srf the source is a rupture of the Hayward fault. X runs along the fault to the\n"
        "south-east and Y across it to the north-east, both from the western corner of the region. Ctrl-C keeps the\n"
        "frames that are finished, and the exit code is 130. The same command continues a data set where it stopped.\n"
        "The user's guide says what a dataset.toml holds (F1 in the window)."
    )
    parser.add_argument(
        "dataset", nargs="?", type=Path, metavar="dataset.toml", help="describes a data set of many earthquakes"
    )
    parser.add_argument(
        "--preset",
        default="tiny",
        metavar="NAME",
        help="how fine the grid is: tiny (default), forecast, standard or fine",
    )
    parser.add_argument("--magnitude", type=float, metavar="M", help="moment magnitude, 4-7")
    parser.add_argument(
        "--hypocentre", type=_kilometres, metavar="X,Y,Z", help="km; Z is the depth (default: drawn from the seed)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="the same seed gives the same rupture (default 0)"
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--point", action="store_true", help="simulate a point source")
    source.add_argument("--srf", type=Path, metavar="FILE", help="simulate a rupture in Standard Rupture Format")
    for angle in ("strike", "dip", "rake"):
        text = f"{angle} of a point source (default: that of the Hayward fault)"
        parser.add_argument(f"--{angle}", type=float, metavar="DEGREES", help=text)
    parser.add_argument(
        "--model",
        default="bay-area",
        metavar="NAME|FILE",
        help="Earth model: bay-area (default, illustrative), gil7, loh1, homogeneous, or a GeoModelGrids file",
    )
    parser.add_argument(
        "--duration", type=float, metavar="S", help="seconds after the origin time (default: that of the preset)"
    )
    parser.add_argument("--no-attenuation", action="store_true", help="simulate waves that lose no energy")
    parser.add_argument(
        "--impulses",
        type=Path,
        metavar="FOLDER",
        help='add the rupture up from a data set with source = "impulse" instead of simulating it',
    )
    parser.add_argument(
        "--save-srf", type=Path, metavar="FILE", help="write the rupture in Standard Rupture Format as well"
    )
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto", help="what simulates (default auto)"
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="make a data set on the workers of a Dask scheduler, such as tcp://host:8786",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.h5", help="the scenario file to write")


def main(options: argparse.Namespace) -> int:
    """Simulate what the options say; returns the exit code (130 interrupted).

    Raises:
        QuakeViewError: for what cannot be simulated or written.
    """
    if options.dataset is not None:
        if options.output is not None or options.magnitude is not None:
            raise QuakeViewError(f"{options.dataset} describes the data set wholly; leave the other options out.")
        return _make_dataset(options.dataset, options.device, options.cluster)
    if options.cluster is not None:
        raise QuakeViewError("A cluster makes data sets; give a dataset.toml, or leave --cluster out.")
    request = request_of(options)
    if options.save_srf is not None:
        _save_rupture(request, options.save_srf)
    if options.impulses is not None:
        return _put_together(request, options.impulses, options.output)
    return _make_scenario(request, options.output, options.device)


def request_of(options: argparse.Namespace) -> "ScenarioRequest":
    """The earthquake that the options describe.

    Raises:
        QuakeViewError: if the magnitude or the output is missing, the output is there already, or options exclude
            each other.
    """
    from quakeview.wavefield.scenarios.making import ScenarioRequest

    if options.output is None:
        raise QuakeViewError("Where should the scenario go? Add -o and the name of an .h5 file.")
    check_new(options.output)
    if options.magnitude is None and options.srf is None:
        raise QuakeViewError("How large is the earthquake? Add --magnitude, or --srf and a rupture file.")
    own = (options.magnitude, options.hypocentre, options.strike, options.dip, options.rake)
    if options.srf is not None and any(value is not None for value in own):
        raise QuakeViewError("An SRF file has its own magnitude, hypocentre and angles; leave these options out.")
    named = {each.name: getattr(options, each.name) for each in fields(ScenarioRequest) if hasattr(options, each.name)}
    if options.magnitude is None:
        del named["magnitude"]
    return ScenarioRequest(
        **named, source="point" if options.point else "rupture", attenuation=not options.no_attenuation
    )


def _make_scenario(request: "ScenarioRequest", output: Path, device: str) -> int:
    from quakeview.progressbar import terminal_progress
    from quakeview.wavefield.scenarios.making import estimate_scenario, make_scenario
    from quakeview.wavefield.scenarios.scenario import Scenario

    _say("Measuring the speed of this machine; the first time, the wave equation is compiled, half a minute.")
    cost = estimate_scenario(request, device)
    _say(
        f"About {_duration(cost.seconds)}, {cost.memory / 1e6:.0f} MB of memory, {cost.file_size / 1e6:.0f} MB on disk."
    )
    start = time.monotonic()
    interrupted = False
    with terminal_progress() as bar:
        try:
            make_scenario(request, output, device, bar)
        except Cancelled:
            interrupted = True
    if output.exists():
        with Scenario.open(output) as scenario:
            print(summary(scenario, time.monotonic() - start))
    if interrupted:
        _say("Stopped before the end." if output.exists() else "Stopped before the first frames; nothing was kept.")
        return INTERRUPTED
    return 0


def _put_together(request: "ScenarioRequest", impulses: Path, output: Path) -> int:
    """Make a scenario of the stored impulses of a data set."""
    from quakeview.progressbar import terminal_progress
    from quakeview.wavefield.scenarios.scenario import Scenario
    from quakeview.wavefield.scenarios.superposition import make_superposed

    start = time.monotonic()
    with terminal_progress() as bar:
        try:
            make_superposed(request, sorted(impulses.glob("*.h5")), output, bar)
        except Cancelled:
            _say("Stopped before the end; nothing was kept.")
            return INTERRUPTED
    with Scenario.open(output) as scenario:
        print(summary(scenario, time.monotonic() - start))
    return 0


def _save_rupture(request: "ScenarioRequest", path: Path) -> None:
    from quakeview.simulation.sources.srf import write_srf
    from quakeview.wavefield.scenarios.making import rupture_of

    rupture = rupture_of(request)
    if rupture is None:
        raise QuakeViewError("Only a rupture of one plane can be written as SRF; leave --save-srf out.")
    write_srf(rupture, path, request.region)


def _make_dataset(description: Path, device: str, cluster: str | None) -> int:
    from quakeview.progressbar import terminal_progress
    from quakeview.wavefield.scenarios.dataset_making import make_dataset
    from quakeview.wavefield.scenarios.datasets import planned_events, read_description, request_of
    from quakeview.wavefield.scenarios.making import estimate_scenario

    dataset = read_description(description)
    cost = estimate_scenario(request_of(dataset, planned_events(dataset)[0]), device)
    _say(
        f"{counted(dataset.events, 'event')} of about {_duration(cost.seconds)} "
        f"and {cost.file_size / 1e6:.0f} MB each, "
        f"{dataset.events * cost.file_size / 1e9:.1f} GB in all."
    )
    with terminal_progress() as bar:
        try:
            made = make_dataset(dataset, device, bar, cluster)
        except Cancelled:
            _say(f"Stopped; the finished events are in {dataset.output}. The same command continues.")
            return INTERRUPTED
    print(f"{made} new events in {dataset.output}; {dataset.output / 'metadata.csv'} lists all {dataset.events}.")
    return 0


def summary(scenario: "Scenario", seconds: float) -> str:
    """What was made, in a few lines."""
    size = scenario.path.stat().st_size
    frames = (
        counted(scenario.n_frames, "frame")
        if scenario.complete
        else f"{scenario.n_frames} of {counted(scenario.planned_frames, 'frame')}"
    )
    lines = [f"{scenario.path}: {scenario.name}, {frames}, {size / 1e6:.1f} MB, in {_duration(seconds)}"]
    ix, iy = divmod(int(scenario.pgv.argmax()), scenario.pgv.shape[1])
    lines.append(
        f"Peak ground velocity {100 * scenario.pgv[ix, iy]:.3g} cm/s at X = {scenario.x[ix] / 1000:.1f} km, "
        f"Y = {scenario.y[iy] / 1000:.1f} km, {scenario.t_pgv[ix, iy]:.1f} s after the origin time; "
        f"a lower bound: only waves below {scenario.frequency:g} Hz are simulated."
    )
    caveat = "; its geometry is simplified and no hazard estimate" if scenario.illustrative else ""
    lines.append(f"Earth model: {scenario.model_name}{caveat}.")
    return "\n".join(lines)


def _kilometres(text: str) -> tuple[float, float, float]:
    try:
        x, y, depth = (1000 * float(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not three numbers in km such as 40,38,8") from error
    return x, y, depth


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _say(text: str) -> None:
    print(text, file=sys.stderr)
