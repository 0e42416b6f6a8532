"""What seismic stations recorded, as something to forecast from and to compare a forecast with."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.observation import Observation, frames_until
from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield

Map = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class StationRecords:
    """Ground velocity at stations inside a region, each at the node nearest to it; no two share a node.

    Attributes:
        header: of the grid and time axis that the stations were put on.
        reference_time: when the axis is zero, UTC; the origin time where it is known.
        stations: n places, m.
        velocities: (n, 3, nt) along X, Y and up, m/s, in the band of ``header.frequency``; zero where not known.
        valid: (n, nt), where all three components are known.
        report: sentences on stations that are left out, and on what is unusual in the others.
    """

    header: Header
    reference_time: datetime
    stations: tuple[Station, ...]
    velocities: Frames = field(repr=False)
    valid: Bools = field(repr=False)
    report: tuple[str, ...] = ()

    @property
    def n_frames(self) -> int:
        return self.velocities.shape[-1]

    @property
    def end(self) -> float:
        """One step after the last frame, s after the reference time."""
        return self.header.start_time + self.n_frames * self.header.frame_step

    @cached_property
    def nodes(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(n,) numbers along X and Y of the nodes nearest to the stations."""
        x, y = np.array([(station.x, station.y) for station in self.stations]).T
        nearest = (np.abs(axis[:, None] - at).argmin(axis=0) for axis, at in ((self.header.x, x), (self.header.y, y)))
        ix, iy = nearest
        return ix, iy

    def observation(self, until: float) -> Observation:
        """What was known ``until`` s after the reference time: the data of the stations that have any.

        Raises:
            QuakeViewError: if there is nothing before, or the records end earlier.
        """
        stop = frames_until(self.header, until)
        if stop < 1:
            raise QuakeViewError(f"No frame is known {until:g} s after the reference time; choose a later time.")
        if stop > self.n_frames:
            raise QuakeViewError(
                f"The input ends {until:g} s after the reference time, but the records end at {self.end:.1f} s; "
                "choose a shorter input."
            )
        valid = self.valid[:, :stop]
        reported = [bool(frames.any()) for frames in valid]
        if not any(reported):
            raise QuakeViewError(f"No station has data until {until:g} s after the reference time; choose a later end.")
        ix, iy = self.nodes
        known = np.zeros((*self.header.frame_shape[1:], stop), np.bool_)
        known[ix, iy] = valid
        there = tuple(station for station, has in zip(self.stations, reported, strict=True) if has)
        return Observation(self.header, stop, _at_nodes(self, 0, stop), known, there)

    def silent(self, until: float) -> tuple[Station, ...]:
        """Those that had sent nothing ``until`` s after the reference time, and are no part of the observation."""
        reported: Bools = np.any(self.valid[:, : frames_until(self.header, until)], axis=1)
        return tuple(station for station, has in zip(self.stations, reported, strict=True) if not has)

    def wavefield(self) -> "StationWavefield":
        """The records as a scenario that is known at the stations only."""
        return StationWavefield(self)


