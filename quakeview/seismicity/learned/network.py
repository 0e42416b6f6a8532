"""Networks that say by what factor a reference forecast is to be multiplied; before training it is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from quakeview.seismicity.networks.blocks import GatedFusion, RegionalAttention

MLP, GATED = "mlp", "gated"
"""Forms: each cell alone; with attention between regions behind a gate, the residual form of HierarchicalQuake."""
CONTEXT = 32
"""Width of what regions learn from each other."""
TOKEN_DROPOUT = 0.2
"""Chance that nothing is known of a region, in training."""


@dataclass(frozen=True)
class NetworkConfig:
    """What is needed to build a network again.

    Attributes:
        form: ``MLP`` or ``GATED``.
        features: known of a cell.
        regional: known of a region.
        regions: how many there are.
        hidden: width of the layers.
    """

    form: str
    features: int
    regional: int
    regions: int
    hidden: int


class RateNetwork(nn.Module):
    """The logarithm of a factor for each cell, from its rates, and from those of all regions in the gated form.

    Attributes:
        mean, scale: (features,) of the rates in training, by which they are normalised.
        regional_mean, regional_scale: (features of a region,) the same of regions.
    """

    mean: Tensor
    scale: Tensor
    regional_mean: Tensor
    regional_scale: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config, hidden = config, config.hidden
        for name, number in (("", config.features), ("regional_", config.regional)):
            self.register_buffer(f"{name}mean", torch.zeros(number))
            self.register_buffer(f"{name}scale", torch.ones(number))
        self.local = nn.Sequential(nn.Linear(config.features, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU())
        self.attention = self.fusion = None
        if config.form == GATED:
            self.attention = RegionalAttention(config.regional, CONTEXT, config.regions, token_dropout=TOKEN_DROPOUT)
            self.fusion = GatedFusion(hidden, CONTEXT)
        self.factor = nn.Linear(hidden, 1)
        nn.init.zeros_(self.factor.weight)
        nn.init.zeros_(self.factor.bias)

    def forward(self, rates: Tensor, regions: Tensor, region: Tensor) -> Tensor:
        """Return logarithms of factors, (days, cells).

        Args:
            rates: (days, cells, features) logarithms.
            regions: (days, regions, features of a region) logarithms.
            region: (days, cells) in which each cell is.
        """
        known = self.local((rates - self.mean) / self.scale)
        if self.attention is not None and self.fusion is not None:
            learned, _ = self._among(self.attention, regions)
            around = learned.gather(1, region[..., None].expand(-1, -1, learned.shape[-1]))
            known = self.fusion(known, around)
        factors: Tensor = self.factor(known)[..., 0]
        return factors

    def looks(self, regions: Tensor) -> Tensor | None:
        """Return how much each region looks at each other, (days, asking, asked), which sums to 1; None if none does.

        Args:
            regions: (days, regions, features of a region) logarithms.
        """
        return None if self.attention is None else self._among(self.attention, regions)[1]

    def _among(self, attention: RegionalAttention, regions: Tensor) -> tuple[Tensor, Tensor]:
        learned: Tensor
        weights: Tensor
        learned, weights = attention((regions - self.regional_mean) / self.regional_scale)
        return learned, weights


class Members(nn.Module):
    """Networks that differ by chance alone. In training each reads a part of the batch: day i is for member i modulo n;
    what they say together is the mean of their logarithms."""

    def __init__(self, members: Sequence[RateNetwork]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(members)

    @property
    def each(self) -> list[RateNetwork]:
        """The networks."""
        return [cast(RateNetwork, network) for network in self.networks]

    def forward(self, rates: Tensor, regions: Tensor, region: Tensor) -> Tensor:
        """Return what each member says of its own days, for a batch that is a multiple of their number."""
        n = len(self.networks)
        said = [network(rates[m::n], regions[m::n], region[m::n]) for m, network in enumerate(self.each)]
        return torch.stack(said, dim=1).flatten(0, 1)

    def looks(self, regions: Tensor) -> Tensor | None:
        """Return the mean of what the regions of each look at, see ``RateNetwork.looks``."""
        weights = [each for network in self.each if (each := network.looks(regions)) is not None]
        return torch.stack(weights).mean(dim=0) if weights else None

    def together(self, rates: Tensor, regions: Tensor, region: Tensor) -> Tensor:
        """Return what all say of the same days."""
        return torch.stack([network(rates, regions, region) for network in self.each]).mean(dim=0)
