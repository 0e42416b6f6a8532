"""Networks of WaveCastNet and its rivals in model folders; ``normalisation.safetensors`` is there if velocities were
normalised at every pixel."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.model_folders import CONFIG, WEIGHTS, damaged, fill, read_config, read_weights, write_model
from quakeview.wavefield.networks.official_checkpoint import Network
from quakeview.wavefield.networks.sparse import SparseConfig, SparseWaveCastNet
from quakeview.wavefield.networks.swin import VideoSwin, VideoSwinConfig
from quakeview.wavefield.networks.timesformer import PyramidTimeSformer, TimeSformer, TimeSformerConfig
from quakeview.wavefield.networks.wavecastnet import WaveCastNet, WaveCastNetConfig

NORMALISATION = "normalisation.safetensors"
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
    sections = {"network": {"name": kind, "config": asdict(network.config)}, "card": card}
    write_model(folder, sections, network.state_dict(), {NORMALISATION: vars(normalisation)} if normalisation else {})


def load_network(folder: Path, device: str = "cpu") -> Network:
    """Load the network of a model folder, in evaluation mode.

    Raises:
        QuakeViewError: if it is no such folder, or damaged.
    """
    config = read_config(folder)
    try:
        described = config["network"]
        settings, network = NETWORKS[described["name"]]
        built = network(settings(**{name: _tuples(value) for name, value in described["config"].items()}))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuakeViewError(
            f"{folder / CONFIG} does not describe a network of the published WaveCastNet code; choose another model "
            "folder."
        ) from error
    fill(built, read_weights(folder), folder / WEIGHTS)
    return built.to(device)


def load_normalisation(folder: Path) -> Normalisation | None:
    """Load what velocities are normalised with before the network of a folder sees them; None if it does not say.

    Raises:
        QuakeViewError: if the file is damaged.
    """
    path = folder / NORMALISATION
    if not path.exists():
        return None
    try:
        return Normalisation(**read_weights(folder, NORMALISATION))
    except TypeError as error:
        raise damaged(path) from error


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
