"""HierarchicalQuake as printed: daily maps in, a score for each cell out, one day after the other.

It grew from published code (romakail/Earthquake_prediction_DNN), whose constants it shares, and which is the baseline
of its ablation table: a convolutional LSTM on an embedding of 16 channels, with 32 hidden ones. Where the paper is
silent that code is followed, apart from two errors: the frequency map is of training days only, and each map is
normalised by itself when the network is used as it was in training.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from quakeview.errors import QuakeViewError
from quakeview.seismicity.networks.blocks import (
    HEADS,
    LONGEST,
    AdaptiveMemory,
    GatedFusion,
    RegionalAttention,
    entropy,
)
from quakeview.seismicity.networks.regions import SIDE, Regions

_STEADY = 1e-5
"""Added to variances, as is usual."""


@dataclass(frozen=True)
class HierarchicalConfig:
    """What is needed to build the network again.

    Attributes:
        cells: number of cells to the east and to the north.
        embedding, hidden: channels of the embedded map and of the convolutional LSTM.
        region: cells along a side of a region.
        heads: of attention.
        attention: whether regions look at each other. Without it the network is the baseline.
        gate: whether what they learn passes a gate, or is just added.
        memory: whether regions look back at their last days.
    """

    cells: tuple[int, int]
    embedding: int = 16
    hidden: int = 32
    region: int = SIDE
    heads: int = HEADS
    attention: bool = True
    gate: bool = True
    memory: bool = True

    def __post_init__(self) -> None:
        if (self.gate or self.memory) and not self.attention:
            raise QuakeViewError(
                "A gate or a memory of regions needs attention between them; set attention, or leave both out."
            )
        if self.hidden % self.heads:
            raise QuakeViewError(
                f"The hidden channels must be a multiple of the {self.heads} heads of attention, not {self.hidden}."
            )


class State(NamedTuple):
    """What the network carries from one day to the next.

    Attributes:
        hidden, cell: (batch, hidden, nx, ny) of the convolutional LSTM.
        past: (batch, days, regions, hidden) what regions were on the last days, at most ``LONGEST``.
        entropy: (batch,) of the last forecast, bits.
    """

    hidden: Tensor
    cell: Tensor
    past: Tensor
    entropy: Tensor

    def detached(self) -> "State":
        """Return the same state, whose gradient ends here."""
        return State(*(each.detach() for each in self))


class Forecast(NamedTuple):
    """What the network says at the end of a day.

    Attributes:
        logit: (batch, nx, ny) as printed; its logistic is called a probability there, which it is not.
        attention: (batch, regions asking, regions asked), sums to 1 over the last; None without attention.
    """

    logit: Tensor
    attention: Tensor | None


class MapBlock(nn.Module):
    """Convolution of 3 x 3, each channel normalised over the map, the largest value of 3 x 3 neighbours."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        values = self.convolution(maps)
        variance, mean = torch.var_mean(values, dim=(2, 3), correction=0, keepdim=True)
        return functional.max_pool2d((values - mean) * torch.rsqrt(variance + _STEADY), 3, stride=1, padding=1)


class MapLSTM(nn.Module):
    """The convolutional LSTM of the published code: gates are map blocks, without peepholes."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.gates = MapBlock(inputs + hidden, 4 * hidden)

    def forward(self, maps: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        forget, enter, new, leave = self.gates(torch.cat((hidden, maps), dim=1)).chunk(4, dim=1)
        cell = torch.sigmoid(forget) * cell + torch.sigmoid(enter) * torch.tanh(new)
        return torch.sigmoid(leave) * torch.tanh(cell), cell


class HierarchicalQuake(nn.Module):
    """The network, block by block.

    What regions learn is added to the hidden maps behind the LSTM, for the forecast of the day; the LSTM goes on with
    its own. The forecast is the frequency map plus a correction between 0 and 1, and less for no earthquake, both taken
    as logits: no cell's "probability" can be below .27.

    Attributes:
        frequency: (nx, ny) the part of the training days on which each cell had an earthquake in the window.
    """

    frequency: Tensor

    def __init__(self, config: HierarchicalConfig) -> None:
        super().__init__()
        self.config, self.regions = config, Regions(config.cells, config.region)
        self.embedding = nn.Sequential(
            MapBlock(1, config.embedding), nn.ReLU(), MapBlock(config.embedding, config.embedding)
        )
        self.lstm = MapLSTM(config.embedding, config.hidden)
        width = config.hidden
        self.memory = AdaptiveMemory(width) if config.memory else None
        self.attention = (
            RegionalAttention(width, width, self.regions.number, config.heads) if config.attention else None
        )
        self.fusion = GatedFusion(width, width) if config.gate else None
        self.correction = MapBlock(width, 2)
        self.register_buffer("frequency", torch.zeros(config.cells))

    def beginning(self, batch: int = 1) -> State:
        """Return the state before anything has happened; of the first forecast nothing is sure."""
        blank = self.frequency.new_zeros(batch, self.config.hidden, *self.config.cells)
        past = self.frequency.new_zeros(batch, 0, self.regions.number, self.config.hidden)
        return State(blank, blank, past, self.frequency.new_ones(batch))

    def forward(self, maps: Tensor, state: State) -> tuple[Forecast, State]:
        """Take in a day.

        Args:
            maps: (batch, nx, ny) the largest magnitude of the day in each cell, 0 where there was none.
            state: after the day before.
        """
        hidden, cell = self.lstm(self.embedding(maps[:, None]), state.hidden, state.cell)
        fused, past, weights = self._among_regions(hidden, state)
        correction = self.correction(fused).softmax(dim=1)[:, 0]
        logit = 2 * (self.frequency + correction) - 1
        after = State(hidden, cell, past, entropy(torch.sigmoid(logit)).detach())
        return Forecast(logit, weights), after

    def _among_regions(self, hidden: Tensor, state: State) -> tuple[Tensor, Tensor, Tensor | None]:
        """The hidden maps with what regions learn, the past with today, and the weights of attention."""
        if self.attention is None:
            return hidden, state.past, None
        regions, past = self.regions.pooled(hidden), state.past
        if self.memory is not None:
            past = torch.cat((past, regions[:, None]), dim=1)[:, -LONGEST:]
            regions = self.memory(regions, state.past, self.memory.steps(state.entropy))
        learned, weights = self.attention(regions)
        context = self.regions.spread(learned)
        if self.fusion is None:
            return hidden + context, past, weights
        fused = self.fusion(hidden.movedim(1, -1), context.movedim(1, -1)).movedim(-1, 1)
        return fused, past, weights
