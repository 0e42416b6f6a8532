"""What is known of a wavefield when a forecast is made."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield


@dataclass(frozen=True)
class Observation:
    """Ground velocity at the nodes of a grid up to a moment.

    Attributes:
        header: of the grid and the time axis the frames lie on; ``header.start_time`` is that of frame 0 of the axis.
        stop: number, on that axis, of the first frame that is not known yet.
        frames: (3, nx, ny, n) velocity, m/s, the n frames before ``stop``; zero where nothing is known.
        known: (nx, ny, n), where there is data.
        stations: what the data come from; empty if every node is known.
    """

    header: Header
    stop: int
    frames: Frames = field(repr=False)
    known: NDArray[np.bool_] = field(repr=False)
    stations: tuple[Station, ...] = ()

    @property
    def n_frames(self) -> int:
        return self.frames.shape[-1]

    @property
    def start(self) -> int:
        """Number of the first frame on the axis of ``header``; negative before its start."""
        return self.stop - self.n_frames

    @property
    def time(self) -> float:
        """When the observation ends and a forecast can be made: one step after its last frame, s after the origin."""
        return self.header.start_time + self.stop * self.header.frame_step

    @property
    def dense(self) -> bool:
        """Whether all is known."""
        return bool(self.known.all())


def observe(
    wavefield: Wavefield, until: float, duration: float | None = None, stations: tuple[Station, ...] = ()
) -> Observation:
    """What would have been known of a scenario ``until`` s after its origin time.

    Args:
        duration: of the input, s; None takes all since the first frame. Before the first frame the ground was still.
        stations: where it was measured, each at the nearest node; empty: everywhere.

    Raises:
        QuakeViewError: if there are no frames until then, or a station is outside the region.
    """
    stop = frames_until(wavefield.header, until)
    if stop > wavefield.n_frames:
        raise QuakeViewError(
            f"The input ends {until:g} s after the origin time, but there are frames until "
            f"{wavefield.start_time + wavefield.n_frames * wavefield.frame_step:.1f} s; choose a shorter input."
        )
    n = stop if duration is None else max(round(duration / wavefield.frame_step), 1)
    if n < 1 or stop < 1:
        raise QuakeViewError(
            f"There is nothing to forecast from {until:g} s after the origin time; choose a later time."
        )
    frames = np.zeros((*wavefield.header.frame_shape, n), np.float32)
    there = min(stop, n)
    frames[..., n - there :] = wavefield.frames(stop - there, stop)
    known = np.ones(frames.shape[1:], np.bool_)
    if stations:
        where = station_nodes(wavefield.header, stations)
        known &= where[..., None]
        frames *= where[..., None]
    return Observation(wavefield.header, stop, frames, known, tuple(stations))


def frames_until(header: Header, time: float) -> int:
    """How many frames there are before ``time``, s after the origin; frame k is known one step after its time."""
    return int(np.floor((time - header.start_time) / header.frame_step + 1e-6))


def until_said(header: Header, time: float) -> str:
    """What an input's end between two frames becomes, in a sentence; empty if it is one of a frame."""
    end = header.start_time + frames_until(header, time) * header.frame_step
    if abs(end - time) < 0.01 * header.frame_step:
        return ""
    return f"An input until {time:g} s ends at {end:.2f} s: there is a frame every {header.frame_step:g} s."


def station_nodes(header: Header, stations: tuple[Station, ...]) -> NDArray[np.bool_]:
    """(nx, ny), True at the nodes nearest to the stations.

    Raises:
        QuakeViewError: for stations outside the region.
    """
    where = np.zeros(header.frame_shape[1:], np.bool_)
    for station in stations:
        if not header.region.contains(station.x, station.y):
            raise QuakeViewError(f"Station {station.code} is outside the region of the model; leave it out.")
        where[int(np.abs(header.x - station.x).argmin()), int(np.abs(header.y - station.y).argmin())] = True
    return where
