"""What advances a wavefield: compiled rows on the processor, Triton on a CUDA card, plain torch elsewhere."""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.devices import pick_device
from quakeview.simulation.grid import Grid
from quakeview.simulation.waves import kernels, layer_kernels
from quakeview.simulation.waves.medium import Medium
from quakeview.simulation.waves.state import at_rest

Array = NDArray[np.float32]


class Engine(Protocol):
    """A wavefield that can be advanced. Fields are numbered vx, vy, vz and sxx, syy, szz, sxy, sxz, syz."""

    def advance_velocity(self) -> None: ...

    def advance_stress(self) -> None: ...

    def add_stress(self, component: int, nodes: NDArray[np.intp], amounts: NDArray[np.float64]) -> None:
        """Add to one stress at positions in the flattened array with ghost nodes."""
        ...

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        """One velocity at positions in the flattened array with ghost nodes."""
        ...

    def surface(self) -> Array:
        """vx, vy, vz (down) in the plane of the free surface, (3, ny, nx) with ghost nodes, each at its own place."""
        ...

    def close(self) -> None: ...


def make_engine(medium: Medium, grid: Grid, device: str) -> Engine:
    """The engine for ``device``: "cpu", "cuda", "mps", or "auto" (CUDA if there is a card, else the processor)."""
    if device == "cpu":
        return RowEngine(medium, grid)
    chosen = pick_device(device).type
    if device == "auto" and chosen != "cuda":
        return RowEngine(medium, grid)
    if chosen == "cuda" and find_spec("triton"):
        from quakeview.simulation.waves.cuda import CudaEngine

        return CudaEngine(medium, grid)
    from quakeview.simulation.waves.oracle import TorchEngine

    return TorchEngine(medium, grid, chosen)


def processor_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class RowEngine:
    """Compiled kernels on a few threads, each with some planes of the grid."""

    def __init__(self, medium: Medium, grid: Grid, threads: int | None = None) -> None:
        self.state = at_rest(grid, medium.attenuating)
        self._medium = medium
        self._threads = threads or processor_cores()
        self._pool = ThreadPoolExecutor(self._threads)
        edges = np.linspace(0, grid.shape[0], min(2 * self._threads, grid.shape[0]) + 1 if self._threads > 1 else 2)
        self._slabs = [(int(first), int(last)) for first, last in itertools.pairwise(edges)]

    def advance_velocity(self) -> None:
        state, medium = self.state, self._medium
        self._everywhere(
            layer_kernels.velocity,
            state.velocity,
            state.stress,
            medium.buoyancy,
            state.velocity_memory,
            medium.absorb_decay,
            medium.absorb_gain,
        )
        kernels.image_velocity(state.velocity)

    def advance_stress(self) -> None:
        state, medium = self.state, self._medium
        self._everywhere(
            layer_kernels.stress,
            state.velocity,
            state.stress,
            medium.moduli,
            state.stress_memory,
            medium.absorb_decay,
            medium.absorb_gain,
            state.relaxing,
            medium.inverse_q,
            medium.relax_decay,
            medium.relax_gain,
        )
        kernels.image_stress(state.stress)

    def add_stress(self, component: int, nodes: NDArray[np.intp], amounts: NDArray[np.float64]) -> None:
        self.state.stress[component].reshape(-1)[nodes] += amounts

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        return self.state.velocity[component].reshape(-1)[nodes].astype(np.float64)

    def surface(self) -> Array:
        vx, vy, vz = self.state.velocity
        return np.stack((vx[kernels.PAD], vy[kernels.PAD], 0.5 * (vz[kernels.PAD - 1] + vz[kernels.PAD])))

    def close(self) -> None:
        self._pool.shutdown()

    def _everywhere(self, kernel, *arguments) -> None:  # type: ignore[no-untyped-def]
        for done in [self._pool.submit(kernel, *slab, *arguments) for slab in self._slabs]:
            done.result()
