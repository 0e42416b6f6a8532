"""What a picker is, and how one is loaded from a model folder. No torch until it is loaded."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.seisbench_names import PREFIX, SYSTEM
from quakeview.monitoring.stitching import WindowPicker
from quakeview.registry import PICKING, ModelCard, available_models, find_model, read_card

if TYPE_CHECKING:
    from quakeview.monitoring.network_picker import PickingNetwork

_FOLDERS = {
    "SeisMoLLM": "quakeview.monitoring.seismollm_folder",
    "SeisT": "quakeview.monitoring.seist_folder",
    SYSTEM: "quakeview.monitoring.seisbench_folder",
}
"""Modules that read the networks of a system from model folders, each with a function ``picking_network``."""


class Picker(WindowPicker, Protocol):
    """Turns three components into probabilities of P and S: what a model folder for picking holds.

    Attributes:
        name: of the model; every pick carries it.
    """

    name: str

    def uncertainty(self, phase: str, probability: float) -> float | None:
        """Return one standard deviation of picks of that probability, s; None if that was not measured."""
        ...


def find_picker(name_or_path: str | Path, progress: Progress = Progress()) -> ModelCard:
    """Return the picker of this name or folder; one of SeisBench's is added to the user's models if it is not there.

    Raises:
        QuakeViewError: as ``registry.find_model``, or if SeisBench is not installed, has no such picker, or cannot be
            reached.
    """
    name = str(name_or_path)
    if not name.startswith(PREFIX):
        return find_model(name_or_path, PICKING)
    wanted = name.removeprefix(PREFIX)
    for card in available_models():
        if card.system == SYSTEM and wanted.lower() in {each.lower() for each in (card.name, *card.formerly)}:
            return find_model(card.name, PICKING)
    from quakeview.monitoring.seisbench_folder import download

    card = read_card(download(wanted, progress))
    progress.log(f"{card.name} was added to your models, in {card.folder}.")
    return card


def load_picker(card: ModelCard, device: str = "auto", progress: Progress = Progress()) -> Picker:
    """Load the picker of a model folder on a device.

    Args:
        progress: is told when the picker has to go on with less memory.

    Raises:
        QuakeViewError: if the model is not a picker, cannot be used or read, or the device does not exist.
    """
    from quakeview.monitoring.network_picker import NetworkPicker

    return NetworkPicker(card, read_picking_network(card), device, progress)


def read_picking_network(card: ModelCard) -> "PickingNetwork":
    """Read the network of a picker, and what it expects.

    Raises:
        QuakeViewError: if the model is not a picker, cannot be used or read.
    """
    if card.task != PICKING:
        raise QuakeViewError(f"{card.name} is a {card.task} model; choose a picking model.")
    if card.unusable:
        raise QuakeViewError(f"{card.name}: {card.unusable}")
    if card.system not in _FOLDERS:
        raise QuakeViewError(f"{card.name} is of {card.system}, which cannot pick here; choose another model.")
    loaded: PickingNetwork = import_module(_FOLDERS[card.system]).picking_network(card.folder)
    return loaded
