"""Networks of the published WaveCastNet code at work: they continue frames of the published arrays.

The networks see (velocity - mean) / standard deviation of every pixel, and some see a part of the nodes or every other
frame only. Nothing is known of their errors, so that a forecast has neither a band nor a probability.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quakeview.devices import pick_device
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import read_card
from quakeview.simulation.region import HAYWARD, Region
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.forecaster import ForecastGrown, ForecastStarted, check_motion, frames_of
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.forecasting.resampling import ResampledWavefield
from quakeview.wavefield.scenarios.header import Floats, Frames, Header, Wavefield
from quakeview.wavefield.scenarios.official import (
    FRAME_STEP,
    FREQUENCY,
    NODES,
    PUBLISHED_FRAMES,
    SPACING,
    published_nodes,
)

if TYPE_CHECKING:
    from torch import Tensor

    from quakeview.wavefield.networks.network_folder import Normalisation
    from quakeview.wavefield.networks.official_checkpoint import Network

_STEP = 5
"""Frames by which a forecast grows."""
_CHUNK = 16
_NEARLY = 1e-3
_SEED = 0
"""Of what the published code draws at random in every forecast."""


class PublishedForecaster:
    """One network of the published code.

    Attributes:
        model: what is said about it beside its forecasts.
    """

    def __init__(
        self, network: "Network", normalisation: "Normalisation", model: ForecastModel, device: str = "cpu"
    ) -> None:
        self.model = model
        self._device = pick_device(device)
        self._network = network.to(self._device).eval()
        self._mean, self._deviation = normalisation.mean.to(self._device), normalisation.deviation.to(self._device)
        self._seen = PUBLISHED_FRAMES[network.config.frame]
        x, y = published_nodes()
        self.x: Floats = x[self._seen.rows]
        self.y: Floats = y[self._seen.columns]

    @classmethod
    def load(cls, folder: Path, device: str = "auto") -> "PublishedForecaster":
        """Load the network of a model folder.

        Raises:
            QuakeViewError: if it is none, is damaged, or cannot continue the published arrays.
        """
        from quakeview.wavefield.networks.importing import why_unusable
        from quakeview.wavefield.networks.network_folder import load_network, load_normalisation

        card, network, normalisation = read_card(folder), load_network(folder), load_normalisation(folder)
        if (problem := why_unusable(network.config, normalisation)) or normalisation is None:
            raise QuakeViewError(f"{card.name}: {problem}")
        return cls(network, normalisation, ForecastModel(card.name, 1, card.trained_on, fewest_stations=None), device)

    @property
    def region(self) -> Region:
        return HAYWARD

    @property
    def frame_step(self) -> float:
        return self._seen.frame_step

    @property
    def frequency(self) -> float:
        return FREQUENCY

    def on_its_grid(self, wavefield: Wavefield, progress: Progress = Progress()) -> Wavefield:
        """Return the nodes and frames of a published array that the network sees; the wavefield itself if they are all.

        Raises:
            QuakeViewError: for anything but a published array.
            Cancelled: through ``progress``.
        """
        header, every = wavefield.header, self._seen.every
        if self._fits(header):
            return wavefield
        if not _is_published(header):
            raise QuakeViewError(
                f"{self.model.name} continues the published WaveCastNet arrays, {NODES[0]} x {NODES[1]} nodes every "
                f"{SPACING / 1000:g} km with a frame every {FRAME_STEP:g} s, and this wavefield is none; import such "
                "an array in the Wavefield workspace, or choose another forecaster."
            )
        n_frames = -(-wavefield.n_frames // every)
        frames = np.empty((3, len(self.x), len(self.y), n_frames), np.float32)
        for start in range(0, n_frames, _CHUNK):
            progress.advance(start, n_frames, "Reading the published array")
            stop = min(start + _CHUNK, n_frames)
            whole = wavefield.frames(every * start, min(every * stop, wavefield.n_frames))
            frames[..., start:stop] = whole[:, self._seen.rows, self._seen.columns, ::every]
        planned = -(-header.planned_frames // every)
        mine = replace(header, x=self.x, y=self.y, frame_step=self.frame_step, planned_frames=planned)
        return ResampledWavefield(mine, frames)

    def said_of_grid(self, header: Header) -> str:
        """Say which nodes and frames of a wavefield are read, in a sentence; empty if all are."""
        if self._fits(header):
            return ""
        spacing = (self.x[1] - self.x[0]) / 1000
        return (
            f"{self.model.name} sees {len(self.x)} x {len(self.y)} nodes every {spacing:g} km and a frame every "
            f"{self.frame_step:g} s; only these were read."
        )

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast:
        """Continue the last frames of an observation, as ``Forecaster`` says.

        Shorter inputs follow still ground, of longer ones the last frames count. A transformer forecasts no more
        frames than it reads.

        Args:
            duration: of the forecast, s.
            members: None or 1; it is one network.

        Raises:
            QuakeViewError: for what is not on its grid, is not known everywhere, has not moved or is no velocity.
            Cancelled: through ``progress``.
        """
        import torch

        self._check(observation, members)
        n_frames = min(frames_of(duration, self.frame_step), self._most_frames)
        forecast = Forecast(observation, n_frames, self.model)
        progress.publish(ForecastStarted(forecast))
        with torch.inference_mode():
            film = published_continuation(self._network, self._input(observation))
            for done in range(0, n_frames, _STEP):
                progress.advance(done, n_frames, f"Forecasting {done * self.frame_step:.0f} of {duration:.0f} s")
                frames = list(islice(film, min(_STEP, n_frames - done)))
                forecast.append(np.stack([self._velocity(frame) for frame in frames], axis=-1)[None])
                progress.publish(ForecastGrown(forecast, forecast.n_frames))
        progress.advance(n_frames, n_frames, "Forecast")
        return forecast

    @property
    def _most_frames(self) -> int:
        """How many frames the network can forecast; a recurrent one has no end of its own."""
        from quakeview.wavefield.networks.wavecastnet import WaveCastNet

        return 1_000_000 if isinstance(self._network, WaveCastNet) else self._seen.input_frames

    def _input(self, observation: Observation) -> "Tensor":
        """Normalise the last frames, (1, 3, time, nx, ny)."""
        import torch

        n = self._seen.input_frames
        frames = np.zeros((3, n, len(self.x), len(self.y)), np.float32)
        there = min(n, observation.n_frames)
        frames[:, n - there :] = observation.frames[..., -there:].transpose(0, 3, 1, 2)
        velocity = torch.from_numpy(frames).to(self._device)
        return ((velocity - self._mean[:, None]) / self._deviation[:, None])[None]

    def _velocity(self, frame: "Tensor") -> Frames:
        """Return a frame (3, nx, ny) in m/s."""
        velocity: Frames = (frame[0] * self._deviation + self._mean).cpu().numpy()
        return velocity

    def _check(self, observation: Observation, members: int | None) -> None:
        if members not in (None, 1):
            raise QuakeViewError(f"{self.model.name} is one network; choose 1 member.")
        if not self._fits(observation.header):
            raise QuakeViewError(f"{self.model.name} knows another grid; choose another forecaster.")
        if not observation.dense:
            raise QuakeViewError(
                f"{self.model.name} reads whole frames of a published array; let the ground motion be known "
                "everywhere, or choose another forecaster."
            )
        check_motion(observation)

    def _fits(self, header: Header) -> bool:
        return _on_grid(header, self.x, self.y, self.frame_step)


def published_continuation(network: "Network", frames: "Tensor") -> "Iterator[Tensor]":
    """Yield the normalised frames (1, 3, nx, ny) that follow those of a film (1, 3, time, nx, ny).

    What the published code draws at random is drawn with one seed. A transformer forecasts as many as it reads.
    """
    import torch

    from quakeview.wavefield.networks.official import official_missing, official_start
    from quakeview.wavefield.networks.sparse import SparseWaveCastNet
    from quakeview.wavefield.networks.wavecastnet import WaveCastNet

    chances = torch.Generator().manual_seed(_SEED)
    if not isinstance(network, WaveCastNet):
        yield from network(frames, frames.shape[2]).unbind(dim=2)
        return
    if isinstance(network, SparseWaveCastNet):
        frames = network.without(frames, official_missing(network, 1, chances).to(frames.device))
    yield from network.continuation(frames, official_start(network, 1, chances).to(frames.device))


def _is_published(header: Header) -> bool:
    return _on_grid(header, *published_nodes(), FRAME_STEP)


def _on_grid(header: Header, x: Floats, y: Floats, frame_step: float) -> bool:
    return (
        header.region == HAYWARD
        and header.frame_shape[1:] == (len(x), len(y))
        and np.allclose(header.x, x, atol=_NEARLY * SPACING)
        and np.allclose(header.y, y, atol=_NEARLY * SPACING)
        and abs(header.frame_step - frame_step) <= _NEARLY * frame_step
    )
