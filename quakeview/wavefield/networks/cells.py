"""Recurrent cells whose states are images: ConvLEM, ConvLSTM, ConvGRU.

One step takes the input (batch, inputs, height, width) and the state, images (batch, channels, height, width) of which
the first is the output, to the next state. Gates look at the state through peepholes: weights for every channel and
pixel, which tie a cell to the size of its frames.
"""

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]
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
        c = torch.lerp(c, torch.tanh(new_memory + recurrent[2]), memory_gate)
        output_gate = self.dt * torch.sigmoid(for_output + recurrent[0] + self.output_peephole * c)
        from_memory = self.from_memory(c)
        if self.reset:
            from_memory = self.dt * torch.sigmoid(parts[2] + recurrent[3] + self.reset_peephole * c) * from_memory
        return torch.lerp(h, torch.tanh(from_memory + new_output), output_gate), c


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
        return (torch.lerp(h, torch.tanh(new + self.from_reset(reset * h)), update),)


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)


def _peephole(channels: int, size: Size) -> nn.Parameter:
    weight = torch.empty(channels, *size)
    nn.init.xavier_uniform_(weight)
    return nn.Parameter(weight)
