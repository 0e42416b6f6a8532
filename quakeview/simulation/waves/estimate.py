"""What a simulation will cost on this machine."""

import time
from dataclasses import dataclass
from functools import cache

from quakeview.simulation.earth.homogeneous import HomogeneousEarth
from quakeview.simulation.waves.engine import make_engine
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.medium import build_medium, sample
from quakeview.simulation.waves.state import state_bytes

_STEPS = 6


@dataclass(frozen=True)
class Estimate:
    """Attributes: seconds to compute, memory and file_size in bytes."""

    seconds: float
    memory: int
    file_size: int


def estimate(grid: Grid, n_steps: int, n_frames: int, attenuation: bool, device: str = "cpu") -> Estimate:
    """From the speed of a few steps on a small grid; frames of two bytes a value."""
    inside_x, inside_y = grid.inside
    frame = 3 * grid.x[inside_x].size * grid.y[inside_y].size * 2
    return Estimate(
        seconds=grid.points * n_steps / updates_per_second(attenuation, device),
        memory=int(1.5 * state_bytes(grid, attenuation)),
        file_size=frame * n_frames,
    )


@cache
def updates_per_second(attenuation: bool, device: str = "cpu") -> float:
    """Nodes advanced by one step in a second, measured once for each device."""
    grid = Grid(1000.0, (46, 104, 144))
    material = sample(HomogeneousEarth(6000.0, 3464.0, 2700.0, 400.0, 200.0), grid)
    engine = make_engine(build_medium(material, grid, 0.15, 0.06, attenuation), grid, device)
    try:
        engine.advance_velocity()
        engine.advance_stress()
        engine.surface()
        start = time.perf_counter()
        for _ in range(_STEPS):
            engine.advance_velocity()
            engine.advance_stress()
        engine.surface()
        return _STEPS * grid.points / (time.perf_counter() - start)
    finally:
        engine.close()
