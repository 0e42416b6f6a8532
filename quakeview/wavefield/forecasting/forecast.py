"""A forecast as a wavefield: what was known, then what is expected, with its spread."""

import threading
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.header import Frames, Header, Wavefield
from quakeview.wavefield.measures import PeakMeasures

Map = NDArray[np.float32]


@dataclass(frozen=True)
class ForecastModel:
    """Who says so: name, number of members, and scores of the model card in words.

    Standard deviations are those of the members times ``spread_factor`` for velocities and ``peak_factor`` for PGV and
    its time, which makes them as large as the errors of the events that chose the weights: members that learnt much
    together differ less than they are wrong.
    """

    name: str
    members: int
    trained_on: str = ""
    skill: str = ""
    spread_factor: float = 1.0
    peak_factor: float = 1.0


class Forecast(Wavefield):
    """On the time axis of what was observed: frames before ``issued`` are the observation, those from there on the mean
    of the members. It grows by ``append``; one thread may append while others read.

    PGV and T_PGV are of the frames from ``issued`` on: geometric mean of the members' peaks, mean of their times.

    Attributes:
        issued: number of the first frame that is a forecast.
        observation: what it was made from.
        model: who made it.
    """

    def __init__(self, observation: Observation, n_frames: int, model: ForecastModel) -> None:
        """``n_frames``: how many will be appended."""
        self.observation, self.model = observation, model
        self.issued = observation.stop
        axis = observation.header
        self.header: Header = replace(
            axis, name=f"{axis.name}, forecast at {observation.time:.1f} s", planned_frames=self.issued + n_frames
        )
        nx, ny = axis.frame_shape[1:]
        self._mean = np.zeros((*axis.frame_shape, n_frames), np.float32)
        self._spread = np.zeros_like(self._mean)
        self._members = [PeakMeasures(nx, ny) for _ in range(model.members)]
        self._appended = 0
        self._peak = float(np.abs(observation.frames).max(initial=0.0))
        self._lock = threading.Lock()

    @classmethod
    def restored(
        cls,
        observation: Observation,
        n_frames: int,
        model: ForecastModel,
        mean: Frames,
        spread: Frames,
        peaks: tuple[Frames, Frames],
    ) -> "Forecast":
        """One that was kept: ``mean`` and ``spread`` (3, nx, ny, n) of the frames that had come, m/s, and ``peaks``,
        the members' PGV, m/s, and T_PGV, s, (members, nx, ny) each."""
        forecast = cls(observation, n_frames, model)
        n = mean.shape[-1]
        forecast._mean[..., :n], forecast._spread[..., :n] = mean, spread
        for measures, pgv, t_pgv in zip(forecast._members, *peaks, strict=True):
            measures.pgv, measures.t_pgv = pgv, t_pgv
        forecast._peak = max(forecast._peak, float(np.abs(mean).max(initial=0.0)))
        forecast._appended = n
        return forecast

    def append(self, members: Frames) -> None:
        """Add frames of every member, (members, 3, nx, ny, n), m/s."""
        first, last = self._appended, self._appended + members.shape[-1]
        mean = members.mean(axis=0)
        self._mean[..., first:last] = mean
        if len(members) > 1:
            self._spread[..., first:last] = self.model.spread_factor * members.std(axis=0, ddof=1)
        with self._lock:
            for measures, frames in zip(self._members, members, strict=True):
                for k in range(frames.shape[-1]):
                    measures.update(self.start_time + (self.issued + first + k) * self.frame_step, frames[..., k])
            self._peak = max(self._peak, float(np.abs(mean).max()))
            self._appended = last

    @property
    def issue_time(self) -> float:
        """s after the origin time of the axis: the moment from which on nothing was known."""
        return self.start_time + self.issued * self.frame_step

    @property
    def n_frames(self) -> int:
        return self.issued + self._appended

    @property
    def peak(self) -> float:
        return self._peak

    def frame(self, index: int) -> Frames:
        return self.frames(index, index + 1)[..., 0]

    def frames(self, start: int, stop: int) -> Frames:
        stop = min(stop, self.n_frames)
        if not 0 <= start < stop:
            raise IndexError(f"frames {start} to {stop} of {self.n_frames}")
        known = self._observed(start, min(stop, self.issued))
        return np.concatenate(
            (known, self._mean[..., max(start - self.issued, 0) : max(stop - self.issued, 0)]), axis=-1
        )

    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        ix, iy = np.atleast_1d(ix), np.atleast_1d(iy)
        traces = np.zeros((len(ix), 3, self.n_frames), np.float32)
        seen, first = self.observation, max(self.observation.start, 0)
        traces[..., first : self.issued] = seen.frames[:, ix, iy, first - seen.start :].transpose(1, 0, 2)
        traces[..., self.issued :] = self._mean[:, ix, iy, : traces.shape[-1] - self.issued].transpose(1, 0, 2)
        return traces

    def spread(self, index: int) -> Frames:
        """Standard deviation of the members (3, nx, ny), m/s; zero before ``issued`` and with one member."""
        if index < self.issued:
            return np.zeros(self.header.frame_shape, np.float32)
        return self._spread[..., index - self.issued]

    def spread_traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        """Standard deviation (n, 3, nt) at n nodes; see ``traces``."""
        ix, iy = np.atleast_1d(ix), np.atleast_1d(iy)
        spread = np.zeros((len(ix), 3, self.n_frames), np.float32)
        spread[..., self.issued :] = self._spread[:, ix, iy, : spread.shape[-1] - self.issued].transpose(1, 0, 2)
        return spread

    @property
    def pgv(self) -> Map:
        return np.exp(self._ln_pgv().mean(axis=0))

    @property
    def ln_pgv_std(self) -> Map:
        """Standard deviation of ln PGV over the members (nx, ny); zero with one member."""
        return self._deviation(self._ln_pgv())

    @property
    def t_pgv(self) -> Map:
        mean: Map = self._t_pgv().mean(axis=0)
        return mean

    @property
    def t_pgv_std(self) -> Map:
        """Standard deviation of T_PGV over the members (nx, ny), s; zero with one member."""
        return self._deviation(self._t_pgv())

    def member_peaks(self) -> tuple[int, Frames, Frames]:
        """How many frames there are, and of just these the members' PGV, m/s, and T_PGV, s, (members, nx, ny)."""
        with self._lock:
            pgv = np.stack([member.pgv for member in self._members])
            return self.n_frames, pgv, np.stack([member.t_pgv for member in self._members])

    def _ln_pgv(self) -> NDArray[Any]:
        return np.log(np.maximum(self.member_peaks()[1], np.float32(1e-12)))

    def _t_pgv(self) -> NDArray[Any]:
        return self.member_peaks()[2]

    def _deviation(self, members: NDArray[Any]) -> Map:
        if len(members) < 2:
            return np.zeros_like(members[0])
        spread: Map = np.float32(self.model.peak_factor) * members.std(axis=0, ddof=1)
        return spread

    def _observed(self, start: int, stop: int) -> Frames:
        """Frames of the observation on the axis; zeros before it began."""
        seen = self.observation
        known = np.zeros((*self.header.frame_shape, max(stop - start, 0)), np.float32)
        first = max(start, seen.start)
        if first < stop:
            known[..., first - start :] = seen.frames[..., first - seen.start : stop - seen.start]
        return known
