"""Kinematic ruptures: how much slips where and when, drawn after Graves & Pitarka (2010, 2016).

Slip is a von Karman field; the rise time, the onset and the rake vary with it. The coefficients are those of the two
papers and of the genslip code that goes with them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.layered import gil7
from quakeview.simulation.earth.material import EarthModel
from quakeview.simulation.random_field import standardised, von_karman
from quakeview.simulation.region import HAYWARD, Region
from quakeview.simulation.sources.fast_marching import arrival_times
from quakeview.simulation.sources.fault import Fault
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.simulation.sources.hayward_fault import HAYWARD_FAULT
from quakeview.simulation.sources.moment_sources import MomentSources, check_inside
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.simulation.sources.scaling import fault_dimensions, seismic_moment
from quakeview.simulation.sources.time_functions import liu_slip, sampled

Floats = NDArray[np.float64]

HURST = 0.75
SLIP_DEVIATION = 0.85
"""Of slip before it is cut at zero, per mean slip."""
TAPER = 0.15
"""Part of the fault over which slip fades towards each edge that is not at the surface."""
RISE_TIME_CORRELATION, ONSET_CORRELATION = 0.8, 0.8
"""Of the fields behind rise time and onset with that behind slip."""
RAKE_DEVIATION = 15.0
RUPTURE_SPEED = 0.8
"""Per S-wave speed, before the factor below."""
DEPTHS = (5e3, 8e3, 15e3, 20e3)
"""m; between the first two and the last two the factors below change linearly."""
SPEED_FACTORS = (0.6, 1.0, 1.0, 0.6)
RISE_TIME_FACTORS = (2.0, 1.0, 1.0, 2.0)


@dataclass(frozen=True)
class Rupture:
    """Slip on a plane of equal cells. Arrays are (n_dip, n_strike), from the top and from where the strike begins.

    Attributes:
        slip: m.   rise_time: s.   onset: s after the origin time.   rake: degrees.   rigidity: Pa.
        hypocentre: (3,), X, Y and depth, m.
        magnitude: moment magnitude.
        seed: that it was drawn with; None if it was not drawn here.
    """

    plane: FaultPlane
    slip: Floats
    rise_time: Floats
    onset: Floats
    rake: Floats
    rigidity: Floats
    hypocentre: Floats
    magnitude: float
    seed: int | None = None

    @property
    def area(self) -> float:
        """Of one cell, m²."""
        return self.plane.length * self.plane.width / self.slip.size

    @property
    def moment(self) -> float:
        """Scalar moment, N·m, of all cells."""
        return float((self.rigidity * self.slip).sum()) * self.area

    @property
    def duration(self) -> float:
        """Seconds from the origin time until all slip has ended."""
        return float((self.onset + self.rise_time)[self.slip > 0].max())

    @property
    def positions(self) -> Floats:
        """(n_dip · n_strike, 3): centres of the cells, X, Y and depth, m."""
        return self.plane.centres(*self.slip.shape).reshape(-1, 3)

    def sources(self, step: float = 0.05) -> MomentSources:
        """One point source for each cell that slips, with Liu pulses sampled every ``step`` seconds."""
        slips = self.slip.ravel() > 0
        moment = (self.rigidity * self.slip * self.area).ravel()[slips]
        onset, rise_time = (field.ravel()[slips, None] for field in (self.onset, self.rise_time))
        time = step * np.arange(np.ceil(self.duration / step) + 2)
        rates = sampled(lambda t: liu_slip(t - onset, rise_time), time, step)
        rake = self.rake.ravel()[slips]
        moments = double_couple(self.plane.strike, self.plane.dip, rake, moment, self.plane.x_azimuth)
        return MomentSources(self.positions[slips], moments, rates, step)


def make_rupture(
    magnitude: float,
    hypocentre: ArrayLike | None = None,
    seed: int = 0,
    region: Region = HAYWARD,
    model: EarthModel | None = None,
    subfault: float | None = None,
    fault: Fault = HAYWARD_FAULT,
) -> Rupture:
    """A rupture on a fault.

    Args:
        hypocentre: X, Y and depth on the fault, m; None draws it.
        seed: the same seed and arguments give the same rupture.
        region: in whose axes the fault lies.
        model: gives rigidity and S-wave speed; None takes GIL7.
        subfault: side of a cell, m; None takes 500, or less for small ruptures so that 16 fit in the width.
        fault: in the axes of the region.

    Raises:
        QuakeViewError: for a magnitude that does not fit the fault, a hypocentre that is not on it, or a negative seed.
    """
    if seed < 0:
        raise QuakeViewError(f"A seed of {seed} is not possible; choose 0 or more.")
    random = np.random.default_rng(seed)
    length, width = fault_dimensions(magnitude)
    plane, centre = fault.place(length, width, hypocentre, random, region)
    size = min(500.0, plane.width / 16) if subfault is None else subfault
    if not 0 < size <= plane.width / 4:
        raise QuakeViewError(
            f"Subfaults of {size:g} m do not divide a rupture {plane.width:.0f} m wide; "
            f"choose less than {plane.width / 4:.0f} m."
        )
    shape = (round(plane.width / size), round(plane.length / size))
    x, y, depth = np.moveaxis(plane.centres(*shape), -1, 0)
    material = (model or gil7()).at(x, y, depth)
    speed = np.asarray(material.vs, float)
    rigidity = material.density * speed**2

    moment = float(seismic_moment(magnitude))
    base, rise_field, onset_field, rake_field = _fields(plane, shape, magnitude, random)
    slip = _slip(base, plane)
    slip *= moment / ((rigidity * slip).sum() * plane.length * plane.width / slip.size)
    rupture = Rupture(
        plane=plane,
        slip=slip,
        rise_time=_rise_time(rise_field, depth, moment),
        onset=_onset(onset_field, plane, plane.project(centre), speed * _profile(depth, SPEED_FACTORS), moment),
        rake=fault.rake + RAKE_DEVIATION * rake_field,
        rigidity=rigidity,
        hypocentre=centre,
        magnitude=magnitude,
        seed=seed,
    )
    check_inside(rupture, region)
    return rupture


def _fields(plane: FaultPlane, shape: tuple[int, int], magnitude: float, random: np.random.Generator) -> list[Floats]:
    """Normal fields behind slip, rise time, onset and rake, with the correlation lengths of Mai & Beroza (2002)."""
    lengths = (1e3 * 10 ** (magnitude / 3 - 1.5), 1e3 * 10 ** (magnitude / 2 - 2.5))
    spacing = (plane.width / shape[0], plane.length / shape[1])
    wide = (2 * shape[0], 2 * shape[1])  # what wraps around is cut off
    base, *others = (
        standardised(von_karman(wide, spacing, lengths, HURST, random)[: shape[0], : shape[1]]) for _ in range(4)
    )
    correlations = (RISE_TIME_CORRELATION, ONSET_CORRELATION, 0.0)
    return [base] + [
        standardised(rho * base + np.sqrt(1 - rho**2) * other) for rho, other in zip(correlations, others, strict=True)
    ]


def _slip(field: Floats, plane: FaultPlane) -> Floats:
    """Slip of any scale: never negative, fading towards the edges that are not at the surface."""
    down = _cosine_taper(field.shape[0], TAPER if plane.top_depth > 0 else 0.0, TAPER)
    along = _cosine_taper(field.shape[1], TAPER, TAPER)
    return np.maximum(1 + SLIP_DEVIATION * field, 0) * down[:, None] * along


def _cosine_taper(n: int, first: float, last: float) -> Floats:
    """n weights that rise from 0 to 1 over the ``first`` part of the length and fall over the ``last`` (parts of 1)."""
    position = (np.arange(n) + 0.5) / n
    weight = np.ones(n)
    for edge, part in ((position, first), (1 - position, last)):
        if part > 0:
            weight *= 0.5 - 0.5 * np.cos(np.pi * np.minimum(edge / part, 1))
    return weight


def _rise_time(field: Floats, depth: Floats, moment: float) -> Floats:
    """Proportional to the root of a slip-like field, on average 1.6e-9 M0^(1/3) (dyn·cm; Graves & Pitarka 2010, eq. 8).

    The root is kept above 0.2 so that no pulse is without duration.
    """
    rise_time = np.sqrt(np.maximum(1 + SLIP_DEVIATION * field, 0.04)) * _profile(depth, RISE_TIME_FACTORS)
    return rise_time * (1.6e-9 * (moment * 1e7) ** (1 / 3) / rise_time.mean())


def _onset(field: Floats, plane: FaultPlane, start: tuple[float, float], speed: Floats, moment: float) -> Floats:
    """Arrival of the rupture front; what slips much breaks early (Graves & Pitarka 2016, eq. A2).

    Args:
        start: of the rupture, m along the strike and down the dip.
        speed: S-wave speed times the factor of the depth, m/s.
    """
    spacing = (plane.width / field.shape[0], plane.length / field.shape[1])
    offset = (start[1] - spacing[0] / 2, start[0] - spacing[1] / 2)
    arrival = arrival_times(RUPTURE_SPEED * speed, spacing, offset)
    scale = 1.1e-9 * (moment * 1e7) ** (1 / 3)
    most = (1 - RUPTURE_SPEED) * arrival  # so that the front never overtakes the S waves it sends
    onset = arrival - np.clip(scale * field, -most, most)
    return onset - onset.min()


def _profile(depth: Floats, factors: tuple[float, ...]) -> Floats:
    return np.interp(depth, DEPTHS, factors)
