"""Inputs, outputs and weights of the published SeisMoLLM code, on a tiny network."""

from pathlib import Path

import numpy as np
import torch

from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.official import NAMES, rename

COMMITTED = Path(__file__).resolve().parents[1] / "golden"


def tiny_config(task: str, **changes) -> SeisMoLLMConfig:
    sizes = {"conv_channels": (4, 6, 8, 4), "n_layers": 2, "n_heads": 4, "n_positions": 64, "pad_to_patch": False}
    return SeisMoLLMConfig(**({"task": task} | sizes | changes))


def read_golden(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """State dict under the published names, and the recorded tensors."""
    with np.load(path) as arrays:
        tensors = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
    weights = {name.removeprefix("sd/"): tensors.pop(name) for name in list(tensors) if name.startswith("sd/")}
    if "out" not in tensors:
        tensors["out"] = torch.cat([tensors["out_cos"], tensors["out_sin"]], dim=1)
    return weights, tensors


def official_names(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Our state dict under the names of the published code."""
    pairs = tuple((ours, theirs) for theirs, ours in NAMES)
    return {rename(name, pairs) or name: tensor for name, tensor in weights.items()}
