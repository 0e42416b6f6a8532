"""Networks for one station in model folders."""

from pathlib import Path
from typing import Any

from quakeview.errors import QuakeViewError
from quakeview.model_folders import CONFIG, WEIGHTS, fill, read_config, read_weights, write_model
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.registry import CHARACTERISATION
from quakeview.single_station.network import Characteriser, HeadSizes

SYSTEM = "SeisMoLLM"


def save_characteriser(folder: Path, model: Characteriser, card: dict[str, Any]) -> None:
    """Write a network as a model folder; what its card does not say of system, task and size is added.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    added = {
        "system": SYSTEM,
        "task": CHARACTERISATION,
        "backbone": model.trunk_config.backbone,
        "input": "3 components (Z, N, E), 82 s from 5 s before the P, and its onset; S minus P where it is known",
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }
    write_model(folder, {"network": model.settings(), "card": card | added}, model.state_dict())


def load_characteriser(folder: Path) -> Characteriser:
    """Load a network from a model folder, in evaluation mode.

    Raises:
        QuakeViewError: if the folder holds no such network, or is damaged.
    """
    network = read_config(folder).get("network")
    try:
        trunk, heads = network["trunk"], HeadSizes(**network["heads"])  # type: ignore[index]
    except (KeyError, TypeError) as error:
        raise QuakeViewError(
            f"{folder / CONFIG} does not describe a network for one station; choose another model folder."
        ) from error
    model = Characteriser(SeisMoLLMConfig.from_dict(trunk), heads)
    fill(model, read_weights(folder), folder / WEIGHTS)
    return model
