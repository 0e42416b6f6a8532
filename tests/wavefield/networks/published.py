"""State dicts as the published WaveCastNet code saves them, small, and numbers that its modules gave."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

COMMITTED = Path(__file__).resolve().parents[2] / "golden"

Shapes = dict[str, tuple[int, ...]]


def golden(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Weights under the published names (half precision in the file), and inputs and outputs."""
    with np.load(path) as file:
        tensors = {name: torch.from_numpy(np.array(file[name])).float() for name in file.files}
    weights = {name.removeprefix("sd/"): value for name, value in tensors.items() if name.startswith("sd/")}
    return weights, {name: value for name, value in tensors.items() if not name.startswith("sd/")}


def recurrent(cell: str, doubling: bool, feedback: bool = False, stations: int = 0) -> dict[str, Tensor]:
    """Random weights of a network with 48 channels, one component and 3 x 2 latent pixels.

    Args:
        cell: "convlem", "convlstm" or "gru".
        doubling: of the frames by a transposed convolution, in the dense and the sparse network.
        stations: of the sparse network; 0 for another.
    """
    halvings = [(12, 24, 48), (24, 48)][not doubling]
    shapes = _sparse(stations) if stations else _dense("encoder.model", halvings)
    if feedback:
        shapes |= _dense("reencode.model", halvings)
    if doubling:
        shapes |= _layer("decoder.model.decoder_layer1.layer.0", 48, 48, 4, 4)
    for name in ("encoder_1", "encoder_2", "decoder_1", "decoder_2"):
        shapes |= {f"{name}_{cell}.{part}": shape for part, shape in _CELLS[cell].items()}
    shapes |= _layer("conv1", 1, 3, 3, 3)
    torch.manual_seed(11)
    weights = {name: 0.1 * torch.randn(shape) for name, shape in shapes.items()}
    return weights | {name: weight.abs() + 0.5 for name, weight in weights.items() if name.endswith("running_var")}


def _layer(name: str, outputs: int, *others: int) -> Shapes:
    return {f"{name}.weight": (outputs, *others), f"{name}.bias": (outputs,)}


def _norm(name: str, channels: int) -> Shapes:
    parts = ("weight", "bias", "running_mean", "running_var")
    return {f"{name}.{part}": (channels,) for part in parts} | {f"{name}.num_batches_tracked": ()}


def _dense(name: str, widths: tuple[int, ...]) -> Shapes:
    shapes: Shapes = {}
    for number, (inputs, outputs) in enumerate(zip((1, *widths), widths, strict=False), 1):
        stage = f"{name}.encoder_layer{number}.layer"
        shapes |= _layer(f"{stage}.0", outputs, inputs, 4, 4) | _norm(f"{stage}.1", outputs)
    return shapes


def _sparse(stations: int) -> Shapes:
    stage = "encoder.encoder.model.encoder_layer2.layer"
    return (
        _layer("encoder.FC1.0", 6, stations)
        | _norm("encoder.FC1.2", 1)
        | _layer("encoder.FC2.0", 24, 6)
        | _norm("encoder.FC2.2", 1)
        | _layer("encoder.encoder.model.0", 24, 1, 3, 3)
        | _norm("encoder.encoder.model.1", 24)
        | _layer(f"{stage}.0", 48, 24, 4, 4)
        | _norm(f"{stage}.1", 48)
    )


_PEEPHOLE = (48, 3, 2)
_CELLS: dict[str, Shapes] = {
    "convlem": _layer("convx", 240, 48, 3, 3)
    | _layer("convy", 192, 48, 3, 3)
    | _layer("convz", 48, 48, 3, 3)
    | {"W_z1": _PEEPHOLE, "W_z2": _PEEPHOLE, "W_z4": _PEEPHOLE},
    "convlstm": _layer("conv", 192, 96, 3, 3) | {"W_ci": _PEEPHOLE, "W_cf": _PEEPHOLE, "W_co": _PEEPHOLE},
    "gru": _layer("convx", 144, 48, 3, 3)
    | _layer("convh", 96, 48, 3, 3)
    | _layer("conv_hreset", 48, 48, 3, 3)
    | {"W_1": _PEEPHOLE, "W_2": _PEEPHOLE},
}
