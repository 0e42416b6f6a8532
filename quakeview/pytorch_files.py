"""Weights in files of PyTorch, read without running what they may hold."""

from pathlib import Path

import torch
from torch import Tensor

from quakeview.errors import QuakeViewError


def named_tensors(path: Path, wrappers: tuple[str, ...], wanted: str) -> dict[str, Tensor]:
    """The tensors of a checkpoint by name.

    Args:
        wrappers: keys under which some programs put the weights.
        wanted: what to choose instead, in words, if there are no named weights.

    Raises:
        QuakeViewError: if there is no such file, it is no checkpoint, or it holds more than tensors and plain values.
    """
    if not path.is_file():
        raise QuakeViewError(f"There is no checkpoint {path}; check the name.")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file can break any part of the reader
        if "Unsupported global" in str(error):
            raise QuakeViewError(f"{path} holds program code besides weights, so it was not opened.") from error
        raise QuakeViewError(f"{path} is not a PyTorch checkpoint, or it is damaged; download it again.") from error
    while isinstance(content, dict) and (wrapper := next((key for key in wrappers if key in content), None)):
        content = content[wrapper]
    if not isinstance(content, dict) or not all(isinstance(value, Tensor) for value in content.values()):
        raise QuakeViewError(f"{path} holds no named weights; choose {wanted}.")
    return {str(name): tensor for name, tensor in content.items()}
