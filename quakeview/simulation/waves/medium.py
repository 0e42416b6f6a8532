"""An Earth model on the staggered grid, as the kernels need it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.earth.material import EarthModel, Material
from quakeview.simulation.waves.absorption import absorbing_profile
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.kernels import PAD
from quakeview.simulation.waves.relaxation import relaxation_spectrum

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Medium:
    """Coefficients of the two half-steps; 3-D arrays ``[z, y, x]`` with ghost nodes, times step / spacing where said.

    Attributes:
        buoyancy: 1/ρ where vx, vy and vz are, times step / spacing.
        moduli: λ and μ at the nodes, and μ where sxy, sxz and syz are, times step / spacing.
        inverse_q: 1/Qp and 1/Qs at the nodes (see ``RelaxationSpectrum.defect``); empty without attenuation.
        absorb_decay, absorb_gain: profiles of the absorbing layers, (2, 2 x layer).
        relax_decay, relax_gain: of the memory variables, (4, nx).
    """

    buoyancy: tuple[Array, Array, Array]
    moduli: tuple[Array, Array, Array, Array, Array]
    inverse_q: tuple[Array, Array]
    absorb_decay: Array
    absorb_gain: Array
    relax_decay: Array
    relax_gain: Array

    @property
    def attenuating(self) -> bool:
        return self.inverse_q[0].size > 0


def sample(model: EarthModel, grid: Grid) -> Material:
    """The model in the cells of the grid; what lies outside the model continues its sides.

    Each cell averages what is a quarter of the spacing above and below its node: density arithmetically, moduli
    harmonically (Moczo et al. 2002). Without it a layer boundary sits up to half a cell wrong.

    Raises:
        QuakeViewError: if the model gives values no solid has.
    """
    above, below = (_at(model, grid, shift * grid.spacing) for shift in (-0.25, 0.25))
    density = np.float32(0.5) * (above.density + below.density)
    mu = _harmonic(above.density * above.vs**2, below.density * below.vs**2)
    bulk = _harmonic(_bulk_modulus(above), _bulk_modulus(below))
    return Material(
        vp=np.sqrt((bulk + np.float32(4 / 3) * mu) / density),
        vs=np.sqrt(mu / density),
        density=density,
        qp=_harmonic(above.qp, below.qp),
        qs=_harmonic(above.qs, below.qs),
    )


def _at(model: EarthModel, grid: Grid, shift: float) -> Material:
    depth = np.maximum(grid.depth + shift, 0.0)
    material = model.at(grid.x[None, None, :], grid.y[None, :, None], depth[:, None, None])
    arrays = {name: np.broadcast_to(values, grid.shape) for name, values in vars(material).items()}
    material = Material(**arrays)
    material.check()
    return material


def _bulk_modulus(material: Material) -> Array:
    modulus: Array = material.density * (material.vp**2 - np.float32(4 / 3) * material.vs**2)
    return modulus


def _harmonic(a: Array, b: Array) -> Array:
    mean: Array = 2 * a * b / (a + b)
    return mean


def build_medium(material: Material, grid: Grid, frequency: float, step: float, attenuation: bool) -> Medium:
    """Averages onto the staggered places: arithmetic for density, harmonic for μ (Moczo et al. 2002).

    Args:
        material: at the nodes, arrays of ``grid.shape``.
        frequency: highest of the waves, Hz.
        step: time step, s.
    """
    spectrum = relaxation_spectrum(frequency)
    scale = np.float32(step / grid.spacing)
    mu: NDArray[np.float64] = (material.density * material.vs**2).astype(np.float64)
    bulk: NDArray[np.float64] = (material.density * material.vp**2).astype(np.float64)
    fastest = float(material.vp.max())
    if attenuation:
        mu *= spectrum.unrelaxed(material.qs)
        bulk *= spectrum.unrelaxed(material.qp)
    defects = (_padded(spectrum.defect(material.qp)), _padded(spectrum.defect(material.qs)))
    stiff, lam, density = _padded(mu), _padded(bulk - 2 * mu), _padded(material.density)
    compliance = np.reciprocal(stiff)
    decay, gain = absorbing_profile(grid, fastest, frequency, step)
    relax_decay, relax_gain = spectrum.rows(grid.shape[2], step)
    return Medium(
        buoyancy=(
            scale / _mean(density, (2,)),
            scale / _mean(density, (1,)),
            scale / _mean(density, (0,)),
        ),
        moduli=(
            scale * lam,
            scale * stiff,
            scale / _mean(compliance, (1, 2)),
            scale / _mean(compliance, (0, 2)),
            scale / _mean(compliance, (0, 1)),
        ),
        inverse_q=defects if attenuation else _nothing(),
        absorb_decay=decay,
        absorb_gain=gain,
        relax_decay=relax_decay,
        relax_gain=relax_gain,
    )


def _padded(values: NDArray[np.floating]) -> Array:
    padded: Array = np.pad(values.astype(np.float32), PAD, mode="edge")
    return padded


def _nothing() -> tuple[Array, Array]:
    return np.zeros((0, 0, 0), np.float32), np.zeros((0, 0, 0), np.float32)


def _mean(values: Array, axes: tuple[int, ...]) -> Array:
    """Of each node and the next one along ``axes``; the last node has only itself."""
    for axis in axes:
        following = np.take(values, np.minimum(np.arange(values.shape[axis]) + 1, values.shape[axis] - 1), axis)
        values = np.float32(0.5) * (values + following)
    return values
