"""The Triton kernels against plain torch: on a card where there is one, else in Triton's interpreter."""

import importlib
import sys
from types import ModuleType

import numpy as np
import pytest
import torch

from quakeview.simulation.earth.layered import Layer, LayeredEarth
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.waves import solver
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.medium import build_medium, sample
from quakeview.simulation.waves.oracle import TorchEngine
from quakeview.simulation.waves.plan import plan_simulation
from quakeview.simulation.waves.solver import simulate_many

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
EARTH = LayeredEarth((Layer(900.0, 4000, 2000, 2600, 60, 30), Layer(np.inf, 6000, 3464, 2700, 200, 100)))


@pytest.fixture(scope="module")
def cuda() -> ModuleType:
    pytest.importorskip("triton", reason="Triton is not installed")
    if DEVICE == "cuda":
        return importlib.import_module("quakeview.simulation.waves.cuda")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRITON_INTERPRET", "1")
        patch.delitem(sys.modules, "quakeview.simulation.waves.cuda", raising=False)
        return importlib.import_module("quakeview.simulation.waves.cuda")


@pytest.mark.parametrize(("layer", "attenuation"), [(0, False), (3, True)])
def test_a_batch_agrees_with_plain_torch(cuda: ModuleType, layer: int, attenuation: bool) -> None:
    grid = Grid(400.0, (9, 11, 14), layer)
    medium = build_medium(sample(EARTH, grid), grid, 0.8, 0.02, attenuation)
    batched = cuda.CudaEngine(medium, grid, DEVICE, batch=2)
    singles = [TorchEngine(medium, grid, DEVICE) for _ in range(2)]
    stresses = torch.from_numpy(np.random.default_rng(0).normal(size=batched.stress.shape)).float()
    batched.stress.copy_(stresses)
    for member, single in enumerate(singles):
        single.stress.copy_(stresses[:, member])
    for _ in range(3):
        for engine in (batched, *singles):
            engine.advance_velocity()
            engine.advance_stress()
    for member, single in enumerate(singles):
        for found, wanted in ((batched.velocity, single.velocity), (batched.stress, single.stress)):
            for component, values in enumerate(wanted):
                assert values.abs().max() > 0
                assert (found[component, member] - values).abs().max() < 1e-5 * values.abs().max()


def test_a_batch_of_earthquakes_agrees_with_one_by_one(cuda: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources, receivers and frames of every wavefield, through the solver."""
    grid = Grid(500.0, (10, 14, 15), layer=3)
    plan = plan_simulation(EARTH, grid, 0.8, 0.25, 0.25, receivers=[[2000.0, 1500.0, 0.0], [1000.0, 1200.0, 700.0]])
    rng = np.random.default_rng(0)
    low, high = (1000.0, 1000.0, 600.0), (3500.0, 3000.0, 2500.0)
    earthquakes = [
        MomentSources(rng.uniform(low, high, (n, 3)), 1e16 * rng.normal(size=(n, 6)), rng.uniform(size=(n, 20)), 0.02)
        for n in (1, 4)
    ]
    results = []
    for make in (
        lambda medium, grid, _, batch, __: cuda.CudaEngine(medium, grid, DEVICE, batch),
        lambda medium, grid, *_: TorchEngine(medium, grid, DEVICE),
    ):
        monkeypatch.setattr(solver, "make_engine", make)
        frames = np.zeros((2, plan.n_frames, 3, 9, 8))

        def keep(member: int, index: int, frame: np.ndarray, frames: np.ndarray = frames) -> None:
            frames[member, index] = frame

        traces = simulate_many(plan, earthquakes, keep)
        results.append((np.array([each.velocity for each in traces]), frames))
    for batched, alone in zip(*results, strict=True):
        for member in range(2):
            assert np.abs(alone[member]).max() > 0
            assert np.abs(batched[member] - alone[member]).max() < 1e-5 * np.abs(alone[member]).max()
