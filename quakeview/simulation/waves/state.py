"""The wavefield at one moment, with the memory of absorbing layers and of relaxation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.kernels import PAD

Array = NDArray[np.float32]


@dataclass(frozen=True)
class State:
    """Arrays ``[z, y, x]`` with ghost nodes; memory variables without.

    Attributes:
        velocity: vx, vy, vz (down), m/s.
        stress: sxx, syy, szz, sxy, sxz, syz, Pa.
        velocity_memory, stress_memory: of the layers in x (3, nz, ny, 2 layer), y (3, nz, 2 layer, nx), z (3, layer,
            ny, nx). Derivatives of the stress in the order vx, vy, vz. Of the velocity: in x of vx, vy, vz; in y of vy,
            vx, vz; in z of vz, vx, vy.
        relaxing: (6, nz, ny, nx) memory of the six stresses, Pa; (6, 0, 0, 0) in an elastic medium.
    """

    velocity: tuple[Array, ...]
    stress: tuple[Array, ...]
    velocity_memory: tuple[Array, Array, Array]
    stress_memory: tuple[Array, Array, Array]
    relaxing: Array


def at_rest(grid: Grid, attenuation: bool) -> State:
    """Everything zero."""
    nz, ny, nx = grid.shape
    padded = (nz + 2 * PAD, ny + 2 * PAD, nx + 2 * PAD)
    return State(
        velocity=tuple(_zeros(*padded) for _ in range(3)),
        stress=tuple(_zeros(*padded) for _ in range(6)),
        velocity_memory=_layers(grid),
        stress_memory=_layers(grid),
        relaxing=_zeros(6, nz, ny, nx) if attenuation else _zeros(6, 0, 0, 0),
    )


def state_bytes(grid: Grid, attenuation: bool) -> int:
    """Memory of state and medium together, bytes."""
    nz, ny, nx = grid.shape
    padded = (nz + 2 * PAD) * (ny + 2 * PAD) * (nx + 2 * PAD)
    layers = 6 * grid.layer * (2 * nz * ny + 2 * nz * nx + ny * nx)
    relaxing = 6 * grid.points + 2 * padded if attenuation else 0
    return 4 * ((9 + 8) * padded + layers + relaxing)


def _zeros(*shape: int) -> Array:
    return np.zeros(shape, np.float32)


def _layers(grid: Grid) -> tuple[Array, Array, Array]:
    (nz, ny, nx), n = grid.shape, grid.layer
    return _zeros(3, nz, ny, 2 * n), _zeros(3, nz, 2 * n, nx), _zeros(3, n, ny, nx)
