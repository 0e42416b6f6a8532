"""What the video transformers share. Tokens are (batch, time, height, width, channels), one for each patch."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from quakeview.errors import QuakeViewError

Patch = tuple[int, int, int]


class VideoTransformer(nn.Module):
    """Frames in, as many next frames out, all at once.

    Patches become tokens, subclasses let the tokens attend to each other, and tokens beside the early ones (a skip
    connection) become patches again. Frames and times that are no whole number of patches are padded with zeros, and
    what comes out is cropped.
    """

    def __init__(self, components: int, patch: Patch, width: int) -> None:
        super().__init__()
        self.embedding = nn.Conv3d(components, width, patch, stride=patch)
        self.reconstruction = nn.ConvTranspose3d(2 * width, components, patch, stride=patch)
        self.unused = nn.LayerNorm(width)
        """The published code makes it, counts it and never applies it; its checkpoints hold it."""

    def forward(self, frames: Tensor, n_future: int) -> Tensor:
        """Continue a film.

        Args:
            frames: (batch, components, time, height, width).
            n_future: frames wanted, at most as many as are given.

        Returns:
            (batch, components, n_future, height, width).

        Raises:
            QuakeViewError: if more frames are wanted than are given.
        """
        time, height, width = frames.shape[2:]
        if n_future > time:
            raise QuakeViewError(f"This network forecasts as many frames as it reads, {time}; ask for no more.")
        tokens = self.embedding(padded(frames, self.embedding.stride)).movedim(1, -1)
        future: Tensor = self.reconstruction(self.attend(tokens).movedim(-1, 1))
        return future[:, :, :n_future, :height, :width]

    def attend(self, tokens: Tensor) -> Tensor:
        """From tokens of patches to those of the future, twice as wide."""
        raise NotImplementedError


class Attention(nn.Module):
    """Scaled dot-product attention with several heads (Vaswani et al. 2017)."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.inward = nn.Linear(width, 3 * width, bias=bias)
        self.outward = nn.Linear(width, width)

    def forward(self, tokens: Tensor, bias: Tensor | None = None) -> Tensor:
        """Tokens (..., length, width) attend along their length; ``bias`` (..., heads, length, length) is added."""
        query, key, value = self.inward(tokens).unflatten(-1, (3, self.heads, -1)).movedim(-3, 0).transpose(-3, -2)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        attended: Tensor = self.outward(seen.transpose(-3, -2).flatten(-2))
        return attended


class Feedforward(nn.Sequential):
    def __init__(self, width: int) -> None:
        super().__init__(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))


class StochasticDepth(nn.Module):
    """While training, leaves out a residual branch for some samples of the batch (Huang et al. 2016)."""

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability

    def forward(self, branch: Tensor) -> Tensor:
        if not self.training or self.probability == 0:
            return branch
        kept = torch.rand(len(branch), *[1] * (branch.ndim - 1), device=branch.device) >= self.probability
        return branch * kept / (1 - self.probability)


class Merging(nn.Module):
    """Four tokens become one of twice the width (Liu et al. 2022).

    Args:
        raster: merge four tokens that follow each other along a row, as the published TimeSformer does by a slip;
            otherwise the four of a square.
    """

    def __init__(self, width: int, raster: bool = False) -> None:
        super().__init__()
        self.raster = raster
        self.norm = nn.LayerNorm(4 * width)
        self.mixing = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        height, width = tokens.shape[2:4]
        tokens = functional.pad(tokens, (0, 0, 0, width % 2, 0, height % 2))
        batch, time, height, width, channels = tokens.shape
        if self.raster:
            four = tokens.reshape(batch, time, height // 2, width // 2, 4, channels).transpose(-1, -2).flatten(-2)
        else:
            squares = tokens.reshape(batch, time, height // 2, 2, width // 2, 2, channels)
            four = squares.permute(0, 1, 2, 4, 6, 3, 5).flatten(-3)
        merged: Tensor = self.mixing(self.norm(four))
        return merged


class Splitting(nn.Module):
    """A token becomes a square of four of half its width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.spreading = nn.Linear(width, 4 * width, bias=False)
        self.norm = nn.LayerNorm(width)
        self.mixing = nn.Linear(width, width // 2, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        squares = self.spreading(tokens).unflatten(-1, (2, 2, -1))
        fine = squares.permute(0, 1, 2, 4, 3, 5, 6).flatten(2, 3).flatten(3, 4)
        split: Tensor = self.mixing(self.norm(fine))
        return split


def padded(frames: Tensor, patch: Sequence[int]) -> Tensor:
    """Frames (batch, components, time, height, width) with zeros behind, to whole patches."""
    missing = [-size % whole for size, whole in zip(frames.shape[2:], patch, strict=True)]
    return functional.pad(frames, (0, missing[2], 0, missing[1], 0, missing[0]))


def beside(tokens: Tensor, early: Tensor) -> Tensor:
    """Tokens and, behind them in the channels, the early ones, padded with zeros to the same height and width."""
    below, right = (tokens.shape[axis] - early.shape[axis] for axis in (2, 3))
    return torch.cat((tokens, functional.pad(early, (0, 0, 0, right, 0, below))), dim=-1)
