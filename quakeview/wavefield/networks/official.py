"""Weights of the published WaveCastNet code (dwlyu/WaveCastNet) under our names, and what it draws at random."""

import re
from collections.abc import Mapping

import torch
from torch import Generator, Tensor

from quakeview.wavefield.networks.sparse import SparseWaveCastNet
from quakeview.wavefield.networks.wavecastnet import WaveCastNet

Names = tuple[tuple[str, str], ...]
"""Patterns of the beginning of a published name, and what replaces it. All that fit are applied, in order."""

_CELL = r"^((?:(?:en|de)coder\.\d\.)?)"
RECURRENT: Names = (
    (r"^encoder\.FC1\.", "embedding.spreading."),
    (r"^encoder\.FC2\.0\.", "embedding.spreading.3."),
    (r"^encoder\.FC2\.2\.", "embedding.spreading.5."),
    (r"^encoder\.encoder\.model\.encoder_layer2\.layer\.", "embedding.convolution.3.0."),
    (r"^encoder\.encoder\.model\.", "embedding.convolution."),
    *((rf"^encoder\.model\.encoder_layer{n + 1}\.layer\.", f"embedding.{n}.") for n in range(3)),
    *((rf"^reencode\.model\.encoder_layer{n + 1}\.layer\.", f"feedback.{n}.") for n in range(2)),
    (r"^decoder\.model\.decoder_layer1\.layer\.0\.", "reconstruction.doubling.0."),
    (r"^conv1\.", "reconstruction.smoothing."),
    *((rf"^(en|de)coder_{n + 1}_(?:convlem|convlstm|gru)\.", rf"\1coder.{n}.") for n in range(2)),
    (_CELL + r"convx\.", r"\1from_input."),
    (_CELL + r"conv[yh]\.", r"\1from_output."),
    (_CELL + r"convz\.", r"\1from_memory."),
    (_CELL + r"conv_hreset\.", r"\1from_reset."),
    (_CELL + r"conv\.", r"\1gates."),
    (_CELL + r"W_(?:z1|co)$", r"\1output_peephole"),
    (_CELL + r"W_z2$", r"\1memory_peephole"),
    (_CELL + r"W_(?:z4|2)$", r"\1reset_peephole"),
    (_CELL + r"W_ci$", r"\1input_peephole"),
    (_CELL + r"W_cf$", r"\1forget_peephole"),
    (_CELL + r"W_1$", r"\1update_peephole"),
)
_TRANSFORMER: Names = (
    (r"^norm\.", "unused."),
    (r"^reverse\.", "reconstruction."),
    (r"^(?:layer1\.)?patch_embed\.proj\.", "embedding."),
    (r"^merge\.(?:reduction|linear)\.", "merging.mixing."),
    (r"^merge\.", "merging."),
    (r"^(?:layers\.2\.downsample|upsample)\.linear1\.", "splitting.spreading."),
    (r"^(?:layers\.2\.downsample|upsample)\.linear2\.", "splitting.mixing."),
    (r"^(?:layers\.2\.downsample|upsample)\.", "splitting."),
)
_STAGE = r"^(stages?\.(?:\d+\.)+)"
_BLOCK: Names = (
    (_STAGE + r"norm2\.", r"\1feedforward_norm."),
    (_STAGE + r"mlp\.fc1\.", r"\1feedforward.0."),
    (_STAGE + r"mlp\.fc2\.", r"\1feedforward.2."),
    (_STAGE + r"(\w+)\.qkv\.", r"\1\2.inward."),
    (_STAGE + r"(\w+)\.proj\.", r"\1\2.outward."),
)
SWIN: Names = (
    *_TRANSFORMER,
    (r"^layers\.(\d)\.blocks\.", r"stages.\1."),
    *_BLOCK,
    (_STAGE + r"norm1\.", r"\1attention_norm."),
    (_STAGE + r"attn\.relative_position_bias_table$", r"\1offset_bias"),
    (_STAGE + r"attn\.", r"\1attention."),
)
TIMESFORMER: Names = (
    *_TRANSFORMER,
    (r"^pos_embed$", "positions.space"),
    (r"^time_embed$", "positions.time"),
    (r"^blocks\.", "stage."),
    *((rf"^layer{n + 1}\.blocks\.", f"stages.{n}.") for n in range(4)),
    *((rf"^layer{n + 1}\.norm\.", f"unused_of_stages.{n}.") for n in range(4)),
    *((rf"^layer{3 * n + 1}\.pos_embed$", f"positions.{n}.space") for n in range(2)),
    *((rf"^layer{3 * n + 1}\.time_embed$", f"positions.{n}.time") for n in range(2)),
    *_BLOCK,
    (_STAGE + r"norm1\.", r"\1space_norm."),
    (_STAGE + r"attn\.", r"\1space_attention."),
    (_STAGE + r"temporal_norm1\.", r"\1time_norm."),
    (_STAGE + r"temporal_attn\.", r"\1time_attention."),
    (_STAGE + r"temporal_fc\.", r"\1time_mixing."),
)


def our_weights(official: Mapping[str, Tensor], names: Names = RECURRENT) -> dict[str, Tensor]:
    """A published state dict, renamed; shapes and values are the same."""
    return {_renamed(name, names): weight for name, weight in official.items()}


def our_shapes(weights: Mapping[str, Tensor], ours: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights in the shapes of our state dict, where the published code has the same numbers in fewer dimensions."""
    return {
        name: weight.reshape(ours[name].shape) if name in ours and weight.numel() == ours[name].numel() else weight
        for name, weight in weights.items()
    }


def our_swin_weights(official: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A published state dict of the Swin transformer, renamed. Of four merged tokens it has all channels of the first,
    then of the one below, where we have the first channel of all, then the second."""
    weights = our_weights({name: weight for name, weight in official.items() if not name.endswith("_index")}, SWIN)
    for name in ("merging.norm.weight", "merging.norm.bias", "merging.mixing.weight"):
        if name in weights:
            weights[name] = weights[name].unflatten(-1, (2, 2, -1)).transpose(-3, -1).flatten(-3)
    return weights


def official_start(network: WaveCastNet, batch: int, generator: Generator) -> Tensor:
    """The decoder's first input as the published code has it, (batch, channels, latent height, latent width): uniform
    random numbers between 0 and 1, in evaluation too."""
    config = network.config
    return torch.rand(batch, config.channels, *config.latent, generator=generator, device=generator.device)


def official_missing(network: SparseWaveCastNet, batch: int, generator: Generator) -> Tensor:
    """The stations that the published code leaves out of one forecast, (batch, stations): random, and the same in all
    frames. It draws them before ``official_start``, in evaluation too."""
    size = (batch, len(network.config.stations))
    return torch.rand(size, generator=generator, device=generator.device) < network.config.missing


def _renamed(name: str, names: Names) -> str:
    for pattern, replacement in names:
        name = re.sub(pattern, replacement, name)
    return name
