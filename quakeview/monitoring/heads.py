"""SeisMoLLM's output heads (Wang et al. 2025, §III-D)."""

from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.monitoring.embedder import pad_same

TAPS_AT_ONCE = 8
RARE = -4.0
"""Log-odds of an onset at a sample before anything is learnt (the prior of Lin et al. 2017, §3.3)."""
LARGEST_MAGNITUDE = 8.0
LARGEST_DISTANCE = 500.0
"""km, epicentral."""


def convolve(x: Tensor, conv: nn.Conv1d) -> Tensor:
    """``conv(x)``, its kernel taken 8 taps at a time: the gradient of longer ones is slow on a CPU."""
    taps = conv.weight.shape[-1]
    length = x.shape[-1] - taps + 1
    pieces: list[Tensor] = []
    for first in range(0, taps, TAPS_AT_ONCE):
        weight = conv.weight[..., first : first + TAPS_AT_ONCE]
        piece = x[..., first : first + length + weight.shape[-1] - 1]
        pieces.append(F.conv1d(piece, weight, None if pieces else conv.bias))
    return sum(pieces[1:], start=pieces[0])


class HeadStage(nn.Module):
    """Linear interpolation to a longer series, convolution, batch norm, GELU."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(in_channels, out_channels, kernel_size)
        self.norm = nn.BatchNorm1d(out_channels)

    def forward(self, x: Tensor, length: int) -> Tensor:
        x = F.interpolate(x, size=length, mode="linear")
        return F.gelu(self.norm(convolve(pad_same(x, self.conv.kernel_size[0]), self.conv)))


class PickingHead(nn.Module):
    """Latent series (B, C, T) to the probabilities of noise, P and S at every sample (B, 3, L).

    Its stages lengthen the series by the same factor each. The published loss does not train the noise channel.
    """

    def __init__(self, features: int, channels: tuple[int, ...], kernel_sizes: tuple[int, ...] = (1, 6, 8, 16)) -> None:
        super().__init__()
        sizes = zip((features, *channels[:-1]), channels, kernel_sizes, strict=True)
        self.stages = nn.ModuleList(HeadStage(*size) for size in sizes)
        self.output = nn.Conv1d(channels[-1], 3, 7, padding=3)
        nn.init.constant_(self.output.get_parameter("bias"), RARE)

    def forward(self, x: Tensor, length: int) -> Tensor:
        for stage, stage_length in zip(self.stages, self.stage_lengths(x.shape[-1], length), strict=True):
            x = stage(x, stage_length)
        return self.output(x).sigmoid()

    def stage_lengths(self, first: int, last: int) -> list[int]:
        """The geometric sequence from ``first`` (excluded) to ``last``, rounded down from the end."""
        factor = (last / first) ** (1 / len(self.stages))
        lengths = [last]
        while len(lengths) < len(self.stages):
            lengths.insert(0, int(lengths[0] / factor))
        return lengths


class PooledHead(nn.Module):
    """Latent series (B, C, T) to ``outputs`` numbers of the window: two strided convolutions, mean, linear layer."""

    kernel_size, stride = 16, 4

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(features, features, self.kernel_size, self.stride) for _ in range(2))
        self.linear = nn.Linear(features, outputs)

    def forward(self, x: Tensor, length: int) -> Tensor:
        for conv in self.convs:
            x = conv(x)
        return self.activate(self.linear(x.mean(dim=-1)))

    def activate(self, x: Tensor) -> Tensor:
        raise NotImplementedError


class PolarityHead(PooledHead):
    """Probabilities (B, 2) of an upward and a downward first motion."""

    def __init__(self, features: int) -> None:
        super().__init__(features, outputs=2)

    def activate(self, x: Tensor) -> Tensor:
        return x.softmax(dim=-1)


class MagnitudeHead(PooledHead):
    """Magnitude (B, 1), from 0 to 8."""

    def __init__(self, features: int) -> None:
        super().__init__(features, outputs=1)

    def activate(self, x: Tensor) -> Tensor:
        return LARGEST_MAGNITUDE * x.sigmoid()


class DistanceHead(PooledHead):
    """Epicentral distance (B, 1) in kilometres as published, from 0 to 500."""

    def __init__(self, features: int) -> None:
        super().__init__(features, outputs=1)

    def activate(self, x: Tensor) -> Tensor:
        return LARGEST_DISTANCE * x.sigmoid()


class BackAzimuthHead(PooledHead):
    """Cosine and sine (B, 2) of the back azimuth, each from -1 to 1; the angle is atan2(sine, cosine)."""

    def __init__(self, features: int) -> None:
        super().__init__(features, outputs=2)

    def activate(self, x: Tensor) -> Tensor:
        return x.tanh()
