"""SeisT, the seismogram transformer (Li et al. 2024, doi:10.1109/TGRS.2024.3371503), as a picker.

Modules inside the blocks have the names of the published code, so that its checkpoints need a short map.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.monitoring.embedder import pad_same
from quakeview.monitoring.heads import PickingHead

STEM = ((3, 16, 11, 2), (16, 8, 5, 1), (8, 16, 5, 1), (16, 16, 7, 2))
"""Channels in and out, shortest kernel and stride of the four blocks of the stem."""
SHORTENED = 2
"""Times that every stage shortens the series."""
AVERAGED = (8, 4, 2, 1)
"""Samples that attention takes together for keys and values, by stage: series get shorter."""
ATTENDED = 0.6
"""Share of the channels that go through attention; the others go through a convolution."""


@dataclass(frozen=True)
class SeisTSize:
    """What differs between the published sizes; each of the four stages has an entry.

    Attributes:
        channels: of the series.
        blocks: how many there are.
        attention: how many of these, the last ones, have attention.
        groups: channels in one group of a convolution, and of one attention head.
        kernels: of the parallel paths of the blocks without attention.
        widened: hidden channels of a perceptron, by channels.
    """

    channels: tuple[int, ...]
    blocks: tuple[int, ...]
    attention: tuple[int, ...]
    groups: tuple[int, ...]
    kernels: tuple[int, ...]
    widened: int


SIZES = {
    "S": SeisTSize((16, 24, 32, 64), (2, 2, 3, 2), (1, 1, 1, 1), (8, 8, 8, 16), (5, 7), 2),
    "M": SeisTSize((24, 32, 64, 96), (2, 3, 6, 2), (1, 1, 1, 1), (8, 8, 16, 32), (5, 7), 2),
    "L": SeisTSize((32, 32, 64, 128), (2, 3, 6, 3), (1, 1, 2, 1), (8, 8, 16, 32), (3, 5, 7, 11), 3),
}


class SeisT(nn.Module):
    """Stem of parallel convolutions, four stages of convolution and attention, and a picking head.

    Args:
        size: a key of ``SIZES``.
    """

    def __init__(self, size: str) -> None:
        super().__init__()
        sizes = SIZES[size]
        self.stem = nn.Sequential(*(StemBlock(*block) for block in STEM))
        into = (STEM[-1][1], *sizes.channels[:-1])
        self.stages = nn.ModuleList(_stage(sizes, number, first) for number, first in enumerate(into))
        shortening = [(channels, kernel) for channels, _, kernel, stride in STEM if stride > 1]
        shortening += [(channels, max(sizes.kernels)) for channels in into]
        kernels = tuple(kernel for _, kernel in reversed(shortening))
        channels = tuple(channels for channels, _ in reversed(shortening[1:]))
        self.head = PickingHead(sizes.channels[-1], (*channels, 6), kernels)

    def forward(self, x: Tensor) -> Tensor:
        """Probabilities (B, 3, L) of an earthquake, P and S in windows (B, 3, L), Z N E, each over its deviation."""
        length = x.shape[-1]
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(x, length)


class StemBlock(nn.Module):
    """Three parallel separable convolutions with growing kernels, joined by a 1x1 projection and batch norm."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int) -> None:
        super().__init__()
        kernels = (kernel_size, kernel_size + 4, kernel_size + 8)
        self.branches = nn.ModuleList(
            SeparableConvolution(in_channels, out_channels, kernel, stride) for kernel in kernels
        )
        self.out_proj = pointwise(len(kernels) * out_channels, out_channels)
        self.norm = nn.BatchNorm1d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.out_proj(torch.cat([branch(x) for branch in self.branches], dim=1)))


