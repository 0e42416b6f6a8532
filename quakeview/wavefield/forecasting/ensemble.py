"""Our WaveCastNet at work: from what was observed to what comes, with the spread of an ensemble."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quakeview.devices import pick_device, processor_cores
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import read_card
from quakeview.simulation.region import Region
from quakeview.texts import counted
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.forecaster import ForecastGrown, ForecastStarted, check_motion, frames_of
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.forecasting.resampling import fits, in_words, nodes_of, resampled, why_not
from quakeview.wavefield.forecasting.support import Support
from quakeview.wavefield.scenarios.header import Floats, Frames, Header, Wavefield

if TYPE_CHECKING:
    from torch import Tensor

    from quakeview.wavefield.forecasting.model_files import ForecasterFacts
    from quakeview.wavefield.networks.time_patched import TimePatchedWaveCastNet

_NEARLY = 1e-3


def _next_frames(film: "Iterator[Tensor]") -> Frames:
    """(3, nx, ny, step), m/s, of one member."""
    import torch

    with torch.inference_mode():
        frames: Frames = next(film)[0].permute(0, 2, 3, 1).cpu().numpy()
    return frames


class EnsembleForecaster:
    """An ensemble of networks for the wavefields of a region.

    Attributes:
        model: what is said about it beside its forecasts.
        facts: of which wavefields it knows something.
    """

    def __init__(
        self,
        members: "list[TimePatchedWaveCastNet]",
        facts: "ForecasterFacts",
        model: ForecastModel,
        device: str = "cpu",
    ) -> None:
        self.facts, self.model = facts, model
        self._device = pick_device(device)
        self._members = [member.to(self._device).eval() for member in members]

    @classmethod
    def load(cls, folder: Path, device: str = "auto") -> "EnsembleForecaster":
        """The forecaster of a model folder.

        Raises:
            QuakeViewError: if it is none, or damaged.
        """
        from quakeview.wavefield.forecasting.model_files import load_members, read_calibration

        card = read_card(folder)
        members, facts, _ = load_members(folder)
        known = (facts.fewest_stations, read_calibration(folder))
        return cls(members, facts, ForecastModel(card.name, len(members), card.trained_on, card.scored, *known), device)

    @property
    def region(self) -> Region:
        return self.facts.region

    @property
    def x(self) -> Floats:
        return nodes_of(self.facts)[0]

    @property
    def y(self) -> Floats:
        return nodes_of(self.facts)[1]

    @property
    def frame_step(self) -> float:
        return self.facts.frame_step

    @property
    def frequency(self) -> float:
        return self.facts.frequency

    @property
    def least_input(self) -> int:
        """Frames that are read. Shorter inputs follow still ground, of longer ones the last frames count."""
        return self.facts.input_frames

    @property
    def step(self) -> int:
        """Frames by which a forecast grows."""
        return self._members[0].config.step

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast:
        """What follows. Publishes ``ForecastStarted``, then ``ForecastGrown`` whenever frames have come.

        Args:
            duration: of the forecast, s.
            members: how many of the ensemble; None: all.

        Raises:
            QuakeViewError: for another grid, region or time step than the networks know, if nothing is known, for
                values that are no numbers or no velocities in m/s, a duration or a number of members that cannot be.
            Cancelled: through ``progress``.
        """
        import torch

        self._check(observation)
        n_frames = frames_of(duration, self.frame_step)
        chosen = self._members[: self._checked_number(members)]
        model = replace(self.model, members=len(chosen), skill=self._skill(observation))
        forecast = Forecast(observation, n_frames, model)
        progress.publish(ForecastStarted(forecast))
        films = [member.continuation(*self._input(observation)) for member in chosen]
        with ThreadPoolExecutor(self._at_a_time, initializer=torch.set_num_threads, initargs=(1,)) as workers:
            for done in range(0, n_frames, self.step):
                progress.advance(done, n_frames, f"Forecasting {done * self.frame_step:.0f} of {duration:.0f} s")
                parts = np.stack(list(workers.map(_next_frames, films)))
                forecast.append(parts[..., : n_frames - done])
                progress.publish(ForecastGrown(forecast, forecast.n_frames))
        progress.advance(n_frames, n_frames, "Forecast")
        return forecast

    def _skill(self, observation: Observation) -> str:
        """Scores with as many stations as there are, in words; those of the model card where all nodes are known."""
        support, calibration = Support.of(observation, self.model), self.model.calibration
        if support.stations is None:
            return self.model.skill
        found = None if calibration is None or support.reason else calibration.at(support.stations)
        if found is None or calibration is None:
            return f"not scored with {counted(support.stations, 'station')}"
        return (
            f"ACC {found.acc:.2f}, RFNE {found.rfne:.2f} with {counted(found.stations, 'station')} "
            f"(mean of {calibration.events} validation events)"
        )

    @property
    def _at_a_time(self) -> int:
        """Small images keep one core busy, not several: members are computed side by side, on a card in turn."""
        return processor_cores() if self._device.type == "cpu" else 1

    def _input(self, observation: Observation) -> "tuple[Tensor, Tensor]":
        """The last frames the networks read, (1, 3, time, nx, ny), and where they are known, (1, time, nx, ny)."""
        import torch

        n = self.least_input
        frames = np.zeros((3, n, *self.facts.nodes), np.float32)
        known = np.ones((n, *self.facts.nodes), np.float32)
        seen = min(n, observation.n_frames)
        known[:] = observation.known.any(axis=-1)
        known[n - seen :] = observation.known[..., -seen:].transpose(2, 0, 1)
        frames[:, n - seen :] = observation.frames[..., -seen:].transpose(0, 3, 1, 2)
        return torch.from_numpy(frames)[None].to(self._device), torch.from_numpy(known)[None].to(self._device)

    def _check(self, observation: Observation) -> None:
        if problem := self.mismatch(observation.header):
            raise QuakeViewError(problem)
        earliest = self.facts.earliest_input
        if earliest is not None and observation.time < earliest - _NEARLY:
            raise QuakeViewError(
                f"The input ends {observation.time:.1f} s after the origin time, and {self.model.name} was trained "
                f"with inputs that end {earliest:.1f} s after it or later; choose a later end."
            )
        check_motion(observation)

    def mismatch(self, header: Header) -> str:
        """Why wavefields like this one cannot be forecast as they are, in a sentence; empty if they can."""
        if problem := why_not(header, self.facts):
            return problem
        if fits(header, self.facts):
            return ""
        facts = self.facts
        return (
            f"{self.model.name} knows {facts.nodes[0]} x {facts.nodes[1]} nodes every {facts.spacing / 1000:g} km, "
            f"frames every {facts.frame_step:g} s and waves up to {facts.frequency:g} Hz; this wavefield has to be "
            "resampled first."
        )

    def on_its_grid(self, wavefield: Wavefield, progress: Progress = Progress()) -> Wavefield:
        """A wavefield of any size as the networks know it, see ``resampling.resampled``; itself if it fits."""
        return resampled(wavefield, self.facts, progress)

    def said_of_grid(self, header: Header) -> str:
        """What ``on_its_grid`` does to a wavefield, in a sentence; empty if nothing is done, to be said or possible."""
        return "" if why_not(header, self.facts) else in_words(header, self.facts)

    def _checked_number(self, members: int | None) -> int:
        if members is None:
            return len(self._members)
        if not 1 <= members <= len(self._members):
            raise QuakeViewError(
                f"{self.model.name} has {counted(len(self._members), 'member')}; choose 1 to {len(self._members)}."
            )
        return members
