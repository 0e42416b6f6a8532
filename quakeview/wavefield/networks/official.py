"""Weights of the published WaveCastNet code under our names."""

import re
from collections.abc import Mapping

from torch import Tensor

_NAMES = (
    (r"^encoder\.model\.encoder_layer(\d)\.layer\.", lambda m: f"embedding.{int(m[1]) - 1}."),
    (r"^reencode\.model\.encoder_layer(\d)\.layer\.", lambda m: f"feedback.{int(m[1]) - 1}."),
    (r"^decoder\.model\.decoder_layer1\.layer\.0\.", lambda _: "reconstruction.doubling.0."),
    (r"^conv1\.", lambda _: "reconstruction.smoothing."),
    (r"^(encoder|decoder)_(\d)_conv(?:lem|lstm|gru)\.", lambda m: f"{m[1]}.{int(m[2]) - 1}."),
)
_CELL_NAMES = {
    "convx": "from_input",
    "convy": "from_output",
    "convz": "from_memory",
    "convh": "from_output",
    "conv_hreset": "from_reset",
    "conv": "gates",
    "W_z1": "output_peephole",
    "W_z2": "memory_peephole",
    "W_z4": "reset_peephole",
    "W_ci": "input_peephole",
    "W_cf": "forget_peephole",
    "W_co": "output_peephole",
    "W_1": "update_peephole",
    "W_2": "reset_peephole",
}


def our_name(name: str) -> str:
    """The name in ``WaveCastNet.state_dict()`` of a weight of the published code."""
    for pattern, replacement in _NAMES:
        name = re.sub(pattern, replacement, name)
    first, *rest = name.split(".")
    prefix = [first, rest.pop(0)] if first in ("encoder", "decoder") else []
    own = rest if prefix else [first, *rest]
    return ".".join([*prefix, _CELL_NAMES.get(own[0], own[0]), *own[1:]])


def our_weights(official: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A published state dict, renamed; shapes and values are the same."""
    return {our_name(name): weight for name, weight in official.items()}
