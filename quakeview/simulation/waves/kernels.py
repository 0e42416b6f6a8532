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
_row = numba.njit(fastmath=True, nogil=True, error_model="numpy", inline="always")
"""Calls cost as much as half a row, so what works on a row is copied into the two kernels."""


@_row
def _along_x(difference: Array, f: Array, c: int, r: int, forward: int) -> None:
    """df/dx · h at i + ½ (forward) or at i; as below, of row (c, r)."""
    for i in range(difference.size):
        n = i + forward
        difference[i] = C1 * (f[c, r, n + 2] - f[c, r, n + 1]) + C2 * (f[c, r, n + 3] - f[c, r, n])


@_row
def _along_y(difference: Array, f: Array, c: int, r: int, forward: int) -> None:
    n = r + forward
    for i in range(difference.size):
        difference[i] = C1 * (f[c, n, i + 2] - f[c, n - 1, i + 2]) + C2 * (f[c, n + 1, i + 2] - f[c, n - 2, i + 2])


@_row
def _along_z(difference: Array, f: Array, c: int, r: int, forward: int) -> None:
    n = c + forward
    for i in range(difference.size):
        difference[i] = C1 * (f[n, r, i + 2] - f[n - 1, r, i + 2]) + C2 * (f[n + 1, r, i + 2] - f[n - 2, r, i + 2])


@_row
def _absorb_x(difference: Array, memory: Array, q: int, k: int, j: int, decay: Array, gain: Array, h: int) -> None:
    """Complex stretching of the coordinate in both side layers (Komatitsch & Martin 2007, eq. 27).

    Args:
        memory: of derivatives ``q`` at plane k and row j. h: 1 if the derivative is half-way between nodes.
    """
    n = decay.shape[1] // 2
    right = difference.size - n
    for i in range(n):
        memory[q, k, j, i] = decay[h, i] * memory[q, k, j, i] + gain[h, i] * difference[i]
    for i in range(n, 2 * n):
        memory[q, k, j, i] = decay[h, i] * memory[q, k, j, i] + gain[h, i] * difference[right - n + i]
    for i in range(n):
        difference[i] += memory[q, k, j, i]
    for i in range(n):
        difference[right + i] += memory[q, k, j, n + i]


@_row
def _absorb_y(
    difference: Array, memory: Array, q: int, k: int, j: int, ny: int, decay: Array, gain: Array, h: int
) -> None:
    n = decay.shape[1] // 2
    m = -1
    if j < n:
        m = j
    elif j >= ny - n:
        m = j - (ny - 2 * n)
    if m >= 0:
        _stretch(difference, memory, q, k, m, decay[h, m], gain[h, m])


@_row
def _absorb_z(difference: Array, memory: Array, q: int, m: int, j: int, decay: Array, gain: Array, h: int) -> None:
    """``m`` counts planes from the top of the layer; above it, m < 0, nothing happens."""
    if m >= 0:
        n = decay.shape[1] // 2
        _stretch(difference, memory, q, m, j, decay[h, n + m], gain[h, n + m])


@_row
def _stretch(difference: Array, memory: Array, q: int, k: int, j: int, decay: float, gain: float) -> None:
    for i in range(difference.size):
        memory[q, k, j, i] = decay * memory[q, k, j, i] + gain * difference[i]
        difference[i] += memory[q, k, j, i]


@_row
def _accelerate(v: Array, buoyancy: Array, c: int, r: int, dx: Array, dy: Array, dz: Array) -> None:
    """Newton's second law."""
    for i in range(dx.size):
        v[c, r, i + 2] += buoyancy[c, r, i + 2] * (dx[i] + dy[i] + dz[i])


@_row
def _add(total: Array, a: Array, b: Array) -> None:
    for i in range(total.size):
        total[i] = a[i] + b[i]


@_row
def _dilate(trace: Array, dxx: Array, dyy: Array, dzz: Array) -> None:
    for i in range(trace.size):
        trace[i] = dxx[i] + dyy[i] + dzz[i]


