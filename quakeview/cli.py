"""The command ``quakeview``: without a sub-command it opens the window; sub-commands run without one.

Exit codes: 0 done (also if nothing was found), 1 an error, told in one sentence on stderr, 2 wrong usage,
130 interrupted, 141 the reader of stdout went away. Data goes to stdout; everything else to stderr.

Nothing heavy is imported here: every command imports what it needs when it runs.
"""

import argparse
import dataclasses
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview import __version__
from quakeview.errors import QuakeViewError

if TYPE_CHECKING:
    from obspy import UTCDateTime

INTERRUPTED = 130
BROKEN_PIPE = 141
DEVICE = "what models compute on (default auto: CUDA, then MPS, then CPU)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parse(arguments)
        code = options.run(options)
        sys.stdout.flush()
        return code
    except QuakeViewError as error:
        print(f"quakeview: {error}", file=sys.stderr)
        return 1
    except MemoryError:
        print(
            "quakeview: There is not enough memory; close other programs, or ask for less at a time.", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_stdout()
        return BROKEN_PIPE
    except OSError as error:
        _give_up_stdout()
        what = f"{error.filename} could not be used" if error.filename else "The result could not be written"
        print(f"quakeview: {what} ({error.strerror or error}); make room or choose another place.", file=sys.stderr)
        return 1


def _give_up_stdout() -> None:
    """What is still in its buffer would fail again when the process ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # stdout is no file of the system
        return


def _parse(arguments: list[str]) -> argparse.Namespace:
    """The first word decides: a sub-command's name, or files for the window (a file called ``pick``: ``-- pick``)."""
    if arguments and arguments[0] in _COMMANDS:
        name, rest = arguments[0], arguments[1:]
        summary, add_arguments, run = _COMMANDS[name]
        parser = argparse.ArgumentParser(f"quakeview {name}", description=summary)
        add_arguments(parser)
        parser.set_defaults(run=run)
        return parser.parse_args(rest)
    return _window_parser().parse_args(arguments)


def _window_parser() -> argparse.ArgumentParser:
    commands = "\n".join(f"  {name:<8}  {summary}" for name, (summary, _, _) in _COMMANDS.items())
    parser = argparse.ArgumentParser(
        "quakeview",
        usage="quakeview [-h] [--version] [FILE ...]\n       quakeview COMMAND ...",
        description="Open the window: in a new session with the files that are named (waveforms, folders, scenarios or "
        "a project), or else with what was open last.",
        epilog=f"commands that work without a window:\n{commands}\n\n'quakeview COMMAND --help' explains each; a file "
        "that is called like a command opens with 'quakeview -- FILE'.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"quakeview {__version__}")
    parser.add_argument("files", nargs="*", metavar="FILE", type=Path, help="what to open in a new session")
    parser.set_defaults(run=_open_window)
    return parser


def _open_window(options: argparse.Namespace) -> int:
    from quakeview.desktop import why_no_window

    if problem := why_no_window():
        raise QuakeViewError(problem)
    try:
        from quakeview.app.main import run
    except ImportError as error:
        raise QuakeViewError(f"The window cannot open ({error}); 'quakeview doctor' says what is missing.") from error
    return run(options.files)


def _add_pick_arguments(parser: argparse.ArgumentParser) -> None:
    from quakeview.archives.pick_archive_command import add_arguments

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "The table on stdout is aligned on a terminal, and CSV when it goes to a pipe or a file. CSV begins with\n"
        "network,station,location,channel,phase,time,probability; times are ISO 8601, UTC. Stations without picks\n"
        "are explained on stderr. Ctrl-C keeps the stations that are finished, and the exit code is 130."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "paths",
        nargs="*",
        default=[],
        metavar="FILE|FOLDER",
        type=Path,
        help="waveforms in any format that ObsPy reads",
    )
    what.add_argument("--sample", action="store_true", help="pick a real record that comes with ObsPy")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE|FOLDER",
        help="write the picks as .csv, .quakeml (or .xml) or .obs; or, for an archive, into a folder of Parquet files, "
        "day by day, where the same command goes on after a stop",
    )
    add_arguments(parser)
    parser.add_argument(
        "--events", action="store_true", help="find the earthquakes too, as 'quakeview locate' does; needs --stations"
    )
    parser.add_argument(
        "--stations",
        nargs="+",
        default=[],
        type=Path,
        metavar="FILE",
        help="of --events: metadata or a list of stations",
    )
    _add_picker_arguments(parser)


