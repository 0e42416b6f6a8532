"""Run planned simulations from the first step to the last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.waves.engine import Engine, make_engine
from quakeview.simulation.waves.injection import Injection, half_steps, inject
from quakeview.simulation.waves.plan import Plan
from quakeview.simulation.waves.points import VELOCITY_SHIFTS, locate
from quakeview.simulation.waves.surface import at_nodes

Array = NDArray[np.float32]


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
    """Solve the wave equation for one earthquake: ``simulate_many`` without its ``member``."""

    def of_one(_: int, index: int, frame: Array) -> None:
        if on_frame is not None:
            on_frame(index, frame)

    (traces,) = simulate_many(plan, [sources], on_frame and of_one, device, progress)
    return traces


def simulate_many(
    plan: Plan,
    sources: Sequence[MomentSources],
    on_frame: Callable[[int, int, Array], None] | None = None,
    device: str = "cpu",
    progress: Progress = Progress(),
) -> list[Traces]:
    """Solve the wave equation for several earthquakes in one medium.

    On a CUDA card as many as fit its memory advance together (see ``make_engine``), elsewhere one after another.

    Args:
        sources: of each; band-limited to ``plan.frequency`` (see ``MomentSources.band_limited``).
        on_frame: called as (member, index, velocity (3, nx, ny) along X, Y and up in m/s) with the surface that
            ``sources[member]`` moves, at index x ``frame_step`` seconds after the origin time, at the nodes inside the
            absorbing layers. Of each member in order of index; members of a batch take turns.
        device: "auto", "cpu", "cuda" or "mps".

    Returns:
        What the receivers recorded of each.

    Raises:
        QuakeViewError: for sources outside the region, or that begin before the plan does.
        Cancelled: if ``progress`` is cancelled.
    """
    progress.advance(0, 1, "preparing")
    injections = [inject(each, plan) for each in sources]
    traces: list[Traces] = []
    batch = len(sources)
    while len(traces) < len(sources):
        first = len(traces)
        engine = make_engine(plan.medium, plan.grid, device, min(batch, len(sources) - first), progress)
        batch = engine.batch
        try:
            snapshots = _Snapshots(plan, on_frame, first)
            part = progress.part(first, first + batch, len(sources))
            traces += _advance(plan, injections[first : first + batch], engine, snapshots, part)
        finally:
            engine.close()
    progress.advance(1, 1)
    return traces


def _advance(
    plan: Plan, injections: Sequence[Injection], engine: Engine, snapshots: "_Snapshots", progress: Progress
) -> list[Traces]:
    """From the first step to the last."""
    active: NDArray[np.bool_] = np.any([(each.rates != 0).any(axis=1) for each in injections], axis=0)
    recording = _Recording(plan, engine.batch)
    engine.stage(injections)
    for step in range(plan.n_steps):
        engine.advance_velocity()
        recording.take(step, engine)
        snapshots.take(step, engine)
        engine.advance_stress()
        if active[step]:
            engine.add_sources(step)
        progress.advance(step, plan.n_steps, f"{plan.start + step * plan.time_step:.1f} s")
    return [Traces(half_steps(plan), velocity) for velocity in recording.velocity]


class _Recording:
    def __init__(self, plan: Plan, batch: int) -> None:
        self.velocity = np.zeros((batch, len(plan.receivers), 3, plan.n_steps), np.float32)
        self._points = [
            locate(plan.receivers, plan.grid, shift, images=int(component == 2))
            for component, shift in enumerate(VELOCITY_SHIFTS)
            if len(plan.receivers)
        ]

    def take(self, step: int, engine: Engine) -> None:
        for component, points in enumerate(self._points):
            values = (points.weights.T @ engine.velocity_at(component, points.nodes).T).T
            self.velocity[:, :, component, step] = -values if component == 2 else values


class _Snapshots:
    """The surface at whole steps: the mean of the half-steps before and after."""

    def __init__(self, plan: Plan, on_frame: Callable[[int, int, Array], None] | None, first: int) -> None:
        self._plan = plan
        self._on_frame = on_frame if plan.frame_stride else None
        self._first = first
        self._before: Array | None = None

    def take(self, step: int, engine: Engine) -> None:
        if self._on_frame is None:
            return
        since = step - self._plan.first_frame_step
        if since >= 0 and since % self._plan.frame_stride == 0:
            now = engine.surface()
            mean = now if self._before is None else np.float32(0.5) * (self._before + now)
            for member, surface in enumerate(mean, self._first):
                frame = at_nodes(surface, self._plan.grid)
                if not np.isfinite(frame).all():
                    raise QuakeViewError(
                        "The simulation became unstable; choose a shorter time step or a higher minimum Vs."
                    )
                self._on_frame(member, since // self._plan.frame_stride, frame)
        elif since >= -1 and (since + 1) % self._plan.frame_stride == 0:
            self._before = engine.surface()