@_row
def _vertical_strain_at_surface(dzz: Array, lam: Array, mu: Array, c: int, r: int, dxx: Array, dyy: Array) -> None:
    """From szz = 0."""
    for i in range(dzz.size):
        dzz[i] = -lam[c, r, i + 2] / (lam[c, r, i + 2] + 2 * mu[c, r, i + 2]) * (dxx[i] + dyy[i])


@_row
def _hooke(s: Array, lam: Array, mu: Array, c: int, r: int, trace: Array, d: Array) -> None:
    for i in range(d.size):
        s[c, r, i + 2] += lam[c, r, i + 2] * trace[i] + 2 * mu[c, r, i + 2] * d[i]


@_row
def _shear(s: Array, mu: Array, c: int, r: int, strain: Array) -> None:
    for i in range(strain.size):
        s[c, r, i + 2] += mu[c, r, i + 2] * strain[i]


@_row
def _defect_of_shear(beta: Array, mu: Array, inverse_qs: Array, c: int, r: int) -> None:
    """The part of 2μ that relaxes."""
    for i in range(beta.size):
        beta[i] = 2 * mu[c, r, i + 2] * inverse_qs[c, r, i + 2]


@_row
def _defect_of_trace(alpha: Array, beta: Array, lam: Array, mu: Array, inverse_qp: Array, c: int, r: int) -> None:
    """The part of λ that relaxes."""
    for i in range(alpha.size):
        alpha[i] = (lam[c, r, i + 2] + 2 * mu[c, r, i + 2]) * inverse_qp[c, r, i + 2] - beta[i]


@_row
def _normal_loss(loss: Array, alpha: Array, beta: Array, trace: Array, d: Array) -> None:
    for i in range(loss.size):
        loss[i] = alpha[i] * trace[i] + beta[i] * d[i]


@_row
def _shear_loss(loss: Array, mu: Array, inverse_qs: Array, c: int, r: int, strain: Array) -> None:
    for i in range(loss.size):
        loss[i] = mu[c, r, i + 2] * inverse_qs[c, r, i + 2] * strain[i]


