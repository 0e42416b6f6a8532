"""One Triton kernel for each half-step on a CUDA card, for several wavefields in one medium at once.

The equations and the places of the fields are those of ``kernels``; the arrays are those of ``oracle``, stacked: the
wavefields of a batch share each load of the medium. Every program advances a block of nodes along x.

Checked against the oracle in Triton's interpreter on a processor. Nothing here has been run on a card yet: neither its
speed nor the code that Triton generates for one is known.
"""

from collections.abc import Sequence

import numpy as np
import torch
import triton
import triton.language as tl
from numpy.typing import NDArray
from torch import Tensor

from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.injection import Injection
from quakeview.simulation.waves.kernels import PAD
from quakeview.simulation.waves.medium import Medium
from quakeview.simulation.waves.oracle import StagedSources

_BLOCK = 256
"""Nodes of one program."""


class CudaEngine:
    """See ``engine.Engine``. Fields are (components, batch, nz, ny, nx)."""

    def __init__(self, medium: Medium, grid: Grid, device: str = "cuda", batch: int = 1) -> None:
        (nz, ny, nx), n = grid.shape, grid.layer
        self._grid, self.batch, self._device = grid, batch, torch.device(device)
        padded = (nz + 2 * PAD, ny + 2 * PAD, nx + 2 * PAD)
        self.velocity = self._zeros(3, batch, *padded)
        self.stress = self._zeros(6, batch, *padded)
        self.relaxing = self._zeros(6, batch, nz, ny, nx) if medium.attenuating else self._zeros(1)
        layers = (nz, ny, 2 * n), (nz, 2 * n, nx), (n, ny, nx)
        self._velocity_memory = [self._zeros(3, batch, *shape) for shape in layers]
        self._stress_memory = [self._zeros(3, batch, *shape) for shape in layers]
        self._buoyancy = [self._tensor(values) for values in medium.buoyancy]
        self._moduli = [self._tensor(values) for values in medium.moduli]
        self._inverse_q = [self._tensor(values) for values in medium.inverse_q]
        self._absorb = self._tensor(medium.absorb_decay), self._tensor(medium.absorb_gain)
        self._relax = self._tensor(medium.relax_decay), self._tensor(medium.relax_gain)
        self._attenuating = medium.attenuating

    def stage(self, injections: Sequence[Injection]) -> None:
        self._sources = StagedSources(injections, self.stress)

    def advance_velocity(self) -> None:
        _velocity[self._programs](
            self.velocity,
            self.stress,
            *self._buoyancy,
            *self._velocity_memory,
            *self._absorb,
            *self._grid.shape,
            self.batch,
            LAYER=self._grid.layer,
            BLOCK=_BLOCK,
        )
        v = self.velocity
        v[:, :, PAD - 1] = v[:, :, PAD + 2] - 3 * (v[:, :, PAD + 1] - v[:, :, PAD])

    def advance_stress(self) -> None:
        _stress[self._programs](
            self.velocity,
            self.stress,
            *self._moduli,
            *self._stress_memory,
            *self._absorb,
            self.relaxing,
            *self._inverse_q,
            *self._relax,
            *self._grid.shape,
            self.batch,
            LAYER=self._grid.layer,
            ATTENUATING=self._attenuating,
            BLOCK=_BLOCK,
        )
        vertical, shear = self.stress[2], self.stress[4:6]
        vertical[:, PAD] = 0
        vertical[:, PAD - 1] = -vertical[:, PAD + 1]
        shear[:, :, PAD - 1] = -shear[:, :, PAD]
        shear[:, :, PAD - 2] = -shear[:, :, PAD + 1]

    def add_sources(self, step: int) -> None:
        self._sources.add_to(self.stress, step)

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        values = self.velocity[component].view(self.batch, -1)[:, torch.from_numpy(nodes).to(self._device)]
        return values.cpu().double().numpy()

    def surface(self) -> NDArray[np.float32]:
        vx, vy, vz = self.velocity[:, :, PAD]
        above = self.velocity[2, :, PAD - 1]
        return torch.stack((vx, vy, (above + vz) / 2), 1).cpu().numpy()

    def close(self) -> None:
        pass

    @property
    def _programs(self) -> tuple[int]:
        return (triton.cdiv(self._grid.points, _BLOCK),)

    def _zeros(self, *shape: int) -> Tensor:
        return torch.zeros(shape, dtype=torch.float32, device=self._device)

    def _tensor(self, values: NDArray[np.float32]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._device)


