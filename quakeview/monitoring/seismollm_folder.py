"""SeisMoLLM networks in model folders, and as checkpoints of the published code."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from quakeview.errors import QuakeViewError
from quakeview.model_folders import CONFIG, WEIGHTS, fill, read_config, read_weights, write_model
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.network_picker import PickingNetwork
from quakeview.monitoring.official import read_official
from quakeview.monitoring.seismollm import SeisMoLLM

SYSTEM = "SeisMoLLM"


def save_model(folder: Path, model: SeisMoLLM, card: dict[str, Any]) -> None:
    """Write ``model`` as a model folder.

    Args:
        folder: made if it does not exist; a model in it is replaced.
        card: ``name``, ``trained_on``, ``scores``, ``command`` and whatever else a user of the model should know;
            system, task, backbone, input and number of parameters are added.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    config = model.config
    added = {
        "system": SYSTEM,
        "task": config.task,
        "backbone": config.backbone,
        "input": f"3 components (Z, N, E) at {config.sampling_rate:g} Hz, windows of {config.window_samples} samples",
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }
    write_model(folder, {"network": config.to_dict(), "card": card | added}, model.state_dict())


def load_model(path: Path | str, device: str = "cpu") -> SeisMoLLM:
    """Load the network of a model folder or of an official checkpoint (``.pth``), in evaluation mode on ``device``.

    Raises:
        QuakeViewError: if it is neither, or damaged.
    """
    path = Path(path)
    if not path.exists():
        raise QuakeViewError(f"There is no model {path}; check the name.")
    return (_read_folder(path) if path.is_dir() else read_official(path)).to(device)


def picking_network(folder: Path) -> PickingNetwork:
    """Load the picker of a model folder.

    Raises:
        QuakeViewError: if it is no SeisMoLLM, or damaged.
    """
    network = load_model(folder)
    return PickingNetwork(network.merged(), network.config.sampling_rate, network.config.window_samples)


def _read_folder(folder: Path) -> SeisMoLLM:
    network = read_config(folder).get("network")
    if not isinstance(network, dict) or "task" not in network:
        raise QuakeViewError(f"{folder / CONFIG} does not describe a SeisMoLLM network; choose another model folder.")
    config = SeisMoLLMConfig.from_dict(network)
    model = SeisMoLLM(config)
    fill(model, read_weights(folder), folder / WEIGHTS)
    model.config = replace(model.config, backbone=config.backbone)
    return model
