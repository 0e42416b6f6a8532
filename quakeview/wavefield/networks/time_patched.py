"""WaveCastNet with several frames to a recurrent step, for data of any part of the nodes.

The frames of a step are channels of one image, so that a second of wavefield costs a fraction of what it costs frame by
frame. What is not in the paper (Lyu et al. 2025): the frames of a step, input at any nodes with a map of how many
are known nearby, the learnt map of places, scaling by the root mean square of the input, and a decoder that goes on
from the encoder's output. The cells, and how they are stacked, are the paper's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor, nn
from torch.nn import functional

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.cells import State, begin_as_carrier
from quakeview.wavefield.networks.wavecastnet import CELLS, advance

PATCH = 4
"""Nodes along each side of what becomes a latent pixel."""
LATENT_STRENGTH = 0.05
"""Of latent images to the input, which is of unit strength: cells say no more than 1, and waves stand out."""
LEAST_KNOWN = 1 / 100
"""Part of the 20 x 20 nodes nearby; where fewer are known their values are not raised further."""
QUIETEST = 1e-12
"""Root mean square of an input of still ground, so that nothing is divided by zero."""


@dataclass(frozen=True)
class TimePatchedConfig:
    """What is needed to build the network again.

    Attributes:
        frame: nodes along X and Y; inside they are padded to whole latent pixels.
        components: of the ground velocity.
        step: frames to a recurrent step.
        channels: of the latent images, which have a quarter of the nodes along each side.
        cell: "ConvLEM", "ConvLSTM" or "ConvGRU".
    """

    frame: tuple[int, int]
    components: int = 3
    step: int = 5
    channels: int = 48
    cell: str = "ConvLEM"

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise QuakeViewError(f"There is no cell {self.cell!r}; choose one of {', '.join(CELLS)}.")

    @property
    def latent(self) -> tuple[int, int]:
        """Height and width of the latent images."""
        height, width = (-(-size // PATCH) for size in self.frame)
        return height, width

    @property
    def values(self) -> int:
        """Of a node in a step."""
        return self.components * self.step


class TimePatchedWaveCastNet(nn.Module):
    """The frames before, and where they are known, to those after.

    ``scale`` (components, height, width) holds the typical velocity of each node and component in the training data,
    m/s: what the network sees and says is divided by it (the "particle-velocity-wise" normalisation of section 4.3),
    and by the root mean square of the input.
    """

    scale: Tensor

    def __init__(self, config: TimePatchedConfig) -> None:
        super().__init__()
        self.config = config
        channels, cell = config.channels, CELLS[config.cell]
        self.register_buffer("scale", torch.ones(config.components, *config.frame))
        self.embedding = nn.Conv2d(config.values + 1, channels, 2 * PATCH, PATCH, PATCH // 2)
        self.place = nn.Parameter(torch.zeros(channels, *config.latent))
        self.encoder = nn.ModuleList(cell(channels, channels, config.latent) for _ in range(2))
        self.decoder = nn.ModuleList(cell(channels, channels, config.latent) for _ in range(2))
        self.reconstruction = nn.ConvTranspose2d(channels, config.values, 2 * PATCH, PATCH, PATCH // 2)
        for each in (*self.encoder, *self.decoder):
            begin_as_carrier(each)

    @torch.no_grad()
    def begin_with_patterns(self, patterns: Tensor) -> None:
        """Let latent images begin as what is in patches of ``PATCH`` x ``PATCH`` nodes of the typical patterns.

        Args:
            patterns: (channels, components x step, ``PATCH``, ``PATCH``), of unit length and orthogonal to each other.
        """
        inner = slice(PATCH // 2, PATCH // 2 + PATCH)
        for parameter in (*self.embedding.parameters(), *self.reconstruction.parameters()):
            parameter.zero_()
        self.embedding.weight[:, :-1, inner, inner] = patterns
        self.reconstruction.weight[:, :, inner, inner] = patterns

    def forward(self, frames: Tensor, known: Tensor, steps: int) -> tuple[list[Tensor], Tensor]:
        """Continue a film without units, for training.

        Args:
            frames: (batch, components, time, height, width), divided by ``scale``; a multiple of ``step`` frames.
            known: (batch, time, height, width), 1 where there is data and 0 elsewhere.
            steps: how many times ``step`` frames are wanted.

        Returns:
            images (batch, components, ``step``, height, width) of the step read last, at all nodes, and of the
            ``steps`` after it, in units of ``scale`` and of the root mean square of the known input; and the latter,
            (batch, 1, 1, 1, 1).
        """
        seen = frames * known[:, None]
        loudness = _loudness(seen, known)
        return list(islice(self._images(seen / loudness, known), 1 + steps)), loudness

    def continuation(self, frames: Tensor, known: Tensor) -> Iterator[Tensor]:
        """What comes after ``frames`` (m/s otherwise as in ``forward``), without end.

        Yields:
            (batch, components, step, height, width), m/s.
        """
        size = self.scale[None, :, None]
        seen = frames / size * known[:, None]
        loudness = _loudness(seen, known)
        for image in islice(self._images(seen / loudness, known), 1, None):
            yield image * (size * loudness)

    def _images(self, seen: Tensor, known: Tensor) -> Iterator[Tensor]:
        states = self._read(seen, known)
        while True:
            latent = states[-1][0]
            yield self._frames(self.reconstruction(latent / LATENT_STRENGTH))
            states = advance(self.decoder, latent, states)

    def _read(self, seen: Tensor, known: Tensor) -> list[State]:
        """The states after the last frame. All steps are embedded together."""
        batch, _, time = seen.shape[:3]
        steps = time // self.config.step
        images = seen.unflatten(2, (steps, self.config.step)).transpose(1, 2).flatten(0, 1).flatten(1, 2)
        part = known.unflatten(1, (steps, self.config.step)).mean(dim=2).flatten(0, 1)[:, None]
        latent = LATENT_STRENGTH * self.embedding(_raised(self._padded(images), self._padded(part))) + self.place
        blank = torch.zeros_like(self.place).expand(batch, -1, -1, -1)
        states: list[State] = [(blank,) * CELLS[self.config.cell].images] * 2
        for image in latent.unflatten(0, (batch, steps)).unbind(dim=1):
            states = advance(self.encoder, image, states)
        return states

    def _padded(self, images: Tensor) -> Tensor:
        height, width = self.config.latent
        below, right = PATCH * height - images.shape[-2], PATCH * width - images.shape[-1]
        return functional.pad(images, (0, right, 0, below), mode="replicate") if below or right else images

    def _frames(self, image: Tensor) -> Tensor:
        """(batch, components x step, ...) to (batch, components, step, height, width)."""
        height, width = self.config.frame
        return image[..., :height, :width].unflatten(1, (self.config.components, self.config.step))


def _loudness(seen: Tensor, known: Tensor) -> Tensor:
    """Root mean square of what is known, (batch, 1, 1, 1, 1)."""
    values = seen.flatten(1)
    count = seen.shape[1] * known.sum(dim=(1, 2, 3)).clamp(min=1)
    return (torch.linalg.vecdot(values, values) / count).sqrt().clamp(min=QUIETEST)[:, None, None, None, None]


def _raised(images: Tensor, part: Tensor) -> Tensor:
    """Few values count more, so that an image has the same strength however many nodes are known; and how many are."""
    there = functional.avg_pool2d(functional.avg_pool2d(part, PATCH), 5, stride=1, padding=2, count_include_pad=False)
    nearby = there.repeat_interleave(PATCH, dim=2).repeat_interleave(PATCH, dim=3)
    return torch.cat((images / nearby.clamp(min=LEAST_KNOWN), nearby), dim=1)
