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

Loops run along rows of x, each with few arrays and with offsets the compiler knows: it can then prove that indices are
not negative and that arrays do not overlap, and uses vector instructions. One loop for everything is half as fast.
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
_inline = numba.njit(fastmath=True, nogil=True, error_model="numpy", inline="always")
"""What stands in a loop is copied there: a call would cost as much as half a row."""


@_inline
def _x(f: Array, c: int, r: int, i: int) -> Any:
    """df/dx · h of row (c, r), half a cell before cell i; i does not count the ghost nodes."""
    return C1 * (f[c, r, i + 2] - f[c, r, i + 1]) + C2 * (f[c, r, i + 3] - f[c, r, i])


@_inline
def _y(f: Array, c: int, r: int, i: int) -> Any:
    """df/dy · h half a cell before row r."""
    return C1 * (f[c, r, i + 2] - f[c, r - 1, i + 2]) + C2 * (f[c, r + 1, i + 2] - f[c, r - 2, i + 2])


@_inline
def _z(f: Array, c: int, r: int, i: int) -> Any:
    """df/dz · h half a cell above plane c."""
    return C1 * (f[c, r, i + 2] - f[c - 1, r, i + 2]) + C2 * (f[c + 1, r, i + 2] - f[c - 2, r, i + 2])


@_inline
def _relax(s: Array, memory: Array, q: int, c: int, r: int, loss: Array, decay: Array, gain: Array) -> None:
    """Coarse-grained memory variable (Day & Bradley 2001, eqs 11-13); ``loss`` is what relaxes of the new stress."""
    k, j = c - 2, r - 2
    mechanism = 2 * (k % 2) + j % 2
    for i in range(loss.size):
        old = memory[q, k, j, i]
        new = decay[mechanism, i] * old + gain[mechanism, i] * loss[i]
        memory[q, k, j, i] = new
        s[c, r, i + 2] -= np.float32(0.5) * (old + new)


@_inline
def _relax_shear(
    s: Array, memory: Array, q: int, c: int, r: int, increment: Array, inverse_q: Array, decay: Array, gain: Array
) -> None:
    """The same, adding the elastic ``increment`` too."""
    for i in range(increment.size):
        s[c, r, i + 2] += increment[i]
    for i in range(increment.size):
        increment[i] *= inverse_q[c, r, i + 2]
    _relax(s, memory, q, c, r, increment, decay, gain)


@_inline
def _across(c: int, lam: Any, mu: Any) -> Any:
    """λ, or what is left of it at the free surface (plane 2 with the ghost planes), where dzz follows from szz = 0."""
    return lam if c > 2 else 2 * lam * mu / (lam + 2 * mu)


