"""Wavefields of another size as a forecaster knows them: on its grid and time axis, and in its band.

Sources of simulations go through a critically damped low-pass of four poles (``MomentSources.band_limited``). Waves are
linear, so that the ratio of two such low-passes makes of waves up to a high frequency exactly what the same simulation
would have made up to a lower one. Between nodes and frames cubic splines are all but exact far below the Nyquist limit.
"""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.sources.moment_sources import low_pass_time_constant
from quakeview.wavefield.ground_motion.measures import PeakMeasures
from quakeview.wavefield.scenarios.header import Floats, Frames, Header, Wavefield
from quakeview.wavefield.scenarios.live import LiveWavefield

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.model_files import ForecasterFacts

_NEARLY = 1e-3
_SAME_BAND = 0.1
"""Part of the highest frequency by which two may differ and still be called the same."""
_LEAST_SAMPLING = 3.5
"""Frames in the shortest period, for splines between them."""
_COARSEST = 1.5
"""Spacing of nodes, in that of the forecaster; at least twice as fine as the shortest waves."""
_CHUNK = 16


class ResampledWavefield(Wavefield):
    """Frames in memory."""

    def __init__(self, header: Header, frames: Frames) -> None:
        self.header, self._frames = header, frames

    @property
    def n_frames(self) -> int:
        return self._frames.shape[-1]

    @cached_property
    def peak(self) -> float:
        return float(np.abs(self._frames).max(initial=0.0))

    @property
    def pgv(self) -> Frames:
        return self._measures.pgv

    @property
    def t_pgv(self) -> Frames:
        return self._measures.t_pgv

    def frame(self, index: int) -> Frames:
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        return self._frames[..., index]

    def frames(self, start: int, stop: int) -> Frames:
        if not 0 <= start < min(stop, self.n_frames):
            raise IndexError(f"frames {start} to {stop} of {self.n_frames}")
        return self._frames[..., start:stop].copy()

    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        return self._frames[:, np.atleast_1d(ix), np.atleast_1d(iy)].transpose(1, 0, 2)

    @cached_property
    def _measures(self) -> PeakMeasures:
        measures = PeakMeasures(*self.header.frame_shape[1:])
        for index, time in enumerate(self.times):
            measures.update(float(time), self._frames[..., index])
        return measures


def fits(header: Header, facts: "ForecasterFacts") -> bool:
    """Whether a wavefield is already as the forecaster knows it, or its band ends lower."""
    x, y = nodes_of(facts)
    return (
        header.frame_shape[1:] == facts.nodes
        and np.allclose(header.x, x, atol=_NEARLY * facts.spacing)
        and np.allclose(header.y, y, atol=_NEARLY * facts.spacing)
        and abs(header.frame_step - facts.frame_step) <= _NEARLY * facts.frame_step
        and header.frequency <= (1 + _SAME_BAND) * facts.frequency
    )


def nodes_of(facts: "ForecasterFacts") -> tuple[Floats, Floats]:
    """X and Y of the nodes of a forecaster, m."""
    x, y = (
        np.asarray(first + facts.spacing * np.arange(count), np.float64)
        for first, count in zip(facts.first, facts.nodes, strict=True)
    )
    return x, y


def resampled(wavefield: Wavefield, facts: "ForecasterFacts", progress: Progress = Progress()) -> Wavefield:
    """The frames so far as a forecaster knows them; the wavefield itself if it already fits.

    Raises:
        QuakeViewError: for another region, a wavefield that is too coarse or does not reach as far, one that still
            grows, or records of stations that were read for another forecaster.
        Cancelled: through ``progress``.
    """
    header = wavefield.header
    if problem := why_not(header, facts):
        raise QuakeViewError(problem)
    if fits(header, facts):
        return wavefield
    if isinstance(wavefield, LiveWavefield) and not wavefield.complete:
        raise QuakeViewError("This wavefield has to be resampled for the forecaster; wait until it is complete.")
    if wavefield.known is not None:
        raise QuakeViewError("The stations were read for another forecaster; open them again for this one.")
    x, y = nodes_of(facts)
    at_nodes = _at_nodes(wavefield, x, y, progress)
    if header.frequency > (1 + _SAME_BAND) * facts.frequency:
        at_nodes = _low_passed(at_nodes, header.frame_step, header.frequency, facts.frequency)
    duration = header.frame_step * (at_nodes.shape[-1] - 1)
    times = facts.frame_step * np.arange(int(duration / facts.frame_step + _NEARLY) + 1, dtype=np.float64)
    frames = _at_times(at_nodes, header.frame_step, times)
    mine = replace(
        header,
        x=x,
        y=y,
        frame_step=facts.frame_step,
        planned_frames=int(header.planned_duration / facts.frame_step + _NEARLY) + 1,
        frequency=min(header.frequency, facts.frequency),
    )
    progress.advance(1, 1, "Resampled")
    return ResampledWavefield(mine, frames)


