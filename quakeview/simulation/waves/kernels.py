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

Every function here works on rows along x that stay in the processor's nearest cache; with few arrays in each loop the
compiler can prove that they do not overlap, and uses vector instructions.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

PAD = 2
"""Ghost nodes on each side, half the width of the fourth-order difference."""
C1, C2 = np.float32(9 / 8), np.float32(-1 / 24)
"""Coefficients of the fourth-order staggered difference (Levander 1988, eq. 5)."""

_kernel = numba.njit(fastmath=True, nogil=True, error_model="numpy", cache=True)


@_kernel
def _forward(difference: Array, f: Array) -> None:
    """df/dx · h at i + ½."""
    for i in range(difference.size):
        difference[i] = C1 * (f[i + 3] - f[i + 2]) + C2 * (f[i + 4] - f[i + 1])


@_kernel
def _backward(difference: Array, f: Array) -> None:
    """df/dx · h at i, of an f given at i + ½."""
    for i in range(difference.size):
        difference[i] = C1 * (f[i + 2] - f[i + 1]) + C2 * (f[i + 3] - f[i])


@_kernel
def _across(difference: Array, f0: Array, f1: Array, f2: Array, f3: Array) -> None:
    """The same across rows: half-way between f1 and f2."""
    for i in range(difference.size):
        difference[i] = C1 * (f2[i + 2] - f1[i + 2]) + C2 * (f3[i + 2] - f0[i + 2])


@_kernel
def _stretch(difference: Array, memory: Array, decay: Array, gain: Array) -> None:
    """Complex stretching of the coordinate along the row (Komatitsch & Martin 2007, eq. 27)."""
    for i in range(difference.size):
        memory[i] = decay[i] * memory[i] + gain[i] * difference[i]
        difference[i] += memory[i]


@_kernel
def _stretch_across(difference: Array, memory: Array, decay: float, gain: float) -> None:
    for i in range(difference.size):
        memory[i] = decay * memory[i] + gain * difference[i]
        difference[i] += memory[i]


@_kernel
def _absorb_x(difference: Array, memory: Array, decay: Array, gain: Array) -> None:
    n = decay.size // 2
    if n > 0:
        _stretch(difference[:n], memory[:n], decay[:n], gain[:n])
        _stretch(difference[-n:], memory[n:], decay[n:], gain[n:])


@_kernel
def _absorb_y(difference: Array, memory: Array, j: int, ny: int, decay: Array, gain: Array) -> None:
    n = decay.size // 2
    if j < n:
        _stretch_across(difference, memory[j], decay[j], gain[j])
    elif j >= ny - n:
        m = j - (ny - 2 * n)
        _stretch_across(difference, memory[m], decay[m], gain[m])


@_kernel
def _absorb_z(difference: Array, memory: Array, k: int, nz: int, j: int, decay: Array, gain: Array) -> None:
    n = decay.size // 2
    if k >= nz - n:
        m = k - (nz - n)
        _stretch_across(difference, memory[m, j], decay[n + m], gain[n + m])


@_kernel
def _accelerate(v: Array, buoyancy: Array, dx: Array, dy: Array, dz: Array) -> None:
    """Newton's second law."""
    for i in range(dx.size):
        v[i + 2] += buoyancy[i + 2] * (dx[i] + dy[i] + dz[i])


@_kernel
def _add(total: Array, a: Array, b: Array) -> None:
    for i in range(total.size):
        total[i] = a[i] + b[i]


@_kernel
def _dilate(trace: Array, dxx: Array, dyy: Array, dzz: Array) -> None:
    for i in range(trace.size):
        trace[i] = dxx[i] + dyy[i] + dzz[i]


@_kernel
def _vertical_strain_at_surface(dzz: Array, lam: Array, mu: Array, dxx: Array, dyy: Array) -> None:
    """From szz = 0."""
    for i in range(dzz.size):
        dzz[i] = -lam[i + 2] / (lam[i + 2] + 2 * mu[i + 2]) * (dxx[i] + dyy[i])


@_kernel
def _hooke(s: Array, lam: Array, mu: Array, trace: Array, d: Array) -> None:
    for i in range(d.size):
        s[i + 2] += lam[i + 2] * trace[i] + 2 * mu[i + 2] * d[i]


@_kernel
def _shear(s: Array, mu: Array, strain: Array) -> None:
    for i in range(strain.size):
        s[i + 2] += mu[i + 2] * strain[i]


