"""The wave equation row by row, compiled by numba: no compiler is needed on the user's machine.

Particle velocity and stress of an isotropic, linearly viscoelastic solid (Virieux 1986; Levander 1988), fourth order in
space and second in time. Arrays are ``[z, y, x]`` float32 with ``PAD`` ghost nodes on every side. On cell (k, j, i):

=================  ==========================  ================
field              place                       difference used
=================  ==========================  ================
sxx, syy, szz      (i, j, k)
vx                 (i + ½, j, k)               forward in x
vy                 (i, j + ½, k)               forward in y
vz (down)          (i, j, k + ½)               forward in z
sxy                (i + ½, j + ½, k)
sxz                (i + ½, j, k + ½)
syz                (i, j + ½, k + ½)
=================  ==========================  ================

Functions on a row are copied into their kernel, where the compiler sees one loop along x over a few arrays with indices
that cannot be negative, and uses vector instructions: as fast as C. What absorbing layers add is in ``layer_kernels``.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

PAD = 2
"""Ghost nodes on each side, half the width of the fourth-order difference."""
C1, C2 = np.float32(9 / 8), np.float32(-1 / 24)
"""Coefficients of the fourth-order staggered difference (Levander 1988, eq. 5)."""

_OPTIONS = {"fastmath": True, "nogil": True, "error_model": "numpy"}


def kernel(function: Callable[..., Any]) -> Any:
    """Compiled at its first call, and kept for the next start where a folder for that can be written."""
    try:
        return numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # numba found no such folder
        return numba.njit(**_OPTIONS)(function)


row = numba.njit(inline="always", **_OPTIONS)


@row
def along_x(f: Array, c: int, r: int, n: int) -> Any:
    """df/dx · h half a cell before node n of row (c, r); ghost nodes are counted in c and r, not in n."""
    return C1 * (f[c, r, n + 2] - f[c, r, n + 1]) + C2 * (f[c, r, n + 3] - f[c, r, n])


@row
def along_y(f: Array, c: int, r: int, n: int) -> Any:
    return C1 * (f[c, r, n + 2] - f[c, r - 1, n + 2]) + C2 * (f[c, r + 1, n + 2] - f[c, r - 2, n + 2])


@row
def along_z(f: Array, c: int, r: int, n: int) -> Any:
    return C1 * (f[c, r, n + 2] - f[c - 1, r, n + 2]) + C2 * (f[c + 1, r, n + 2] - f[c - 2, r, n + 2])


@kernel
def plain_velocity(first: int, last: int, v: Any, s: Any, buoyancy: Any) -> None:
    """Advance the particle velocity of planes ``first`` to ``last`` by one step.

    Args:
        v: vx, vy, vz. s: sxx, syy, szz, sxy, sxz, syz. buoyancy: of vx, vy, vz, times step / spacing.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    bx, by, bz = buoyancy
    for k in range(first, last):
        for j in range(vx.shape[1] - 4):
            c, r = k + 2, j + 2
            _accelerate(vx, bx, sxx, sxy, sxz, c, r, 1, 0, 0)
            _accelerate(vy, by, sxy, syy, syz, c, r, 0, 1, 0)
            _accelerate(vz, bz, sxz, syz, szz, c, r, 0, 0, 1)


@row
def _accelerate(
    v: Array, buoyancy: Array, sx: Array, sy: Array, sz: Array, c: int, r: int, ahead_x: int, ahead_y: int, ahead_z: int
) -> None:
    """Newton's second law; ``ahead`` is 1 along the axis in which v lies half a cell after the node."""
    for i in range(v.shape[2] - 4):
        force = along_x(sx, c, r, i + ahead_x) + along_y(sy, c, r + ahead_y, i) + along_z(sz, c + ahead_z, r, i)
        v[c, r, i + 2] += buoyancy[c, r, i + 2] * force


