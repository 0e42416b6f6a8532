"""The networks of models as one function each, from what is measured to what is said, without QuakeView around it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.model_export.preparation import Preparation
from quakeview.monitoring.network_picker import NetworkPicker, PickingNetwork
from quakeview.monitoring.picker import read_picking_network
from quakeview.monitoring.preprocessing import high_pass, normalise, standardise
from quakeview.registry import CHARACTERISATION, FORECASTING, PICKING, PUBLISHED_FORECASTING, SINGLE_TASKS, ModelCard
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.trial import trial_catalogue
from quakeview.wavefield.forecasting.published import published_continuation

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.observation import Observation

Tensors = tuple[Tensor, ...]
_FORECAST = 100.0
"""s, of a forecast by a network that was copied."""
_COUNTS = 1000.0
"""Typical amplitude of the waveforms that copies are tried with."""
_SINGLE_OUTPUTS = {
    "magnitude": "magnitude (batch, 1)",
    "distance": "epicentral distance (batch, 1), km",
    "back_azimuth": "cosine and sine of the back-azimuth (batch, 2)",
    "polarity": "probabilities of a first motion up and down (batch, 2)",
}


@dataclass(frozen=True)
class Portable:
    """A network that can be copied to other programs.

    Attributes:
        module: takes ``inputs``; all that is done to them is inside.
        inputs: makes an example of them from a seed.
        original: what QuakeView itself makes of the same inputs.
        facts: what somebody needs to know to use it, for JSON.
    """

    module: nn.Module
    inputs: Callable[[int], Tensors]
    original: Callable[..., Tensors]
    facts: dict[str, Any]


def portable(card: ModelCard) -> Portable:
    """Load the network of a model as one that can be copied.

    Raises:
        QuakeViewError: if the model cannot be used, is damaged, or of a kind that is not copied.
    """
    if card.unusable:
        raise QuakeViewError(f"{card.name}: {card.unusable}")
    if card.task == PICKING:
        return _picker(card)
    if card.task == CHARACTERISATION:
        return _station_network(card)
    if card.task in SINGLE_TASKS:
        return _single(card)
    if card.task == FORECASTING:
        return _ensemble(card)
    if card.task == PUBLISHED_FORECASTING:
        return _published(card)
    raise QuakeViewError(f"{card.name} is a {card.task} model, which cannot be exported so; export its folder.")


def seismicity_answers(folder: Path) -> Tensors:
    """Return what a forecaster of seismicity expects of a trial catalogue, (cells,), to compare copies by.

    Raises:
        QuakeViewError: as ``load_forecaster``.
    """
    forecaster = load_forecaster(folder)
    catalogue, day = trial_catalogue(forecaster)
    return tuple(torch.from_numpy(expected.copy()) for expected in forecaster.expected(catalogue, [day]))


def preparation_of(card: ModelCard, loaded: PickingNetwork) -> Preparation:
    """Return what a picker does to waveforms before its network sees them.

    Raises:
        QuakeViewError: if it is nothing that can be copied.
    """
    prepare, rate = loaded.windowing.prepare, loaded.sampling_rate
    if prepare is normalise:
        return Preparation(partial(high_pass, sampling_rate=rate), "record")
    if prepare is standardise:
        return Preparation(None, "component")
    filters = getattr(prepare, "keywords", {}).get("filters")
    if filters is None:
        return Preparation(None, "")
    from obspy.signal import filter as obspy_filters

    name, arguments = filters
    if arguments.get("zerophase"):
        raise QuakeViewError(f"{card.name} filters forwards and backwards, which cannot be copied; export its folder.")
    return Preparation(lambda data: getattr(obspy_filters, name)(data, df=rate, **arguments), "")


class _Picking(nn.Module):
    """Samples as they were recorded, (B, 3, n), to probabilities of P and S, (B, 2, n)."""

    def __init__(self, preparation: Preparation, network: nn.Module, phases: tuple[int, int]) -> None:
        super().__init__()
        self.preparation = preparation
        self.network = network
        self._p, self._s = phases

    def forward(self, waveforms: Tensor) -> Tensor:
        curves = self.network(self.preparation(waveforms))
        return torch.stack((curves[:, self._p], curves[:, self._s]), dim=1)


class _Answers(nn.Module):
    """The four answers of a network for one station, as plain tensors."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, waveforms: Tensor, onset: Tensor, s_minus_p: Tensor) -> Tensors:
        answers = self.network(waveforms, onset, s_minus_p)
        return answers.magnitude, answers.distance, answers.back_azimuth, answers.polarity


