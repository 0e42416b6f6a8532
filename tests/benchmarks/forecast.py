"""A forecast of 100 s by the shipped forecaster, beside the same networks written plainly.

Plainly: a straight transcription of the paper's equations (Lyu et al. 2025), step by step, a convolution for each gate
and time step, one member of the ensemble after the other. Weights and output are the same.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from quakeview.jobs import Progress
from quakeview.registry import find_model
from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
from quakeview.wavefield.forecasting.forecaster import ForecastGrown
from quakeview.wavefield.forecasting.model_files import load_members
from quakeview.wavefield.forecasting.observation import Observation, observe
from quakeview.wavefield.networks.cells import ConvLEMCell, ConvLSTMCell, State
from quakeview.wavefield.networks.time_patched import LATENT_STRENGTH, TimePatchedWaveCastNet
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario

MODEL = "WaveCastNet-Hayward"
UNTIL, DURATION = 15.6, 100.0
DEVICES = ("cpu", "cuda")


class FirstFrame(Progress):
    """When the first frames of a forecast were there."""

    at: float | None = None

    def on_publish(self, partial: object) -> None:
        if isinstance(partial, ForecastGrown) and self.at is None:
            self.at = time.perf_counter()


def run(quick: bool) -> dict[str, float]:
    """Quick: fewer repetitions."""
    folder = find_model(MODEL).folder
    with Scenario.open(sample_scenario()) as truth:
        observation = observe(truth, UNTIL)
    figures: dict[str, float] = {}
    for device in DEVICES:
        if device == "cuda" and not torch.cuda.is_available():
            print("cuda skipped: there is no CUDA card")
            continue
        begun = time.perf_counter()
        forecaster = EnsembleForecaster.load(folder, device)
        figures[f"load_s_{device}"] = time.perf_counter() - begun
        figures |= _speed(forecaster, observation, device, 2 if quick else 5)
    figures |= _beside_plain(folder, forecaster, observation, 1 if quick else 3)
    return figures


def _speed(forecaster: EnsembleForecaster, observation: Observation, device: str, repeats: int) -> dict[str, float]:
    whole, first = [], []
    for _ in range(repeats):
        progress, begun = FirstFrame(), time.perf_counter()
        forecaster.forecast(observation, DURATION, progress=progress)
        whole.append(time.perf_counter() - begun)
        assert progress.at is not None
        first.append(progress.at - begun)
    figures = {f"forecast_s_{device}": float(np.median(whole)), f"first_frames_s_{device}": float(np.median(first))}
    seconds, soonest = figures.values()
    members = forecaster.model.members
    print(f"{device}: {members} members, {DURATION:g} s in {seconds:.2f} s, the first frames after {soonest:.2f} s")
    return figures


def _beside_plain(
    folder: Path, forecaster: EnsembleForecaster, observation: Observation, repeats: int
) -> dict[str, float]:
    """On the CPU, with as many threads for both; the output must be the same."""
    members, facts, _ = load_members(folder)
    n = facts.input_frames
    frames = torch.from_numpy(np.ascontiguousarray(observation.frames[..., -n:].transpose(0, 3, 1, 2)))
    steps = -(-round(DURATION / facts.frame_step) // members[0].config.step)
    with torch.inference_mode():
        seconds, said = _best(repeats, lambda: torch.stack([plain_forecast(each, frames, steps) for each in members]))
        ours, forecast = _best(repeats, lambda: forecaster.forecast(observation, DURATION))
    mean = forecast.frames(forecast.issued, forecast.n_frames)
    plain = said.mean(dim=0).permute(0, 2, 3, 1).numpy()[..., : mean.shape[-1]]
    difference = float(np.linalg.norm(mean - plain) / np.linalg.norm(plain))
    print(f"written plainly {seconds:.2f} s, QuakeView {ours:.2f} s: {seconds / ours:.2f} times as fast")
    print(f"relative difference of the forecasts {difference:.1e}")
    return {"plain_s": seconds, "times_plain": seconds / ours, "relative_difference": difference}


def _best(repeats: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Least time of some, s, and the last result."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begun)
    return min(times), result


def plain_forecast(network: TimePatchedWaveCastNet, frames: Tensor, steps: int) -> Tensor:
    """(3, time, nx, ny), m/s everywhere, to the frames after it."""
    scaled = frames / network.scale[:, None]
    loudness = scaled.square().mean().sqrt()
    step = network.config.step
    states: list[State] = [(torch.zeros_like(network.place)[None],) * 2 for _ in range(2)]
    for first in range(0, frames.shape[1], step):
        image = (scaled[:, first : first + step] / loudness).reshape(1, -1, *frames.shape[2:])
        latent = LATENT_STRENGTH * network.embedding(torch.cat((image, torch.ones_like(image[:, :1])), dim=1))
        states = plain_step(network.encoder, latent + network.place, states)
    future = []
    for _ in range(steps):
        states = plain_step(network.decoder, states[-1][0], states)
        image = network.reconstruction(states[-1][0] / LATENT_STRENGTH)[0].unflatten(0, (3, step))
        future.append(image * network.scale[:, None] * loudness)
    return torch.cat(future, dim=1)


def plain_step(cells: Iterable[nn.Module], x: Tensor, states: list[State]) -> list[State]:
    """One step of stacked cells."""
    stepped: list[State] = []
    for cell, state in zip(cells, states, strict=True):
        stepped.append(plain_lem(cell, x, state) if isinstance(cell, ConvLEMCell) else plain_lstm(cell, x, state))
        x = stepped[-1][0]
    return stepped


def plain_lem(cell: ConvLEMCell, x: Tensor, state: State) -> State:
    """Section 4.1 of the paper, a convolution for each gate."""
    h, c = state
    in_gate, mem_gate, reset, new_h, new_c = (convolved(cell.from_input, x, part, 5) for part in range(5))
    h_gate, h_mem, h_new, h_reset = (convolved(cell.from_output, h, part, 4) for part in range(4))
    memory_gate = torch.sigmoid(mem_gate + h_mem + cell.memory_peephole * c)
    c = (1 - memory_gate) * c + memory_gate * torch.tanh(new_c + h_new)
    output_gate = torch.sigmoid(in_gate + h_gate + cell.output_peephole * c)
    kept = torch.sigmoid(reset + h_reset + cell.reset_peephole * c) * convolved(cell.from_memory, c, 0, 1)
    return (1 - output_gate) * h + output_gate * torch.tanh(kept + new_h), c


def plain_lstm(cell: nn.Module, x: Tensor, state: State) -> State:
    """Shi et al. 2015, equation 3: a convolution of the input and one of the state for each gate."""
    assert isinstance(cell, ConvLSTMCell)
    h, c = state
    size = x.shape[1]
    enter, forget, new, leave = (
        convolved(cell.gates, x, part, 4, slice(size)) + convolved(cell.gates, h, part, 4, slice(size, None), False)
        for part in range(4)
    )
    kept = torch.sigmoid(forget + cell.forget_peephole * c) * c
    c = kept + torch.sigmoid(enter + cell.input_peephole * c) * torch.tanh(new)
    return torch.sigmoid(leave + cell.output_peephole * c) * torch.tanh(c), c


def convolved(
    convolution: nn.Conv2d, x: Tensor, part: int, parts: int, inputs: slice = slice(None), biased: bool = True
) -> Tensor:
    """One gate's share of a convolution."""
    size = convolution.out_channels // parts
    outputs = slice(part * size, (part + 1) * size)
    bias = convolution.bias[outputs] if biased and convolution.bias is not None else None
    return functional.conv2d(x, convolution.weight[outputs, inputs], bias, padding=1)
