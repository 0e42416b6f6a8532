"""WaveCastNet for a fixed network of stations (Lyu et al. 2025, sparse): it sees a few hundred pixels only."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.embedding import DenseEmbedding
from quakeview.wavefield.networks.wavecastnet import WaveCastNet, WaveCastNetConfig


@dataclass(frozen=True)
class SparseConfig(WaveCastNetConfig):
    """What is needed to build the network again.

    Attributes:
        stations: row and column of the pixel of every station.
        missing: probability that a station is missing while training. The published code drops 1 - 101/564 of them,
            so that 101 remain on average, and goes on dropping them when it forecasts; see ``official_missing``.
    """

    stations: tuple[tuple[int, int], ...] = ()
    missing: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.reduction != 8:
            raise QuakeViewError("The network for stations reduces frames by 8; correct the configuration.")
        height, width = self.frame
        if not self.stations or not all(0 <= row < height and 0 <= column < width for row, column in self.stations):
            raise QuakeViewError(
                f"Stations must be pixels of the {height} x {width} frames, at least one; correct them."
            )


class SparseWaveCastNet(WaveCastNet):
    """``WaveCastNet`` whose embedding looks at stations only. Stations are missing at random in training only."""

    config: SparseConfig

    def __init__(self, config: SparseConfig) -> None:
        super().__init__(config)
        self.embedding = SparseEmbedding(config)

    def forward(
        self, frames: Tensor, n_future: int, start: Tensor | None = None, missing: Tensor | None = None
    ) -> Tensor:
        """As ``WaveCastNet.forward``.

        Args:
            missing: (batch, stations), True where there is no data in any frame. None: while training, stations drawn
                at random with the probability of the configuration; otherwise none.
        """
        if missing is None and self.training and self.config.missing:
            chances = torch.rand(len(frames), len(self.config.stations), device=frames.device)
            missing = chances < self.config.missing
        if missing is not None:
            frames = self.without(frames, missing)
        return super().forward(frames, n_future, start)

    def without(self, frames: Tensor, missing: Tensor) -> Tensor:
        """A copy of the frames (batch, components, time, height, width) with zeros at the missing stations."""
        rows, columns = torch.tensor(self.config.stations, device=frames.device).T
        silent = frames.clone()
        silent[..., rows, columns] = frames[..., rows, columns].masked_fill(missing[:, None, None], 0)
        return silent


class SparseEmbedding(nn.Module):
    """Values at stations to latent images.

    Two fully connected layers, the same for every component, spread the stations over images of a quarter of the
    frame; convolutions halve these. For 564 stations on 344 x 224 pixels: 564, 1204, 4816 = 86 x 56, then 43 x 28.
    """

    rows: Tensor
    columns: Tensor

    def __init__(self, config: SparseConfig) -> None:
        super().__init__()
        rows, columns = torch.tensor(config.stations).T
        self.register_buffer("rows", rows, persistent=False)
        self.register_buffer("columns", columns, persistent=False)
        height, width = config.latent
        few, components = height * width, config.components
        self.spreading = nn.Sequential(
            nn.Linear(len(rows), few),
            nn.LeakyReLU(0.01),
            nn.BatchNorm1d(components),
            nn.Linear(few, 4 * few),
            nn.LeakyReLU(0.01),
            nn.BatchNorm1d(components),
            nn.Unflatten(2, (2 * height, 2 * width)),
        )
        half = config.channels // 2
        self.convolution = nn.Sequential(
            nn.Conv2d(components, half, kernel_size=3, padding=1),
            nn.BatchNorm2d(half),
            nn.LeakyReLU(0.01),
            DenseEmbedding((half, config.channels)),
        )

    def forward(self, frames: Tensor) -> Tensor:
        """Frames (batch, components, height, width) to (batch, channels, latent height, latent width)."""
        latent: Tensor = self.convolution(self.spreading(frames[..., self.rows, self.columns]))
        return latent