@triton.jit
def _ahead(f, step, inside):  # type: ignore[no-untyped-def]
    """Fourth-order difference half a cell after the nodes f points to; ``step`` to the next node along the axis."""
    near = tl.load(f + step, inside, 0.0) - tl.load(f, inside, 0.0)
    far = tl.load(f + 2 * step, inside, 0.0) - tl.load(f - step, inside, 0.0)
    return near * (9.0 / 8.0) - far * (1.0 / 24.0)


@triton.jit
def _behind(f, step, inside):  # type: ignore[no-untyped-def]
    return _ahead(f - step, step, inside)


@triton.jit
def _stretched(slope, memory, profile, decay, gain, layer):  # type: ignore[no-untyped-def]
    """The derivative with its memory variable in the absorbing layer; ``profile`` is the place in decay and gain."""
    kept = tl.load(decay + profile, layer, 0.0) * tl.load(memory, layer, 0.0)
    kept += tl.load(gain + profile, layer, 0.0) * slope
    tl.store(memory, kept, layer)
    return slope + tl.where(layer, kept, 0.0)


@triton.jit
def _place(index, size, LAYER: tl.constexpr):  # type: ignore[no-untyped-def]
    """Place in the profiles of nodes on an axis, and whether they are in a layer at one of its ends."""
    return tl.where(index < LAYER, index, index - (size - 2 * LAYER)), (index < LAYER) | (index >= size - LAYER)


@triton.jit
def _velocity(  # type: ignore[no-untyped-def]
    v, s, bx, by, bz, mx, my, mz, decay, gain, nz, ny, nx, batch, LAYER: tl.constexpr, BLOCK: tl.constexpr
):
    node = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    points = nz.to(tl.int64) * ny * nx
    inside = node < points
    i, j, k = node % nx, node // nx % ny, (node // nx // ny).to(tl.int64)
    row, plane = nx + 4, (nx + 4) * (ny + 4)
    field = plane.to(tl.int64) * (nz + 4)
    at = (k + 2) * plane + (j + 2) * row + i + 2
    buoyancy_x, buoyancy_y, buoyancy_z = (
        tl.load(bx + at, inside, 0.0),
        tl.load(by + at, inside, 0.0),
        tl.load(bz + at, inside, 0.0),
    )
    at_x, in_x = _place(i, nx, LAYER)
    at_y, in_y = _place(j, ny, LAYER)
    at_z = k - (nz - 2 * LAYER)
    in_x, in_y, in_z = in_x & inside, in_y & inside, (k >= nz - LAYER) & inside
    half = 2 * LAYER
    for member in range(batch):
        here = member * field + at
        sxx, syy, szz = s + here, s + batch * field + here, s + 2 * batch * field + here
        sxy, sxz, syz = s + 3 * batch * field + here, s + 4 * batch * field + here, s + 5 * batch * field + here
        x = mx + ((member * nz + k) * ny + j) * 2 * LAYER + at_x
        y = my + ((member * nz + k) * 2 * LAYER + at_y) * nx + i
        z = mz + ((member * LAYER + at_z - LAYER) * ny + j) * nx + i
        next_x, next_y = batch * points // nx * 2 * LAYER, batch * points // ny * 2 * LAYER
        next_z = batch * points // nz * LAYER

        dx, dy, dz = _ahead(sxx, 1, inside), _behind(sxy, row, inside), _behind(sxz, plane, inside)
        if LAYER > 0:
            dx = _stretched(dx, x, half + at_x, decay, gain, in_x)
            dy = _stretched(dy, y, at_y, decay, gain, in_y)
            dz = _stretched(dz, z, at_z, decay, gain, in_z)
        vx = v + here
        tl.store(vx, tl.load(vx, inside, 0.0) + buoyancy_x * (dx + dy + dz), inside)

        dx, dy, dz = _behind(sxy, 1, inside), _ahead(syy, row, inside), _behind(syz, plane, inside)
        if LAYER > 0:
            dx = _stretched(dx, x + next_x, at_x, decay, gain, in_x)
            dy = _stretched(dy, y + next_y, half + at_y, decay, gain, in_y)
            dz = _stretched(dz, z + next_z, at_z, decay, gain, in_z)
        vy = v + batch * field + here
        tl.store(vy, tl.load(vy, inside, 0.0) + buoyancy_y * (dx + dy + dz), inside)

        dx, dy, dz = _behind(sxz, 1, inside), _behind(syz, row, inside), _ahead(szz, plane, inside)
        if LAYER > 0:
            dx = _stretched(dx, x + 2 * next_x, at_x, decay, gain, in_x)
            dy = _stretched(dy, y + 2 * next_y, at_y, decay, gain, in_y)
            dz = _stretched(dz, z + 2 * next_z, half + at_z, decay, gain, in_z)
        vz = v + 2 * batch * field + here
        tl.store(vz, tl.load(vz, inside, 0.0) + buoyancy_z * (dx + dy + dz), inside)


