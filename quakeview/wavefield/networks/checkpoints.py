"""Model folders of forecasting networks: ``config.json`` (network and card), ``model.safetensors``, ``README.md``, and
``normalisation.safetensors`` if velocities were normalised at every pixel."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.official_checkpoint import Network
from quakeview.wavefield.networks.sparse import SparseConfig, SparseWaveCastNet
from quakeview.wavefield.networks.swin import VideoSwin, VideoSwinConfig
from quakeview.wavefield.networks.timesformer import PyramidTimeSformer, TimeSformer, TimeSformerConfig
from quakeview.wavefield.networks.wavecastnet import WaveCastNet, WaveCastNetConfig

CONFIG, WEIGHTS, README, NORMALISATION = "config.json", "model.safetensors", "README.md", "normalisation.safetensors"
SYSTEM = "WaveCastNet"

NETWORKS: dict[str, tuple[type, type[Network]]] = {
    "WaveCastNet": (WaveCastNetConfig, WaveCastNet),
    "SparseWaveCastNet": (SparseConfig, SparseWaveCastNet),
    "VideoSwin": (VideoSwinConfig, VideoSwin),
    "TimeSformer": (TimeSformerConfig, TimeSformer),
    "PyramidTimeSformer": (TimeSformerConfig, PyramidTimeSformer),
}
"""What a folder can hold: the name in its configuration, and how to build it."""


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of the velocity at every pixel, (components, height, width), m/s; a network sees
    (velocity - mean) / deviation."""

    mean: Tensor
    deviation: Tensor


def save_network(
    folder: Path, network: Network, card: dict[str, Any], normalisation: Normalisation | None = None
) -> None:
    """Write a network as a model folder.

    Args:
        folder: made if it does not exist; a model in it is replaced.
        card: ``name``, ``task``, ``trained_on``, ``scores``, ``command`` and whatever else a user should know; system
            and number of parameters are added.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    kind = type(network).__name__
    card = card | {"system": SYSTEM, "network": kind, "parameters": sum(w.numel() for w in network.parameters())}
    config = {"network": {"name": kind, "config": asdict(network.config)}, "card": card}
    make_folder(folder)
    write_atomically(folder / WEIGHTS, _bytes(network.state_dict()))
    if normalisation is not None:
        write_atomically(folder / NORMALISATION, _bytes(vars(normalisation)))
    write_atomically(folder / README, card_text(card).encode())
    write_atomically(folder / CONFIG, json.dumps(config, indent=2, default=str).encode())


def load_network(folder: Path, device: str = "cpu") -> Network:
    """The network of a model folder, in evaluation mode.

    Raises:
        QuakeViewError: if it is no such folder, or damaged.
    """
    path = folder / CONFIG
    try:
        described = json.loads(path.read_text("utf-8"))["network"]
        config, network = NETWORKS[described["name"]]
        built = network(config(**{name: _tuples(value) for name, value in described["config"].items()}))
    except OSError as error:
        raise QuakeViewError(f"{folder} is not a model folder: its {CONFIG} cannot be read.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuakeViewError(f"{path} does not describe a network of WaveCastNet's; get the model again.") from error
    try:
        built.load_state_dict(_read_tensors(folder / WEIGHTS))
    except RuntimeError as error:
        raise QuakeViewError(
            f"{folder / WEIGHTS} does not fit {described['name']}: tensors are missing, extra or of another shape."
        ) from error
    return built.to(device).eval()


def load_normalisation(folder: Path) -> Normalisation | None:
    """What velocities are normalised with before the network of a folder sees them; None if it does not say.

    Raises:
        QuakeViewError: if the file is damaged.
    """
    path = folder / NORMALISATION
    if not path.exists():
        return None
    try:
        return Normalisation(**_read_tensors(path))
    except TypeError as error:
        raise QuakeViewError(f"{path} holds no mean and deviation; get the model again.") from error


def card_text(card: dict[str, Any]) -> str:
    """The model card in Markdown."""
    told = {"name", "scores", "command"}
    lines = [f"# {card['name']}", ""]
    lines += [f"- {key.replace('_', ' ').capitalize()}: {value}" for key, value in card.items() if key not in told]
    if scores := card.get("scores"):
        lines += ["", "## Scores", "", "| score | value |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in scores.items()]
    if command := card.get("command"):
        lines += ["", "## Made with", "", "```", str(command), "```"]
    return "\n".join(lines) + "\n"


def _bytes(tensors: dict[str, Tensor]) -> bytes:
    content: bytes = save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})
    return content


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        tensors: dict[str, Tensor] = load(path.read_bytes())
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read; get the model again.") from error
    except SafetensorError as error:
        raise QuakeViewError(f"{path} is not a safetensors file, or it is damaged; get the model again.") from error
    return tensors


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
