"""TimeSformer (Bertasius et al. 2021) as a forecaster, plain and as a pyramid (Lyu et al. 2025, Table 3).

Attention is divided: a token first looks along time at its own place, then across space at its own time.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from quakeview.errors import QuakeViewError
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

STOCHASTIC_DEPTH = 0.1
"""Of the last block of a stage while training; it grows linearly from zero at the first."""


@dataclass(frozen=True)
class TimeSformerConfig:
    """What is needed to build the network again; the defaults are those of the paper's plain one.

    Attributes:
        frame: height and width of the frames.
        frames: how many are read; others are read with stretched positions.
        components: of the ground velocity.
        patch: time, height and width of a token.
        width: channels of a token; twice as many in the coarse stages of a pyramid.
        depths, heads: blocks and attention heads of the stages: of one, or of a pyramid's four.
        bias: of queries, keys and values.
        raster: see ``Merging``; the published pyramid has it.
    """

    frame: tuple[int, int]
    frames: int = 60
    components: int = 3
    patch: Patch = (1, 8, 8)
    width: int = 192
    depths: tuple[int, ...] = (16,)
    heads: tuple[int, ...] = (8,)
    bias: bool = False
    raster: bool = False

    def __post_init__(self) -> None:
        if len(self.depths) not in (1, 4) or len(self.depths) != len(self.heads):
            raise QuakeViewError("A TimeSformer has one stage, or four as a pyramid; correct depths and heads.")

    @property
    def tokens(self) -> tuple[int, int, int]:
        """In time, height and width."""
        time, height, width = (
            -(-size // whole) for size, whole in zip((self.frames, *self.frame), self.patch, strict=True)
        )
        return time, height, width


PYRAMID: dict[str, Any] = {"depths": (2, 6, 6, 2), "heads": (4, 12, 12, 4), "bias": True}
"""How the paper's pyramid differs from its plain TimeSformer; its weights as published need ``raster`` too."""


class TimeSformer(VideoTransformer):
    """One stage; the future is made of its tokens beside those of the patches."""

    def __init__(self, config: TimeSformerConfig) -> None:
        super().__init__(config.components, config.patch, config.width)
        self.config = config
        self.positions = Positions(config.tokens, config.width)
        self.stage = _stage(config, 0)

    def attend(self, tokens: Tensor) -> Tensor:
        return beside(self.stage(self.positions(tokens)), tokens)


class PyramidTimeSformer(VideoTransformer):
    """A fine stage, two coarse ones, and a fine one again that ends beside the tokens of the first."""

    def __init__(self, config: TimeSformerConfig) -> None:
        super().__init__(config.components, config.patch, config.width)
        self.config = config
        self.positions = nn.ModuleList(Positions(config.tokens, config.width) for _ in range(2))
        self.stages = nn.ModuleList(_stage(config, number) for number in range(4))
        self.merging, self.splitting = Merging(config.width, config.raster), Splitting(2 * config.width)
        self.unused_of_stages = nn.ModuleList(nn.LayerNorm(_width(config, number)) for number in range(4))
        """As ``unused``, once more in every stage."""

    def attend(self, tokens: Tensor) -> Tensor:
        early = self.stages[0](self.positions[0](tokens))
        coarse = self.stages[2](self.stages[1](self.merging(early)))
        return beside(self.stages[3](self.positions[1](self.splitting(coarse))), early)


class DividedBlock(nn.Module):
    """Attention along time, attention across space, feedforward."""

    def __init__(self, width: int, heads: int, bias: bool, drop: float) -> None:
        super().__init__()
        self.time_norm, self.time_attention = nn.LayerNorm(width), Attention(width, heads, bias)
        self.time_mixing = nn.Linear(width, width)
        nn.init.zeros_(self.time_mixing.weight)
        nn.init.zeros_(self.time_mixing.bias)
        self.space_norm, self.space_attention = nn.LayerNorm(width), Attention(width, heads, bias)
        self.feedforward_norm, self.feedforward = nn.LayerNorm(width), Feedforward(width)
        self.depth = StochasticDepth(drop)

    def forward(self, tokens: Tensor) -> Tensor:
        along_time = self.time_attention(self.time_norm(tokens).movedim(1, 3)).movedim(3, 1)
        tokens = tokens + self.time_mixing(self.depth(along_time))
        across_space = self.space_attention(self.space_norm(tokens).flatten(2, 3)).unflatten(2, tokens.shape[2:4])
        tokens = tokens + self.depth(across_space)
        return tokens + self.depth(self.feedforward(self.feedforward_norm(tokens)))


class Positions(nn.Module):
    """Learnt vectors of every place and of every time, added to the tokens; stretched if there are more or fewer."""

    def __init__(self, tokens: tuple[int, int, int], width: int) -> None:
        super().__init__()
        self.space = nn.Parameter(torch.empty(*tokens[1:], width))
        self.time = nn.Parameter(torch.zeros(tokens[0], width))
        nn.init.trunc_normal_(self.space, std=0.02)

    def forward(self, tokens: Tensor) -> Tensor:
        space = functional.interpolate(self.space.movedim(-1, 0)[None], size=tokens.shape[2:4])[0].movedim(0, -1)
        time = functional.interpolate(self.time.mT[None], size=tokens.shape[1])[0].mT
        return tokens + space + time[:, None, None]


def _width(config: TimeSformerConfig, number: int) -> int:
    return 2 * config.width if number in (1, 2) else config.width


def _stage(config: TimeSformerConfig, number: int) -> nn.Sequential:
    width, heads, depth = _width(config, number), config.heads[number], config.depths[number]
    drops = torch.linspace(0, STOCHASTIC_DEPTH, depth).tolist()
    return nn.Sequential(*(DividedBlock(width, heads, config.bias, drop) for drop in drops))
