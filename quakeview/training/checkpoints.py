"""Checkpoints of a run that survive a kill at any moment and a full disk.

A checkpoint is a folder ``last-<step>`` or ``best-<step>``, written under a temporary name, flushed, and renamed: it is
there whole or not at all. ``last`` holds all that is needed to go on bit by bit; ``best`` only the weights.
"""

import io
import os
import shutil
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from quakeview.errors import QuakeViewError

WEIGHTS = "weights.safetensors"
STATE = "state.pt"
PARTIAL = ".partial"


def checkpoint_path(folder: Path, kind: str, step: int) -> Path:
    """Where the checkpoint of a step is."""
    return folder / f"{kind}-{step:08d}"


def save_checkpoint(folder: Path, kind: str, step: int, weights: dict[str, torch.Tensor], state: Any = None) -> Path:
    """Write ``<folder>/<kind>-<step>`` atomically. ``state`` is anything ``torch.load(weights_only=True)`` can read.

    Raises:
        QuakeViewError: if it cannot be written, on a full disk for one; the checkpoints before are untouched.
    """
    target = checkpoint_path(folder, kind, step)
    partial = target.with_name(target.name + PARTIAL)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        weights = {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}
        _write(partial / WEIGHTS, safetensors.torch.save(weights))
        if state is not None:
            buffer = io.BytesIO()
            torch.save(state, buffer)
            _write(partial / STATE, buffer.getvalue())
        _flush_folder(partial)
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
        _flush_folder(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise QuakeViewError(
            f"The checkpoint of step {step} cannot be written to {folder} ({error.strerror}); "
            "make room and resume from the checkpoint before it."
        ) from error
    return target


def find_checkpoint(folder: Path, kind: str) -> tuple[int, Path] | None:
    """Step and folder of the newest whole checkpoint of this kind; None if there is none."""
    found = [path for path in folder.glob(f"{kind}-*") if path.suffix != PARTIAL]
    return max(((int(path.name.rpartition("-")[2]), path) for path in found), default=None)


def load_checkpoint(path: Path) -> tuple[dict[str, torch.Tensor], Any]:
    """The weights and the state (None for ``best``) of a checkpoint, on the CPU.

    Raises:
        QuakeViewError: if it cannot be read.
    """
    try:
        weights = safetensors.torch.load((path / WEIGHTS).read_bytes())
        state_file = path / STATE
        state = torch.load(state_file, map_location="cpu", weights_only=True) if state_file.exists() else None
    except Exception as error:
        raise QuakeViewError(f"The checkpoint {path} is damaged; delete it to resume from an older one.") from error
    return weights, state


def prune(folder: Path, kind: str, keep: int) -> None:
    """Delete the checkpoints of this kind except that of step ``keep``, and what an interrupted write left."""
    for path in folder.glob(f"{kind}-*"):
        if path != checkpoint_path(folder, kind, keep):
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    """Make renames in a folder durable; Windows has no such call for folders."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
