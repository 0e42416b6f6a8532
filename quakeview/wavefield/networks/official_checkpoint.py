"""Checkpoints of the published WaveCastNet code (``.pt``): which network it is, with its weights."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.model_folders import fill
from quakeview.pytorch_files import named_tensors
from quakeview.texts import counted
from quakeview.wavefield.networks.official import TIMESFORMER, our_shapes, our_swin_weights, our_weights
from quakeview.wavefield.networks.sparse import SparseConfig, SparseWaveCastNet
from quakeview.wavefield.networks.swin import VideoSwin, VideoSwinConfig
from quakeview.wavefield.networks.timesformer import PYRAMID, PyramidTimeSformer, TimeSformer, TimeSformerConfig
from quakeview.wavefield.networks.wavecastnet import WaveCastNet, WaveCastNetConfig

Weights = dict[str, Tensor]
Network = WaveCastNet | VideoSwin | TimeSformer | PyramidTimeSformer

SHAKEALERT_STATIONS = 101
"""Of the 564 of the published data; training left out the others, on average."""
TRANSFORMER_FRAME = (80, 56)
"""Of the published transformers; their weights do not tell it."""
_CELL_OF = {"memory_peephole": "ConvLEM", "input_peephole": "ConvLSTM", "update_peephole": "ConvGRU"}
_WRAPPERS = ("model_state_dict", "state_dict", "model")


def read_official(path: Path, stations: Sequence[tuple[int, int]] = ()) -> Network:
    """The network of a checkpoint, in evaluation mode, reproducing the published output.

    Args:
        path: nothing but tensors is read from it, no code is run.
        stations: row and column of every station; a sparse network needs them, its weights do not hold them.

    Raises:
        QuakeViewError: if the file is no such checkpoint, or stations are missing.
    """
    official = _tensors(path)
    try:
        network, weights = _network(official, stations)
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError, StopIteration) as error:
        raise QuakeViewError(
            f"{path} is no whole network of the published WaveCastNet code; download it again."
        ) from error
    fill(network, our_shapes(weights, network.state_dict()), path)
    return network


def _tensors(path: Path) -> Weights:
    """Named tensors, without what wraps them."""
    named = named_tensors(path, _WRAPPERS, "a checkpoint of WaveCastNet (.pt)")
    return {name.removeprefix("module."): tensor for name, tensor in named.items()}


def _network(official: Weights, stations: Sequence[tuple[int, int]]) -> tuple[Network, Weights]:
    if "merge.reduction.weight" in official:
        return _swin(official), our_swin_weights(official)
    if "time_embed" in official:
        return TimeSformer(_timesformer(official, "")), our_weights(official, TIMESFORMER)
    if "layer1.time_embed" in official:
        return PyramidTimeSformer(_timesformer(official, "layer1.")), our_weights(official, TIMESFORMER)
    weights = our_weights(official)
    return _recurrent(weights, stations), weights


def _recurrent(weights: Weights, stations: Sequence[tuple[int, int]]) -> WaveCastNet:
    peephole = next(name for name in weights if name.startswith("encoder.0.") and name.endswith("_peephole"))
    channels, *latent = weights[peephole].shape
    reduction = 8 if "reconstruction.doubling.0.weight" in weights else 4
    settings: dict[str, Any] = {
        "frame": tuple(reduction * size for size in latent),
        "components": len(weights["reconstruction.smoothing.bias"]),
        "channels": channels,
        "reduction": reduction,
        "cell": next(cell for name, cell in _CELL_OF.items() if f"encoder.0.{name}" in weights),
    }
    first = weights.get("embedding.spreading.0.weight")
    if first is None:
        feedback = any(name.startswith("feedback.") for name in weights)
        return WaveCastNet(WaveCastNetConfig(**settings, feedback=feedback))
    if len(stations) != first.shape[1]:
        raise QuakeViewError(
            f"This is a network for {counted(first.shape[1], 'station')}, "
            f"and the pixels of {len(stations)} were given; "
            "give the array of theirs (filtered_coord.npy in the published code)."
        )
    missing = 1 - SHAKEALERT_STATIONS / len(stations)
    return SparseWaveCastNet(SparseConfig(**settings, stations=tuple(stations), missing=max(missing, 0.0)))


def _swin(official: Weights) -> VideoSwin:
    embedding = official["patch_embed.proj.weight"]
    tables = [official[f"layers.{stage}.blocks.0.attn.relative_position_bias_table"] for stage in range(4)]
    tokens = len(official["layers.0.blocks.0.attn.relative_position_index"])
    width, components, *patch = embedding.shape
    return VideoSwin(
        VideoSwinConfig(
            TRANSFORMER_FRAME,
            components,
            (patch[0], patch[1], patch[2]),
            width,
            depths=tuple(_blocks(official, f"layers.{stage}.") for stage in range(4)),
            heads=tuple(table.shape[1] for table in tables),
            window=_window(len(tables[0]), tokens),
        )
    )


def _window(offsets: int, tokens: int) -> tuple[int, int, int]:
    """The window, square in space, with so many tokens and so many different offsets between two of them."""
    return next(
        (tokens // side**2, side, side)
        for side in range(1, tokens + 1)
        if tokens % side**2 == 0 and (2 * tokens // side**2 - 1) * (2 * side - 1) ** 2 == offsets
    )


def _timesformer(official: Weights, first: str) -> TimeSformerConfig:
    """``first``: how names of the first stage begin. The weights do not tell the numbers of heads; the published do."""
    width, components, *patch = official[f"{first}patch_embed.proj.weight"].shape
    pyramid = bool(first)
    return TimeSformerConfig(
        TRANSFORMER_FRAME,
        frames=official[f"{first}time_embed"].shape[1] * patch[0],
        components=components,
        patch=(patch[0], patch[1], patch[2]),
        width=width,
        depths=tuple(_blocks(official, f"layer{stage}.") for stage in range(1, 5))
        if pyramid
        else (_blocks(official, ""),),
        heads=PYRAMID["heads"] if pyramid else TimeSformerConfig.heads,
        bias=f"{first}blocks.0.attn.qkv.bias" in official,
        raster=pyramid,
    )


def _blocks(official: Weights, stage: str) -> int:
    return sum(
        name.startswith(f"{stage}blocks.") and name.endswith("norm1.weight") and "temporal" not in name
        for name in official
    )
