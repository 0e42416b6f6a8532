"""Wavefields that advance together as on a card, each on the processor."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.waves.engine import RowEngine
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.injection import Injection
from quakeview.simulation.waves.medium import Medium


class Together:
    """An ``Engine`` for ``batch`` wavefields."""

    def __init__(self, medium: Medium, grid: Grid, batch: int) -> None:
        self.batch = batch
        self._members = [RowEngine(medium, grid, threads=1) for _ in range(batch)]

    def stage(self, injections: Sequence[Injection]) -> None:
        for member, injection in zip(self._members, injections, strict=True):
            member.stage([injection])

    def advance_velocity(self) -> None:
        for member in self._members:
            member.advance_velocity()

    def advance_stress(self) -> None:
        for member in self._members:
            member.advance_stress()

    def add_sources(self, step: int) -> None:
        for member in self._members:
            member.add_sources(step)

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.concatenate([member.velocity_at(component, nodes) for member in self._members])

    def surface(self) -> NDArray[np.float32]:
        return np.concatenate([member.surface() for member in self._members])

    def close(self) -> None:
        for member in self._members:
            member.close()
