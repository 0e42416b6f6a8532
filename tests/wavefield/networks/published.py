"""State dicts as the published WaveCastNet code saves them, small, and numbers that its modules gave."""

from itertools import pairwise
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


def swin() -> dict[str, Tensor]:
    """Three components, 12 channels."""
    weights, _ = golden(COMMITTED / "forecaster_swin_c3k12.npz")
    index = torch.zeros(18, 18, dtype=torch.int64)
    tables = [name for name in weights if name.endswith("bias_table")]
    return weights | {name.replace("bias_table", "index"): index for name in tables}


def plain() -> dict[str, Tensor]:
    """TimeSformer with three components, 16 channels."""
    weights, _ = golden(COMMITTED / "forecaster_timesformer_plain_c3k16.npz")
    return weights | {"pos_embed": torch.randn(1, 70, 16)}


def pyramid() -> dict[str, Tensor]:
    """TimeSformer in stages with three components, 12 channels."""
    weights, _ = golden(COMMITTED / "forecaster_timesformer_pyramid_c3k12.npz")
    return weights | {f"layer{stage}.pos_embed": torch.randn(1, 70, 12) for stage in (1, 4)}


def recurrent(
    cell: str,
    doubling: bool,
    feedback: bool = False,
    stations: int = 0,
    channels: int = 48,
    components: int = 1,
    latent: tuple[int, int] = (3, 2),
) -> dict[str, Tensor]:
    """Random weights of a recurrent network.

    Args:
        cell: "convlem", "convlstm" or "gru".
        doubling: of the frames by a transposed convolution, in the dense and the sparse network.
        stations: of the sparse network; 0 for another.
        latent: height and width of the latent images.
    """
    halvings = (components, *(channels // 2**n for n in ((2, 1, 0) if doubling else (1, 0))))
    shapes = _sparse(stations, channels, components, latent) if stations else _dense("encoder.model", halvings)
    if feedback:
        shapes |= _dense("reencode.model", halvings)
    if doubling:
        shapes |= _layer("decoder.model.decoder_layer1.layer.0", channels, channels, 4, 4)
    for name in ("encoder_1", "encoder_2", "decoder_1", "decoder_2"):
        parts = _cell(cell, channels, (channels, *latent))
        shapes |= {f"{name}_{cell}.{part}": shape for part, shape in parts.items()}
    shapes |= _layer("conv1", components, channels // 16, 3, 3)
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
    for number, (inputs, outputs) in enumerate(pairwise(widths), 1):
        stage = f"{name}.encoder_layer{number}.layer"
        shapes |= _layer(f"{stage}.0", outputs, inputs, 4, 4) | _norm(f"{stage}.1", outputs)
    return shapes


def _sparse(stations: int, channels: int, components: int, latent: tuple[int, int]) -> Shapes:
    stage = "encoder.encoder.model.encoder_layer2.layer"
    few = latent[0] * latent[1]
    return (
        _layer("encoder.FC1.0", few, stations)
        | _norm("encoder.FC1.2", components)
        | _layer("encoder.FC2.0", 4 * few, few)
        | _norm("encoder.FC2.2", components)
        | _layer("encoder.encoder.model.0", channels // 2, components, 3, 3)
        | _norm("encoder.encoder.model.1", channels // 2)
        | _layer(f"{stage}.0", channels, channels // 2, 4, 4)
        | _norm(f"{stage}.1", channels)
    )


def _cell(cell: str, k: int, peephole: tuple[int, ...]) -> Shapes:
    match cell:
        case "convlem":
            parts = _layer("convx", 5 * k, k, 3, 3) | _layer("convy", 4 * k, k, 3, 3) | _layer("convz", k, k, 3, 3)
            names = ("W_z1", "W_z2", "W_z4")
        case "convlstm":
            parts, names = _layer("conv", 4 * k, 2 * k, 3, 3), ("W_ci", "W_cf", "W_co")
        case _:
            parts = _layer("convx", 3 * k, k, 3, 3) | _layer("convh", 2 * k, k, 3, 3)
            parts, names = parts | _layer("conv_hreset", k, k, 3, 3), ("W_1", "W_2")
    return parts | dict.fromkeys(names, peephole)
