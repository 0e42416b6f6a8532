"""Pickers of SeisBench (Woollam et al. 2022, doi:10.1785/0220210324) in model folders: the weights are copied, so that
they pick without a network from then on. SeisBench itself is an optional extra.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from json import loads
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import (
    CONFIG,
    WEIGHTS,
    fill,
    read_config,
    read_weights,
    seal,
    write_model,
)
from quakeview.monitoring.network_picker import PickingNetwork
from quakeview.monitoring.seisbench_download import fetch
from quakeview.monitoring.seisbench_names import NOT_INSTALLED, PICKERS, SYSTEM
from quakeview.monitoring.seisbench_network import ready
from quakeview.pytorch_files import named_tensors
from quakeview.registry import new_model_folder
from quakeview.texts import counted

_ALWAYS = frozenset({"norm_amp_per_comp", "norm_detrend"})
_NOT_TAKEN = {"VariableLengthPhaseNet": _ALWAYS, "LFEDetect": _ALWAYS}
"""Arguments that SeisBench 0.12 saves of these, but cannot make them with; both have only one value there."""
_ELSEWHERE = (OSError, SyntaxError)
"""What comes of no network, and of a page that is not SeisBench's where its list of files should be."""


@dataclass(frozen=True)
class _Saved:
    """A picker as SeisBench saves it.

    Attributes:
        picker: one of ``PICKERS``.
        metadata: its description: ``model_args``, ``default_args``, ``docstring``, ``version`` and others.
        weights: by name.
        source: where they were read, for errors.
    """

    picker: str
    metadata: Mapping[str, Any]
    weights: Mapping[str, Tensor]
    source: Path


def picking_network(folder: Path) -> PickingNetwork:
    """Load the picker of a model folder.

    Raises:
        QuakeViewError: if SeisBench is not installed, or the folder holds no picker of it, or is damaged.
    """
    config = read_config(folder)
    try:
        network = config["network"]
        picker, metadata = network["picker"], {key: network[key] for key in ("model_args", "default_args")}
    except (KeyError, TypeError) as error:
        raise QuakeViewError(f"{folder / CONFIG} does not describe a picker of SeisBench; add it again.") from error
    model = _build(picker, metadata, folder / CONFIG)
    fill(model, read_weights(folder), folder / WEIGHTS)
    return ready(model, metadata["default_args"])


def download(name: str, progress: Progress = Progress()) -> Path:
    """Download a picker, or take it from SeisBench's own cache, and add it to the user's models; return the folder.

    Args:
        name: picker and weights, ``PhaseNet/stead``.

    Raises:
        QuakeViewError: if SeisBench is not installed, has no such picker, or cannot be reached.
        Cancelled: through ``progress``, also while a file is on its way; nothing is added.
    """
    picker, _, weights = name.partition("/")
    picker = _known(picker)
    if not weights:
        raise QuakeViewError(f"{name} does not say which weights; write for instance {picker}/stead.")
    kind, address = _class(picker), _address(picker)
    progress.advance(0, 1, f"Downloading {picker}/{weights}")
    try:
        if not kind.list_versions(weights, remote=False):
            fetch(picker, weights, progress)
        model = kind.from_pretrained(weights)
    except _ELSEWHERE as error:
        raise not_reached(address) from error
    except (ValueError, RuntimeError, UnpicklingError) as error:
        said = _words(str(error))
        raise QuakeViewError(f"SeisBench has no weights {weights!r} at {address} that work here ({said}).") from error
    metadata = model._weights_metadata or {"model_args": model.get_model_args()}
    saved = _Saved(picker, metadata, model.state_dict(), Path(name))
    folder = _write(saved, f"{picker}/{weights}", "", f"downloaded from {address}")
    progress.advance(1, 1)
    return folder


def import_saved(path: Path, picker: str | None = None, trained_on: str = "", name: str | None = None) -> Path:
    """Add a picker that SeisBench saved, two files ``NAME.pt`` and ``NAME.json``, to the user's models.

    Args:
        path: one of the files, or the folder with them; versions at their ends (``.v2``) are as SeisBench writes them.
        picker: which of ``PICKERS`` it is; None: the name of the folder says it, as in SeisBench's cache.
        trained_on: where the weights come from, in words, if the file does not say it.
        name: of the model; that of the file if None.

    Returns:
        the new folder.

    Raises:
        QuakeViewError: if SeisBench is not installed, a file is missing or damaged, or nothing says what picker it is
            or where its weights come from.
    """
    weights_file, metadata_file = saved_files(path)
    chosen = _known(picker or weights_file.parent.name)
    try:
        metadata = loads(metadata_file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise QuakeViewError(f"{metadata_file} cannot be read; save the picker again.") from error
    if not isinstance(metadata, dict):
        raise QuakeViewError(f"{metadata_file} does not describe a picker of SeisBench; choose another file.")
    if not (trained_on or metadata.get("docstring")):
        raise QuakeViewError(
            f"{metadata_file} does not say where the weights come from; say what they were trained on (--trained-on)."
        )
    weights = named_tensors(weights_file, (), "a .pt file that SeisBench saved")
    saved = _Saved(chosen, metadata, weights, weights_file)
    stem = weights_file.name.partition(".pt")[0]
    return _write(saved, name or f"{chosen}/{stem}", trained_on, f"imported from {weights_file.name}")


def saved_files(path: Path) -> tuple[Path, Path]:
    """Return the files of weights and of the description that belong to a path, as ``import_saved`` takes it.

    Raises:
        QuakeViewError: if they are not there, or there are several in a folder.
    """
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if ".pt" in file.suffixes)
        if len(found) != 1:
            raise QuakeViewError(f"{path} has {counted(len(found), 'file')} of weights (.pt); choose one of them.")
        path = found[0]
    weights = path.with_name(path.name.replace(".json", ".pt"))
    metadata = path.with_name(weights.name.replace(".pt", ".json"))
    for file in (weights, metadata):
        if ".pt" not in weights.suffixes or not file.is_file():
            raise QuakeViewError(f"There is no {file}; SeisBench saves a picker as NAME.pt and NAME.json.")
    return weights, metadata