@_kernel
def _absorb_velocity(c: int, v: Any, s: Any, buoyancy: Any, memory: Any, decay: Array, gain: Array) -> None:
    """Complex stretching of the coordinates in the layers of plane ``c`` (Komatitsch & Martin 2007, eqs 25-27).

    Each derivative has a memory variable, which is advanced and added where ``velocity`` has added the derivative.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    bx, by, bz = buoyancy
    mx, my, mz = memory
    n, ny, nx = decay.shape[1] // 2, vx.shape[1] - 4, vx.shape[2] - 4
    k = c - 2
    for j in range(ny):
        r = j + 2
        for m in range(2 * n):
            i = m if m < n else nx - 2 * n + m
            mx[0, k, j, m] = decay[1, m] * mx[0, k, j, m] + gain[1, m] * _x(sxx, c, r, i + 1)
            vx[c, r, i + 2] += bx[c, r, i + 2] * mx[0, k, j, m]
            mx[1, k, j, m] = decay[0, m] * mx[1, k, j, m] + gain[0, m] * _x(sxy, c, r, i)
            vy[c, r, i + 2] += by[c, r, i + 2] * mx[1, k, j, m]
            mx[2, k, j, m] = decay[0, m] * mx[2, k, j, m] + gain[0, m] * _x(sxz, c, r, i)
            vz[c, r, i + 2] += bz[c, r, i + 2] * mx[2, k, j, m]
    for m in range(2 * n):
        r = 2 + (m if m < n else ny - 2 * n + m)
        for i in range(nx):
            my[0, k, m, i] = decay[0, m] * my[0, k, m, i] + gain[0, m] * _y(sxy, c, r, i)
            vx[c, r, i + 2] += bx[c, r, i + 2] * my[0, k, m, i]
        for i in range(nx):
            my[1, k, m, i] = decay[1, m] * my[1, k, m, i] + gain[1, m] * _y(syy, c, r + 1, i)
            vy[c, r, i + 2] += by[c, r, i + 2] * my[1, k, m, i]
        for i in range(nx):
            my[2, k, m, i] = decay[0, m] * my[2, k, m, i] + gain[0, m] * _y(syz, c, r, i)
            vz[c, r, i + 2] += bz[c, r, i + 2] * my[2, k, m, i]
    m = k - (vx.shape[0] - 4 - n)
    if m < 0:
        return
    for j in range(ny):
        r = j + 2
        for i in range(nx):
            mz[0, m, j, i] = decay[0, n + m] * mz[0, m, j, i] + gain[0, n + m] * _z(sxz, c, r, i)
            vx[c, r, i + 2] += bx[c, r, i + 2] * mz[0, m, j, i]
        for i in range(nx):
            mz[1, m, j, i] = decay[0, n + m] * mz[1, m, j, i] + gain[0, n + m] * _z(syz, c, r, i)
            vy[c, r, i + 2] += by[c, r, i + 2] * mz[1, m, j, i]
        for i in range(nx):
            mz[2, m, j, i] = decay[1, n + m] * mz[2, m, j, i] + gain[1, n + m] * _z(szz, c + 1, r, i)
            vz[c, r, i + 2] += bz[c, r, i + 2] * mz[2, m, j, i]


@_kernel
def _absorb_stress(c: int, v: Any, s: Any, moduli: Any, memory: Any, decay: Array, gain: Array) -> None:
    """The same for the stress; what the layers add does not relax."""
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    lam, mu, mu_xy, mu_xz, mu_yz = moduli
    mx, my, mz = memory
    n, ny, nx = decay.shape[1] // 2, vx.shape[1] - 4, vx.shape[2] - 4
    k = c - 2
    for j in range(ny):
        r = j + 2
        for m in range(2 * n):
            i = m if m < n else nx - 2 * n + m
            mx[0, k, j, m] = decay[0, m] * mx[0, k, j, m] + gain[0, m] * _x(vx, c, r, i)
            across = _across(c, lam[c, r, i + 2], mu[c, r, i + 2])
            sxx[c, r, i + 2] += (across + 2 * mu[c, r, i + 2]) * mx[0, k, j, m]
            syy[c, r, i + 2] += across * mx[0, k, j, m]
            szz[c, r, i + 2] += lam[c, r, i + 2] * mx[0, k, j, m]
            mx[1, k, j, m] = decay[1, m] * mx[1, k, j, m] + gain[1, m] * _x(vy, c, r, i + 1)
            sxy[c, r, i + 2] += mu_xy[c, r, i + 2] * mx[1, k, j, m]
            mx[2, k, j, m] = decay[1, m] * mx[2, k, j, m] + gain[1, m] * _x(vz, c, r, i + 1)
            sxz[c, r, i + 2] += mu_xz[c, r, i + 2] * mx[2, k, j, m]
    for m in range(2 * n):
        r = 2 + (m if m < n else ny - 2 * n + m)
        for i in range(nx):
            my[0, k, m, i] = decay[0, m] * my[0, k, m, i] + gain[0, m] * _y(vy, c, r, i)
        for i in range(nx):
            sxx[c, r, i + 2] += _across(c, lam[c, r, i + 2], mu[c, r, i + 2]) * my[0, k, m, i]
        for i in range(nx):
            across = _across(c, lam[c, r, i + 2], mu[c, r, i + 2])
            syy[c, r, i + 2] += (across + 2 * mu[c, r, i + 2]) * my[0, k, m, i]
        for i in range(nx):
            szz[c, r, i + 2] += lam[c, r, i + 2] * my[0, k, m, i]
        for i in range(nx):
            my[1, k, m, i] = decay[1, m] * my[1, k, m, i] + gain[1, m] * _y(vx, c, r + 1, i)
            sxy[c, r, i + 2] += mu_xy[c, r, i + 2] * my[1, k, m, i]
        for i in range(nx):
            my[2, k, m, i] = decay[1, m] * my[2, k, m, i] + gain[1, m] * _y(vz, c, r + 1, i)
            syz[c, r, i + 2] += mu_yz[c, r, i + 2] * my[2, k, m, i]
    m = k - (vx.shape[0] - 4 - n)
    if m < 0:
        return
    for j in range(ny):
        r = j + 2
        for i in range(nx):
            mz[0, m, j, i] = decay[0, n + m] * mz[0, m, j, i] + gain[0, n + m] * _z(vz, c, r, i)
        for i in range(nx):
            sxx[c, r, i + 2] += lam[c, r, i + 2] * mz[0, m, j, i]
        for i in range(nx):
            syy[c, r, i + 2] += lam[c, r, i + 2] * mz[0, m, j, i]
        for i in range(nx):
            szz[c, r, i + 2] += (lam[c, r, i + 2] + 2 * mu[c, r, i + 2]) * mz[0, m, j, i]
        for i in range(nx):
            mz[1, m, j, i] = decay[1, n + m] * mz[1, m, j, i] + gain[1, n + m] * _z(vx, c + 1, r, i)
            sxz[c, r, i + 2] += mu_xz[c, r, i + 2] * mz[1, m, j, i]
        for i in range(nx):
            mz[2, m, j, i] = decay[1, n + m] * mz[2, m, j, i] + gain[1, n + m] * _z(vy, c + 1, r, i)
            syz[c, r, i + 2] += mu_yz[c, r, i + 2] * mz[2, m, j, i]


@_kernel
def velocity(first: int, last: int, v: Any, s: Any, buoyancy: Any, memory: Any, decay: Array, gain: Array) -> None:
    """Advance the particle velocity of planes ``first`` to ``last`` by one step: Newton's second law.

    Args:
        v: vx, vy, vz. s: sxx, syy, szz, sxy, sxz, syz. buoyancy: of vx, vy, vz, times step / spacing.
        memory: of the absorbing layers in x, y, z. decay, gain: their profiles (2, 2 x layer), at nodes and half-way.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    bx, by, bz = buoyancy
    nx = vx.shape[2] - 4
    for c in range(first + 2, last + 2):
        for r in range(2, vx.shape[1] - 2):
            for i in range(nx):
                vx[c, r, i + 2] += bx[c, r, i + 2] * (_x(sxx, c, r, i + 1) + _y(sxy, c, r, i) + _z(sxz, c, r, i))
            for i in range(nx):
                vy[c, r, i + 2] += by[c, r, i + 2] * (_x(sxy, c, r, i) + _y(syy, c, r + 1, i) + _z(syz, c, r, i))
            for i in range(nx):
                vz[c, r, i + 2] += bz[c, r, i + 2] * (_x(sxz, c, r, i) + _y(syz, c, r, i) + _z(szz, c + 1, r, i))
        _absorb_velocity(c, v, s, buoyancy, memory, decay, gain)


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
    """Advance the stress of planes ``first`` to ``last`` by one step: Hooke's law and its relaxation.

    Args:
        moduli: λ, μ at the nodes and μ of sxy, sxz, syz, times step / spacing.
        relaxing: memory variables of the six stresses; without planes for an elastic solid.
        inverse_q: 1/Qp and 1/Qs. relax_decay, relax_gain: (4, nx), of rows with even and odd k and j.
    """
    vx, vy, vz = v
    sxx, syy, szz, sxy, sxz, syz = s
    lam, mu, mu_xy, mu_xz, mu_yz = moduli
    inverse_qp, inverse_qs = inverse_q
    elastic = relaxing.shape[1] == 0
    nx = vx.shape[2] - 4
    rows = np.empty((6, nx), np.float32)
    dx, dy, dz, trace, shear_defect, trace_defect = rows[0], rows[1], rows[2], rows[3], rows[4], rows[5]
    for c in range(first + 2, last + 2):
        for r in range(2, vx.shape[1] - 2):
            for i in range(nx):
                dx[i] = _x(vx, c, r, i)
            for i in range(nx):
                dy[i] = _y(vy, c, r, i)
            for i in range(nx):
                dz[i] = _z(vz, c, r, i)
            if c == 2:  # the free surface: szz = 0
                for i in range(nx):
                    dz[i] = -lam[c, r, i + 2] / (lam[c, r, i + 2] + 2 * mu[c, r, i + 2]) * (dx[i] + dy[i])
            for i in range(nx):
                trace[i] = dx[i] + dy[i] + dz[i]
            for i in range(nx):
                sxx[c, r, i + 2] += lam[c, r, i + 2] * trace[i] + 2 * mu[c, r, i + 2] * dx[i]
            for i in range(nx):
                syy[c, r, i + 2] += lam[c, r, i + 2] * trace[i] + 2 * mu[c, r, i + 2] * dy[i]
            for i in range(nx):
                szz[c, r, i + 2] += lam[c, r, i + 2] * trace[i] + 2 * mu[c, r, i + 2] * dz[i]
            if elastic:
                for i in range(nx):
                    sxy[c, r, i + 2] += mu_xy[c, r, i + 2] * (_x(vy, c, r, i + 1) + _y(vx, c, r + 1, i))
                for i in range(nx):
                    sxz[c, r, i + 2] += mu_xz[c, r, i + 2] * (_x(vz, c, r, i + 1) + _z(vx, c + 1, r, i))
                for i in range(nx):
                    syz[c, r, i + 2] += mu_yz[c, r, i + 2] * (_y(vz, c, r + 1, i) + _z(vy, c + 1, r, i))
                continue
            for i in range(nx):
                shear_defect[i] = 2 * mu[c, r, i + 2] * inverse_qs[c, r, i + 2]
            for i in range(nx):
                modulus = lam[c, r, i + 2] + 2 * mu[c, r, i + 2]
                trace_defect[i] = (modulus * inverse_qp[c, r, i + 2] - shear_defect[i]) * trace[i]
            for i in range(nx):
                dx[i] = trace_defect[i] + shear_defect[i] * dx[i]
            for i in range(nx):
                dy[i] = trace_defect[i] + shear_defect[i] * dy[i]
            for i in range(nx):
                dz[i] = trace_defect[i] + shear_defect[i] * dz[i]
            _relax(sxx, relaxing, 0, c, r, dx, relax_decay, relax_gain)
            _relax(syy, relaxing, 1, c, r, dy, relax_decay, relax_gain)
            _relax(szz, relaxing, 2, c, r, dz, relax_decay, relax_gain)
            for i in range(nx):
                dx[i] = mu_xy[c, r, i + 2] * (_x(vy, c, r, i + 1) + _y(vx, c, r + 1, i))
            for i in range(nx):
                dy[i] = mu_xz[c, r, i + 2] * (_x(vz, c, r, i + 1) + _z(vx, c + 1, r, i))
            for i in range(nx):
                dz[i] = mu_yz[c, r, i + 2] * (_y(vz, c, r + 1, i) + _z(vy, c + 1, r, i))
            _relax_shear(sxy, relaxing, 3, c, r, dx, inverse_qs, relax_decay, relax_gain)
            _relax_shear(sxz, relaxing, 4, c, r, dy, inverse_qs, relax_decay, relax_gain)
            _relax_shear(syz, relaxing, 5, c, r, dz, inverse_qs, relax_decay, relax_gain)
        _absorb_stress(c, v, s, moduli, memory, decay, gain)


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
