"""The networks of an ensemble, trained side by side in one run."""

from collections.abc import Iterator, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from quakeview.wavefield.networks.time_patched import TimePatchedConfig, TimePatchedWaveCastNet


class Members(nn.Module):
    """Networks of one configuration. In training each reads a part of the batch: item i is for member i modulo n."""

    def __init__(self, members: Sequence[TimePatchedWaveCastNet]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(members)

    @property
    def each(self) -> list[TimePatchedWaveCastNet]:
        return [cast(TimePatchedWaveCastNet, network) for network in self.networks]

    @property
    def config(self) -> TimePatchedConfig:
        return self.each[0].config

    @property
    def scale(self) -> Tensor:
        """Typical velocity of each node, m/s; that of the training data, which is the same for all."""
        return self.each[0].scale

    def forward(self, frames: Tensor, known: Tensor, steps: int) -> tuple[list[Tensor], Tensor]:
        """As ``TimePatchedWaveCastNet.forward``, for a batch that is a multiple of the number of members."""
        n = len(self.networks)
        parts = [network(frames[m::n], known[m::n], steps) for m, network in enumerate(self.networks)]
        images = [torch.stack(same, dim=1).flatten(0, 1) for same in zip(*(part[0] for part in parts), strict=True)]
        return images, torch.stack([part[1] for part in parts], dim=1).flatten(0, 1)

    def continuation(self, frames: Tensor, known: Tensor) -> Iterator[Tensor]:
        """As ``TimePatchedWaveCastNet.continuation``: the mean of the members."""
        films = [network.continuation(frames, known) for network in self.each]
        while True:
            yield torch.stack([next(film) for film in films]).mean(dim=0)
