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
from torch.utils.checkpoint import checkpoint

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

_IN_MEMORY = 10
"""Days whose maps are all kept for the gradient; of more each day is computed again, which needs far less memory."""
LOGITS = -1.0, 3.0
"""Between which the network's logits lie, as printed."""


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
        if self.attention and self.hidden % self.heads:
            raise QuakeViewError(
                f"The hidden channels must be a multiple of the {self.heads} heads of attention, not {self.hidden}."
            )


class State(NamedTuple):
    """What the network carries from one day to the next.

    Attributes:
        hidden, cell: (1, hidden, nx, ny) of the convolutional LSTM.
        past: (``LONGEST``, regions, hidden) what regions were on the last days, the latest last; 0 before the first.
        known: on how many of these days they were something, ().
        entropy: mean of the cells, of the last forecast, bits, ().
    """

    hidden: Tensor
    cell: Tensor
    past: Tensor
    known: Tensor
    entropy: Tensor

    def detached(self) -> "State":
        """Return the same state, whose gradient ends here."""
        return State(*(each.detach() for each in self))


class Said(NamedTuple):
    """What the network says at the end of a day.

    Attributes:
        logit: (nx, ny) as printed; its logistic is called a probability there, which it is not.
        attention: (regions asking, regions asked), sums to 1 over the last; None without attention.
    """

    logit: Tensor
    attention: Tensor | None


class MapBlock(nn.Module):
    """Convolution of 3 x 3, each channel normalised over the map, the largest value of 3 x 3 neighbours."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.convolution = _convolution(inputs, outputs)

    def forward(self, maps: Tensor) -> Tensor:
        """(1, inputs, nx, ny) to (1, outputs, nx, ny)."""
        return _largest_around(self.convolution(maps))


class MapLSTM(nn.Module):
    """The convolutional LSTM of the published code: its gates are such blocks too, and have no peepholes."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.from_maps, self.from_hidden = _convolution(inputs, 4 * hidden), _convolution(hidden, 4 * hidden)

    def forward(self, maps: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Return hidden state and cell, (1, hidden, nx, ny), after maps (1, inputs, nx, ny)."""
        gates = _largest_around(self.from_maps(maps) + self.from_hidden(hidden))
        forget, enter, new, leave = gates.chunk(4, dim=1)
        cell = torch.sigmoid(forget) * cell + torch.sigmoid(enter) * torch.tanh(new)
        return torch.sigmoid(leave) * torch.tanh(cell), cell


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    made = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
    weight = made.weight.detach().contiguous(memory_format=torch.channels_last)  # several times as fast on CPUs
    made.weight = nn.Parameter(weight)
    return made


def _largest_around(maps: Tensor) -> Tensor:
    """Maps (1, channels, nx, ny), each normalised, then the largest of 3 x 3 neighbours.

    The published code trains on one day at a time, so that its batch normalisation is one of maps; at use it takes
    running means instead, which are something else. Here it is of maps always.
    """
    normalised = functional.batch_norm(maps, None, None, training=True)
    return functional.max_pool2d(normalised, 3, stride=1, padding=1)


class HierarchicalQuake(nn.Module):
    """The network, block by block; it reads one sequence of days.

    What regions learn is added to the hidden maps behind the LSTM, for the forecast of the day; the LSTM goes on with
    its own. The forecast is the frequency map plus a correction between 0 and 1, for no earthquake one minus that, both
    taken as logits: the "probability" of a cell is never below .27.

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
        width = config.hidden
        self.lstm = MapLSTM(config.embedding, width)
        self.memory = AdaptiveMemory(width) if config.memory else None
        regions = self.regions.number
        self.attention = RegionalAttention(width, width, regions, config.heads) if config.attention else None
        self.fusion = GatedFusion(width, width) if config.gate else None
        self.correction = MapBlock(width, 2)
        self.register_buffer("frequency", torch.zeros(config.cells))

    def beginning(self) -> State:
        """Return the state before anything has happened; of the first forecast nothing is sure."""
        zeros, hidden = self.frequency.new_zeros, self.config.hidden
        blank = zeros(1, hidden, *self.config.cells).contiguous(memory_format=torch.channels_last)
        past = zeros(LONGEST, self.regions.number, hidden)
        return State(blank, blank, past, zeros((), dtype=torch.long), self.frequency.new_ones(()))

    def forward(self, magnitudes: Tensor, state: State) -> tuple[Said, State]:
        """Take in a day.

        Args:
            magnitudes: (nx, ny) the largest of the day in each cell, 0 where there was no earthquake.
            state: after the day before.
        """
        hidden, cell = self.lstm(self.embedding(magnitudes[None, None]), state.hidden, state.cell)
        fused, past, attention = self._among_regions(hidden, state)
        correction = self.correction(fused).softmax(dim=1)[0, 0]
        logit = 2 * (self.frequency + correction) - 1
        known = (state.known + 1).clamp(max=LONGEST)
        return Said(logit, attention), State(hidden, cell, past, known, entropy(torch.sigmoid(logit.detach())))

    def _among_regions(self, hidden: Tensor, state: State) -> tuple[Tensor, Tensor, Tensor | None]:
        """The hidden maps with what regions learn, the past with today, and the weights of attention."""
        if self.attention is None:
            return hidden, state.past, None
        today, past = self.regions.pooled(hidden), state.past
        if self.memory is not None:
            past = torch.cat((past, today))[1:]
            steps = min(self.memory.steps(float(state.entropy)), int(state.known))
            today = self.memory(today[0], state.past[LONGEST - steps :])[None]
        learned, attention = self.attention(today)
        context = self.regions.spread(learned)
        if self.fusion is None:
            return hidden + context, past, attention[0]
        fused = self.fusion(hidden.movedim(1, -1), context.movedim(1, -1)).movedim(-1, 1)
        return fused, past, attention[0]


class Carried(nn.Module):
    """A network and where it stands, so that training which was interrupted goes on with the state that it had."""

    def __init__(self, network: HierarchicalQuake) -> None:
        super().__init__()
        self.network = network
        for name, value in network.beginning()._asdict().items():
            self.register_buffer(name, value.clone())

    def forward(self, magnitudes: Tensor, anew: Tensor) -> Tensor:
        """Go on by some days, and remember where that led.

        Args:
            magnitudes: (days, nx, ny) the largest of each day in each cell.
            anew: (days,) whether a day does not follow the one that was seen before it.

        Returns:
            (days, nx, ny) logits.
        """
        kept = dict(self.named_buffers(recurse=False))
        state, logits = State(**{name: kept[name].clone() for name in State._fields}), []
        for day, blank in zip(magnitudes, anew.tolist(), strict=True):
            before = self.network.beginning() if blank else state
            if len(magnitudes) > _IN_MEMORY:
                said, state = checkpoint(self.network, day, before, use_reentrant=False)
            else:
                said, state = self.network(day, before)
            logits.append(said.logit)
        for name, value in state.detached()._asdict().items():
            kept[name].copy_(value)
        return torch.stack(logits)
