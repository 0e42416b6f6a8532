"""From frames of the wavefield to latent images, and back."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn


class DenseEmbedding(nn.Sequential):
    """Frames (batch, 3, height, width) to latent images: each stage halves the frame (Lyu et al. 2025).

    Args:
        widths: channels of the components and after each stage, such as 3, 36, 72, 144.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        stages = (_halving(*pair) for pair in pairwise(widths))
        super().__init__(*stages)


def _halving(inputs: int, outputs: int) -> nn.Sequential:
    """The published order: normalisation before the activation; the paper prints it after."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=4, stride=2, padding=1), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.01)
    )


class Reconstruction(nn.Module):
    """Latent images (batch, channels, height, width) to frames (batch, components, 4 or 8 x height, 4 or 8 x width).

    Args:
        doubling: whether a transposed convolution comes before the pixel shuffle by four.
    """

    def __init__(self, channels: int, components: int, doubling: bool) -> None:
        super().__init__()
        self.doubling = nn.Sequential(
            nn.ConvTranspose2d(channels, channels, kernel_size=4, stride=2, padding=1), nn.LeakyReLU(0.01)
        )
        if not doubling:
            self.doubling = nn.Sequential()
        self.shuffle = nn.PixelShuffle(4)
        self.smoothing = nn.Conv2d(channels // 16, components, kernel_size=3, padding=1)

    def forward(self, latent: Tensor) -> Tensor:
        frames: Tensor = self.smoothing(self.shuffle(self.doubling(latent)))
        return frames
