"""Several wavefields in one medium: as one by one, as many as fit, and what is said and stopped on the way."""

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.earth.layered import Layer, LayeredEarth
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.waves import engine
from quakeview.simulation.waves.engine import RowEngine, make_engine
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.injection import half_steps, inject
from quakeview.simulation.waves.medium import Medium
from quakeview.simulation.waves.plan import Plan, plan_simulation
from quakeview.simulation.waves.points import STRESS_SHIFTS, locate
from quakeview.simulation.waves.solver import simulate, simulate_many
from tests.simulation.waves.together import Together

EARTH = LayeredEarth((Layer(900.0, 4000, 2000, 2600, 60, 30), Layer(np.inf, 6000, 3464, 2700, 200, 100)))
GRID = Grid(500.0, (16, 22, 24), layer=5)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_simulation(EARTH, GRID, 0.8, 2.0, 0.25, receivers=[[4000.0, 3000.0, 0.0], [2000.0, 2000.0, 700.0]])


def earthquakes(n: int = 3) -> list[MomentSources]:
    """Each of another number of points, mechanism and duration."""
    rng = np.random.default_rng(0)
    low, high = (1000.0, 1000.0, 800.0), (5500.0, 5000.0, 3500.0)
    return [
        MomentSources(
            positions=rng.uniform(low, high, (1 + points, 3)),
            moments=1e16 * rng.normal(size=(1 + points, 6)),
            rates=np.tile(np.hanning(30 + 20 * points) / (0.02 * (29 + 20 * points) / 2), (1 + points, 1)),
            step=0.02,
        )
        for points in range(n)
    ]


class Heard(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.shares: list[float] = []
        self.lines: list[str] = []

    def on_advance(self, done: float, total: float, message: str) -> None:
        self.shares.append(done / total)

    def on_log(self, text: str) -> None:
        self.lines.append(text)


def card_for(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """A card whose memory holds ``room`` wavefields."""

    def card(medium: Medium, grid: Grid, _: str, batch: int) -> Together:
        if batch > room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return Together(medium, grid, batch)

    monkeypatch.setattr(engine, "pick_device", torch.device)
    monkeypatch.setattr(engine, "find_spec", lambda _: True)
    monkeypatch.setitem(sys.modules, "quakeview.simulation.waves.cuda", SimpleNamespace(CudaEngine=card))  # type: ignore[arg-type]


def together(plan: Plan, device: str, progress: Progress) -> tuple[list[np.ndarray], dict[tuple[int, int], np.ndarray]]:
    frames: dict[tuple[int, int], np.ndarray] = {}

    def keep(member: int, index: int, frame: np.ndarray) -> None:
        assert (member, index) not in frames
        frames[member, index] = frame

    traces = simulate_many(plan, earthquakes(), keep, device, progress)
    return [each.velocity for each in traces], frames


@pytest.mark.parametrize(("device", "room"), [("cpu", 0), ("cuda", 8), ("cuda", 1), ("cuda", 0)])
def test_many_are_as_one_by_one(plan: Plan, device: str, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    card_for(monkeypatch, room)
    progress = Heard()
    velocities, frames = together(plan, device, progress)
    assert sorted(frames) == [(member, index) for member in range(3) for index in range(plan.n_frames)]
    for member, sources in enumerate(earthquakes()):
        alone: list[np.ndarray] = []
        traces = simulate(plan, sources, lambda _, frame, alone=alone: alone.append(frame))
        assert np.abs(traces.velocity).max() > 0
        np.testing.assert_array_equal(velocities[member], traces.velocity)
        np.testing.assert_array_equal([frames[member, index] for index in range(plan.n_frames)], alone)


@pytest.mark.parametrize(
    ("wanted", "room", "batch", "said"),
    [(8, 8, 8, []), (8, 3, 2, ["4 at a time", "2 at a time"]), (3, 0, 1, ["1 at a time", "the processor"])],
)
def test_what_does_not_fit_a_card_is_halved_and_said(
    plan: Plan, wanted: int, room: int, batch: int, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card_for(monkeypatch, room)
    progress = Heard()
    made = make_engine(plan.medium, plan.grid, "cuda", wanted, progress)
    assert made.batch == batch
    assert isinstance(made, RowEngine if room == 0 else Together)
    for line, part in zip(progress.lines, said, strict=True):
        assert part in line
    made.close()


@pytest.mark.parametrize("room", [0, 1, 2, 3])
def test_progress_rises_to_its_end(plan: Plan, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    card_for(monkeypatch, room)
    progress = Heard()
    together(plan, "cuda", progress)
    assert progress.shares == sorted(progress.shares)
    assert progress.shares[-1] == 1
    assert len(progress.shares) > plan.n_steps


def test_cancel_stops_a_batch(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    card_for(monkeypatch, 3)
    progress = Progress()
    seen: list[tuple[int, int]] = []

    def stop(member: int, index: int, _: np.ndarray) -> None:
        seen.append((member, index))
        if index == 1:
            progress.cancel()

    with pytest.raises(Cancelled):
        simulate_many(plan, earthquakes(), stop, "cuda", progress)
    assert seen == [(member, index) for index in range(2) for member in range(3)]


def test_an_injection_takes_the_moment_rate_from_the_nodes_around(plan: Plan) -> None:
    sources = earthquakes()[2]
    injection = inject(sources, plan)
    size = np.prod([n + 4 for n in GRID.shape])
    step = 20
    rate = np.array([np.interp(half_steps(plan)[step], np.arange(each.size) * 0.02, each) for each in sources.rates])
    for component, shift in enumerate(STRESS_SHIFTS):
        expected, found = np.zeros((2, size))
        points = locate(sources.positions, GRID, shift)
        expected[points.nodes] = (
            -plan.time_step / GRID.spacing**3 * (points.weights @ (sources.moments[:, component] * rate))
        )
        found[injection.nodes[component]] = injection.weights[component] @ injection.rates[step]
        assert np.abs(expected).max() > 0
        np.testing.assert_allclose(found, expected, atol=1e-12 * np.abs(expected).max())


def test_stresses_without_moment_get_nothing(plan: Plan) -> None:
    sources = earthquakes()[0]
    only: Any = MomentSources(sources.positions, sources.moments * [0, 0, 0, 1, 0, 0], sources.rates, sources.step)
    assert [nodes.size > 0 for nodes in inject(only, plan).nodes] == [False, False, False, True, False, False]
