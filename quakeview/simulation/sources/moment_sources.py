"""Point sources of seismic moment, the only kind of source the wave equation sees."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import Region

Floats = NDArray[np.float64]

BAND_EDGE = 0.1
"""What is left of the moment-rate amplitude at the frequency a source is band-limited to."""
_LONGEST_TAIL = 20
"""Time constants after which the low-pass has ended."""


@dataclass(frozen=True)
class MomentSources:
    """n points that each release a moment tensor in time.

    Attributes:
        positions: (n, 3), X, Y and depth, m.
        moments: (n, 6), Mxx, Myy, Mzz, Mxy, Mxz, Myz in the axes X, Y, down, N·m.
        rates: (n, samples), moment rate of each per unit moment, 1/s; each row integrates to 1.
        step: s between samples.
        start: time of the first sample after the origin time, s.
    """

    positions: Floats
    moments: Floats
    rates: Floats
    step: float
    start: float = 0.0

    @property
    def end(self) -> float:
        """Time of the last sample, s."""
        return self.start + (self.rates.shape[1] - 1) * self.step

    def band_limited(self, frequency: float) -> "MomentSources":
        """The same sources without what a grid cannot carry.

        Every rate goes through a critically damped low-pass of four poles, t³ exp(−t/τ), that leaves a tenth of the
        amplitude at ``frequency`` (Hz) and 1 % at twice that. It is causal, like a filter in a station: nothing moves
        before the rupture begins, and no part of the rate is negative; peaks come about 0.7 / ``frequency`` s later.
        """
        tau = low_pass_time_constant(frequency)
        time = np.arange(0, _LONGEST_TAIL * tau, self.step)
        pulse = time**3 * np.exp(-time / tau)
        pulse /= pulse.sum()
        n = self.rates.shape[1] + pulse.size - 1
        spectrum = np.fft.rfft(self.rates, n) * np.fft.rfft(pulse, n)
        return MomentSources(self.positions, self.moments, np.fft.irfft(spectrum, n), self.step, self.start)


def low_pass_time_constant(frequency: float) -> float:
    """τ, s, of four poles that together leave ``BAND_EDGE`` of the amplitude at ``frequency``, Hz."""
    return float(np.sqrt(BAND_EDGE**-0.5 - 1) / (2 * np.pi * frequency))


class Placed(Protocol):
    """What has ``positions``: (n, 3), X, Y and depth, m. Point sources and ruptures have."""

    @property
    def positions(self) -> Floats: ...


def check_inside(sources: Placed, region: Region) -> None:
    """Refuse sources at which there is no ground to shake.

    Raises:
        QuakeViewError: for a point outside the region, below it or above the surface.
    """
    x, y, depth = sources.positions.T
    outside = ~(region.contains(x, y) & (depth >= 0) & (depth <= region.depth))
    if outside.any():
        x, y, depth = sources.positions[outside][0] / 1000
        raise QuakeViewError(
            f"A source at X = {x:.1f} km, Y = {y:.1f} km, depth {depth:.1f} km is outside {region.name}; keep X within "
            f"0-{region.length / 1000:g} km, Y within 0-{region.width / 1000:g} km and the depth within "
            f"0-{region.depth / 1000:g} km."
        )
