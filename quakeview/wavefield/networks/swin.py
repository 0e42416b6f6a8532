"""Video Swin transformer (Liu et al. 2022) as a forecaster, a baseline of WaveCastNet (Lyu et al. 2025, Table 3)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from quakeview.wavefield.networks.transformer import (
    Attention,
    Feedforward,
    Merging,
    Patch,
    Splitting,
    StochasticDepth,
    VideoTransformer,
    beside,
)

STOCHASTIC_DEPTH = 0.2
"""Of the last block while training; it grows linearly from zero at the first."""


@dataclass(frozen=True)
class VideoSwinConfig:
    """What is needed to build the network again; the defaults are those of the paper's smaller one.

    Attributes:
        frame: height and width of the frames it is made for; others run too.
        components: of the ground velocity.
        patch: time, height and width of a token.
        width: channels of a token; twice as many in the two coarse stages.
        depths, heads: blocks and attention heads of the four stages.
        window: tokens in time, height and width that attend to each other. The paper does not say; the published
            code's default.
    """

    frame: tuple[int, int]
    components: int = 3
    patch: Patch = (3, 4, 4)
    width: int = 144
    depths: tuple[int, ...] = (2, 6, 6, 2)
    heads: tuple[int, ...] = (6, 12, 12, 6)
    window: Patch = (2, 6, 6)


class VideoSwin(VideoTransformer):
    """A fine stage, two coarse ones, and a fine one again that ends beside the tokens of the first."""

    def __init__(self, config: VideoSwinConfig) -> None:
        super().__init__(config.components, config.patch, config.width)
        self.config = config
        drops = iter(torch.linspace(0, STOCHASTIC_DEPTH, sum(config.depths)).tolist())
        widths = (config.width, 2 * config.width, 2 * config.width, config.width)
        self.stages = nn.ModuleList(
            nn.Sequential(
                *(SwinBlock(width, heads, config.window, bool(number % 2), next(drops)) for number in range(depth))
            )
            for width, depth, heads in zip(widths, config.depths, config.heads, strict=True)
        )
        self.merging, self.splitting = Merging(config.width), Splitting(2 * config.width)

    def attend(self, tokens: Tensor) -> Tensor:
        early = self.stages[0](tokens)
        coarse = self.stages[2](self.stages[1](self.merging(early)))
        return beside(self.stages[3](self.splitting(coarse)), early)


class SwinBlock(nn.Module):
    """Attention inside windows, every other block in windows shifted by half their size."""

    def __init__(self, width: int, heads: int, window: Patch, shifted: bool, drop: float) -> None:
        super().__init__()
        self.window, self.shifted = window, shifted
        self.attention_norm, self.attention = nn.LayerNorm(width), Attention(width, heads, bias=True)
        offsets = [2 * size - 1 for size in window]
        self.offset_bias = nn.Parameter(torch.empty(*offsets, heads))
        nn.init.trunc_normal_(self.offset_bias, std=0.02)
        self.feedforward_norm, self.feedforward = nn.LayerNorm(width), Feedforward(width)
        self.depth = StochasticDepth(drop)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.depth(self._attended(self.attention_norm(tokens)))
        return tokens + self.depth(self.feedforward(self.feedforward_norm(tokens)))

    def _attended(self, tokens: Tensor) -> Tensor:
        sizes = tokens.shape[1:4]
        window = [min(pair) for pair in zip(self.window, sizes, strict=True)]
        shift = [whole // 2 if self.shifted and size > whole else 0 for size, whole in zip(sizes, window, strict=True)]
        missing = [-size % whole for size, whole in zip(sizes, window, strict=True)]
        tokens = functional.pad(tokens, (0, 0, 0, missing[2], 0, missing[1], 0, missing[0]))
        tokens = tokens.roll([-step for step in shift], dims=(1, 2, 3))
        bias = self._bias(window)
        if any(shift):
            bias = bias + _apart(tokens, window, shift)
        attended = _joined(self.attention(_windows(tokens, window), bias), tokens.shape, window)
        attended = attended.roll(shift, dims=(1, 2, 3))
        return attended[:, : sizes[0], : sizes[1], : sizes[2]]

    def _bias(self, window: list[int]) -> Tensor:
        """What every two tokens of a window have for their relative place, (heads, tokens, tokens)."""
        places = [torch.arange(size, device=self.offset_bias.device) for size in window]
        each = torch.stack(torch.meshgrid(*places, indexing="ij")).flatten(1)
        offsets = each[:, :, None] - each[:, None, :]
        at = [offset + size - 1 for offset, size in zip(offsets, self.window, strict=True)]
        return self.offset_bias[at[0], at[1], at[2]].permute(2, 0, 1)


def _windows(tokens: Tensor, window: list[int]) -> Tensor:
    """(batch, windows, tokens of a window, channels)."""
    batch, time, height, width, channels = tokens.shape
    t, h, w = window
    split = tokens.view(batch, time // t, t, height // h, h, width // w, w, channels)
    return split.permute(0, 1, 3, 5, 2, 4, 6, 7).flatten(4, 6).flatten(1, 3)


def _joined(windows: Tensor, shape: torch.Size, window: list[int]) -> Tensor:
    """The inverse of ``_windows``: tokens of ``shape``."""
    numbers = [size // whole for size, whole in zip(shape[1:4], window, strict=True)]
    split = windows.unflatten(2, window).unflatten(1, numbers)
    return split.permute(0, 1, 4, 2, 5, 3, 6, 7).reshape(shape)


def _apart(tokens: Tensor, window: list[int], shift: list[int]) -> Tensor:
    """Minus infinity, (windows, 1, tokens, tokens), where the shift brought together what is not neighbours."""
    sides = [
        (torch.arange(size, device=tokens.device) >= size - step).float()
        for size, step in zip(tokens.shape[1:4], shift, strict=True)
    ]
    region = 4 * sides[0][:, None, None] + 2 * sides[1][:, None] + sides[2]
    regions = _windows(region[None, ..., None], window)[0, :, :, 0]
    strangers = regions[:, :, None] != regions[:, None, :]
    return torch.zeros_like(strangers, dtype=tokens.dtype).masked_fill(strangers, -torch.inf)[:, None]