def _add_picker_arguments(parser: argparse.ArgumentParser) -> None:
    """Add how picks are made: for ``pick`` and ``locate``."""
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="a picker that 'quakeview models' lists, its folder, or one of SeisBench, such as "
        "seisbench:PhaseNet/stead (default: the one it marks)",
    )
    for phase in "ps":
        parser.add_argument(
            f"--{phase}-threshold",
            type=_probability,
            default=0.3,
            metavar="0-1",
            help=f"least probability of a pick of {phase.upper()} (default 0.3)",
        )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help=DEVICE)
    parser.add_argument("--start", type=_time, metavar="TIME", help="first moment to pick, ISO 8601, UTC")
    parser.add_argument("--end", type=_time, metavar="TIME", help="last moment to pick, ISO 8601, UTC")


def _pick(options: argparse.Namespace) -> int:
    from quakeview.archives.pick_archive_command import ArchiveRequest, is_for_archive
    from quakeview.archives.pick_archive_command import main as pick_archive
    from quakeview.monitoring.pick_command import PickRequest, main

    if options.sample:
        from quakeview.waveforms.sample_data import SAMPLES

        options.paths = SAMPLES[0].paths()
    if options.events or options.stations:
        return _locate(options)
    own = {"run", "sample", "events", "stations"}
    if is_for_archive(options.output):
        return pick_archive(ArchiveRequest(**{name: value for name, value in vars(options).items() if name not in own}))
    if options.workers or options.cluster or options.retry:
        raise QuakeViewError("--workers, --cluster and --retry are for an archive: give a folder with -o.")
    own |= {"workers", "cluster", "retry"}
    return main(PickRequest(**{name: value for name, value in vars(options).items() if name not in own}))


def _add_locate_arguments(parser: argparse.ArgumentParser) -> None:
    from quakeview.events.locate_command import method_help

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "What has no picks is picked; stations of files of picks are not picked again, and earthquakes of a\n"
        "catalogue stay as they are. The table on stdout is aligned on a terminal, and CSV when it goes to a pipe or\n"
        "a file; what is left out, and why there is no earthquake, goes to stderr. After Ctrl-C (exit code 130) the\n"
        "same command "
        f"goes on where it was.\n\n{method_help()}"
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="FILE|FOLDER",
        type=Path,
        help="waveforms, files of picks (.csv, .quakeml, .obs) or a catalogue to continue; station metadata too",
    )
    parser.add_argument(
        "--stations", nargs="+", default=[], type=Path, metavar="FILE", help="station metadata or a list of stations"
    )
    parser.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FILE",
        help=".quakeml (or .xml), .csv, .obs and .hyp (NonLinLoc), .phs (HypoInverse), .pha (hypoDD) or .nordic",
    )
    parser.add_argument(
        "--velocity-model", metavar="NAME|FILE", help="see below (default: the one for the place of the stations)"
    )
    parser.add_argument("--attenuation-law", metavar="NAME|FILE", help="see below (default: the first)")
    for what in ("picks", "stations"):
        parser.add_argument(f"--min-{what}", type=int, metavar="N", help=f"{what} that an earthquake needs at least")
    _add_picker_arguments(parser)


def _locate(options: argparse.Namespace) -> int:
    from quakeview.events.locate_command import LocateRequest, main

    own = {field.name for field in dataclasses.fields(LocateRequest)}
    return main(LocateRequest(**{n: value for n, value in vars(options).items() if n in own and value is not None}))


