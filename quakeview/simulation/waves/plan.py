"""What will be computed, checked before it starts."""

import os
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.material import EarthModel, Material
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.medium import Medium, build_medium, sample
from quakeview.simulation.waves.points import check_inside
from quakeview.simulation.waves.relaxation import relaxation_spectrum
from quakeview.simulation.waves.state import state_bytes

COURANT = 6 / (7 * np.sqrt(3))
"""Largest stable Vp · step / spacing of the O(2,4) scheme in three dimensions (Levander 1988)."""
_SAFETY = 0.995
_FEWEST_POINTS = 5.0
"""Grid points per shortest S wavelength below which waves disperse visibly."""


@dataclass(frozen=True)
class Plan:
    """A simulation that can run.

    Attributes:
        frequency: highest that the grid carries, Hz.
        time_step: s; divides ``frame_step``.
        start: time of the first step after the origin time, s; a multiple of the step, 0 or negative.
        n_steps: of time.
        frame_stride: steps between frames; 0 if there are none.
        receivers: (n, 3), X, Y and depth, m.
    """

    grid: Grid
    medium: Medium = field(repr=False)
    frequency: float
    time_step: float
    start: float
    n_steps: int
    frame_stride: int
    receivers: NDArray[np.float64] = field(repr=False)

    @property
    def n_frames(self) -> int:
        """Frames from the origin time on."""
        return 1 + (self.n_steps - 1 - self.first_frame_step) // self.frame_stride if self.frame_stride else 0

    @property
    def first_frame_step(self) -> int:
        """The step that begins at the origin time."""
        return round(-self.start / self.time_step)

    @property
    def updates(self) -> int:
        """Nodes times steps."""
        return self.grid.points * self.n_steps


def plan_simulation(
    model: EarthModel,
    grid: Grid,
    frequency: float,
    duration: float,
    frame_step: float | None = None,
    attenuation: bool = True,
    receivers: ArrayLike = (),
    start: float = 0.0,
    time_step: float | None = None,
) -> Plan:
    """Check a simulation and choose its time step.

    Args:
        frequency: highest of the source, Hz.
        duration: from the origin time on, s.
        frame_step: between snapshots of the surface, s; none are taken if None.
        receivers: (n, 3), X, Y and depth, m.
        start: when the source begins, s after the origin time; 0 or negative.
        time_step: s; the longest stable one that divides ``frame_step`` if None.

    Raises:
        QuakeViewError: for grids that do not fit memory, steps that are unstable, waves too short for the grid or
            the frames, receivers outside, and models no solid has.
    """
    _check_memory(grid, attenuation)
    points = np.asarray(receivers, float).reshape(-1, 3)
    check_inside(points, grid)
    material = sample(model, grid)
    check_resolution(grid.spacing, float(material.vs.min()), frequency)
    step = _time_step(grid, _fastest(material, frequency, attenuation), frame_step, time_step)
    if frame_step:
        check_frame_step(frame_step, frequency)
    lead = int(np.ceil(max(-start, 0.0) / step - 1e-9))
    return Plan(
        grid=grid,
        medium=build_medium(material, grid, frequency, step, attenuation),
        frequency=frequency,
        time_step=step,
        start=-lead * step,
        n_steps=lead + round(duration / step) + 1,
        frame_stride=round(frame_step / step) if frame_step else 0,
        receivers=points,
    )


def longest_step(spacing: float, fastest: float) -> float:
    """The longest stable time step, s, for a spacing in m and the largest P velocity in m/s."""
    return float(_SAFETY * COURANT * spacing / fastest)


def _fastest(material: Material, frequency: float, attenuation: bool) -> float:
    """P velocity at infinite frequency, which an attenuating solid reaches, m/s."""
    if not attenuation:
        return float(material.vp.max())
    return float((material.vp * np.sqrt(relaxation_spectrum(frequency).unrelaxed(material.qp))).max())


def _time_step(grid: Grid, fastest: float, frame_step: float | None, wanted: float | None) -> float:
    longest = longest_step(grid.spacing, fastest)
    if wanted is None:
        return frame_step / np.ceil(frame_step / longest) if frame_step else longest
    if not 0 < wanted <= longest:
        raise QuakeViewError(
            f"A time step of {wanted:g} s is unstable where P waves run at {fastest:.0f} m/s; "
            f"choose at most {longest:.3g} s, or a spacing of at least {grid.spacing * wanted / longest:.0f} m."
        )
    if frame_step and abs(frame_step / wanted - round(frame_step / wanted)) > 1e-6:
        raise QuakeViewError(f"A time step of {wanted:g} s does not divide the {frame_step:g} s between frames.")
    return wanted


def check_resolution(spacing: float, slowest: float, frequency: float) -> None:
    """Refuse a spacing, m, that does not carry the shortest S waves: ``slowest`` m/s at ``frequency`` Hz.

    Raises:
        QuakeViewError: saying what would.
    """
    points = slowest / (frequency * spacing)
    if points < _FEWEST_POINTS:
        raise QuakeViewError(
            f"A spacing of {spacing:g} m gives only {points:.1f} points to the shortest S wave "
            f"(Vs {slowest:.0f} m/s at {frequency:g} Hz); choose at most "
            f"{slowest / (frequency * _FEWEST_POINTS):.0f} m, a lower frequency, or a higher minimum Vs."
        )


def check_frame_step(frame_step: float, frequency: float) -> None:
    """Refuse frames, s apart, between which waves up to ``frequency`` Hz are lost.

    Raises:
        QuakeViewError: saying what would do.
    """
    if frequency * 1.3 * frame_step > 0.5:
        raise QuakeViewError(
            f"A frame every {frame_step:g} s cannot hold waves of {frequency:g} Hz; store one every "
            f"{0.5 / (1.3 * frequency):.2g} s or less."
        )


def _check_memory(grid: Grid, attenuation: bool) -> None:
    needed = 1.5 * state_bytes(grid, attenuation)
    available = available_memory()
    if available is not None and needed > available:
        raise QuakeViewError(
            f"A grid of {grid.points / 1e6:.0f} million nodes needs {needed / 1e9:.1f} GB and {available / 1e9:.1f} GB "
            "of memory are free; choose a coarser preset or a larger spacing."
        )


def available_memory() -> float | None:
    """Free memory in bytes where the system tells it."""
    try:
        with open("/proc/meminfo") as lines:
            known = dict(line.split(":", 1) for line in lines)
        return float(known["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError):
        pass
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return None
