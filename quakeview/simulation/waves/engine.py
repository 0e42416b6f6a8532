"""What advances wavefields: compiled rows on the processor, Triton on a CUDA card, plain torch elsewhere."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.devices import pick_device, processor_cores
from quakeview.jobs import Progress
from quakeview.simulation.waves import kernels, layer_kernels
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.injection import Injection
from quakeview.simulation.waves.medium import Medium
from quakeview.simulation.waves.state import at_rest

Array = NDArray[np.float32]


class Engine(Protocol):
    """Wavefields in one medium that are advanced together.

    Fields are numbered vx, vy, vz and sxx, syy, szz, sxy, sxz, syz.
    """

    @property
    def batch(self) -> int:
        """How many wavefields there are."""
        ...

    def stage(self, injections: Sequence[Injection]) -> None:
        """Bring the sources of each wavefield to where they are added."""
        ...

    def advance_velocity(self) -> None: ...

    def advance_stress(self) -> None: ...

    def add_sources(self, step: int) -> None:
        """Add to the stresses what the staged sources release at a step."""
        ...

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        """One velocity at positions in the flattened array with ghost nodes, (batch, nodes)."""
        ...

    def surface(self) -> Array:
        """vx, vy, vz (down) in the plane of the free surface, (batch, 3, ny, nx) with ghost nodes, at their places."""
        ...

    def close(self) -> None: ...


def make_engine(medium: Medium, grid: Grid, device: str, batch: int = 1, progress: Progress = Progress()) -> Engine:
    """The engine for ``device``: "cpu", "cuda", "mps", or "auto" (CUDA if there is a card, else the processor).

    It advances at most ``batch`` wavefields: one on the processor, what fits its memory on a card. If not even one
    fits there, the processor does the work; the log of ``progress`` says so.
    """
    if device == "cpu":
        return RowEngine(medium, grid)
    chosen = pick_device(device).type
    if device == "auto" and chosen != "cuda":
        return RowEngine(medium, grid)
    if chosen == "cuda" and find_spec("triton"):
        from quakeview.simulation.waves.cuda import CudaEngine

        fitting = _largest_that_fits(lambda n: CudaEngine(medium, grid, chosen, n), batch, progress)
    else:
        from quakeview.simulation.waves.oracle import TorchEngine

        fitting = _largest_that_fits(lambda _: TorchEngine(medium, grid, chosen), 1, progress)
    return fitting or RowEngine(medium, grid)


def _largest_that_fits(make: Callable[[int], Engine], batch: int, progress: Progress) -> Engine | None:
    """An engine for ``batch`` wavefields, a half of that, a quarter and so on; None if no wavefield fits."""
    import torch

    while batch:
        try:
            return _rehearsed(make, batch)
        except torch.OutOfMemoryError:
            batch //= 2
        doing = f"{batch} at a time" if batch else "the processor simulates instead"
        progress.log(f"Out of GPU memory: {doing}. A coarser preset needs less.")
    return None


def _rehearsed(make: Callable[[int], Engine], batch: int) -> Engine:
    """One step takes the memory that stepping needs, and leaves wavefields at rest as they are."""
    engine = make(batch)
    engine.advance_velocity()
    engine.advance_stress()
    engine.surface()
    return engine


class RowEngine:
    """One wavefield: compiled kernels on a few threads, each with some planes of the grid."""

    batch = 1

    def __init__(self, medium: Medium, grid: Grid, threads: int | None = None) -> None:
        self.state = at_rest(grid, medium.attenuating)
        self._medium = medium
        self._threads = threads or processor_cores()
        self._pool = ThreadPoolExecutor(self._threads)
        edges = np.linspace(0, grid.shape[0], min(2 * self._threads, grid.shape[0]) + 1 if self._threads > 1 else 2)
        self._slabs = [(int(first), int(last)) for first, last in itertools.pairwise(edges)]

    def stage(self, injections: Sequence[Injection]) -> None:
        (self._injection,) = injections

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

    def add_sources(self, step: int) -> None:
        injection = self._injection
        for stress, nodes, weights in zip(self.state.stress, injection.nodes, injection.weights, strict=True):
            stress.reshape(-1)[nodes] += weights @ injection.rates[step]

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        return self.state.velocity[component].reshape(1, -1)[:, nodes].astype(np.float64)

    def surface(self) -> Array:
        vx, vy, vz = self.state.velocity
        return np.stack((vx[kernels.PAD], vy[kernels.PAD], 0.5 * (vz[kernels.PAD - 1] + vz[kernels.PAD])))[None]

    def close(self) -> None:
        self._pool.shutdown()

    def _everywhere(self, kernel, *arguments) -> None:  # type: ignore[no-untyped-def]
        for done in [self._pool.submit(kernel, *slab, *arguments) for slab in self._slabs]:
            done.result()
