"""A forecast as a wavefield: what was known, then what is expected, with its spread."""

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.texts import counted
from quakeview.wavefield.forecasting.calibration import Calibration, StationCalibration
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.forecasting.support import Support
from quakeview.wavefield.ground_motion.measures import PeakMeasures
from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield

Map = NDArray[np.float32]

LEAST_SPREAD = 0.02
"""Of the largest velocity at a node so far, and of ln PGV: a band does not vanish where all members are silent."""


@dataclass(frozen=True)
class ForecastModel:
    """Who says so.

    Attributes:
        members: of the ensemble.
        skill: scores in words, for as many stations as the forecast was made from.
        fewest_stations: that it was trained with; 0: it needs none; None: not known.
        calibration: how far it was off on events it did not learn from; None: nobody has tried.
    """

    name: str
    members: int
    trained_on: str = ""
    skill: str = ""
    fewest_stations: int | None = 0
    calibration: Calibration | None = None


class Forecast(Wavefield):
    """On the time axis of what was observed: frames before ``issued`` are the observation, those from there on the mean
    of the members. It grows by ``append``; one thread may append while others read.

    PGV and T_PGV are of the frames from ``issued`` on: geometric mean of the members' peaks, mean of their times.

    Attributes:
        issued: number of the first frame that is a forecast.
        observation: what it was made from.
        model: who made it.
        computed_in: what it took, s; None while it is computed, and of one that was read from a file.
    """

    def __init__(self, observation: Observation, n_frames: int, model: ForecastModel) -> None:
        """``n_frames``: how many will be appended."""
        self.observation, self.model = observation, model
        self.issued = observation.stop
        self.computed_in: float | None = None
        axis = observation.header
        self.header: Header = replace(
            axis, name=f"{axis.name}, forecast at {observation.time:.1f} s", planned_frames=self.issued + n_frames
        )
        nx, ny = axis.frame_shape[1:]
        self._mean = np.zeros((*axis.frame_shape, n_frames), np.float32)
        self._spread = np.zeros_like(self._mean)
        self._members = [PeakMeasures(nx, ny) for _ in range(model.members)]
        self._largest = np.zeros((nx, ny, n_frames + 1), np.float32)
        self._largest[..., 0] = np.abs(observation.frames).max(axis=(0, -1), initial=0.0)
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
        forecast._spread[..., :n] = spread
        forecast._keep(0, mean)
        for measures, pgv, t_pgv in zip(forecast._members, *peaks, strict=True):
            measures.pgv, measures.t_pgv = pgv, t_pgv
        forecast._peak = max(forecast._peak, float(np.abs(mean).max(initial=0.0)))
        forecast._appended = n
        return forecast

    def append(self, members: Frames) -> None:
        """Add frames of every member, (members, 3, nx, ny, n), m/s."""
        first, last = self._appended, self._appended + members.shape[-1]
        mean = members.mean(axis=0)
        self._keep(first, mean)
        if len(members) > 1:
            self._spread[..., first:last] = members.std(axis=0, ddof=1)
        with self._lock:
            for measures, frames in zip(self._members, members, strict=True):
                for k in range(frames.shape[-1]):
                    measures.update(self.start_time + (self.issued + first + k) * self.frame_step, frames[..., k])
            self._peak = max(self._peak, float(np.abs(mean).max()))
            self._appended = last

    def _keep(self, first: int, mean: Frames) -> None:
        """Frames of the mean, and the largest velocity until each."""
        last = first + mean.shape[-1]
        self._mean[..., first:last] = mean
        so_far = self._largest[..., first : last + 1]
        so_far[..., 1:] = np.abs(mean).max(axis=0)
        np.maximum.accumulate(so_far, axis=-1, out=so_far)

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

    @cached_property
    def support(self) -> Support:
        """For which nodes there are enough stations."""
        return Support.of(self.observation, self.model)

    @cached_property
    def calibrated(self) -> StationCalibration | None:
        """What is known of the errors of such forecasts; None for another number of members than was calibrated, for
        fewer stations, and without a calibration."""
        calibration, members = self.model.calibration, self.model.members
        if calibration is None or not 1 < members == calibration.members or self.support.reason:
            return None
        return calibration.at(self.support.stations)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for forecasts by the same members from the same stations and moment."""
        return self.model.name, self.model.members, self.observation.stations, self.issued

    @property
    def skill_end(self) -> float | None:
        """From when on such forecasts were worse than predicting no motion (RFNE above 1), s after the origin
        time of the axis; None if it is not known."""
        if self.calibrated is None or self.model.calibration is None:
            return None
        return self.issue_time + self.model.calibration.skilful_lead(self.calibrated)

    def spread(self, index: int) -> Frames:
        """Standard deviation of the members (3, nx, ny), m/s; zero before ``issued`` and with one member. They differ
        less than they are wrong: see ``band``."""
        if index < self.issued:
            return np.zeros(self.header.frame_shape, np.float32)
        return self._spread[..., index - self.issued]

    def spread_traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        """Standard deviation of the members (n, 3, nt) at n nodes; see ``traces``."""
        ix, iy = np.atleast_1d(ix), np.atleast_1d(iy)
        spread = np.zeros((len(ix), 3, self.n_frames), np.float32)
        spread[..., self.issued :] = self._spread[:, ix, iy, : spread.shape[-1] - self.issued].transpose(1, 0, 2)
        return spread

    def band(self, index: int) -> Frames:
        """Half the width of the calibrated band (3, nx, ny), m/s; NaN where there is none: see ``band_text``."""
        return np.where(self.support.enough, self.least_spread(index) * self._band_factors[index], np.float32(np.nan))

    def least_spread(self, index: int) -> Frames:
        """What the band is a multiple of (3, nx, ny), m/s: the standard deviation of the members and ``LEAST_SPREAD``
        of the largest velocity so far, added as variances."""
        if index < self.issued:
            return np.zeros(self.header.frame_shape, np.float32)
        largest = self._largest[..., index - self.issued + 1]
        return np.hypot(self.spread(index), np.float32(LEAST_SPREAD) * largest)

    def band_traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        """Half the width of the calibrated band (n, 3, nt) at n nodes; see ``band`` and ``traces``."""
        ix, iy = np.atleast_1d(ix), np.atleast_1d(iy)
        spread = self.spread_traces(ix, iy)
        coming = spread[..., self.issued :]
        largest = self._largest[ix, iy, 1 : coming.shape[-1] + 1]
        coming[:] = np.hypot(coming, np.float32(LEAST_SPREAD) * largest[:, None])
        enough = self.support.enough[ix, iy]
        return np.where(enough[:, None, None], spread * self._band_factors[: spread.shape[-1]], np.float32(np.nan))

    @property
    def band_label(self) -> str:
        """``90 % band`` or ``no band``."""
        calibration = self.model.calibration
        return "no band" if calibration is None or self.calibrated is None else f"{100 * calibration.level:.0f} % band"

    @property
    def band_text(self) -> str:
        """What the band is, or why there is none, in a sentence."""
        calibration, found, members = self.model.calibration, self.calibrated, self.model.members
        if members == 1:
            return "No band: one member has no spread."
        if calibration is None:
            return "No band: nobody has compared the spread of the members with their errors (models calibrate)."
        if self.support.reason:
            return self.support.reason
        if members != calibration.members:
            return (
                f"No band: the spread of {counted(calibration.members, 'member')} was calibrated, here are {members}."
            )
        if found is None:
            return "No band: the spread was not calibrated with such stations."
        where = counted(found.stations, "station") if found.stations else "the ground known everywhere"
        factors = [factor for factor in self._band_factors.tolist() if np.isfinite(factor)]
        if not factors:
            return "No band: on the validation events such forecasts were worse than predicting no motion."
        return (
            f"{100 * calibration.level:.0f} % band: held so much of the motion of {calibration.events} validation "
            f"events with {where}. It is {min(factors):.1f} to {max(factors):.1f} times the standard deviation of "
            f"{counted(members, 'member')} by lead time, at least so many times {100 * LEAST_SPREAD:.0f} % of the "
            f"largest motion. From {calibration.skilful_lead(found):g} s after the input on there is none: there such "
            "forecasts were worse than predicting no motion."
        )

    @property
    def pgv(self) -> Map:
        return np.exp(self._ln_pgv().mean(axis=0))

    @property
    def ln_pgv_std(self) -> Map:
        """Calibrated standard deviation of ln PGV (nx, ny); NaN where there is none."""
        factor = None if self.calibrated is None else self.calibrated.ln_pgv
        return self._deviation(self._ln_pgv(), factor, LEAST_SPREAD)

    @property
    def t_pgv(self) -> Map:
        mean: Map = self._t_pgv().mean(axis=0)
        return mean

    @property
    def t_pgv_std(self) -> Map:
        """Calibrated standard deviation of T_PGV (nx, ny), s; NaN where there is none."""
        factor = None if self.calibrated is None else self.calibrated.t_pgv
        return self._deviation(self._t_pgv(), factor, self.frame_step)

    def member_peaks(self) -> tuple[int, Frames, Frames]:
        """How many frames there are, and of just these the members' PGV, m/s, and T_PGV, s, (members, nx, ny)."""
        with self._lock:
            pgv = np.stack([member.pgv for member in self._members])
            return self.n_frames, pgv, np.stack([member.t_pgv for member in self._members])

    def _ln_pgv(self) -> NDArray[Any]:
        return np.log(np.maximum(self.member_peaks()[1], np.float32(1e-12)))

    def _t_pgv(self) -> NDArray[Any]:
        return self.member_peaks()[2]

    def _deviation(self, members: NDArray[Any], factor: float | None, least: float) -> Map:
        if factor is None or len(members) < 2:
            return np.full(members.shape[1:], np.nan, np.float32)
        spread = np.float32(factor) * np.hypot(members.std(axis=0, ddof=1), np.float32(least))
        return np.where(self.support.enough, spread, np.float32(np.nan))

    @cached_property
    def _band_factors(self) -> Frames:
        """(planned frames,) NaN before the issue."""
        factors = np.full(self.planned_frames, np.nan, np.float32)
        if self.calibrated is not None and self.model.calibration is not None:
            leads = self.frame_step * np.arange(self.planned_frames - self.issued)
            factors[self.issued :] = self.model.calibration.factors(self.calibrated, leads)
        return factors

    def _observed(self, start: int, stop: int) -> Frames:
        """Frames of the observation on the axis; zeros before it began."""
        seen = self.observation
        known = np.zeros((*self.header.frame_shape, max(stop - start, 0)), np.float32)
        first = max(start, seen.start)
        if first < stop:
            known[..., first - start :] = seen.frames[..., first - seen.start : stop - seen.start]
        return known
