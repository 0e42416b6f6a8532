"""The absorbing layers row by row, added to what ``kernels`` did without them.

In a layer each derivative d becomes d + m, with a memory variable m = decay · m + gain · d (Komatitsch & Martin 2007,
eqs 26-27). As everything is linear, what m does is added afterwards, on the nodes of the layers alone.
"""

from typing import Any

import numpy as np

from quakeview.simulation.waves.kernels import (
    Array,
    along_x,
    along_y,
    along_z,
    elastic_stress,
    kernel,
    plain_velocity,
    relaxing_stress,
    row,
)


@kernel
def velocity(first: int, last: int, v: Any, s: Any, buoyancy: Any, memory: Any, decay: Array, gain: Array) -> None:
    """Advance the particle velocity of planes ``first`` to ``last`` by one step.

    Args:
        v: vx, vy, vz. s: sxx, syy, szz, sxy, sxz, syz. buoyancy: of vx, vy, vz, times step / spacing.
        memory: of the absorbing layers in x, y, z. decay, gain: their profiles (2, 2 x layer), at nodes and half-way.
    """
    for k in range(first, last):
        plain_velocity(k, k + 1, v, s, buoyancy)
        velocity_in_layers(k, k + 1, v, s, buoyancy, memory, decay, gain)


@kernel
def stress(
    first: int,
    last: int,
    v: Any,
    s: Any,
    moduli: Any,
    memory: Any,
    decay: Array,
    gain: Array,
    relaxing: Array,
    inverse_q: Any,
    relax_decay: Array,
    relax_gain: Array,
) -> None:
    """Advance the stress of planes ``first`` to ``last`` by one step.

    Args:
        moduli: λ, μ at the nodes and μ of sxy, sxz, syz, times step / spacing.
        relaxing: memory variables of the six stresses; without planes for an elastic solid.
        inverse_q: 1/Qp and 1/Qs. relax_decay, relax_gain: (4, nx), of rows with even and odd k and j.
    """
    for k in range(first, last):
        if relaxing.shape[1] > 0:
            relaxing_stress(k, k + 1, v, s, moduli, relaxing, inverse_q, relax_decay, relax_gain)
        else:
            elastic_stress(k, k + 1, v, s, moduli)
        stress_in_layers(k, k + 1, v, s, moduli, memory, decay, gain, relaxing, inverse_q, relax_gain)


