"""The same equations in plain torch: the readable oracle of the compiled kernels, and the engine on other devices."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.injection import Injection
from quakeview.simulation.waves.kernels import C1, C2, PAD
from quakeview.simulation.waves.medium import Medium
from quakeview.simulation.waves.state import at_rest

Z, Y, X = 0, 1, 2


class TorchEngine:
    """One wavefield; see ``kernels`` for where each field is. All nodes at once here."""

    batch = 1

    def __init__(self, medium: Medium, grid: Grid, device: str = "cpu") -> None:
        state = at_rest(grid, medium.attenuating)
        self._device = torch.device(device)
        self.velocity = self._tensor(np.stack(state.velocity))
        self.stress = self._tensor(np.stack(state.stress))
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

    def stage(self, injections: Sequence[Injection]) -> None:
        self._sources = StagedSources(injections, self.stress)

    def advance_velocity(self) -> None:
        sxx, syy, szz, sxy, sxz, syz = self.stress
        terms = (
            ((sxx, X, 1), (sxy, Y, 0), (sxz, Z, 0)),
            ((sxy, X, 0), (syy, Y, 1), (syz, Z, 0)),
            ((sxz, X, 0), (syz, Y, 0), (szz, Z, 1)),
        )
        for number, (v, buoyancy) in enumerate(zip(self.velocity, self._buoyancy, strict=True)):
            for field, axis, forward in terms[number]:
                slope = _difference(field, axis, forward)
                stretching = self._stretching(slope, axis, forward, self._velocity_memory[axis][number])
                _core(v).add_(buoyancy * (slope + stretching))
        for v in self.velocity:
            v[PAD - 1] = v[PAD + 2] - 3 * (v[PAD + 1] - v[PAD])

    def advance_stress(self) -> None:
        vx, vy, vz = self.velocity
        sxx, syy, szz, sxy, sxz, syz = self.stress
        lam, mu = self._lam, self._mu

        def strain(field: Tensor, axis: int, forward: int, number: int) -> Tensor:
            slope = _difference(field, axis, forward)
            return slope + self._stretching(slope, axis, forward, self._stress_memory[axis][number])

        dxx, dyy, dzz = strain(vx, X, 0, 0), strain(vy, Y, 0, 0), strain(vz, Z, 0, 0)
        dzz[0] = -(lam / (lam + 2 * mu) * (dxx + dyy))[0]
        trace = dxx + dyy + dzz
        for number, (s, d) in enumerate(((sxx, dxx), (syy, dyy), (szz, dzz))):
            _core(s).add_(lam * trace + 2 * mu * d)
            if self._attenuating:
                beta = 2 * mu * self._inverse_qs
                alpha = (lam + 2 * mu) * self._inverse_qp - beta
                self._relax(s, number, alpha * trace + beta * d)
        shears = (
            (sxy, strain(vy, X, 1, 1) + strain(vx, Y, 1, 1)),
            (sxz, strain(vz, X, 1, 2) + strain(vx, Z, 1, 1)),
            (syz, strain(vz, Y, 1, 2) + strain(vy, Z, 1, 2)),
        )
        for number, ((s, d), stiffness) in enumerate(zip(shears, self._shear_moduli, strict=True)):
            _core(s).add_(stiffness * d)
            if self._attenuating:
                self._relax(s, 3 + number, stiffness * self._inverse_qs * d)
        self._image_stress()

    def add_sources(self, step: int) -> None:
        self._sources.add_to(self.stress, step)

    def velocity_at(self, component: int, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
        values = self.velocity[component].view(1, -1)[:, torch.from_numpy(nodes).to(self._device)]
        return values.cpu().double().numpy()

    def surface(self) -> NDArray[np.float32]:
        vx, vy, vz = self.velocity
        planes = torch.stack((vx[PAD], vy[PAD], (vz[PAD - 1] + vz[PAD]) / 2))
        return planes[None].cpu().numpy()

    def close(self) -> None:
        pass

    def _tensor(self, values: NDArray[np.float32]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._device)

    def _stretching(self, slope: Tensor, axis: int, forward: int, memory: Tensor) -> Tensor:
        """What the layers at both ends of ``axis`` (along z, below only) add to a derivative; zero between them."""
        n, size = self._layer, slope.shape[axis]
        added = torch.zeros_like(slope)
        ends = ((0, 0, 0), (size - n, n, n)) if axis != Z else ((size - n, n, 0),)
        for start, profile, kept in ends if n else ():
            shape = [-1 if a == axis else 1 for a in range(3)]
            decay, gain = (c[forward, profile : profile + n].reshape(shape) for c in (self._decay, self._gain))
            variable = memory.narrow(axis, kept, n)
            variable.mul_(decay).add_(gain * slope.narrow(axis, start, n))
            added.narrow(axis, start, n).copy_(variable)
        return added

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


class StagedSources:
    """The injections of some wavefields, kept on the device of their stresses. A card adds in any order.

    Every weight of a source at a node is an entry of three arrays: the position in the stresses, the weight, and the
    column of the source's rate.
    """

    def __init__(self, injections: Sequence[Injection], stress: Tensor) -> None:
        """``stress`` is (6, wavefields, ...) or, of one wavefield, (6, ...)."""
        size = stress[0].numel() // len(injections)
        nodes, weights, columns, first = [], [], [], 0
        for member, injection in enumerate(injections):
            for component, (places, matrix) in enumerate(zip(injection.nodes, injection.weights, strict=True)):
                entries = matrix.tocoo()
                nodes.append((component * len(injections) + member) * size + places[entries.row])
                weights.append(entries.data)
                columns.append(first + entries.col.astype(np.int64))
            first += injection.rates.shape[1]
        self._nodes = torch.from_numpy(np.concatenate(nodes)).to(stress.device)
        self._weights = torch.from_numpy(np.concatenate(weights).astype(np.float32)).to(stress.device)
        self._columns = torch.from_numpy(np.concatenate(columns)).to(stress.device)
        rates = np.concatenate([each.rates for each in injections], axis=1)
        self._rates = torch.from_numpy(rates.astype(np.float32)).to(stress.device)

    def add_to(self, stress: Tensor, step: int) -> None:
        stress.view(-1).index_add_(0, self._nodes, self._weights * self._rates[step, self._columns])


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
