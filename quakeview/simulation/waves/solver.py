"""Run a planned simulation from the first step to the last."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.waves.engine import Engine, make_engine
from quakeview.simulation.waves.plan import Plan
from quakeview.simulation.waves.points import STRESS_SHIFTS, VELOCITY_SHIFTS, locate
from quakeview.simulation.waves.surface import at_nodes

Array = NDArray[np.float32]
_REPORT_EVERY = 0.2
"""Seconds between two reports of progress."""


@dataclass(frozen=True)
class Traces:
    """What the receivers recorded.

    Attributes:
        times: (nt,), s after the origin time.
        velocity: (receivers, 3, nt) along X, Y and up, m/s.
    """

    times: NDArray[np.float64]
    velocity: Array


def simulate(
    plan: Plan,
    sources: MomentSources,
    on_frame: Callable[[int, Array], None] | None = None,
    device: str = "cpu",
    progress: Progress = Progress(),
) -> Traces:
    """Solve the wave equation.

    Args:
        sources: band-limited to ``plan.frequency`` (see ``MomentSources.band_limited``).
        on_frame: called as (index, velocity (3, nx, ny) along X, Y and up in m/s) with the surface at
            index x ``frame_step`` seconds after the origin time, at the nodes inside the absorbing layers.
        device: "auto", "cpu", "cuda" or "mps".

    Raises:
        QuakeViewError: for sources outside the region, or that begin before the plan does.
        Cancelled: if ``progress`` is cancelled.
    """
    if sources.start < plan.start - plan.time_step:
        raise QuakeViewError(
            f"The source begins {-sources.start:.2f} s before the origin time; start the simulation no later."
        )
    injection = _Injection(plan, sources)
    recording = _Recording(plan)
    snapshots = _Snapshots(plan, on_frame)
    progress.advance(0, plan.n_steps, "preparing")
    engine = make_engine(plan.medium, plan.grid, device)
    reported = 0.0
    try:
        for step in range(plan.n_steps):
            engine.advance_velocity()
            recording.take(step, engine)
            snapshots.take(step, engine)
            engine.advance_stress()
            injection.add(step, engine)
            if time.monotonic() - reported > _REPORT_EVERY:
                reported = time.monotonic()
                progress.advance(step, plan.n_steps, f"{plan.start + step * plan.time_step:.1f} s")
        progress.advance(plan.n_steps, plan.n_steps)
    finally:
        engine.close()
    return Traces(_half_steps(plan), recording.velocity)


def _half_steps(plan: Plan) -> NDArray[np.float64]:
    """When velocity is known, s after the origin time."""
    return plan.start + plan.time_step * np.arange(0.5, plan.n_steps, dtype=np.float64)


class _Injection:
    """Moment rate taken from the stress, spread over the nodes around each source (Graves 1996, eq. 13)."""

    def __init__(self, plan: Plan, sources: MomentSources) -> None:
        half_steps = _half_steps(plan)
        known = sources.start + np.arange(sources.rates.shape[1]) * sources.step
        self._rates = np.stack([np.interp(half_steps, known, rate, 0, 0) for rate in sources.rates], axis=1)
        self._active: NDArray[np.bool_] = (self._rates != 0).any(axis=1)
        scale = -plan.time_step / plan.grid.spacing**3
        self._fields = [
            (component, locate(sources.positions, plan.grid, shift), scale * sources.moments[:, component])
            for component, shift in enumerate(STRESS_SHIFTS)
            if sources.moments[:, component].any()
        ]

    def add(self, step: int, engine: Engine) -> None:
        if self._active[step]:
            for component, points, moments in self._fields:
                engine.add_stress(component, points.nodes, points.weights @ (moments * self._rates[step]))


class _Recording:
    def __init__(self, plan: Plan) -> None:
        self.velocity = np.zeros((len(plan.receivers), 3, plan.n_steps), np.float32)
        self._points = [
            locate(plan.receivers, plan.grid, shift, images=int(component == 2))
            for component, shift in enumerate(VELOCITY_SHIFTS)
            if len(plan.receivers)
        ]

    def take(self, step: int, engine: Engine) -> None:
        for component, points in enumerate(self._points):
            values = points.weights.T @ engine.velocity_at(component, points.nodes)
            self.velocity[:, component, step] = -values if component == 2 else values


class _Snapshots:
    """The surface at whole steps: the mean of the half-steps before and after."""

    def __init__(self, plan: Plan, on_frame: Callable[[int, Array], None] | None) -> None:
        self._plan = plan
        self._on_frame = on_frame if plan.frame_stride else None
        self._before: Array | None = None

    def take(self, step: int, engine: Engine) -> None:
        if self._on_frame is None:
            return
        since = step - self._plan.first_frame_step
        if since >= 0 and since % self._plan.frame_stride == 0:
            now = at_nodes(engine.surface(), self._plan.grid)
            frame = now if self._before is None else np.float32(0.5) * (self._before + now)
            if not np.isfinite(frame).all():
                raise QuakeViewError(
                    "The simulation became unstable; choose a shorter time step or a higher minimum Vs."
                )
            self._on_frame(since // self._plan.frame_stride, frame)
        elif since >= -1 and (since + 1) % self._plan.frame_stride == 0:
            self._before = at_nodes(engine.surface(), self._plan.grid)