@kernel
def elastic_stress(first: int, last: int, v: Any, s: Any, moduli: Any) -> None:
    """Advance the stress of planes ``first`` to ``last`` by one step (Hooke's law).

    Args:
        moduli: λ, μ at the nodes and μ of sxy, sxz, syz, times step / spacing.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    lam, mu, mu_xy, mu_xz, mu_yz = moduli
    for k in range(first, last):
        for j in range(vx.shape[1] - 4):
            c, r = k + 2, j + 2
            if k == 0:
                _normal_at_surface(sxx, syy, lam, mu, vx, vy, r)
            else:
                _normal(sxx, syy, szz, lam, mu, vx, vy, vz, c, r)
            for i in range(vx.shape[2] - 4):
                strain = along_x(vy, c, r, i + 1) + along_y(vx, c, r + 1, i)
                sxy[c, r, i + 2] += mu_xy[c, r, i + 2] * strain
            for i in range(vx.shape[2] - 4):
                strain = along_x(vz, c, r, i + 1) + along_z(vx, c + 1, r, i)
                sxz[c, r, i + 2] += mu_xz[c, r, i + 2] * strain
            for i in range(vx.shape[2] - 4):
                strain = along_y(vz, c, r + 1, i) + along_z(vy, c + 1, r, i)
                syz[c, r, i + 2] += mu_yz[c, r, i + 2] * strain


@row
def _normal(
    sxx: Array, syy: Array, szz: Array, lam: Array, mu: Array, vx: Array, vy: Array, vz: Array, c: int, r: int
) -> None:
    for i in range(sxx.shape[2] - 4):
        dxx, dyy, dzz = along_x(vx, c, r, i), along_y(vy, c, r, i), along_z(vz, c, r, i)
        pressure, twice_mu = lam[c, r, i + 2] * (dxx + dyy + dzz), 2 * mu[c, r, i + 2]
        sxx[c, r, i + 2] += pressure + twice_mu * dxx
        syy[c, r, i + 2] += pressure + twice_mu * dyy
        szz[c, r, i + 2] += pressure + twice_mu * dzz


@row
def _normal_at_surface(sxx: Array, syy: Array, lam: Array, mu: Array, vx: Array, vy: Array, r: int) -> None:
    """The vertical strain follows from szz = 0."""
    for i in range(sxx.shape[2] - 4):
        dxx, dyy = along_x(vx, 2, r, i), along_y(vy, 2, r, i)
        twice_mu = 2 * mu[2, r, i + 2]
        pressure = lam[2, r, i + 2] * twice_mu / (lam[2, r, i + 2] + twice_mu) * (dxx + dyy)
        sxx[2, r, i + 2] += pressure + twice_mu * dxx
        syy[2, r, i + 2] += pressure + twice_mu * dyy


@kernel
def relaxing_stress(
    first: int, last: int, v: Any, s: Any, moduli: Any, memory: Array, inverse_q: Any, decay: Array, gain: Array
) -> None:
    """The same in a solid of constant Q, with coarse-grained memory variables (Day & Bradley 2001, eqs 11-13).

    Args:
        memory: variables of the six stresses. inverse_q: 1/Qp and 1/Qs.
        decay, gain: of the variables, (4, nx), for rows with even and odd k and j.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    lam, mu, mu_xy, mu_xz, mu_yz = moduli
    qp, qs = inverse_q
    for k in range(first, last):
        for j in range(vx.shape[1] - 4):
            if k == 0:
                _relaxing_normal_at_surface(sxx, syy, lam, mu, vx, vy, memory, qp, qs, decay, gain, j)
            else:
                _relaxing_normal(sxx, syy, szz, lam, mu, vx, vy, vz, memory, qp, qs, decay, gain, k, j)
            _relaxing_shear(sxy, mu_xy, vy, vx, memory, 3, qs, decay, gain, k, j)
            _relaxing_shear(sxz, mu_xz, vz, vx, memory, 4, qs, decay, gain, k, j)
            _relaxing_shear(syz, mu_yz, vz, vy, memory, 5, qs, decay, gain, k, j)


@row
def _relaxing_normal(
    sxx: Array,
    syy: Array,
    szz: Array,
    lam: Array,
    mu: Array,
    vx: Array,
    vy: Array,
    vz: Array,
    memory: Array,
    qp: Array,
    qs: Array,
    decay: Array,
    gain: Array,
    k: int,
    j: int,
) -> None:
    c, r, kind = k + 2, j + 2, 2 * (k % 2) + j % 2
    for i in range(sxx.shape[2] - 4):
        dxx, dyy, dzz = along_x(vx, c, r, i), along_y(vy, c, r, i), along_z(vz, c, r, i)
        twice_mu, trace = 2 * mu[c, r, i + 2], dxx + dyy + dzz
        lost_shear = twice_mu * qs[c, r, i + 2]
        lost_trace = ((lam[c, r, i + 2] + twice_mu) * qp[c, r, i + 2] - lost_shear) * trace
        fading, growing = decay[kind, i], gain[kind, i]
        old_x, old_y, old_z = memory[0, k, j, i], memory[1, k, j, i], memory[2, k, j, i]
        new_x = fading * old_x + growing * (lost_trace + lost_shear * dxx)
        new_y = fading * old_y + growing * (lost_trace + lost_shear * dyy)
        new_z = fading * old_z + growing * (lost_trace + lost_shear * dzz)
        memory[0, k, j, i] = new_x
        memory[1, k, j, i] = new_y
        memory[2, k, j, i] = new_z
        pressure, half = lam[c, r, i + 2] * trace, np.float32(0.5)
        sxx[c, r, i + 2] += pressure + twice_mu * dxx - half * (old_x + new_x)
        syy[c, r, i + 2] += pressure + twice_mu * dyy - half * (old_y + new_y)
        szz[c, r, i + 2] += pressure + twice_mu * dzz - half * (old_z + new_z)


