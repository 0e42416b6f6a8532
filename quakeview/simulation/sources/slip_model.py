"""Slip given point by point, with slip rates in samples: what an SRF file can hold."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.simulation.sources.rupture import Rupture
from quakeview.simulation.sources.time_functions import liu_slip, sampled

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Segment:
    """A plane of the model; its points follow one another, those along the strike first.

    Attributes:
        shape: cells down the dip and along the strike.
        start: where the rupture starts, m along the strike and down the dip; None if not on this plane.
    """

    plane: FaultPlane
    shape: tuple[int, int]
    start: tuple[float, float] | None = None


@dataclass(frozen=True)
class SlipModel:
    """n points that slip, in any arrangement.

    Like a ``Rupture`` it has ``positions``, ``moment``, ``magnitude``, ``hypocentre``, ``duration`` and ``sources``.

    Attributes:
        positions: (n, 3), X, Y and depth, m.
        strike, dip, rake: (n,), degrees.
        area: (n,), m².   vs: (n,), m/s.   density: (n,), kg/m³.
        onset: (n,), s after the origin time.
        slip: (n, 2), m, along the rake and 90° beyond it.
        step: (n,), s between samples.
        rates: for each point the slip rates, m/s, along the rake and 90° beyond it; the first sample is at the onset.
        segments: the planes the points are on, in their order; may be empty.
        x_azimuth: of the X axis, degrees clockwise from north.
    """

    positions: Floats
    strike: Floats
    dip: Floats
    rake: Floats
    area: Floats
    vs: Floats
    density: Floats
    onset: Floats
    slip: Floats
    step: Floats
    rates: tuple[tuple[Floats, Floats], ...]
    segments: tuple[Segment, ...]
    x_azimuth: float

    @property
    def rigidity(self) -> Floats:
        """(n,), Pa."""
        return self.density * self.vs**2

    @property
    def moment(self) -> float:
        """Scalar moment, N·m, of all points."""
        return float(self.rigidity * self.area @ np.hypot(*self.slip.T))

    @property
    def magnitude(self) -> float:
        """Moment magnitude (Hanks & Kanamori 1979)."""
        return (float(np.log10(self.moment)) - 9.1) / 1.5

    @property
    def duration(self) -> float:
        """Seconds from the origin time until all slip has ended."""
        return float((self.onset + self.step * self._samples).max())

    @property
    def hypocentre(self) -> Floats:
        """(3,): where the plane that breaks first says it starts, or else the point that breaks first."""
        first = int(self.onset.argmin())
        ends = np.cumsum([rows * columns for rows, columns in (segment.shape for segment in self.segments)])
        if len(ends):
            segment = self.segments[int(np.searchsorted(ends, first, side="right"))]
            if segment.start is not None:
                return segment.plane.at(*segment.start)
        return self.positions[first]

    @property
    def ruptures(self) -> tuple[Rupture, ...]:
        """The planes as they are drawn: rise times are the lengths of the slip rates, whose shape is left out."""
        rake = self.rake + np.degrees(np.arctan2(self.slip[:, 1], self.slip[:, 0]))
        rise_time = self.step * np.maximum(self._samples - 1, 1)
        fields = (np.hypot(*self.slip.T), rise_time, self.onset, rake, self.rigidity)
        made, begin = [], 0
        for segment in self.segments:
            end = begin + segment.shape[0] * segment.shape[1]
            slip, rise, onset, rakes, rigidity = (field[begin:end].reshape(segment.shape) for field in fields)
            made.append(
                Rupture(segment.plane, slip, rise, onset, rakes, rigidity, self.hypocentre, self.magnitude, seed=None)
            )
            begin = end
        return tuple(made)

    def sources(self, step: float = 0.05) -> MomentSources:
        """One point source for each point and direction with slip and a slip rate, sampled every ``step`` seconds."""
        released = np.array([[rate.sum() for rate in rates] for rates in self.rates])
        point, direction = np.nonzero(self.slip * released)
        first = np.floor((self.onset - self.step / 2).min() / step)
        time = step * np.arange(first, np.ceil(self.duration / step) + 2)
        rates = [sampled(self._released(int(i), int(j)), time, step) for i, j in zip(point, direction, strict=True)]
        moment = (self.rigidity * self.area)[point] * self.slip[point, direction]
        rake = self.rake[point] + 90 * direction
        moments = double_couple(self.strike[point], self.dip[point], rake, moment, self.x_azimuth)
        return MomentSources(self.positions[point], moments, np.array(rates), step, float(time[0]))

    def _released(self, point: int, direction: int) -> Callable[[Floats], Floats]:
        """Part of the slip by the time given; each sample is the mean of the step around it."""
        rate, step = self.rates[point][direction], self.step[point]
        edges = self.onset[point] + step * (np.arange(len(rate) + 1) - 0.5)
        slip = np.concatenate(([0.0], np.cumsum(rate))) / rate.sum()
        return lambda time: np.interp(time, edges, slip)

    @property
    def _samples(self) -> NDArray[np.int64]:
        return np.array([max(len(along), len(beyond)) for along, beyond in self.rates])


def slip_model(rupture: Rupture, step: float = 0.01, density: float = 2700.0) -> SlipModel:
    """The rupture with its pulses in samples ``step`` seconds apart.

    A rupture has a rigidity only; ``density`` (kg/m³) and the S-wave speed that goes with it stand for it.
    """
    plane, slip, rise_time = rupture.plane, rupture.slip.ravel(), rupture.rise_time.ravel()
    n = slip.size
    return SlipModel(
        positions=rupture.positions,
        strike=np.full(n, plane.strike),
        dip=np.full(n, plane.dip),
        rake=rupture.rake.ravel(),
        area=np.full(n, rupture.area),
        vs=np.sqrt(rupture.rigidity.ravel() / density),
        density=np.full(n, density),
        onset=rupture.onset.ravel(),
        slip=np.stack((slip, np.zeros(n)), axis=-1),
        step=np.full(n, step),
        rates=tuple((_samples(*cell, step), np.empty(0)) for cell in zip(slip, rise_time, strict=True)),
        segments=(Segment(plane, rupture.slip.shape, plane.project(rupture.hypocentre)),),
        x_azimuth=plane.x_azimuth,
    )


def _samples(slip: float, rise_time: float, step: float) -> Floats:
    """Slip rates of a Liu pulse, m/s; none without slip."""
    if slip == 0:
        return np.empty(0)
    time = step * np.arange(np.ceil(rise_time / step) + 1)
    return slip * sampled(lambda t: liu_slip(t, rise_time), time, step)
