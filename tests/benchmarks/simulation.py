"""Speed of the wave engine: compiled rows beside the same kernel in C and beside plain torch; whole scenarios.

A point-update is one node advanced by one step, velocity and stress. The three do the same arithmetic on the same
arrays, without absorbing layers. They take turns, and the median of the turns counts, since a machine is seldom alone.
"""

import ctypes
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from quakeview.devices import processor_cores
from quakeview.simulation.earth.homogeneous import HomogeneousEarth
from quakeview.simulation.waves import kernels
from quakeview.simulation.waves.engine import Engine, RowEngine, make_engine
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.medium import Medium, build_medium, sample
from quakeview.simulation.waves.oracle import TorchEngine
from quakeview.simulation.waves.state import at_rest

Array = NDArray[np.float32]

BYTES = {False: 140, True: 196}
"""Read and written for each update, without and with Q, if every array passes the memory once for each half-step."""
_FLAGS = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]


class CompiledC:
    """simulation_kernel.c as an engine."""

    def __init__(self, library: ctypes.CDLL, medium: Medium, grid: Grid, threads: int) -> None:
        self.state = at_rest(grid, medium.attenuating)
        self._library = library
        self._medium = medium
        self._sizes = (*grid.shape, threads)

    def advance_velocity(self) -> None:
        state, medium = self.state, self._medium
        self._library.velocity(*self._sizes, *map(_pointers, (state.velocity, state.stress, medium.buoyancy)))
        kernels.image_velocity(state.velocity)

    def advance_stress(self) -> None:
        state, medium = self.state, self._medium
        attenuation: tuple[object, ...] = (None, None, None, None)
        if medium.attenuating:
            attenuation = (
                _pointer(state.relaxing),
                _pointers(medium.inverse_q),
                _pointer(medium.relax_decay),
                _pointer(medium.relax_gain),
            )
        fields = map(_pointers, (state.velocity, state.stress, medium.moduli))
        self._library.stress(*self._sizes, *fields, *attenuation)
        kernels.image_stress(state.stress)


def _pointer(array: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _pointers(arrays: Sequence[Array]) -> ctypes.Array[ctypes.c_void_p]:
    return (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))


def compiled_c(folder: Path) -> ctypes.CDLL | None:
    """The C kernel built by gcc, or None where there is no gcc."""
    if shutil.which("gcc") is None:
        return None
    library = folder / "simulation_kernel.so"
    source = Path(__file__).with_name("simulation_kernel.c")
    subprocess.run(["gcc", *_FLAGS, "-o", str(library), str(source)], check=True)
    return ctypes.CDLL(str(library))


def medium_of(grid: Grid, attenuation: bool) -> Medium:
    """A homogeneous medium; the speed does not depend on the values."""
    material = sample(HomogeneousEarth(), grid)
    return build_medium(material, grid, 0.5, 0.4 * grid.spacing / 6000, attenuation)


def disagreement(one: RowEngine, other: CompiledC) -> float:
    """Largest relative difference of any field after four steps from the same random fields."""
    rng = np.random.default_rng(0)
    fields = list(
        zip((*one.state.velocity, *one.state.stress), (*other.state.velocity, *other.state.stress), strict=True)
    )
    for a, b in fields:
        a[:] = rng.standard_normal(a.shape, np.float32)
        b[:] = a
    for engine in (one, other):
        for _ in range(4):
            stepping(engine)()
    return max(float(np.abs(a - b).max() / np.abs(a).max()) for a, b in fields)


def take_turns(advance: dict[str, Callable[[], None]], steps: int, turns: int) -> dict[str, list[float]]:
    """Seconds of ``steps`` steps of each, in every turn."""
    seconds: dict[str, list[float]] = {name: [] for name in advance}
    for step in advance.values():
        step()
    for _ in range(turns):
        for name, step in advance.items():
            begin = time.perf_counter()
            for _ in range(steps):
                step()
            seconds[name].append(time.perf_counter() - begin)
    return seconds


def stepping(engine: Engine | CompiledC) -> Callable[[], None]:
    def step() -> None:
        engine.advance_velocity()
        engine.advance_stress()

    return step


