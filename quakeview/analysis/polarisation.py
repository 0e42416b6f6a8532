"""Particle motion of three components, and the direction from which a P wave came.

Eigenvectors and eigenvalues of the covariance of the components: Flinn (1965, Proc. IEEE 53, 1874-1876) and Jurkevics
(1988, Bull. Seismol. Soc. Am. 78, 1725-1743), whose definitions of rectilinearity, planarity, azimuth and incidence are
used here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.analysis.cuts import EDGE, Cut
from quakeview.errors import QuakeViewError
from quakeview.waveforms.clock import same_rate

Floats = NDArray[np.float64]
Axis = tuple[float, float, float]
"""North, east and up of the unit vector along which a component is positive."""

FEWEST = 8
"""Samples from which a covariance is computed."""
LINEAR = 0.5
"""Rectilinearity below which the motion has no direction to speak of."""
STEEPEST, FLATTEST = 3.0, 85.0
"""Degrees of incidence beyond which the horizontal motion, or the sense of the vertical one, is too small to say."""
_FLATTEST_AXES = 0.1
"""Volume of the axes of three components below which they do not span space."""


@dataclass(frozen=True, eq=False)
class ParticleMotion:
    """Motion of the ground at one place.

    Attributes:
        start: time of the first sample, seconds since 1970-01-01 UTC.
        sampling_rate: Hz.
        north, east, up: (n,) in ``unit``.
    """

    start: float
    sampling_rate: float
    north: Floats
    east: Floats
    up: Floats
    unit: str

    @property
    def times(self) -> Floats:
        """(n,), seconds since 1970-01-01 UTC."""
        return self.start + np.arange(len(self.up)) / self.sampling_rate

    def within(self, first: float, last: float) -> "ParticleMotion":
        """The samples from ``first`` to ``last``, seconds since 1970-01-01 UTC."""
        begin = max(int(np.ceil((first - self.start) * self.sampling_rate - EDGE)), 0)
        end = max(int(np.floor((last - self.start) * self.sampling_rate + EDGE)) + 1, begin)
        place, start = slice(begin, end), self.start + begin / self.sampling_rate
        return ParticleMotion(start, self.sampling_rate, self.north[place], self.east[place], self.up[place], self.unit)

    def along(self, azimuth: float) -> Floats:
        """(n,), the horizontal motion in a direction, degrees from north over east."""
        angle = np.radians(azimuth)
        return self.north * np.cos(angle) + self.east * np.sin(angle)


@dataclass(frozen=True)
class Polarisation:
    """Shape and direction of particle motion.

    Attributes:
        rectilinearity: 1 for motion along a line, 0 for motion alike in all directions.
        planarity: 1 for motion in a plane.
        incidence: of the main axis, degrees from the vertical, as seen at the surface. It is not quite that of the ray.
        back_azimuth: degrees, if this is P, whose particles move up and away from the source, or down and towards it.
            None where that cannot be said.
        doubt: why there is no back-azimuth, a sentence; empty if there is one.
    """

    rectilinearity: float
    planarity: float
    incidence: float
    back_azimuth: float | None
    doubt: str = ""


def particle_motion(cuts: Sequence[Cut], axes: Sequence[Axis]) -> ParticleMotion:
    """Turn three components into north, east and up, on the samples of the first one.

    Args:
        cuts: of one instrument, about the same window.
        axes: their directions, which need not be at right angles.

    Raises:
        QuakeViewError: for gaps, constant samples, different rates or units, axes that lie in a plane, too few samples.
    """
    for each in cuts:
        each.check()
    first = cuts[0]
    for other in cuts[1:]:
        if not same_rate(first.sampling_rate, other.sampling_rate):
            raise QuakeViewError(f"{first.name} and {other.name} have different sampling rates.")
        if first.unit != other.unit:
            raise QuakeViewError(f"{first.name} is in {first.unit}, {other.name} in {other.unit}; show counts.")
    directions = np.array(axes)
    if abs(np.linalg.det(directions)) < _FLATTEST_AXES:
        raise QuakeViewError("The three components lie nearly in one plane, so that the motion is not known.")
    begin = max(each.start for each in cuts)
    end = min(each.start + each.times[-1] for each in cuts)
    times = first.start + first.times
    slack = EDGE / first.sampling_rate
    times = times[(times >= begin - slack) & (times <= end + slack)]
    if len(times) < FEWEST:
        raise QuakeViewError(f"The components have fewer than {FEWEST} samples in common; choose a longer window.")
    samples = np.array([np.interp(times - each.start, each.times, each.data) for each in cuts])
    north, east, up = np.linalg.solve(directions, samples)
    return ParticleMotion(float(times[0]), first.sampling_rate, north, east, up, first.unit)


def polarisation(motion: ParticleMotion) -> Polarisation:
    """Analyse the motion about its mean.

    Rectilinearity is 1 - (l2 + l3) / 2 l1 and planarity 1 - 2 l3 / (l1 + l2) with the eigenvalues l1 >= l2 >= l3 of the
    covariance (Jurkevics 1988); the first eigenvector, taken upwards, points away from the source of a P wave.

    Raises:
        QuakeViewError: if there are too few samples, or nothing moves.
    """
    if len(motion.up) < FEWEST:
        raise QuakeViewError(f"There are fewer than {FEWEST} samples after the onset; choose a longer window.")
    covariance = np.cov([motion.north, motion.east, motion.up])
    values, vectors = np.linalg.eigh(covariance)
    third, second, largest = np.maximum(values, 0.0)
    if not largest > 0:
        raise QuakeViewError("The ground does not move in this window.")
    north, east, up = vectors[:, 2] * (1.0 if vectors[2, 2] >= 0 else -1.0)
    rectilinearity = float(1 - (second + third) / (2 * largest))
    planarity = float(1 - 2 * third / (largest + second))
    incidence = float(np.degrees(np.arccos(min(up, 1.0))))
    doubt = _doubt(rectilinearity, incidence)
    back_azimuth = None if doubt else float(np.degrees(np.arctan2(-east, -north)) % 360)
    return Polarisation(rectilinearity, planarity, incidence, back_azimuth, doubt)


def _doubt(rectilinearity: float, incidence: float) -> str:
    """Why a direction would be a guess; empty if it would not."""
    if rectilinearity < LINEAR:
        return "No direction: the motion is not along a line."
    if incidence < STEEPEST:
        return "No direction: the motion is vertical."
    if incidence > FLATTEST:
        return "No direction: the motion is horizontal, and which of two opposite ways it came is open."
    return ""
