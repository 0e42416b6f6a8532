"""Where torch computes."""

import os
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str = "auto") -> "torch.device":
    """The device called ``name``; ``auto`` takes CUDA, then MPS, then the CPU. Imports torch.

    Raises:
        QuakeViewError: if ``name`` is unknown or this machine has no such device.
    """
    import torch

    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(kind for kind, there in available.items() if there))
    if name.split(":")[0] not in available:
        raise QuakeViewError(f"There is no device called {name!r}; choose one of {', '.join(DEVICES)}.")
    if not available[name.split(":")[0]]:
        raise QuakeViewError(f"This machine has no usable {name} device; choose 'auto' or 'cpu'.")
    return torch.device(name)


def processor_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