@kernel
def velocity_in_layers(
    first: int, last: int, v: Any, s: Any, buoyancy: Any, memory: Any, decay: Array, gain: Array
) -> None:
    """Complete ``plain_velocity`` in the layers of planes ``first`` to ``last``.

    Args:
        memory: variables of the layers in x, y, z. decay, gain: their profiles (2, 2 x layer), at nodes and half-way.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    bx, by, bz = buoyancy
    mx, my, mz = memory
    nz, ny, nx = vx.shape[0] - 4, vx.shape[1] - 4, vx.shape[2] - 4
    n = decay.shape[1] // 2
    extra = np.empty(nx, np.float32)
    for k in range(first, last):
        for j in range(ny):
            _stretch_x(extra, sxx, k, j, 1, mx, 0, decay, gain)
            _push(vx, bx, extra, k, j, 0, n, 0)
            _push(vx, bx, extra, k, j, nx - 2 * n, n, n)
            _stretch_x(extra, sxy, k, j, 0, mx, 1, decay, gain)
            _push(vy, by, extra, k, j, 0, n, 0)
            _push(vy, by, extra, k, j, nx - 2 * n, n, n)
            _stretch_x(extra, sxz, k, j, 0, mx, 2, decay, gain)
            _push(vz, bz, extra, k, j, 0, n, 0)
            _push(vz, bz, extra, k, j, nx - 2 * n, n, n)
            m = _place(j, ny, n)
            if m >= 0:
                _stretch_y(extra, sxy, k, j, 0, my, 0, m, decay, gain)
                _push(vx, bx, extra, k, j, 0, nx, 0)
                _stretch_y(extra, syy, k, j, 1, my, 1, m, decay, gain)
                _push(vy, by, extra, k, j, 0, nx, 0)
                _stretch_y(extra, syz, k, j, 0, my, 2, m, decay, gain)
                _push(vz, bz, extra, k, j, 0, nx, 0)
            m = k - (nz - n)
            if m >= 0:
                _stretch_z(extra, sxz, k, j, 0, mz, 0, m, decay, gain)
                _push(vx, bx, extra, k, j, 0, nx, 0)
                _stretch_z(extra, syz, k, j, 0, mz, 1, m, decay, gain)
                _push(vy, by, extra, k, j, 0, nx, 0)
                _stretch_z(extra, szz, k, j, 1, mz, 2, m, decay, gain)
                _push(vz, bz, extra, k, j, 0, nx, 0)


@kernel
def stress_in_layers(
    first: int,
    last: int,
    v: Any,
    s: Any,
    moduli: Any,
    memory: Any,
    decay: Array,
    gain: Array,
    relaxing: Array,
    inverse_q: Any,
    relax_gain: Array,
) -> None:
    """Complete ``elastic_stress`` or ``relaxing_stress`` in the layers of planes ``first`` to ``last``.

    Args:
        relaxing: memory variables of the six stresses; without planes for an elastic solid.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    lam, mu, mu_xy, mu_xz, mu_yz = moduli
    mx, my, mz = memory
    qp, qs = inverse_q
    nz, ny, nx = vx.shape[0] - 4, vx.shape[1] - 4, vx.shape[2] - 4
    n = decay.shape[1] // 2
    extra = np.empty(nx, np.float32)
    for k in range(first, last):
        for j in range(ny):
            _stretch_x(extra, vx, k, j, 0, mx, 0, decay, gain)
            _strain(sxx, syy, szz, lam, mu, extra, k, j, 0, n, 0, relaxing, 0, 1, 2, qp, qs, relax_gain)
            _strain(sxx, syy, szz, lam, mu, extra, k, j, nx - 2 * n, n, n, relaxing, 0, 1, 2, qp, qs, relax_gain)
            _stretch_x(extra, vy, k, j, 1, mx, 1, decay, gain)
            _shear(sxy, mu_xy, extra, k, j, 0, n, 0, relaxing, 3, qs, relax_gain)
            _shear(sxy, mu_xy, extra, k, j, nx - 2 * n, n, n, relaxing, 3, qs, relax_gain)
            _stretch_x(extra, vz, k, j, 1, mx, 2, decay, gain)
            _shear(sxz, mu_xz, extra, k, j, 0, n, 0, relaxing, 4, qs, relax_gain)
            _shear(sxz, mu_xz, extra, k, j, nx - 2 * n, n, n, relaxing, 4, qs, relax_gain)
            m = _place(j, ny, n)
            if m >= 0:
                _stretch_y(extra, vy, k, j, 0, my, 0, m, decay, gain)
                _strain(syy, sxx, szz, lam, mu, extra, k, j, 0, nx, 0, relaxing, 1, 0, 2, qp, qs, relax_gain)
                _stretch_y(extra, vx, k, j, 1, my, 1, m, decay, gain)
                _shear(sxy, mu_xy, extra, k, j, 0, nx, 0, relaxing, 3, qs, relax_gain)
                _stretch_y(extra, vz, k, j, 1, my, 2, m, decay, gain)
                _shear(syz, mu_yz, extra, k, j, 0, nx, 0, relaxing, 5, qs, relax_gain)
            m = k - (nz - n)
            if m >= 0:
                _stretch_z(extra, vz, k, j, 0, mz, 0, m, decay, gain)
                _strain(szz, sxx, syy, lam, mu, extra, k, j, 0, nx, 0, relaxing, 2, 0, 1, qp, qs, relax_gain)
                _stretch_z(extra, vx, k, j, 1, mz, 1, m, decay, gain)
                _shear(sxz, mu_xz, extra, k, j, 0, nx, 0, relaxing, 4, qs, relax_gain)
                _stretch_z(extra, vy, k, j, 1, mz, 2, m, decay, gain)
                _shear(syz, mu_yz, extra, k, j, 0, nx, 0, relaxing, 5, qs, relax_gain)


@row
def _place(j: int, ny: int, n: int) -> int:
    """Column of the profiles for row j, -1 between the layers."""
    return j if j < n else j - (ny - 2 * n) if j >= ny - n else -1


@row
def _stretch_x(
    extra: Array, f: Array, k: int, j: int, ahead: int, memory: Array, q: int, decay: Array, gain: Array
) -> None:
    """Advance the memory of derivative ``q`` (half a cell after the nodes if ``ahead`` is 1) at both ends of a row."""
    n = decay.shape[1] // 2
    between = f.shape[2] - 4 - 2 * n
    for m in range(n):
        new = decay[ahead, m] * memory[q, k, j, m] + gain[ahead, m] * along_x(f, k + 2, j + 2, m + ahead)
        memory[q, k, j, m] = new
        extra[m] = new
    for m in range(n, 2 * n):
        new = decay[ahead, m] * memory[q, k, j, m] + gain[ahead, m] * along_x(f, k + 2, j + 2, m + between + ahead)
        memory[q, k, j, m] = new
        extra[m] = new