class _Ensemble(nn.Module):
    """Frames (1, 3, time, nx, ny), m/s, and where they are known (1, time, nx, ny), to those of every member."""

    def __init__(self, members: list[Any], steps: int) -> None:
        super().__init__()
        self.members, self._steps = nn.ModuleList(members), steps

    def forward(self, frames: Tensor, known: Tensor) -> Tensor:
        films: list[Any] = [member.continuation(frames, known) for member in self.members]  # type: ignore[operator]
        return torch.cat([torch.cat(list(islice(film, self._steps)), dim=2) for film in films])


class _Published(nn.Module):
    """Frames (1, 3, n, nx, ny) of a published array, m/s, to the n that follow."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, network: Any, normalisation: Any, n: int) -> None:
        super().__init__()
        self.network, self._n = network, n
        self.register_buffer("mean", normalisation.mean[:, None])
        self.register_buffer("deviation", normalisation.deviation[:, None])

    def forward(self, frames: Tensor) -> Tensor:
        film = published_continuation(self.network, (frames - self.mean) / self.deviation)
        told = torch.stack(list(islice(film, self._n)), dim=2)
        return told * self.deviation + self.mean


def _picker(card: ModelCard) -> Portable:
    loaded = read_picking_network(card)
    module = _Picking(preparation_of(card, loaded), loaded.network, loaded.phases).eval()
    rate, n = loaded.sampling_rate, loaded.window_samples

    def original(waveforms: Tensor) -> Tensors:
        data = waveforms.numpy()
        valid = np.broadcast_to(np.ptp(data, axis=-1, keepdims=True) > 0, data.shape)
        windows = loaded.windowing.prepare(data, valid, rate)
        return (torch.from_numpy(NetworkPicker(card, loaded, "cpu").probabilities(windows)),)

    facts = {
        "input": f"waveforms (batch, 3, {n}): components Z, N, E at {rate:g} Hz, {n / rate:g} s, in any unit, "
        "as they were recorded; a missing component is zeros",
        "output": f"probabilities (batch, 2, {n}) of P and of S at each sample; NaN where the network says nothing",
        "sampling_rate": rate,
        "window_samples": n,
        "components": "ZNE",
        "hop": loaded.windowing.hop or n // 2,
        "stacking": "max" if loaded.windowing.highest else "mean, weighted by a triangle",
    }
    return Portable(module, partial(_records, n, rate), original, facts)


def _single(card: ModelCard) -> Portable:
    from quakeview.monitoring.seismollm_folder import load_model
    from quakeview.single_station.station_network import prepared_for

    network = load_model(card.folder)
    rate, n = network.config.sampling_rate, network.config.window_samples
    ours = network.config.pad_to_patch
    preparation = Preparation(
        partial(high_pass, sampling_rate=rate) if ours else None, "record" if ours else "component"
    )

    def original(waveforms: Tensor) -> Tensors:
        windows = np.stack([prepared_for(network.config, record) for record in waveforms.numpy()])
        with torch.inference_mode():
            return (network(torch.from_numpy(windows)),)

    facts = {
        "input": f"waveforms (batch, 3, {n}): components Z, N, E at {rate:g} Hz, as they were recorded",
        "output": _SINGLE_OUTPUTS[card.task],
        "sampling_rate": rate,
        "window_samples": n,
        "components": "ZNE",
    }
    module = nn.Sequential(preparation, network.merged()).eval()
    return Portable(module, partial(_records, n, rate), original, facts)


def _station_network(card: ModelCard) -> Portable:
    from quakeview.single_station.folder import load_characteriser
    from quakeview.single_station.inputs import LENGTH, RATE, network_inputs

    network = _Answers(load_characteriser(card.folder)).eval()

    def inputs(seed: int) -> Tensors:
        records = _records(LENGTH, RATE, seed)[0].numpy()
        made = [network_inputs(record, np.ones(record.shape, np.bool_), 4.0 + seed).arrays() for record in records]
        waveforms, onset, s_minus_p = (torch.from_numpy(np.stack([each[name] for each in made])) for name in made[0])
        return waveforms, onset, s_minus_p

    def original(*arrays: Tensor) -> Tensors:
        with torch.inference_mode():
            each = [network(*(array[number : number + 1] for array in arrays)) for number in range(len(arrays[0]))]
        return tuple(torch.cat(answers) for answers in zip(*each, strict=True))

    facts = {
        "input": "waveforms (batch, 3, 4096) at 50 Hz, from 5 s before the P, high-passed at 0.5 Hz, over their "
        "standard deviation; onset (batch, 3, 192) at 100 Hz, from 0.64 s before the P, 1-20 Hz over the noise; "
        "s_minus_p (batch,), s, 0 without an S",
        "output": "magnitude and the logarithm of its scale; log10 of the distance in km and the logarithm of its "
        "scale; cosine and sine of the back-azimuth times its concentration; log-odds of a first motion upwards",
        "components": "ZNE",
    }
    return Portable(network, inputs, original, facts)


def _ensemble(card: ModelCard) -> Portable:
    from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
    from quakeview.wavefield.forecasting.model_files import load_members
    from quakeview.wavefield.forecasting.trial import trial_observation

    members, facts, _ = load_members(card.folder)
    step = members[0].config.step
    steps = -(-round(_FORECAST / facts.frame_step) // step)
    forecaster = EnsembleForecaster.load(card.folder, "cpu")

    def inputs(seed: int) -> Tensors:
        frames = _film(trial_observation(forecaster, seed), facts.input_frames)
        return frames, torch.ones(frames[:, 0].shape)

    def original(frames: Tensor, known: Tensor) -> Tensors:
        with torch.inference_mode():
            films = [member.continuation(frames, known) for member in members]
            return (torch.cat([torch.cat(list(islice(film, steps)), dim=2) for film in films]),)

    words = {
        "input": f"frames (1, 3, {facts.input_frames}, {facts.nodes[0]}, {facts.nodes[1]}): velocity of X, Y, Z, m/s, "
        f"a frame every {facts.frame_step:g} s, on nodes every {facts.spacing:g} m; known (1, {facts.input_frames}, "
        f"{facts.nodes[0]}, {facts.nodes[1]}): 1 where there is data, 0 elsewhere",
        "output": f"frames (members, 3, {steps * step}, {facts.nodes[0]}, {facts.nodes[1]}), m/s, those that follow",
        "wavefield": facts.to_dict(),
    }
    return Portable(
        _Ensemble(members, steps).eval(),
        inputs,
        original,
        words,
    )


def _published(card: ModelCard) -> Portable:
    from quakeview.wavefield.forecasting.published import PublishedForecaster
    from quakeview.wavefield.forecasting.trial import trial_observation
    from quakeview.wavefield.networks.network_folder import load_network, load_normalisation
    from quakeview.wavefield.scenarios.official import PUBLISHED_FRAMES

    forecaster, normalisation = PublishedForecaster.load(card.folder, "cpu"), load_normalisation(card.folder)
    network = load_network(card.folder)
    n = PUBLISHED_FRAMES[network.config.frame].input_frames
    assert normalisation is not None  # else it cannot be used
    trial = trial_observation(forecaster)

    def inputs(seed: int) -> Tensors:
        return (_film(trial_observation(forecaster, seed), n),)

    def original(frames: Tensor) -> Tensors:
        seen = frames[0].permute(0, 2, 3, 1).numpy()
        observation = replace(trial, frames=seen, known=np.ones(seen.shape[1:], np.bool_))
        forecast = forecaster.forecast(observation, n * forecaster.frame_step)
        told = forecast.frames(forecast.issued, forecast.n_frames).transpose(0, 3, 1, 2)
        return (torch.from_numpy(told.copy())[None],)

    facts = {
        "input": f"frames (1, 3, {n}, {len(forecaster.x)}, {len(forecaster.y)}): velocity of published arrays, m/s, "
        f"a frame every {forecaster.frame_step:g} s",
        "output": "what follows, frames of that shape, m/s; what published code draws at random is fixed",
    }
    module = _Published(network, normalisation, n).eval()
    return Portable(module, inputs, original, facts)


def _film(observation: "Observation", n: int) -> Tensor:
    """Return the last n frames, (1, 3, n, nx, ny); before the first of them the ground was still."""
    seen = observation.frames.transpose(0, 3, 1, 2)[:, -n:]
    frames = np.zeros((3, n, *seen.shape[2:]), np.float32)
    frames[:, n - seen.shape[1] :] = seen
    return torch.from_numpy(frames)[None]


def _records(n: int, rate: float, seed: int) -> Tensors:
    """Make two records of noise with a P and an S, (2, 3, n), one without its east component."""
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(2, 3, n))
    for record in data:
        for share, size in ((0.3, 6.0), (0.45, 12.0)):
            onset = int(n * (share + 0.1 * rng.random()))
            time = np.arange(n - onset) / rate
            record[:, onset:] += size * rng.normal(size=(3, 1)) * np.sin(2 * np.pi * 5 * time) * np.exp(-time / 3)
    data = _COUNTS * data + 300.0
    data[1, 2] = 0
    return (torch.from_numpy(data.astype(np.float32)),)
