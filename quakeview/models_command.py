"""``quakeview models``: list, show, use, rename and delete models, add, check, time and export them."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import fill

from quakeview.devices import DEVICES
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled
from quakeview.progressbar import terminal_progress
from quakeview.registry import (
    CHARACTERISATION,
    FORECASTING,
    PICKING,
    SINGLE_TASKS,
    ModelCard,
    available_models,
    check_model,
    choose_model,
    delete_model,
    find_model,
    read_card,
    rename_model,
    unusable_models,
)

_DEVICE = "what models compute on (default auto: CUDA, then MPS, then CPU)"
_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and what can follow it."""
    parser.epilog = (
        "The list says what each model was trained on, and how it scored on data that it never saw; a star is before "
        "those that are used where none is named."
    )
    parser.set_defaults(do=_list)
    actions = parser.add_subparsers(metavar="WHAT", title="instead of listing them")
    actions.add_parser("list", help="list the models that can be used").set_defaults(do=_list)
    for name, summary, do in (
        ("show", "show the card of a model", _show),
        ("use", "use a model wherever its task is done and no model is named", _use),
        ("delete", "delete a model of yours from the disk", _delete),
        ("check", "compare the weights of a model with the checksum that was kept", _check),
    ):
        added = actions.add_parser(name, help=summary)
        added.add_argument("model", metavar="MODEL", help="its name, or its folder")
        added.set_defaults(do=do)
    renamed = actions.add_parser("rename", help="give a model of yours another name; the old one still finds it")
    renamed.add_argument("model", metavar="MODEL", help="its name")
    renamed.add_argument("name", metavar="NAME", help="the new one")
    renamed.set_defaults(do=_rename)
    timed = actions.add_parser("speed", help="measure how fast a model is on this machine")
    timed.add_argument("model", metavar="MODEL", help="its name, or its folder")
    timed.add_argument("--device", choices=DEVICES, default="auto", help=_DEVICE)
    timed.set_defaults(do=_speed)
    _add_export(actions)
    _add_import(actions)
    _add_seisbench(actions)
    _add_combine(actions)
    _add_calibrate(actions)


def main(options: argparse.Namespace) -> int:
    """Do what was asked for.

    Raises:
        QuakeViewError: if it cannot be done.
    """
    do: Callable[[argparse.Namespace], None] = options.do
    try:
        do(options)
    except Cancelled:
        return _INTERRUPTED
    return 0


# --- what can be said -----------------------------------------------------------------------------------------------


def _add_export(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from quakeview.model_export.exporting import FORMATS

    exported = actions.add_parser(
        "export",
        help="write a model for other programs, and run both on the same input",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<12} {words}" for name, words in FORMATS.items()),
    )
    exported.add_argument("model", metavar="MODEL", help="its name, or its folder")
    exported.add_argument("-o", "--output", metavar="PATH", type=Path, required=True, help="a new file or folder")
    exported.add_argument("--format", choices=FORMATS, default="folder", help="see below (default folder)")
    exported.set_defaults(do=_export)