def _add_train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_file", metavar="run.toml", type=Path, help="what to train, on what and for how long")
    parser.add_argument("--resume", action="store_true", help="continue from the last checkpoint")
    parser.add_argument(
        "--json",
        action="store_true",
        help="write progress as JSON lines to stdout; the line 'stop' on stdin ends the run",
    )
    parser.add_argument("--queue", action="store_true", help="wait until the runs before it have trained")
    parser.add_argument("--trial", type=float, metavar="SECONDS", help="only say what it will cost, from some seconds")
    parser.add_argument("--paper-size", action="store_true", help="train a list of variants at the published sizes")
    parser.add_argument("--try", action="store_true", dest="tried", help="see whether all variants of a list would run")


def _train(options: argparse.Namespace) -> int:
    if options.trial:
        from quakeview.training.planning.trial_command import main as try_run

        return try_run(options.run_file, options.trial, json_lines=options.json)
    from quakeview.training.train_command import main
    from quakeview.training.variants import is_list

    if is_list(options.run_file):
        from quakeview.training.variants_command import main as train_list

        return train_list(options.run_file, options.paper_size, options.tried)
    return main(options.run_file, resume=options.resume, json_lines=options.json, queued=options.queue)


def _add_doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "The exit code is 1 if something necessary is missing."


def _doctor(_: argparse.Namespace) -> int:
    from quakeview.doctor import main

    return main()


def _probability(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _time(text: str) -> "UTCDateTime":
    from datetime import datetime

    from obspy import UTCDateTime

    try:
        return UTCDateTime(datetime.fromisoformat(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2024-01-31T12:00:00") from error


_Command = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]


def _of_module(summary: str, module: str) -> _Command:
    """A command whose module has ``add_arguments(parser)`` and ``main(options)``; it is imported when it is used."""
    return (
        summary,
        lambda parser: import_module(module).add_arguments(parser),
        lambda options: import_module(module).main(options),
    )


_COMMANDS: dict[str, _Command] = {
    "pick": ("Pick P and S phases in waveform files.", _add_pick_arguments, _pick),
    "locate": ("Find, locate and size earthquakes in waveforms or picks.", _add_locate_arguments, _locate),
    "characterise": _of_module(
        "Say what each station alone tells of an earthquake: distance, direction, size, first motion.",
        "quakeview.single_station.characterise_command",
    ),
    "convert": _of_module(
        "Convert files of events and picks, or cut the records of events out.", "quakeview.events.convert_command"
    ),
    "stations": _of_module(
        "Say what is known of stations, from files and from data centres.", "quakeview.stations.stations_command"
    ),
    "simulate": _of_module(
        "Simulate the waves of an earthquake, or a data set of many earthquakes.",
        "quakeview.wavefield.scenarios.simulate_command",
    ),
    "region": _of_module(
        "Prepare a forecaster for a region of your own: what to simulate, and what to train.",
        "quakeview.training.planning.region_command",
    ),
    "measures": _of_module(
        "Write a table of how strongly a scenario shakes each place.",
        "quakeview.wavefield.ground_motion.measures_command",
    ),
    "forecast": _of_module(
        "Forecast ground motion from the first seconds of an earthquake.",
        "quakeview.wavefield.forecasting.forecast_command",
    ),
    "seismicity": _of_module(
        "Forecast earthquakes from a catalogue, and say what such forecasts are worth.", "quakeview.seismicity_command"
    ),
    "models": _of_module(
        "List the models that can be used; choose, name, check, time, add and export them.", "quakeview.models_command"
    ),
    "train": (
        "Train a model as a run file says (the user's guide lists all that it can say).",
        _add_train_arguments,
        _train,
    ),
    "runs": _of_module("List training runs; stop, resume, clone, delete them.", "quakeview.training.runs.runs_command"),
    "dataset": _of_module("Make a data set of what a person has picked, to train with.", "quakeview.dataset_command"),
    "evaluate": _of_module(
        "Say how good models are on held-out records, side by side.", "quakeview.training.reports.evaluate_command"
    ),
    "doctor": ("Say what this installation lacks.", _add_doctor_arguments, _doctor),
}