@_kernel
def _normal_defect(alpha: Array, beta: Array, lam: Array, mu: Array, inverse_qp: Array, inverse_qs: Array) -> None:
    """Parts of the elastic moduli that relax: of the trace (alpha) and of each component (beta)."""
    for i in range(beta.size):
        beta[i] = 2 * mu[i + 2] * inverse_qs[i + 2]
    for i in range(alpha.size):
        alpha[i] = (lam[i + 2] + 2 * mu[i + 2]) * inverse_qp[i + 2] - beta[i]


@_kernel
def _mix(loss: Array, alpha: Array, beta: Array, trace: Array, d: Array) -> None:
    for i in range(loss.size):
        loss[i] = alpha[i] * trace[i] + beta[i] * d[i]


@_kernel
def _shear_loss(loss: Array, mu: Array, inverse_qs: Array, strain: Array) -> None:
    for i in range(loss.size):
        loss[i] = mu[i + 2] * inverse_qs[i + 2] * strain[i]


@_kernel
def _relax(s: Array, memory: Array, loss: Array, decay: Array, gain: Array) -> None:
    """Coarse-grained memory variable (Day & Bradley 2001, eqs 11-13)."""
    for i in range(loss.size):
        old = memory[i]
        new = decay[i] * old + gain[i] * loss[i]
        memory[i] = new
        s[i + 2] -= np.float32(0.5) * (old + new)


