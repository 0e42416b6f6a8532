"""WaveCastNet: an encoder reads frames one by one, a decoder goes on without them (Lyu et al. 2025)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor, nn
from torch.nn import functional

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.cells import ConvGRUCell, ConvLEMCell, ConvLSTMCell, State
from quakeview.wavefield.networks.embedding import DenseEmbedding, Reconstruction

CELLS: dict[str, type[ConvLEMCell | ConvLSTMCell | ConvGRUCell]] = {
    "ConvLEM": ConvLEMCell,
    "ConvLSTM": ConvLSTMCell,
    "ConvGRU": ConvGRUCell,
}


@dataclass(frozen=True)
class WaveCastNetConfig:
    """What is needed to build the network again.

    Attributes:
        frame: height and width of the frames, any size; inside they are padded to whole latent pixels.
        components: of the ground velocity.
        channels: of the latent images; a multiple of 16.
        reduction: 8 (three stages, the paper's dense network) or 4 (two, its ablation).
        cell: "ConvLEM", "ConvLSTM" or "ConvGRU".
        feedback: whether the decoder is given what the embedding sees in its own frame, besides its latent image.
    """

    frame: tuple[int, int]
    components: int = 3
    channels: int = 144
    reduction: int = 8
    cell: str = "ConvLEM"
    feedback: bool = False

    def __post_init__(self) -> None:
        if self.reduction not in (4, 8):
            raise QuakeViewError(
                f"Frames can be reduced by 4 or 8, not by {self.reduction}; correct the configuration."
            )
        if self.cell not in CELLS:
            raise QuakeViewError(f"There is no cell {self.cell!r}; choose one of {', '.join(CELLS)}.")

    @property
    def latent(self) -> tuple[int, int]:
        """Height and width of the latent images."""
        height, width = (-(-size // self.reduction) for size in self.frame)
        return height, width

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels before, between and after the stages of the embedding."""
        halved = [self.channels // 2**stage for stage in range(3 if self.reduction == 8 else 2)]
        return (self.components, *halved[::-1])


class WaveCastNet(nn.Module):
    """Frames in, the next frames out. Two cells read, two go on from their states."""

    def __init__(self, config: WaveCastNetConfig) -> None:
        super().__init__()
        self.config = config
        channels, cell = config.channels, CELLS[config.cell]
        self.embedding: nn.Module = DenseEmbedding(config.widths)
        self.encoder = nn.ModuleList(cell(channels, channels, config.latent) for _ in range(2))
        self.decoder = nn.ModuleList(cell(channels, channels, config.latent) for _ in range(2))
        self.reconstruction = Reconstruction(channels, config.components, doubling=config.reduction == 8)
        self.feedback = DenseEmbedding(config.widths) if config.feedback else None

    def forward(self, frames: Tensor, n_future: int, start: Tensor | None = None) -> Tensor:
        """Continue a film.

        Args:
            frames: (batch, components, time, height, width).
            n_future: frames wanted.
            start: (batch, channels, latent height, latent width), first input of the decoder; zeros if None, where the
                published code draws random numbers.

        Returns:
            (batch, components, n_future, height, width).
        """
        return torch.stack(list(islice(self.continuation(frames, start), n_future)), dim=2)

    def continuation(self, frames: Tensor, start: Tensor | None = None) -> Iterator[Tensor]:
        """``forward`` without end, one frame (batch, components, height, width) at a time."""
        states = self._read(frames)
        latent = torch.zeros_like(states[-1][0]) if start is None else start
        while True:
            states = advance(self.decoder, latent, states)
            latent = states[-1][0]
            frame = self.reconstruction(latent)
            yield self._cropped(frame)
            if self.feedback is not None:
                latent = latent + self.feedback(frame)

    def _read(self, frames: Tensor) -> list[State]:
        """The states after the last frame."""
        batch = frames.shape[0]
        height, width = self.config.latent
        blank = frames.new_zeros(batch, self.config.channels, height, width)
        states: list[State] = [(blank,) * CELLS[self.config.cell].images] * 2
        for frame in frames.unbind(dim=2):
            states = advance(self.encoder, self.embedding(self._padded(frame)), states)
        return states

    def _padded(self, frame: Tensor) -> Tensor:
        (height, width), reduction = self.config.latent, self.config.reduction
        below, right = height * reduction - frame.shape[-2], width * reduction - frame.shape[-1]
        return functional.pad(frame, (0, right, 0, below), mode="replicate") if below or right else frame

    def _cropped(self, frame: Tensor) -> Tensor:
        height, width = self.config.frame
        return frame[..., :height, :width]


def advance(cells: nn.ModuleList, x: Tensor, states: list[State]) -> list[State]:
    """One step of stacked cells: each reads the output of the one before it."""
    stepped = []
    for cell, state in zip(cells, states, strict=True):
        state = cell(x, state)
        stepped.append(state)
        x = state[0]
    return stepped