class SeparableConvolution(nn.Module):
    """1x1 projection, a convolution of each channel, 1x1 projection, batch norm, GELU."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.in_proj = pointwise(in_channels, in_channels)
        self.dconv = nn.Conv1d(in_channels, in_channels, kernel_size, stride, groups=in_channels, bias=False)
        self.pconv = pointwise(in_channels, out_channels)
        self.norm = nn.BatchNorm1d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        x = pad_same(self.in_proj(x), self.dconv.kernel_size[0], self.stride)
        return F.gelu(self.norm(self.pconv(self.dconv(x))))


class Shortening(nn.Module):
    """Sum of mean and maximum of neighbouring samples, 1x1 projection, batch norm."""

    def __init__(self, in_channels: int, out_channels: int, samples: int) -> None:
        super().__init__()
        self.samples = samples
        self.proj = pointwise(in_channels, out_channels)
        self.norm = nn.BatchNorm1d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        mean = F.avg_pool1d(x, self.samples, ceil_mode=True)
        return self.norm(self.proj(mean + F.max_pool1d(x, self.samples, ceil_mode=True)))


class Perceptron(nn.Module):
    """Two 1x1 convolutions with GELU between them."""

    def __init__(self, channels: int, widened: int) -> None:
        super().__init__()
        self.lin0 = pointwise(channels, widened * channels, bias=True)
        self.lin1 = pointwise(widened * channels, channels, bias=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.lin1(F.gelu(self.lin0(x)))


class GroupedConvolution(nn.Module):
    """A convolution in groups of channels and a perceptron, each added to what it was given."""

    def __init__(self, channels: int, group: int, kernel_size: int, widened: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, kernel_size, groups=channels // group, bias=False)
        self.norm0 = nn.BatchNorm1d(channels)
        self.proj = pointwise(channels, channels)
        self.norm1 = nn.BatchNorm1d(channels)
        self.mlp = Perceptron(channels, widened)

    def forward(self, x: Tensor) -> Tensor:
        convolved = self.conv(pad_same(x, self.conv.kernel_size[0]))
        x = x + self.proj(F.gelu(self.norm0(convolved)))
        return x + self.mlp(self.norm1(x))


class ConvolutionBlock(nn.Module):
    """Paths with kernels of several lengths, each on a share of the channels."""

    def __init__(self, channels: int, group: int, kernels: tuple[int, ...], widened: int) -> None:
        super().__init__()
        shares: list[int] = []
        for left in range(len(kernels), 0, -1):
            shares.append(multiple_of(group, (channels - sum(shares)) // left))
        self.projs = nn.ModuleList(pointwise(channels, share) for share in shares)
        self.norms = nn.ModuleList(nn.BatchNorm1d(share) for share in shares)
        self.convs = nn.ModuleList(
            GroupedConvolution(share, group, kernel, widened) for share, kernel in zip(shares, kernels, strict=True)
        )
        self.out_norm = nn.BatchNorm1d(channels)

    def forward(self, x: Tensor) -> Tensor:
        paths = []
        for proj, norm, conv in zip(self.projs, self.norms, self.convs, strict=True):
            path = norm(proj(x))
            paths.append(path + conv(path))
        return self.out_norm(torch.cat(paths, dim=1))


class AttentionBlock(nn.Module):
    """Attention on some of the channels, a convolution on the others if there are any, and a perceptron."""

    def __init__(self, channels: int, group: int, averaged: int, widened: int) -> None:
        super().__init__()
        attended = multiple_of(group, int(channels * ATTENDED))
        convolved = channels - attended
        self.attn_proj, self.norm0 = pointwise(channels, attended), nn.BatchNorm1d(attended)
        self.attention = Attention(attended, group, averaged)
        self.convolves = convolved > 0
        if self.convolves:
            self.conv_proj, self.norm1 = pointwise(channels, convolved), nn.BatchNorm1d(convolved)
            self.gconv = GroupedConvolution(convolved, group, 3, widened)
        self.norm2 = nn.BatchNorm1d(channels)
        self.mlp = Perceptron(channels, widened)

    def forward(self, x: Tensor) -> Tensor:
        path = self.norm0(self.attn_proj(x))
        paths = [path + self.attention(path)]
        if self.convolves:
            path = self.norm1(self.conv_proj(x))
            paths.append(path + self.gconv(path))
        x = self.norm2(torch.cat(paths, dim=1))
        return x + self.mlp(x)


class Attention(nn.Module):
    """Attention of every sample to the whole series, of which neighbouring samples are taken together."""

    def __init__(self, channels: int, head: int, averaged: int) -> None:
        super().__init__()
        self.heads = channels // head
        together = averaged > 1
        self.aggr = Shortening(channels, channels, averaged) if together else nn.Identity()
        self.norm = nn.BatchNorm1d(channels) if together else nn.Identity()
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (
            pointwise(channels, channels, bias=True) for _ in range(4)
        )

    def forward(self, x: Tensor) -> Tensor:
        together = self.norm(self.aggr(x))
        query, key, value = (
            self._split(part) for part in (self.q_proj(x), self.k_proj(together), self.v_proj(together))
        )
        attended = F.scaled_dot_product_attention(query, key, value)
        return self.out_proj(attended.transpose(-1, -2).reshape(x.shape))

    def _split(self, x: Tensor) -> Tensor:
        """(B, C, T) to (B, heads, T, C / heads)."""
        return x.unflatten(1, (self.heads, -1)).transpose(-1, -2)


def pointwise(in_channels: int, out_channels: int, bias: bool = False) -> nn.Conv1d:
    """Return a convolution of one sample: a linear map of the channels."""
    return nn.Conv1d(in_channels, out_channels, 1, bias=bias)


def multiple_of(divisor: int, number: int) -> int:
    """Return the multiple of ``divisor`` next to ``number``, but not less than nine tenths of it."""
    nearest = max(divisor, int(number + divisor / 2) // divisor * divisor)
    return nearest if nearest >= 0.9 * number else nearest + divisor


def _stage(sizes: SeisTSize, number: int, in_channels: int) -> nn.Sequential:
    channels, group = sizes.channels[number], sizes.groups[number]
    convolutions = sizes.blocks[number] - sizes.attention[number]
    blocks: list[nn.Module] = [Shortening(in_channels, channels, SHORTENED)]
    blocks += [ConvolutionBlock(channels, group, sizes.kernels, sizes.widened) for _ in range(convolutions)]
    blocks += [AttentionBlock(channels, group, AVERAGED[number], sizes.widened) for _ in range(sizes.attention[number])]
    return nn.Sequential(*blocks)
