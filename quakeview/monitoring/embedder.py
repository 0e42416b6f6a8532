"""SeisMoLLM's multi-scale convolutional embedder (Wang et al. 2025, §III-B)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

KERNEL_SIZES = (16, 8, 6, 1)
KERNEL_GROWTH = (8, 6, 4, 2)
STRIDES = (2, 2, 2, 1)
BRANCHES = 4


def pad_same(x: Tensor, kernel_size: int, stride: int = 1) -> Tensor:
    """Zeros on both sides, the odd one at the end, so that a convolution returns ceil(length / stride) samples."""
    total = kernel_size - stride + -x.shape[-1] % stride
    return F.pad(x, (total // 2, total - total // 2))


class Branch(nn.Module):
    """One time scale: 1x1 projection, convolution, batch norm, GELU.

    The projection has no bias, so it folds into the kernel of the convolution: one pass over the samples, not two.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.in_proj = nn.Conv1d(in_channels, in_channels, 1, bias=False)
        self.conv = nn.Conv1d(in_channels, out_channels, kernel_size, stride, bias=False)
        self.norm = nn.BatchNorm1d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        kernel = torch.einsum("oik,ic->ock", self.conv.weight, self.in_proj.weight.squeeze(-1))
        x = F.conv1d(pad_same(x, kernel.shape[-1], self.stride), kernel, stride=self.stride)
        return F.gelu(self.norm(x))


class MultiScaleBlock(nn.Module):
    """Parallel branches with growing kernels, joined by a 1x1 projection and batch norm."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, growth: int, stride: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            Branch(in_channels, out_channels, kernel_size + growth * scale, stride) for scale in range(BRANCHES)
        )
        self.out_proj = nn.Conv1d(BRANCHES * out_channels, out_channels, 1, bias=False)
        self.norm = nn.BatchNorm1d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.out_proj(torch.cat([branch(x) for branch in self.branches], dim=1)))


class Embedder(nn.Sequential):
    """Seismogram (B, 3, L) to latent series (B, conv_channels[-1], L / 8)."""

    def __init__(self, conv_channels: tuple[int, ...]) -> None:
        in_channels = (3, *conv_channels[:-1])
        super().__init__(
            *(
                MultiScaleBlock(*sizes)
                for sizes in zip(in_channels, conv_channels, KERNEL_SIZES, KERNEL_GROWTH, STRIDES, strict=True)
            )
        )