@row
def _relaxing_normal_at_surface(
    sxx: Array,
    syy: Array,
    lam: Array,
    mu: Array,
    vx: Array,
    vy: Array,
    memory: Array,
    qp: Array,
    qs: Array,
    decay: Array,
    gain: Array,
    j: int,
) -> None:
    r, kind = j + 2, j % 2
    for i in range(sxx.shape[2] - 4):
        dxx, dyy, twice_mu = along_x(vx, 2, r, i), along_y(vy, 2, r, i), 2 * mu[2, r, i + 2]
        trace = twice_mu / (lam[2, r, i + 2] + twice_mu) * (dxx + dyy)
        lost_shear = twice_mu * qs[2, r, i + 2]
        lost_trace = ((lam[2, r, i + 2] + twice_mu) * qp[2, r, i + 2] - lost_shear) * trace
        fading, growing = decay[kind, i], gain[kind, i]
        old_x, old_y = memory[0, 0, j, i], memory[1, 0, j, i]
        new_x = fading * old_x + growing * (lost_trace + lost_shear * dxx)
        new_y = fading * old_y + growing * (lost_trace + lost_shear * dyy)
        memory[0, 0, j, i] = new_x
        memory[1, 0, j, i] = new_y
        pressure, half = lam[2, r, i + 2] * trace, np.float32(0.5)
        sxx[2, r, i + 2] += pressure + twice_mu * dxx - half * (old_x + new_x)
        syy[2, r, i + 2] += pressure + twice_mu * dyy - half * (old_y + new_y)


@row
def _relaxing_shear(
    s: Array, mu: Array, v: Array, w: Array, memory: Array, q: int, qs: Array, decay: Array, gain: Array, k: int, j: int
) -> None:
    """Stress ``q``: 3 for sxy of v = vy and w = vx, 4 for sxz of vz and vx, 5 for syz of vz and vy."""
    c, r, kind = k + 2, j + 2, 2 * (k % 2) + j % 2
    for i in range(s.shape[2] - 4):
        if q == 3:
            strain = along_x(v, c, r, i + 1) + along_y(w, c, r + 1, i)
        elif q == 4:
            strain = along_x(v, c, r, i + 1) + along_z(w, c + 1, r, i)
        else:
            strain = along_y(v, c, r + 1, i) + along_z(w, c + 1, r, i)
        elastic, old = mu[c, r, i + 2] * strain, memory[q, k, j, i]
        new = decay[kind, i] * old + gain[kind, i] * qs[c, r, i + 2] * elastic
        memory[q, k, j, i] = new
        s[c, r, i + 2] += elastic - np.float32(0.5) * (old + new)


@kernel
def image_stress(s: Any) -> None:
    """Stress above the free surface (plane 0): antisymmetric, so that no traction acts on it (Levander 1988)."""
    _, _, szz, _, sxz, syz = s
    for r in range(szz.shape[1]):
        for i in range(szz.shape[2]):
            szz[2, r, i] = 0
            szz[1, r, i] = -szz[3, r, i]
        for i in range(szz.shape[2]):
            sxz[1, r, i] = -sxz[2, r, i]
            sxz[0, r, i] = -sxz[3, r, i]
        for i in range(szz.shape[2]):
            syz[1, r, i] = -syz[2, r, i]
            syz[0, r, i] = -syz[3, r, i]


@kernel
def image_velocity(v: Any) -> None:
    """Velocity above the free surface: a parabola through the three planes below.

    The fourth-order difference across the first half cell becomes the second-order one (Graves 1996). Values from
    vanishing traction instead grow without bound where Vp/Vs is high at the surface.
    """
    for field in v:
        for r in range(field.shape[1]):
            for i in range(field.shape[2]):
                field[1, r, i] = field[4, r, i] - 3 * (field[3, r, i] - field[2, r, i])