@triton.jit
def _relaxed(elastic, loss, memory, fading, growing, inside):  # type: ignore[no-untyped-def]
    """Change of a stress, less what its coarse-grained memory variable takes."""
    old = tl.load(memory, inside, 0.0)
    new = fading * old + growing * loss
    tl.store(memory, new, inside)
    return elastic - 0.5 * (old + new)


@triton.jit
def _add(s, change, inside):  # type: ignore[no-untyped-def]
    tl.store(s, tl.load(s, inside, 0.0) + change, inside)


@triton.jit
def _stress(  # type: ignore[no-untyped-def]
    v,
    s,
    moduli_lam,
    moduli_mu,
    moduli_xy,
    moduli_xz,
    moduli_yz,
    mx,
    my,
    mz,
    decay,
    gain,
    relaxing,
    inverse_qp,
    inverse_qs,
    relax_decay,
    relax_gain,
    nz,
    ny,
    nx,
    batch,
    LAYER: tl.constexpr,
    ATTENUATING: tl.constexpr,
    BLOCK: tl.constexpr,
):
    node = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    points = nz.to(tl.int64) * ny * nx
    inside = node < points
    i, j, k = node % nx, node // nx % ny, (node // nx // ny).to(tl.int64)
    row, plane = nx + 4, (nx + 4) * (ny + 4)
    field = plane.to(tl.int64) * (nz + 4)
    at = (k + 2) * plane + (j + 2) * row + i + 2
    lam, twice_mu = tl.load(moduli_lam + at, inside, 0.0), 2 * tl.load(moduli_mu + at, inside, 1.0)
    mu_xy = tl.load(moduli_xy + at, inside, 0.0)
    mu_xz = tl.load(moduli_xz + at, inside, 0.0)
    mu_yz = tl.load(moduli_yz + at, inside, 0.0)
    if ATTENUATING:
        qs = tl.load(inverse_qs + at, inside, 0.0)
        lost_shear = twice_mu * qs
        lost_trace = (lam + twice_mu) * tl.load(inverse_qp + at, inside, 0.0) - lost_shear
        kind = (2 * (k % 2) + j % 2) * nx + i
        fading, growing = tl.load(relax_decay + kind, inside, 0.0), tl.load(relax_gain + kind, inside, 0.0)
    at_x, in_x = _place(i, nx, LAYER)
    at_y, in_y = _place(j, ny, LAYER)
    at_z = k - (nz - 2 * LAYER)
    in_x, in_y, in_z = in_x & inside, in_y & inside, (k >= nz - LAYER) & inside
    half = 2 * LAYER
    for member in range(batch):
        here = member * field + at
        vx, vy, vz = v + here, v + batch * field + here, v + 2 * batch * field + here
        x = mx + ((member * nz + k) * ny + j) * 2 * LAYER + at_x
        y = my + ((member * nz + k) * 2 * LAYER + at_y) * nx + i
        z = mz + ((member * LAYER + at_z - LAYER) * ny + j) * nx + i
        next_x, next_y = batch * points // nx * 2 * LAYER, batch * points // ny * 2 * LAYER
        next_z = batch * points // nz * LAYER
        relax, next_relax = relaxing + member * points + node, batch * points

        dxx, dyy, dzz = _behind(vx, 1, inside), _behind(vy, row, inside), _behind(vz, plane, inside)
        if LAYER > 0:
            dxx = _stretched(dxx, x, at_x, decay, gain, in_x)
            dyy = _stretched(dyy, y, at_y, decay, gain, in_y)
            dzz = _stretched(dzz, z, at_z, decay, gain, in_z)
        dzz = tl.where(k == 0, -lam / (lam + twice_mu) * (dxx + dyy), dzz)
        trace = dxx + dyy + dzz
        sxx, syy, szz = lam * trace + twice_mu * dxx, lam * trace + twice_mu * dyy, lam * trace + twice_mu * dzz
        if ATTENUATING:
            sxx = _relaxed(sxx, lost_trace * trace + lost_shear * dxx, relax, fading, growing, inside)
            syy = _relaxed(syy, lost_trace * trace + lost_shear * dyy, relax + next_relax, fading, growing, inside)
            szz = _relaxed(szz, lost_trace * trace + lost_shear * dzz, relax + 2 * next_relax, fading, growing, inside)
        _add(s + here, sxx, inside)
        _add(s + batch * field + here, syy, inside)
        _add(s + 2 * batch * field + here, szz, inside)

        dx, dy = _ahead(vy, 1, inside), _ahead(vx, row, inside)
        if LAYER > 0:
            dx = _stretched(dx, x + next_x, half + at_x, decay, gain, in_x)
            dy = _stretched(dy, y + next_y, half + at_y, decay, gain, in_y)
        sxy = mu_xy * (dx + dy)
        if ATTENUATING:
            sxy = _relaxed(sxy, qs * sxy, relax + 3 * next_relax, fading, growing, inside)
        _add(s + 3 * batch * field + here, sxy, inside)

        dx, dz = _ahead(vz, 1, inside), _ahead(vx, plane, inside)
        if LAYER > 0:
            dx = _stretched(dx, x + 2 * next_x, half + at_x, decay, gain, in_x)
            dz = _stretched(dz, z + next_z, half + at_z, decay, gain, in_z)
        sxz = mu_xz * (dx + dz)
        if ATTENUATING:
            sxz = _relaxed(sxz, qs * sxz, relax + 4 * next_relax, fading, growing, inside)
        _add(s + 4 * batch * field + here, sxz, inside)

        dy, dz = _ahead(vz, row, inside), _ahead(vy, plane, inside)
        if LAYER > 0:
            dy = _stretched(dy, y + 2 * next_y, half + at_y, decay, gain, in_y)
            dz = _stretched(dz, z + 2 * next_z, half + at_z, decay, gain, in_z)
        syz = mu_yz * (dy + dz)
        if ATTENUATING:
            syz = _relaxed(syz, qs * syz, relax + 5 * next_relax, fading, growing, inside)
        _add(s + 5 * batch * field + here, syz, inside)