def _add_import(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    added = actions.add_parser(
        "import",
        help="add a checkpoint of published code, WaveCastNet (.pt), SeisMoLLM or SeisT (.pth), or a model folder",
    )
    added.add_argument("checkpoint", metavar="FILE", type=Path, help="the published file, or the model folder")
    added.add_argument("--name", help="what to call the model (default: the name of the file or folder)")
    added.add_argument(
        "--stations", metavar="NPY", type=Path, help="rows and columns of the stations of a sparse network"
    )
    added.add_argument(
        "--mean", metavar="NPY", type=Path, help="mean velocity at every pixel, m/s, that it was trained with"
    )
    added.add_argument(
        "--deviation", metavar="NPY", type=Path, help="standard deviation at every pixel, m/s, that it was trained with"
    )
    added.add_argument(
        "--sampling-rate",
        metavar="HZ",
        type=float,
        help="what a picker is given (default: that of the records it learnt from, 50 Hz; SeisT works with 100 Hz too)",
    )
    added.add_argument("--task", choices=(PICKING, *SINGLE_TASKS), help="of SeisMoLLM, where the file does not tell")
    added.add_argument("--trained-on", default="", metavar="WORDS", help="where the weights come from")
    added.set_defaults(do=_import)


def _add_seisbench(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    seisbench = actions.add_parser("add", help="add a picker of SeisBench, which has to be installed")
    seisbench.add_argument(
        "what",
        metavar="PICKER/WEIGHTS|FILE|FOLDER",
        help="what to download, such as seisbench:PhaseNet/stead, or where SeisBench saved a picker (.pt and .json)",
    )
    seisbench.add_argument("--picker", metavar="NAME", help="which picker a saved one is, such as PhaseNet")
    seisbench.add_argument(
        "--trained-on",
        default="",
        metavar="WORDS",
        help="where the weights of a saved one come from, if it is not said",
    )
    seisbench.add_argument("--name", help="what to call a saved one (default: picker and file)")
    seisbench.set_defaults(do=_add_seisbench_picker)


def _add_combine(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    combined = actions.add_parser("combine", help="make an ensemble of several forecasters")
    combined.add_argument("folders", nargs="+", metavar="FOLDER", type=Path, help="the folders of its members")
    combined.add_argument("--name", required=True, help="what to call the ensemble")
    combined.add_argument("-o", "--output", required=True, metavar="FOLDER", type=Path, help="its new folder")
    combined.set_defaults(do=_combine)


def _add_calibrate(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    calibrated = actions.add_parser("calibrate", help="measure how far a model is off, on data it was not trained on")
    calibrated.add_argument(
        "model", metavar="MODEL", help="its name or folder; what is measured is kept in its config.json"
    )
    calibrated.add_argument(
        "datasets",
        nargs="+",
        metavar="DATASET",
        type=Path,
        help="of a forecaster: folders of validation events; of a picker: labelled records in SeisBench's layout",
    )
    calibrated.add_argument(
        "--split", help="which part of a picker's records; one that it was not trained on (default dev)"
    )
    calibrated.add_argument(
        "--check", metavar="SPLIT", help="another part, to say how many picks there lie within one standard deviation"
    )
    calibrated.add_argument("--device", choices=DEVICES, default="auto", help=_DEVICE)
    calibrated.set_defaults(do=_calibrate)


# --- what is done ---------------------------------------------------------------------------------------------------


def _list(_: argparse.Namespace) -> None:
    for card in available_models():
        print(f"* {card.name}" if card.chosen else card.name)
        for label, fact in _facts(card).items():
            print(fill(fact, 110, initial_indent=f"  {label + ':':<12}", subsequent_indent=" " * 14))
    for problem in unusable_models():
        print(problem.sentence, file=sys.stderr)
    if not available_models():
        print("No models are installed; 'quakeview doctor' says where they belong.", file=sys.stderr)


def _facts(card: ModelCard) -> dict[str, str]:
    facts = {
        "does": f"{card.system}, {card.task.replace('_', ' ')}, {card.parameters:,} parameters",
        **({"backbone": card.backbone} if card.backbone else {}),
        "trained on": card.trained_on or "not stated",
        "scores": card.scored or "not scored",
        "licence": card.licence or "not stated",
        "used": f"no: {card.unusable}" if card.unusable else "yes",
        "folder": str(card.folder),
    }
    return facts | ({"formerly": ", ".join(card.formerly)} if card.formerly else {})


def _show(options: argparse.Namespace) -> None:
    from quakeview.model_folders import folder_size, read_readme, weights_digest

    card = find_model(options.model)
    facts = _facts(card) | {"size": f"{folder_size(card.folder) / 1e6:.1f} MB", "sha-256": weights_digest(card.folder)}
    print(card.name)
    for label, fact in facts.items():
        print(fill(fact, 110, initial_indent=f"  {label + ':':<12}", subsequent_indent=" " * 14))
    print(f"\n{read_readme(card.folder)}")


def _use(options: argparse.Namespace) -> None:
    card = find_model(options.model)
    choose_model(card)
    print(f"{card.name} is used for {card.chosen_task} where no model is named.")


def _delete(options: argparse.Namespace) -> None:
    card = find_model(options.model)
    delete_model(card)
    print(f"{card.name} was deleted.")


def _check(options: argparse.Namespace) -> None:
    print(check_model(find_model(options.model)))


def _rename(options: argparse.Namespace) -> None:
    card = find_model(options.model)
    print(rename_model(card, options.name).folder)


def _speed(options: argparse.Namespace) -> None:
    from quakeview.model_speed import measure_speed

    card = find_model(options.model)
    with terminal_progress() as progress:
        speed = measure_speed(card, options.device, progress)
    print(f"{card.name} on {speed.device}:")
    for line in speed.lines():
        print(f"  {line}")


def _export(options: argparse.Namespace) -> None:
    from quakeview.model_export.exporting import export_model

    with terminal_progress() as progress:
        exported = export_model(find_model(options.model), options.format, options.output, progress)
    print(exported.path)
    print(exported.sentence, file=sys.stderr)


def _import(options: argparse.Namespace) -> None:
    from quakeview.model_import import import_checkpoint

    fields = ("name", "stations", "mean", "deviation", "sampling_rate", "task", "trained_on")
    card = read_card(import_checkpoint(options.checkpoint, **{name: getattr(options, name) for name in fields}))
    print(card.folder)
    if card.unusable:
        print(card.unusable, file=sys.stderr)


def _add_seisbench_picker(options: argparse.Namespace) -> None:
    from quakeview.model_import import add_seisbench_picker

    with terminal_progress() as progress:
        folder = add_seisbench_picker(
            options.what,
            picker=options.picker,
            trained_on=options.trained_on,
            name=options.name,
            progress=progress,
        )
    print(folder)


def _combine(options: argparse.Namespace) -> None:
    from quakeview.wavefield.forecasting.model_files import combine

    combine(options.folders, options.output, options.name)
    print(options.output)


def _calibrate(options: argparse.Namespace) -> None:
    card = find_model(options.model)
    calibrate = {
        FORECASTING: _calibrate_forecaster,
        PICKING: _calibrate_picker,
        CHARACTERISATION: _calibrate_station,
    }.get(card.task)
    if calibrate is None:
        raise QuakeViewError(
            f"{card.name} cannot be calibrated, it is a {card.task.replace('_', ' ')} model; choose a picker, a "
            "model for single stations, or a forecaster that was trained with 'quakeview train'."
        )
    print(calibrate(card, options))


def _calibrate_forecaster(card: ModelCard, options: argparse.Namespace) -> str:
    if options.split or options.check:
        raise QuakeViewError("--split and --check are for pickers; a forecaster is calibrated on all events.")
    from quakeview.wavefield.forecasting.calibrating import calibrate, table, validation_events
    from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
    from quakeview.wavefield.forecasting.model_files import write_calibration

    events = validation_events(options.datasets)
    with terminal_progress() as progress:
        calibration = calibrate(EnsembleForecaster.load(card.folder, options.device), events, progress=progress)
    write_calibration(card.folder, calibration)
    return table(calibration)


def _calibrate_picker(card: ModelCard, options: argparse.Namespace) -> str:
    from quakeview.training.calibration import calibrate_picker

    split = options.split or "dev"
    with terminal_progress() as progress:
        return "\n".join(calibrate_picker(card, options.datasets, split, options.check, options.device, progress))


def _calibrate_station(card: ModelCard, options: argparse.Namespace) -> str:
    from quakeview.training.one_station_scores import calibrate_station

    with terminal_progress() as progress:
        return "\n".join(calibrate_station(card, options.datasets, options.split or "dev", options.check, progress))
