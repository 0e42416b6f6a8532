"""Checkpoints of the published SeisMoLLM code (``.pth``), read under our names."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.model_folders import fill
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.pytorch_files import named_tensors

NAMES = (
    ("convs.{i}.convs.{j}.", "embedder.{i}.branches.{j}."),
    ("convs.{i}.", "embedder.{i}."),
    ("llm_blocks.llm.", "backbone.gpt2."),
    ("out_head.up_layers.{i}.", "head.stages.{i}."),
    ("out_head.out_conv.", "head.output."),
    ("out_head.convs.{i}.", "head.convs.{i}."),
    ("out_head.lin.", "head.linear."),
)
"""How parameter names begin: in the published code, and here. What follows is the same. The first that fits counts."""

TASK_NAMES = {
    "dpk": "picking",
    "pmp": "polarity",
    "emg": "magnitude",
    "dis": "distance",
    "baz": "back_azimuth",
}
"""The published code's names of the tasks, part of its checkpoints' file names."""

WRAPPERS = ("model_dict", "state_dict", "model")
PREFIXES = ("module.", "_orig_mod.")
GPT2_HEAD_WIDTH = 64


def read_official(path: Path, **known: Any) -> SeisMoLLM:
    """The network in a checkpoint of the published code, in evaluation mode, reproducing the published output.

    Args:
        path: the ``.pth`` file; nothing but tensors is read from it, no code is run.
        known: fields of ``SeisMoLLMConfig`` that the tensors cannot tell: ``task`` if it is not in the file name,
            ``n_heads`` if not 64 wide each, ``sampling_rate`` if not 50 Hz.

    Raises:
        QuakeViewError: if the file is not such a checkpoint, or its task cannot be told.
    """
    weights = _our_names(read_tensors(path), path)
    config = SeisMoLLMConfig(**(_infer(weights, path, known) | known))
    network = SeisMoLLM(config)
    fill(network, weights, path)
    network.config = replace(network.config, backbone=f"GPT-2 layout, weights from the checkpoint {path.name}")
    return network


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The named tensors of a PyTorch checkpoint, without wrappers and prefixes.

    Raises:
        QuakeViewError: if there is no such file, it is no checkpoint, or it holds more than tensors and plain values.
    """
    named = named_tensors(path, WRAPPERS, "a SeisMoLLM checkpoint (.pth)")
    return {_without_prefixes(name): tensor for name, tensor in named.items()}


def rename(name: str, pairs: tuple[tuple[str, str], ...]) -> str | None:
    """``name`` with its beginning exchanged by the first pair that fits; None if none does."""
    for old, new in pairs:
        pattern = re.sub(r"\\\{(\w)\\\}", r"(?P<\1>\\d+)", re.escape(old))
        if match := re.match(pattern, name):
            return new.format(**match.groupdict()) + name[match.end() :]
    return None


def _without_prefixes(name: str) -> str:
    while prefix := next((prefix for prefix in PREFIXES if name.startswith(prefix)), None):
        name = name.removeprefix(prefix)
    return name


def _our_names(weights: dict[str, Tensor], path: Path) -> dict[str, Tensor]:
    renamed = {}
    for name, tensor in weights.items():
        ours = rename(name, NAMES)
        if ours is None:
            raise QuakeViewError(f"{path} holds another network than SeisMoLLM or SeisT (it has {name!r}).")
        if not ours.endswith((".attn.bias", ".attn.masked_bias")):  # the causal mask, which old versions stored
            renamed[ours] = tensor
    return renamed


def _infer(weights: dict[str, Tensor], path: Path, known: dict[str, Any]) -> dict[str, Any]:
    """The settings that the shapes of the tensors and the file name tell."""
    try:
        conv_channels = tuple(len(weights[f"embedder.{i}.out_proj.weight"]) for i in range(4))
        n_positions, d_model = next(w.shape for name, w in weights.items() if name.endswith("wpe.weight"))
    except (KeyError, StopIteration, ValueError) as error:
        raise QuakeViewError(f"{path} is not a whole SeisMoLLM: its embedder or its backbone is missing.") from error
    if "n_heads" not in known and d_model % GPT2_HEAD_WIDTH:
        raise QuakeViewError(f"{path} does not tell its number of attention heads; give n_heads.")
    settings = {
        "task": known.get("task") or _infer_task(weights, path),
        "conv_channels": conv_channels,
        "patch_size": d_model // conv_channels[-1],
        "n_layers": len({match[1] for name in weights if (match := re.search(r"\.h\.(\d+)\.", name))}),
        "n_heads": d_model // GPT2_HEAD_WIDTH,
        "n_positions": n_positions,
        "lora_rank": next((len(w) for name, w in weights.items() if "lora_A" in name), 0),
        "pad_to_patch": False,
    }
    stages = tuple(len(w) for name, w in weights.items() if re.fullmatch(r"head\.stages\.\d\.conv\.weight", name))
    return settings | ({"head_channels": stages} if stages else {})


def _infer_task(weights: dict[str, Tensor], path: Path) -> str:
    if "head.output.weight" in weights:
        return "picking"
    outputs = len(weights.get("head.linear.weight", ()))
    fitting = {1: ("magnitude", "distance"), 2: ("polarity", "back_azimuth")}.get(outputs)
    if fitting is None:
        raise QuakeViewError(f"{path} is not a whole SeisMoLLM: its head is missing.")
    named = {
        task for short, task in TASK_NAMES.items() if re.search(rf"(^|[^a-z]){short}([^a-z]|$)", path.stem.lower())
    }
    if len(named & set(fitting)) != 1:
        raise QuakeViewError(f"{path} may be a {fitting[0]} or a {fitting[1]} network; say which task it is for.")
    return (named & set(fitting)).pop()
