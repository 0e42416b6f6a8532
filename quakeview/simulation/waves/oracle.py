"""The same equations in plain torch: the readable oracle of the compiled kernels, and the engine on other devices."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakeview.simulation.grid import Grid
from quakeview.simulation.waves.kernels import C1, C2, PAD
from quakeview.simulation.waves.medium import Medium
from quakeview.simulation.waves.state import at_rest

Z, Y, X = 0, 1, 2


class TorchEngine:
    """See ``kernels`` for where each field is; all nodes at once here."""

    def __init__(self, medium: Medium, grid: Grid, device: str = "cpu") -> None:
        state = at_rest(grid, medium.attenuating)
        self._device = torch.device(device)
        self.velocity = [self._tensor(field) for field in state.velocity]
        self.stress = [self._tensor(field) for field in state.stress]
        self.relaxing = self._tensor(state.relaxing)
        self._velocity_memory = [self._tensor(memory) for memory in state.velocity_memory[::-1]]
        self._stress_memory = [self._tensor(memory) for memory in state.stress_memory[::-1]]
        self._buoyancy = [_core(self._tensor(b)) for b in medium.buoyancy]
        self._lam, self._mu, *self._shear_moduli = (_core(self._tensor(m)) for m in medium.moduli)
        self._decay, self._gain = self._tensor(medium.absorb_decay), self._tensor(medium.absorb_gain)
        self._layer = grid.layer
        self._attenuating = medium.attenuating
        if medium.attenuating:
            self._inverse_qp, self._inverse_qs = (_core(self._tensor(q)) for q in medium.inverse_q)
            nz, ny, _ = grid.shape
            rows = (2 * (np.arange(nz)[:, None] % 2) + np.arange(ny) % 2).ravel()
            self._relax_decay, self._relax_gain = (
                self._tensor(c)[torch.from_numpy(rows).to(self._device)].reshape(grid.shape)
                for c in (medium.relax_decay, medium.relax_gain)
            )

    def advance_velocity(self) -> None:
        sxx, syy, szz, sxy, sxz, syz = self.stress
        terms = (
            ((sxx, X, 1), (sxy, Y, 0), (sxz, Z, 0)),
            ((sxy, X, 0), (syy, Y, 1), (syz, Z, 0)),
            ((sxz, X, 0), (syz, Y, 0), (szz, Z, 1)),
        )
        for number, (v, buoyancy) in enumerate(zip(self.velocity, self._buoyancy, strict=True)):
            force = sum(
                self._stretched(_difference(field, axis, forward), axis, forward, self._velocity_memory[axis][number])
                for field, axis, forward in terms[number]
            )
            _core(v).add_(buoyancy * force)
        self._image_velocity()

    def advance_stress(self) -> None:
        vx, vy, vz = self.velocity
        sxx, syy, szz, sxy, sxz, syz = self.stress

        def derivative(field: Tensor, axis: int, forward: int, number: int) -> Tensor:
            return self._stretched(_difference(field, axis, forward), axis, forward, self._stress_memory[axis][number])

        dxx, dyy, dzz = derivative(vx, X, 0, 0), derivative(vy, Y, 0, 0), derivative(vz, Z, 0, 0)
        dzz[0] = -(self._lam / (self._lam + 2 * self._mu) * (dxx + dyy))[0]
        trace = dxx + dyy + dzz
        for number, (s, strain) in enumerate(((sxx, dxx), (syy, dyy), (szz, dzz))):
            _core(s).add_(self._lam * trace + 2 * self._mu * strain)
            if self._attenuating:
                beta = 2 * self._mu * self._inverse_qs
                alpha = (self._lam + 2 * self._mu) * self._inverse_qp - beta
                self._relax(s, number, alpha * trace + beta * strain)
        shears = (
            (sxy, derivative(vy, X, 1, 1) + derivative(vx, Y, 1, 1)),
            (sxz, derivative(vz, X, 1, 2) + derivative(vx, Z, 1, 1)),
            (syz, derivative(vz, Y, 1, 2) + derivative(vy, Z, 1, 2)),
        )
        for number, ((s, strain), mu) in enumerate(zip(shears, self._shear_moduli, strict=True)):
            _core(s).add_(mu * strain)
            if self._attenuating:
                self._relax(s, 3 + number, mu * self._inverse_qs * strain)
        self._image_stress()

    def add_stress(self, component: int, nodes: NDArray[np.intp], amounts: NDArray[np.float64]) -> None:
        where = torch.from_numpy(nodes).to(self._device)
        self.stress[component].view(-1)[where] += torch.from_numpy(amounts).to(self._device, torch.float32)

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        values = self.velocity[component].view(-1)[torch.from_numpy(nodes).to(self._device)]
        return values.double().cpu().numpy()

    def surface(self) -> NDArray[np.float32]:
        vx, vy, vz = self.velocity
        planes = torch.stack((vx[PAD], vy[PAD], (vz[PAD - 1] + vz[PAD]) / 2))
        return planes.cpu().numpy()

    def close(self) -> None:
        pass

    def _tensor(self, values: NDArray[np.float32]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._device)

    def _stretched(self, difference: Tensor, axis: int, forward: int, memory: Tensor) -> Tensor:
        """In the absorbing layers at both ends of ``axis`` (below only, along z)."""
        n = self._layer
        if n == 0:
            return difference
        size = difference.shape[axis]
        ends = ((0, n, 0), (size - n, n, n)) if axis != Z else ((size - n, n, n),)
        for start, length, profile in ends:
            shape = [-1 if a == axis else 1 for a in range(3)]
            decay, gain = (c[forward, profile : profile + n].reshape(shape) for c in (self._decay, self._gain))
            part = difference.narrow(axis, start, length)
            kept = memory.narrow(axis, profile if axis != Z else 0, length)
            kept.mul_(decay).add_(gain * part)
            part.add_(kept)
        return difference

    def _relax(self, s: Tensor, number: int, loss: Tensor) -> None:
        memory = self.relaxing[number]
        new = self._relax_decay * memory + self._relax_gain * loss
        _core(s).sub_((memory + new) / 2)
        memory.copy_(new)

    def _image_stress(self) -> None:
        _, _, szz, _, sxz, syz = self.stress
        szz[PAD] = 0
        szz[PAD - 1] = -szz[PAD + 1]
        for s in (sxz, syz):
            s[PAD - 1] = -s[PAD]
            s[PAD - 2] = -s[PAD + 1]

    def _image_velocity(self) -> None:
        for v in self.velocity:
            v[PAD - 1] = v[PAD + 2] - 3 * (v[PAD + 1] - v[PAD])


def _core(padded: Tensor) -> Tensor:
    return padded[PAD:-PAD, PAD:-PAD, PAD:-PAD]


def _difference(field: Tensor, axis: int, forward: int) -> Tensor:
    """Fourth-order staggered difference times spacing: half a cell after the nodes (forward) or at them."""
    slices = [slice(PAD, -PAD)] * 3
    shifted = []
    for offset in range(-2 + forward, 2 + forward):
        slices[axis] = slice(PAD + offset, field.shape[axis] - PAD + offset)
        shifted.append(field[tuple(slices)])
    f0, f1, f2, f3 = shifted
    return float(C1) * (f2 - f1) + float(C2) * (f3 - f0)