class StationWavefield(Wavefield):
    """Records of stations where a scenario is expected: zero away from them, and where they have no data.

    Attributes:
        records: the stations and what they recorded.
    """

    def __init__(self, records: StationRecords) -> None:
        self.records = records
        self.header = replace(records.header, planned_frames=records.n_frames)

    @property
    def known(self) -> Bools:
        known = np.zeros(self.header.frame_shape[1:], np.bool_)
        known[self.records.nodes] = True
        return known

    @property
    def n_frames(self) -> int:
        return self.records.n_frames

    @cached_property
    def peak(self) -> float:
        return float(np.abs(self.records.velocities).max(initial=0.0))

    @cached_property
    def pgv(self) -> Map:
        pgv = np.zeros(self.header.frame_shape[1:], np.float32)
        pgv[self.records.nodes] = self._speeds.max(axis=-1)
        return pgv

    @cached_property
    def t_pgv(self) -> Map:
        t_pgv = np.full(self.header.frame_shape[1:], np.nan, np.float32)
        moved = self._speeds.any(axis=-1)
        t_pgv[self.records.nodes] = np.where(moved, self.times[self._speeds.argmax(axis=-1)], np.nan)
        return t_pgv

    def frame(self, index: int) -> Frames:
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        return self.frames(index, index + 1)[..., 0]

    def frames(self, start: int, stop: int) -> Frames:
        return _at_nodes(self.records, start, min(stop, self.n_frames))

    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        at = {node: number for number, node in enumerate(zip(*map(np.ndarray.tolist, self.records.nodes), strict=True))}
        silent = np.zeros((3, self.n_frames), np.float32)
        wanted = zip(np.atleast_1d(ix).tolist(), np.atleast_1d(iy).tolist(), strict=True)
        found = [self.records.velocities[at[node]] if node in at else silent for node in wanted]
        return np.stack(found) if found else np.zeros((0, *silent.shape), np.float32)

    @cached_property
    def _speeds(self) -> Frames:
        """(n, nt) horizontal."""
        speeds: Frames = np.hypot(self.records.velocities[:, 0], self.records.velocities[:, 1])
        return speeds


@dataclass(frozen=True)
class StationScore:
    """A forecast against what a station recorded afterwards, from the issue on, over all three components.

    Attributes:
        correlation: sum(f r) / sqrt(sum(f²) sum(r²)); 1 is right, 0 no skill.
        variance_reduction: 1 - sum((f - r)²) / sum(r²); 1 is right, 0 what predicting no motion gets.
        recorded_pgv, forecast_pgv: m/s, over the frames that the station has.
        duration: of these frames, s.
    """

    station: Station
    correlation: float
    variance_reduction: float
    recorded_pgv: float
    forecast_pgv: float
    duration: float


def station_scores(records: StationRecords, forecast: Forecast) -> list[StationScore]:
    """How right a forecast was where it was recorded; stations without data after the issue are not in the list.

    Raises:
        QuakeViewError: if no station recorded anything later.
    """
    first, last = forecast.issued, min(records.n_frames, forecast.n_frames)
    later = slice(first, max(first, last))
    expected = forecast.traces(*records.nodes)[..., later]
    found = [
        _score(station, said[:, valid], recorded[:, valid], forecast.frame_step)
        for station, said, recorded, valid in zip(
            records.stations, expected, records.velocities[..., later], records.valid[:, later], strict=True
        )
        if valid.any()
    ]
    if not found:
        raise QuakeViewError(
            f"No station recorded what came after {forecast.issue_time:.1f} s; there is nothing to compare with."
        )
    return found


def _score(station: Station, said: Frames, recorded: Frames, step: float) -> StationScore:
    said, recorded = said.astype(np.float64), recorded.astype(np.float64)
    power, error = float((recorded**2).sum()), float(((said - recorded) ** 2).sum())
    both = np.sqrt((said**2).sum() * power)
    return StationScore(
        station,
        correlation=float((said * recorded).sum() / both) if both else 0.0,
        variance_reduction=1 - error / power if power else float("nan"),
        recorded_pgv=float(np.hypot(*recorded[:2]).max()),
        forecast_pgv=float(np.hypot(*said[:2]).max()),
        duration=said.shape[-1] * step,
    )


def _at_nodes(records: StationRecords, start: int, stop: int) -> Frames:
    """Frames (3, nx, ny, n), zero away from the stations."""
    if not 0 <= start < stop:
        raise IndexError(f"frames {start} to {stop} of {records.n_frames}")
    frames = np.zeros((*records.header.frame_shape, stop - start), np.float32)
    ix, iy = records.nodes
    frames[:, ix, iy] = records.velocities[..., start:stop].transpose(1, 0, 2)
    return frames