@row
def _stretch_y(
    extra: Array, f: Array, k: int, j: int, ahead: int, memory: Array, q: int, m: int, decay: Array, gain: Array
) -> None:
    fading, growing = decay[ahead, m], gain[ahead, m]
    for i in range(extra.size):
        memory[q, k, m, i] = fading * memory[q, k, m, i] + growing * along_y(f, k + 2, j + 2 + ahead, i)
        extra[i] = memory[q, k, m, i]


@row
def _stretch_z(
    extra: Array, f: Array, k: int, j: int, ahead: int, memory: Array, q: int, m: int, decay: Array, gain: Array
) -> None:
    n = decay.shape[1] // 2
    fading, growing = decay[ahead, n + m], gain[ahead, n + m]
    for i in range(extra.size):
        memory[q, m, j, i] = fading * memory[q, m, j, i] + growing * along_z(f, k + 2 + ahead, j + 2, i)
        extra[i] = memory[q, m, j, i]


@row
def _push(v: Array, buoyancy: Array, extra: Array, k: int, j: int, offset: int, count: int, first: int) -> None:
    for m in range(first, first + count):
        i = m + offset
        v[k + 2, j + 2, i + 2] += buoyancy[k + 2, j + 2, i + 2] * extra[m]


@row
def _shear(
    s: Array,
    mu: Array,
    extra: Array,
    k: int,
    j: int,
    offset: int,
    count: int,
    first: int,
    relaxing: Array,
    q: int,
    qs: Array,
    relax_gain: Array,
) -> None:
    c, r = k + 2, j + 2
    for m in range(first, first + count):
        i = m + offset
        s[c, r, i + 2] += mu[c, r, i + 2] * extra[m]
    if relaxing.shape[1] > 0:
        kind = 2 * (k % 2) + j % 2
        for m in range(first, first + count):
            i = m + offset
            lost = relax_gain[kind, i] * qs[c, r, i + 2] * mu[c, r, i + 2] * extra[m]
            relaxing[q, k, j, i] += lost
            s[c, r, i + 2] -= np.float32(0.5) * lost


@row
def _strain(
    along: Array,
    across: Array,
    third: Array,
    lam: Array,
    mu: Array,
    extra: Array,
    k: int,
    j: int,
    offset: int,
    count: int,
    first: int,
    relaxing: Array,
    q: int,
    q_across: int,
    q_third: int,
    qp: Array,
    qs: Array,
    relax_gain: Array,
) -> None:
    """A strain along one axis, ``q`` the number of its stress, in all three normal stresses."""
    c, r = k + 2, j + 2
    for m in range(first, first + count):
        i = m + offset
        twice_mu = 2 * mu[c, r, i + 2]
        trace = extra[m]
        if k == 0:
            trace = twice_mu / (lam[c, r, i + 2] + twice_mu) * extra[m]
        along[c, r, i + 2] += lam[c, r, i + 2] * trace + twice_mu * extra[m]
        across[c, r, i + 2] += lam[c, r, i + 2] * trace
        third[c, r, i + 2] += lam[c, r, i + 2] * trace
    if relaxing.shape[1] > 0:
        kind = 2 * (k % 2) + j % 2
        for m in range(first, first + count):
            i = m + offset
            twice_mu = 2 * mu[c, r, i + 2]
            trace = extra[m]
            if k == 0:
                trace = twice_mu / (lam[c, r, i + 2] + twice_mu) * extra[m]
            lost_shear = twice_mu * qs[c, r, i + 2]
            growing = relax_gain[kind, i]
            lost_trace = growing * ((lam[c, r, i + 2] + twice_mu) * qp[c, r, i + 2] - lost_shear) * trace
            lost = lost_trace + growing * lost_shear * extra[m]
            relaxing[q, k, j, i] += lost
            relaxing[q_across, k, j, i] += lost_trace
            relaxing[q_third, k, j, i] += lost_trace
            along[c, r, i + 2] -= np.float32(0.5) * lost
            across[c, r, i + 2] -= np.float32(0.5) * lost_trace
            third[c, r, i + 2] -= np.float32(0.5) * lost_trace
