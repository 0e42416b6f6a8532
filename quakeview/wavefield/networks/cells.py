"""Recurrent cells whose states are images: ConvLEM, ConvLSTM, ConvGRU.

One step takes the input (batch, inputs, height, width) and the state, images (batch, channels, height, width) of which
the first is the output, to the next state. Gates look at the state through peepholes: weights for every channel and
pixel, which tie a cell to the size of its frames. States keep their precision when convolutions are done in another.
"""

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]
_GATE_BIAS = 1.5
Size = tuple[int, int]


class ConvLEMCell(nn.Module):
    """Convolutional long expressive memory (Lyu et al. 2025), with or without reset gate.

    The paper gates the memory c by its value after the step and the output h by its value before; that cannot be
    computed, and the published code has it the other way round, as here. ``dt`` scales every gate.
    """

    images = 2

    def __init__(self, inputs: int, channels: int, size: Size, reset: bool = True, dt: float = 1.0) -> None:
        super().__init__()
        self.reset, self.dt = reset, dt
        self.from_input = _convolution(inputs, (5 if reset else 4) * channels)
        self.from_output = _convolution(channels, (4 if reset else 3) * channels)
        self.from_memory = _convolution(channels, channels)
        self.output_peephole, self.memory_peephole = _peephole(channels, size), _peephole(channels, size)
        if reset:
            self.reset_peephole = _peephole(channels, size)

    def forward(self, x: Tensor, state: State) -> State:
        h, c = state
        parts = self.from_input(x).chunk(5 if self.reset else 4, dim=1)
        recurrent = self.from_output(h).chunk(4 if self.reset else 3, dim=1)
        for_output, for_memory, new_output, new_memory = parts[0], parts[1], parts[-2], parts[-1]
        memory_gate = self.dt * torch.sigmoid(for_memory + recurrent[1] + self.memory_peephole * c)
        c = torch.lerp(c, torch.tanh(new_memory + recurrent[2]).type_as(c), memory_gate)
        output_gate = self.dt * torch.sigmoid(for_output + recurrent[0] + self.output_peephole * c)
        from_memory = self.from_memory(c)
        if self.reset:
            from_memory = self.dt * torch.sigmoid(parts[2] + recurrent[3] + self.reset_peephole * c) * from_memory
        return torch.lerp(h, torch.tanh(from_memory + new_output).type_as(h), output_gate), c


class ConvLSTMCell(nn.Module):
    """Convolutional LSTM (Shi et al. 2015, eq. 3)."""

    images = 2

    def __init__(self, inputs: int, channels: int, size: Size) -> None:
        super().__init__()
        self.gates = _convolution(inputs + channels, 4 * channels)
        self.input_peephole, self.forget_peephole = _peephole(channels, size), _peephole(channels, size)
        self.output_peephole = _peephole(channels, size)

    def forward(self, x: Tensor, state: State) -> State:
        h, c = state
        enter, forget, new, leave = self.gates(torch.cat((x, h), dim=1)).chunk(4, dim=1)
        kept = torch.sigmoid(forget + self.forget_peephole * c) * c
        c = kept + torch.sigmoid(enter + self.input_peephole * c) * torch.tanh(new)
        return torch.sigmoid(leave + self.output_peephole * c) * torch.tanh(c), c


class ConvGRUCell(nn.Module):
    """Convolutional gated recurrent unit (Ballas et al. 2016), with peepholes as in the published code."""

    images = 1

    def __init__(self, inputs: int, channels: int, size: Size) -> None:
        super().__init__()
        self.from_input = _convolution(inputs, 3 * channels)
        self.from_output = _convolution(channels, 2 * channels)
        self.from_reset = _convolution(channels, channels)
        self.update_peephole, self.reset_peephole = _peephole(channels, size), _peephole(channels, size)

    def forward(self, x: Tensor, state: State) -> State:
        (h,) = state
        new, for_update, for_reset = self.from_input(x).chunk(3, dim=1)
        update, reset = self.from_output(h).chunk(2, dim=1)
        reset = torch.sigmoid(for_reset + reset + self.reset_peephole * h)
        update = torch.sigmoid(for_update + update + self.update_peephole * h)
        return (torch.lerp(h, torch.tanh(new + self.from_reset(reset * h)).type_as(h), update),)


@torch.no_grad()
def begin_as_carrier(cell: nn.Module) -> None:
    """Let an untrained cell with as many inputs as channels say about what it is told.

    The convolutions begin as published (Glorot's rule), weakened, and the input reaches the output through the centre
    of the one that proposes new values, past gates that are half open, or by four fifths where they only let it out.
    """
    for module in cell.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.xavier_uniform_(module.weight, gain=0.2)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    if isinstance(cell, ConvLEMCell):
        channels = cell.from_memory.out_channels
        proposals = (3 if cell.reset else 2) * channels
        _open(cell.from_input, proposals, channels, 2.0)
        _open(cell.from_input, proposals + channels, channels, 2.0)
    elif isinstance(cell, ConvLSTMCell):
        channels = cell.gates.out_channels // 4
        _fill(cell.gates, 0, channels)
        _fill(cell.gates, 3 * channels, channels)
        _open(cell.gates, 2 * channels, channels, 2.0)
    elif isinstance(cell, ConvGRUCell):
        channels = cell.from_reset.out_channels
        _fill(cell.from_input, channels, channels)
        _open(cell.from_input, 0, channels, 2.0)


def _fill(convolution: nn.Conv2d, first: int, count: int) -> None:
    """Open the gates that are these outputs."""
    if convolution.bias is not None:
        convolution.bias[first : first + count] = _GATE_BIAS


def _open(convolution: nn.Conv2d, first: int, channels: int, gain: float) -> None:
    """Add ``gain`` times the identity to the centre of the outputs from ``first`` on; of the inputs the first count."""
    for channel in range(channels):
        convolution.weight[first + channel, channel, 1, 1] += gain


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)


def _peephole(channels: int, size: Size) -> nn.Parameter:
    weight = torch.empty(channels, *size)
    nn.init.xavier_uniform_(weight)
    return nn.Parameter(weight)