def why_not(header: Header, facts: "ForecasterFacts") -> str:
    """Why a wavefield cannot be made as a forecaster knows it, in a sentence; empty if it can."""
    mine, theirs = facts.region, header.region
    if (mine.longitude, mine.latitude, mine.x_azimuth, mine.crs) != (
        (theirs.longitude, theirs.latitude, theirs.x_azimuth, theirs.crs)
    ):
        return f"The forecaster was trained for {mine.name}, this is {theirs.name}; choose or train one of this region."
    if fits(header, facts):
        return ""
    for own, other in zip(nodes_of(facts), (header.x, header.y), strict=True):
        step = float(np.diff(other).max()) if len(other) > 1 else np.inf
        if own[0] < other[0] - step or own[-1] > other[-1] + step:
            return (
                f"The forecaster knows {facts.nodes[0]} x {facts.nodes[1]} nodes every {facts.spacing / 1000:g} km, "
                "and this wavefield does not reach as far; simulate the whole region."
            )
        if step > _COARSEST * facts.spacing:
            return (
                f"This wavefield has nodes every {step / 1000:g} km, too coarse for a forecaster that knows them every "
                f"{facts.spacing / 1000:g} km; simulate with --preset forecast."
            )
    longest = 1 / (_LEAST_SAMPLING * min(header.frequency, facts.frequency))
    if header.frame_step > max(longest, (1 + _NEARLY) * facts.frame_step):
        return (
            f"This wavefield has a frame every {header.frame_step:g} s, too few for waves up to {facts.frequency:g} "
            f"Hz; simulate with frames every {facts.frame_step:g} s or less."
        )
    return ""


def in_words(header: Header, facts: "ForecasterFacts") -> str:
    """What is done to a wavefield, in a sentence; empty if nothing is, and its band is that of the forecaster."""
    said = []
    if header.frequency > (1 + _SAME_BAND) * facts.frequency:
        said.append(f"Waves up to {header.frequency:g} Hz were low-passed at {facts.frequency:g} Hz.")
    if not fits(header, facts):
        spacing = float(np.diff(header.x).mean()) / 1000
        said.append(
            f"Nodes every {spacing:.3g} km and frames every {header.frame_step:g} s were resampled to "
            f"{facts.spacing / 1000:g} km and {facts.frame_step:g} s."
        )
    if header.frequency < (1 - _SAME_BAND) * facts.frequency:
        said.append(
            f"It holds waves up to {header.frequency:g} Hz only, the forecaster learnt with waves up to "
            f"{facts.frequency:g} Hz: what was scored there need not hold here."
        )
    return " ".join(said)


def _at_nodes(wavefield: Wavefield, x: Floats, y: Floats, progress: Progress) -> Frames:
    """(3, nx, ny, nt) at other nodes."""
    along_x, along_y = _interpolation(wavefield.x, x), _interpolation(wavefield.y, y)
    n_frames = wavefield.n_frames
    found = np.empty((3, len(x), len(y), n_frames), np.float32)
    for start in range(0, n_frames, _CHUNK):
        progress.advance(start, n_frames, "Resampling the scenario")
        frames = wavefield.frames(start, min(start + _CHUNK, n_frames))
        across = np.einsum("ax,cxyt->cayt", along_x, frames, optimize=True)
        found[..., start : start + frames.shape[-1]] = np.einsum("by,cayt->cabt", along_y, across, optimize=True)
    return found


def _interpolation(known: Floats, wanted: Floats) -> Frames:
    """Weights (wanted, known) of a cubic spline."""
    from scipy.interpolate import CubicSpline

    if len(known) == len(wanted) and np.allclose(known, wanted):
        return np.eye(len(known), dtype=np.float32)
    weights: NDArray[np.float64] = CubicSpline(known, np.eye(len(known)))(np.clip(wanted, known[0], known[-1]))
    return weights.astype(np.float32)


def _low_passed(frames: Frames, step: float, before: float, after: float) -> Frames:
    """Waves up to ``before`` Hz as they would have been up to ``after`` Hz."""
    from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

    n = frames.shape[-1]
    length = next_fast_len(n + int(4 * low_pass_time_constant(after) * 4 / step), real=True)
    omega = 2j * np.pi * rfftfreq(length, step)
    transfer = ((1 + omega * low_pass_time_constant(before)) / (1 + omega * low_pass_time_constant(after))) ** 4
    filtered = np.empty_like(frames)
    for component in range(len(frames)):
        spectrum = rfft(frames[component], length)
        filtered[component] = irfft(spectrum * transfer.astype(np.complex64), length)[..., :n]
    return filtered


def _at_times(frames: Frames, step: float, times: Floats) -> Frames:
    """Frames at other times after the first one, s."""
    from scipy.interpolate import CubicSpline

    every = times[1] / step if len(times) > 1 else 1.0
    if abs(every - round(every)) < _NEARLY and round(every) >= 1:
        return np.ascontiguousarray(frames[..., :: round(every)][..., : len(times)])
    known = step * np.arange(frames.shape[-1])
    spline = CubicSpline(known, frames, axis=-1)
    return np.asarray(spline(np.clip(times, 0, known[-1])), np.float32)