@_kernel
def velocity(first: int, last: int, v: Any, s: Any, buoyancy: Any, memory: Any, decay: Array, gain: Array) -> None:
    """Advance the particle velocity of planes ``first`` to ``last`` by one step.

    Args:
        v: vx, vy, vz. s: sxx, syy, szz, sxy, sxz, syz. buoyancy: of vx, vy, vz, times step / spacing.
        memory: of the absorbing layers in x, y, z. decay, gain: their profiles (2, 2 x layer), at nodes and half-way.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    bx, by, bz = buoyancy
    mx, my, mz = memory
    nz, ny, nx = vx.shape[0] - 4, vx.shape[1] - 4, vx.shape[2] - 4
    rows = np.empty((3, nx), np.float32)
    dx, dy, dz = rows[0], rows[1], rows[2]
    for k in range(first, last):
        for j in range(ny):
            c, r = k + 2, j + 2
            _forward(dx, sxx[c, r])
            _across(dy, sxy[c, r - 2], sxy[c, r - 1], sxy[c, r], sxy[c, r + 1])
            _across(dz, sxz[c - 2, r], sxz[c - 1, r], sxz[c, r], sxz[c + 1, r])
            _absorb_x(dx, mx[0, k, j], decay[1], gain[1])
            _absorb_y(dy, my[0, k], j, ny, decay[0], gain[0])
            _absorb_z(dz, mz[0], k, nz, j, decay[0], gain[0])
            _accelerate(vx[c, r], bx[c, r], dx, dy, dz)
            _backward(dx, sxy[c, r])
            _across(dy, syy[c, r - 1], syy[c, r], syy[c, r + 1], syy[c, r + 2])
            _across(dz, syz[c - 2, r], syz[c - 1, r], syz[c, r], syz[c + 1, r])
            _absorb_x(dx, mx[1, k, j], decay[0], gain[0])
            _absorb_y(dy, my[1, k], j, ny, decay[1], gain[1])
            _absorb_z(dz, mz[1], k, nz, j, decay[0], gain[0])
            _accelerate(vy[c, r], by[c, r], dx, dy, dz)
            _backward(dx, sxz[c, r])
            _across(dy, syz[c, r - 2], syz[c, r - 1], syz[c, r], syz[c, r + 1])
            _across(dz, szz[c - 1, r], szz[c, r], szz[c + 1, r], szz[c + 2, r])
            _absorb_x(dx, mx[2, k, j], decay[0], gain[0])
            _absorb_y(dy, my[2, k], j, ny, decay[0], gain[0])
            _absorb_z(dz, mz[2], k, nz, j, decay[1], gain[1])
            _accelerate(vz[c, r], bz[c, r], dx, dy, dz)


@_kernel
def stress(
    first: int,
    last: int,
    v: Any,
    s: Any,
    moduli: Any,
    memory: Any,
    decay: Array,
    gain: Array,
    relaxing: Any,
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
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    lam, mu, mu_xy, mu_xz, mu_yz = moduli
    mx, my, mz = memory
    inverse_qp, inverse_qs = inverse_q
    nz, ny, nx = vx.shape[0] - 4, vx.shape[1] - 4, vx.shape[2] - 4
    elastic = relaxing.shape[1] == 0
    rows = np.empty((7, nx), np.float32)
    dx, dy, dz, trace, alpha, beta, loss = rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6]
    for k in range(first, last):
        for j in range(ny):
            c, r = k + 2, j + 2
            fading, growing = relax_decay[2 * (k % 2) + j % 2], relax_gain[2 * (k % 2) + j % 2]
            _backward(dx, vx[c, r])
            _across(dy, vy[c, r - 2], vy[c, r - 1], vy[c, r], vy[c, r + 1])
            _across(dz, vz[c - 2, r], vz[c - 1, r], vz[c, r], vz[c + 1, r])
            _absorb_x(dx, mx[0, k, j], decay[0], gain[0])
            _absorb_y(dy, my[0, k], j, ny, decay[0], gain[0])
            _absorb_z(dz, mz[0], k, nz, j, decay[0], gain[0])
            if k == 0:
                _vertical_strain_at_surface(dz, lam[c, r], mu[c, r], dx, dy)
            _dilate(trace, dx, dy, dz)
            _hooke(sxx[c, r], lam[c, r], mu[c, r], trace, dx)
            _hooke(syy[c, r], lam[c, r], mu[c, r], trace, dy)
            _hooke(szz[c, r], lam[c, r], mu[c, r], trace, dz)
            if not elastic:
                _normal_defect(alpha, beta, lam[c, r], mu[c, r], inverse_qp[c, r], inverse_qs[c, r])
                _mix(loss, alpha, beta, trace, dx)
                _relax(sxx[c, r], relaxing[0, k, j], loss, fading, growing)
                _mix(loss, alpha, beta, trace, dy)
                _relax(syy[c, r], relaxing[1, k, j], loss, fading, growing)
                _mix(loss, alpha, beta, trace, dz)
                _relax(szz[c, r], relaxing[2, k, j], loss, fading, growing)
            _forward(dx, vy[c, r])
            _across(dy, vx[c, r - 1], vx[c, r], vx[c, r + 1], vx[c, r + 2])
            _absorb_x(dx, mx[1, k, j], decay[1], gain[1])
            _absorb_y(dy, my[1, k], j, ny, decay[1], gain[1])
            _add(trace, dx, dy)
            _shear(sxy[c, r], mu_xy[c, r], trace)
            if not elastic:
                _shear_loss(loss, mu_xy[c, r], inverse_qs[c, r], trace)
                _relax(sxy[c, r], relaxing[3, k, j], loss, fading, growing)
            _forward(dx, vz[c, r])
            _across(dz, vx[c - 1, r], vx[c, r], vx[c + 1, r], vx[c + 2, r])
            _absorb_x(dx, mx[2, k, j], decay[1], gain[1])
            _absorb_z(dz, mz[1], k, nz, j, decay[1], gain[1])
            _add(trace, dx, dz)
            _shear(sxz[c, r], mu_xz[c, r], trace)
            if not elastic:
                _shear_loss(loss, mu_xz[c, r], inverse_qs[c, r], trace)
                _relax(sxz[c, r], relaxing[4, k, j], loss, fading, growing)
            _across(dy, vz[c, r - 1], vz[c, r], vz[c, r + 1], vz[c, r + 2])
            _across(dz, vy[c - 1, r], vy[c, r], vy[c + 1, r], vy[c + 2, r])
            _absorb_y(dy, my[2, k], j, ny, decay[1], gain[1])
            _absorb_z(dz, mz[2], k, nz, j, decay[1], gain[1])
            _add(trace, dy, dz)
            _shear(syz[c, r], mu_yz[c, r], trace)
            if not elastic:
                _shear_loss(loss, mu_yz[c, r], inverse_qs[c, r], trace)
                _relax(syz[c, r], relaxing[5, k, j], loss, fading, growing)


@_kernel
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


@_kernel
def image_velocity(v: Any, lam: Array, mu: Array) -> None:
    """Velocity above the free surface: from szz = 0 (vz half a cell above), and sxz = syz = 0 (vx, vy a cell above)."""
    vx, vy, vz = v
    ny, nx = vx.shape[1], vx.shape[2]
    for r in range(2, ny - 1):
        for i in range(2, nx - 1):
            horizontal = vx[2, r, i] - vx[2, r, i - 1] + vy[2, r, i] - vy[2, r - 1, i]
            vz[1, r, i] = vz[2, r, i] + lam[2, r, i] / (lam[2, r, i] + 2 * mu[2, r, i]) * horizontal
    for r in range(2, ny - 2):
        for i in range(2, nx - 2):
            vx[1, r, i] = vx[3, r, i] + vz[1, r, i + 1] + vz[2, r, i + 1] - vz[1, r, i] - vz[2, r, i]
            vy[1, r, i] = vy[3, r, i] + vz[1, r + 1, i] + vz[2, r + 1, i] - vz[1, r, i] - vz[2, r, i]