@_row
def _relax(s: Array, memory: Array, q: int, k: int, j: int, loss: Array, decay: Array, gain: Array) -> None:
    """Coarse-grained memory variable (Day & Bradley 2001, eqs 11-13)."""
    row = 2 * (k % 2) + j % 2
    for i in range(loss.size):
        old = memory[q, k, j, i]
        new = decay[row, i] * old + gain[row, i] * loss[i]
        memory[q, k, j, i] = new
        s[k + 2, j + 2, i + 2] -= np.float32(0.5) * (old + new)


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
    ny, nx = vx.shape[1] - 4, vx.shape[2] - 4
    above = vx.shape[0] - 4 - mz.shape[1]
    rows = np.empty((3, nx), np.float32)
    dx, dy, dz = rows[0], rows[1], rows[2]
    for k in range(first, last):
        for j in range(ny):
            c, r, m = k + 2, j + 2, k - above
            _along_x(dx, sxx, c, r, 1)
            _along_y(dy, sxy, c, r, 0)
            _along_z(dz, sxz, c, r, 0)
            _absorb_x(dx, mx, 0, k, j, decay, gain, 1)
            _absorb_y(dy, my, 0, k, j, ny, decay, gain, 0)
            _absorb_z(dz, mz, 0, m, j, decay, gain, 0)
            _accelerate(vx, bx, c, r, dx, dy, dz)
            _along_x(dx, sxy, c, r, 0)
            _along_y(dy, syy, c, r, 1)
            _along_z(dz, syz, c, r, 0)
            _absorb_x(dx, mx, 1, k, j, decay, gain, 0)
            _absorb_y(dy, my, 1, k, j, ny, decay, gain, 1)
            _absorb_z(dz, mz, 1, m, j, decay, gain, 0)
            _accelerate(vy, by, c, r, dx, dy, dz)
            _along_x(dx, sxz, c, r, 0)
            _along_y(dy, syz, c, r, 0)
            _along_z(dz, szz, c, r, 1)
            _absorb_x(dx, mx, 2, k, j, decay, gain, 0)
            _absorb_y(dy, my, 2, k, j, ny, decay, gain, 0)
            _absorb_z(dz, mz, 2, m, j, decay, gain, 1)
            _accelerate(vz, bz, c, r, dx, dy, dz)


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
    ny, nx = vx.shape[1] - 4, vx.shape[2] - 4
    above = vx.shape[0] - 4 - mz.shape[1]
    elastic = relaxing.shape[1] == 0
    rows = np.empty((7, nx), np.float32)
    dx, dy, dz, trace, alpha, beta, loss = rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6]
    for k in range(first, last):
        for j in range(ny):
            c, r, m = k + 2, j + 2, k - above
            _along_x(dx, vx, c, r, 0)
            _along_y(dy, vy, c, r, 0)
            _along_z(dz, vz, c, r, 0)
            _absorb_x(dx, mx, 0, k, j, decay, gain, 0)
            _absorb_y(dy, my, 0, k, j, ny, decay, gain, 0)
            _absorb_z(dz, mz, 0, m, j, decay, gain, 0)
            if k == 0:
                _vertical_strain_at_surface(dz, lam, mu, c, r, dx, dy)
            _dilate(trace, dx, dy, dz)
            _hooke(sxx, lam, mu, c, r, trace, dx)
            _hooke(syy, lam, mu, c, r, trace, dy)
            _hooke(szz, lam, mu, c, r, trace, dz)
            if not elastic:
                _defect_of_shear(beta, mu, inverse_qs, c, r)
                _defect_of_trace(alpha, beta, lam, mu, inverse_qp, c, r)
                _normal_loss(loss, alpha, beta, trace, dx)
                _relax(sxx, relaxing, 0, k, j, loss, relax_decay, relax_gain)
                _normal_loss(loss, alpha, beta, trace, dy)
                _relax(syy, relaxing, 1, k, j, loss, relax_decay, relax_gain)
                _normal_loss(loss, alpha, beta, trace, dz)
                _relax(szz, relaxing, 2, k, j, loss, relax_decay, relax_gain)
            _along_x(dx, vy, c, r, 1)
            _along_y(dy, vx, c, r, 1)
            _absorb_x(dx, mx, 1, k, j, decay, gain, 1)
            _absorb_y(dy, my, 1, k, j, ny, decay, gain, 1)
            _add(trace, dx, dy)
            _shear(sxy, mu_xy, c, r, trace)
            if not elastic:
                _shear_loss(loss, mu_xy, inverse_qs, c, r, trace)
                _relax(sxy, relaxing, 3, k, j, loss, relax_decay, relax_gain)
            _along_x(dx, vz, c, r, 1)
            _along_z(dz, vx, c, r, 1)
            _absorb_x(dx, mx, 2, k, j, decay, gain, 1)
            _absorb_z(dz, mz, 1, m, j, decay, gain, 1)
            _add(trace, dx, dz)
            _shear(sxz, mu_xz, c, r, trace)
            if not elastic:
                _shear_loss(loss, mu_xz, inverse_qs, c, r, trace)
                _relax(sxz, relaxing, 4, k, j, loss, relax_decay, relax_gain)
            _along_y(dy, vz, c, r, 1)
            _along_z(dz, vy, c, r, 1)
            _absorb_y(dy, my, 2, k, j, ny, decay, gain, 1)
            _absorb_z(dz, mz, 2, m, j, decay, gain, 1)
            _add(trace, dy, dz)
            _shear(syz, mu_yz, c, r, trace)
            if not elastic:
                _shear_loss(loss, mu_yz, inverse_qs, c, r, trace)
                _relax(syz, relaxing, 5, k, j, loss, relax_decay, relax_gain)


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
def image_velocity(v: Any) -> None:
    """Velocity above the free surface: a parabola through the three planes below.

    The fourth-order difference across the first half cell becomes the second-order one (Graves 1996). Values from
    vanishing traction instead grow without bound where Vp/Vs is high at the surface.
    """
    for field in v:
        for r in range(field.shape[1]):
            for i in range(field.shape[2]):
                field[1, r, i] = field[4, r, i] - 3 * (field[3, r, i] - field[2, r, i])