def kernel_figures(
    grid: Grid, attenuation: bool, threads: int, turns: int, library: ctypes.CDLL | None
) -> dict[str, float]:
    """Million updates per second of each engine, and how the rows compare turn by turn."""
    medium = medium_of(grid, attenuation)
    torch.set_num_threads(threads)
    rows = RowEngine(medium, grid, threads)
    engines: dict[str, Engine | CompiledC] = {"rows": rows, "torch": TorchEngine(medium, grid)}
    figures: dict[str, float] = {}
    if library is not None:
        engines["c"] = same = CompiledC(library, medium, grid, threads)
        figures["difference_from_c"] = disagreement(rows, same)
    seconds = take_turns({name: stepping(engine) for name, engine in engines.items()}, 2, turns)
    rows.close()
    for name, taken in seconds.items():
        figures[f"{name}_mpts"] = 2 * grid.points / statistics.median(taken) / 1e6
        if name != "rows":
            ratios = (other / ours for ours, other in zip(seconds["rows"], taken, strict=True))
            figures[f"rows_over_{name}"] = statistics.median(ratios)
    return figures


def cuda_figures(attenuation: bool) -> dict[str, float]:
    """On a card: updates per second, and what share of its copy bandwidth they amount to."""
    grid = Grid(600.0, (62, 157, 224))
    engine = make_engine(medium_of(grid, attenuation), grid, "cuda")
    values = torch.empty(256 * 2**20, device="cuda")
    copies = torch.empty_like(values)

    def seconds(work: Callable[[], object], repeats: int) -> float:
        work()
        torch.cuda.synchronize()
        begin = time.perf_counter()
        for _ in range(repeats):
            work()
        torch.cuda.synchronize()
        return (time.perf_counter() - begin) / repeats

    bandwidth = statistics.median(2 * values.nbytes / seconds(lambda: copies.copy_(values), 10) for _ in range(5))
    updates = statistics.median(grid.points / seconds(stepping(engine), 100) for _ in range(5))
    return {
        "mpts": updates / 1e6,
        "copy_gb_per_s": bandwidth / 1e9,
        "share_of_copy": updates * BYTES[attenuation] / bandwidth,
    }


def scenario_seconds(preset: str) -> float:
    """Wall time of an M6 on the Hayward fault from request to file."""
    from quakeview.wavefield.scenarios.making import ScenarioRequest, make_scenario

    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        make_scenario(ScenarioRequest(magnitude=6.0, preset=preset), Path(folder) / "m6.h5", device="cpu")
        return time.perf_counter() - begin


def run(quick: bool) -> dict[str, float]:
    figures: dict[str, float] = {}
    shape = (46, 100, 140) if quick else (100, 200, 200)
    grid = Grid(200.0, shape, layer=0)
    with tempfile.TemporaryDirectory() as folder:
        library = compiled_c(Path(folder))
        if library is None:
            print("C skipped: there is no gcc")
        print(f"{' x '.join(map(str, shape))} nodes; million updates per second, ratios turn by turn")
        for attenuation in (False, True):
            for threads in sorted({1, processor_cores()}):
                case = f"{'q' if attenuation else 'elastic'}_{threads}"
                found = kernel_figures(grid, attenuation, threads, 5 if quick else 9, library)
                print(f"{case:10} " + "  ".join(f"{name} {value:.3g}" for name, value in found.items()), flush=True)
                figures |= {f"{case}_{name}": value for name, value in found.items()}
    if torch.cuda.is_available():
        for attenuation in (False, True):
            found = cuda_figures(attenuation)
            case = f"cuda_{'q' if attenuation else 'elastic'}"
            print(f"{case:10} " + "  ".join(f"{name} {value:.3g}" for name, value in found.items()), flush=True)
            figures |= {f"{case}_{name}": value for name, value in found.items()}
    else:
        print("CUDA skipped: there is no card")
    for preset in ("tiny",) if quick else ("tiny", "standard"):
        figures[f"{preset}_s"] = scenario_seconds(preset)
        print(f"M6, preset {preset}: {figures[f'{preset}_s']:.1f} s on {processor_cores()} cores", flush=True)
    return figures
