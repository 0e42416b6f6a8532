"""The Triton kernels against plain torch: on a card where there is one, else in Triton's interpreter."""

import importlib
import sys
from types import ModuleType

import numpy as np
import pytest
import torch

from quakeview.simulation.earth.layered import Layer, LayeredEarth
from quakeview.simulation.grid import Grid
from quakeview.simulation.waves.medium import build_medium, sample
from quakeview.simulation.waves.oracle import TorchEngine

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
    rng = np.random.default_rng(0)
    padded = np.prod([n + 4 for n in grid.shape])
    nodes = rng.choice(padded, 400, replace=False)
    for component in range(6):
        for member, single in enumerate(singles):
            amounts = rng.normal(size=nodes.size)
            batched.add_stress(component, nodes, amounts, member)
            single.add_stress(component, nodes, amounts)
    for _ in range(3):
        for engine in (batched, *singles):
            engine.advance_velocity()
            engine.advance_stress()
    everywhere = np.arange(padded)
    for member, single in enumerate(singles):
        for component in range(3):
            expected = single.velocity_at(component, everywhere)
            assert np.abs(expected).max() > 0
            found = batched.velocity_at(component, everywhere, member)
            assert np.abs(found - expected).max() < 1e-5 * np.abs(expected).max()
        for component in range(6):
            wanted = single.stress[component]
            assert (batched.stress[component, member] - wanted).abs().max() < 1e-5 * wanted.abs().max()
        np.testing.assert_allclose(batched.surface(member), single.surface(), atol=1e-5 * np.abs(expected).max())