def weights_of(picker: str) -> dict[str, str]:
    """Ask SeisBench which weights it has for a picker: what each says about itself, by name.

    Raises:
        QuakeViewError: if SeisBench is not installed, or cannot be reached.
    """
    kind = _class(_known(picker))
    try:
        return {name: _words(text or "") for name, text in kind.list_pretrained(details=True).items()}
    except (*_ELSEWHERE, ValueError) as error:
        raise not_reached(_address(picker)) from error


def not_reached(address: str) -> QuakeViewError:
    """Return the error that there is no network, with what helps."""
    return QuakeViewError(
        f"{address} cannot be reached: check the network, or download the picker on another machine and add its files "
        "(.pt and .json) here."
    )


def _write(saved: _Saved, name: str, trained_on: str, origin: str) -> Path:
    """Write the model folder of a picker, but only if it can be used."""
    folder = new_model_folder(name.replace("/", "-"))
    docstring, model_args = _words(saved.metadata.get("docstring") or ""), dict(saved.metadata.get("model_args") or {})
    default_args = dict(saved.metadata.get("default_args") or {})
    model = _build(saved.picker, {"model_args": model_args}, saved.source)
    fill(model, saved.weights, saved.source)
    network = ready(model, default_args)
    licence = saved.metadata.get("license") or saved.metadata.get("licence")
    sections = {
        "network": {
            "picker": saved.picker,
            "version": str(saved.metadata.get("version", "1")),
            "seisbench": import_module("seisbench").__version__,
            "model_args": model_args,
            "default_args": default_args,
        },
        "card": {
            "name": name,
            "system": SYSTEM,
            "task": "picking",
            "trained_on": trained_on or _training_data(docstring),
            "scores": {},
            "origin": f"{origin}, version {saved.metadata.get('version', '1')}",
            "input": f"{len(model.component_order)} components ({model.component_order}) at {network.sampling_rate:g} "
            f"Hz, windows of {counted(model.in_samples, 'sample')}",
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            **({"about": docstring} if docstring else {}),
            **({"licence": str(licence)} if licence else {}),
            **({"cite": model.citation} if model.citation else {}),
        },
    }
    write_model(folder, sections, saved.weights)
    seal(folder)
    return folder


def _build(picker: str, metadata: Mapping[str, Any], path: Path) -> Any:
    """Make the network that a description describes, with no weights yet.

    Raises:
        QuakeViewError: if SeisBench is not installed, or cannot make it.
    """
    try:
        picker = _known(picker)
        taken = set(metadata["model_args"]) - _NOT_TAKEN.get(picker, frozenset())
        return _class(picker)(**{name: metadata["model_args"][name] for name in taken})
    except (TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise QuakeViewError(f"{path} describes no {picker} that this SeisBench can make ({error}).") from error


def _known(picker: str) -> str:
    """Return the name of a picker as SeisBench writes it.

    Raises:
        QuakeViewError: if it is none that can be used here.
    """
    found = next((name for name in PICKERS if name.lower() == picker.lower()), None)
    if found is None:
        raise QuakeViewError(f"SeisBench has no picker {picker!r} that works here; choose one of {', '.join(PICKERS)}.")
    return found


def _class(picker: str) -> Any:
    """Return the class of SeisBench that is called so.

    Raises:
        QuakeViewError: if SeisBench is not installed, or too old to have it.
    """
    try:
        models = import_module("seisbench.models")
    except ImportError as error:
        raise QuakeViewError(NOT_INSTALLED) from error
    if not hasattr(models, picker):
        raise QuakeViewError(
            f"This SeisBench has no {picker}; install a newer one with 'pip install --upgrade seisbench'."
        )
    return getattr(models, picker)


def _address(picker: str) -> str:
    """Return where SeisBench keeps the weights of a picker."""
    return f"{import_module('seisbench').remote_model_root}{picker.lower()}"


def _words(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def _training_data(text: str) -> str:
    """Return what the first sentence of a text says: ``STEAD for 100 epochs`` of ``Model trained on STEAD ...``."""
    return text.partition(". ")[0].rstrip(".").removeprefix("Model trained on ")
