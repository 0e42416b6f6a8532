"""What waveforms go through before a network, as a part of the network: whoever has the copy needs no other code."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

_NEGLIGIBLE = 1e-8
"""Of the largest value of an impulse response: what comes after is left out."""


class Preparation(nn.Module):
    """Samples (B, 3, n) without their means, filtered and scaled, as ``monitoring.preprocessing`` does it.

    A component that is constant is taken as missing and becomes zero.
    """

    kernel: Tensor | None

    def __init__(self, filtered: Callable[[NDArray[np.float64]], NDArray[np.floating]] | None, scale: str) -> None:
        """Take over a filter and a scale.

        Args:
            filtered: a causal linear filter of (n,) samples; None for none.
            scale: "record" divides the three components by one standard deviation, "component" each by its own,
                "" none.
        """
        super().__init__()
        self._scale = scale
        self.register_buffer("kernel", None if filtered is None else _impulse_response(filtered))

    def forward(self, x: Tensor) -> Tensor:
        living = (x.amax(dim=-1, keepdim=True) > x.amin(dim=-1, keepdim=True)).to(x.dtype)
        x = (x - x.mean(dim=-1, keepdim=True)) * living
        if self.kernel is not None:
            kernel = self.kernel.expand(3, 1, -1)
            x = F.conv1d(F.pad(x, (kernel.shape[-1] - 1, 0)), kernel, groups=3)
        if not self._scale:
            return x
        if self._scale == "component":
            std = x.square().mean(dim=-1, keepdim=True).sqrt()
        else:
            samples = (living.sum(dim=-2, keepdim=True) * x.shape[-1]).clamp(min=1)
            std = (x.square().sum(dim=(-2, -1), keepdim=True) / samples).sqrt()
        return x / torch.where(std > 0, std, torch.ones_like(std))


def _impulse_response(filtered: Callable[[NDArray[np.float64]], NDArray[np.floating]]) -> Tensor:
    """Return what a causal filter makes of an impulse, (1, 1, n), the last value first, as convolutions want it."""
    impulse = np.zeros(1 << 14)
    impulse[0] = 1
    response = filtered(impulse)
    there = np.flatnonzero(np.abs(response) > _NEGLIGIBLE * np.abs(response).max())
    kernel = response[: there[-1] + 1][::-1].astype(np.float32)
    return torch.from_numpy(kernel.copy())[None, None]
