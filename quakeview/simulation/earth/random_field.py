"""Small-scale heterogeneity of the crust: a random field with a von Karman spectrum."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import map_coordinates

Floats = NDArray[np.float64]
CORRELATION_LENGTHS_OF_MARGIN = 3.0
"""How far apart the periodic images of the field are kept, so that opposite sides differ."""


@dataclass(frozen=True)
class RandomField:
    """A realisation on nodes of its own, so that a point has one value whatever grid it is sampled on.

    Attributes:
        values: at the nodes, mean 0, standard deviation 1.
        spacing: of the nodes along each axis, m.
    """

    values: NDArray[np.float32]
    spacing: tuple[float, ...]

    def at(self, *coordinates: Floats) -> NDArray[np.float32]:
        """Linear interpolation at coordinates in metres, one array per axis, which broadcast."""
        shape = np.broadcast_shapes(*(np.shape(each) for each in coordinates))
        nodes = np.empty((len(self.spacing), *shape))
        for node, coordinate, spacing in zip(nodes, coordinates, self.spacing, strict=True):
            node[...] = coordinate / spacing
        interpolated: NDArray[np.float32] = map_coordinates(
            self.values, nodes, output=np.float32, order=1, mode="nearest", prefilter=False
        )
        return interpolated


def von_karman_field(
    extent: Sequence[float], spacing: Sequence[float], correlation: Sequence[float], hurst: float, seed: int
) -> RandomField:
    """White noise filtered to the power spectrum (1 + k²a²)^-(H + d/2) (Goff & Jordan 1988; Sato et al. 2012, 2.3).

    Args:
        extent: lengths to be covered along each of the d axes, m.
        spacing: of the nodes, m.   correlation: lengths a, m.   hurst: exponent H.
    """
    covered = np.add(extent, CORRELATION_LENGTHS_OF_MARGIN * np.asarray(correlation))
    shape = tuple(
        fft.next_fast_len(int(np.ceil(length / step)) + 1) for length, step in zip(covered, spacing, strict=True)
    )
    squared = np.zeros((1,) * len(shape))
    for axis, (count, step, length) in enumerate(zip(shape, spacing, correlation, strict=True)):
        wavenumber = 2 * np.pi * fft.fftfreq(count, step)
        squared = squared + np.expand_dims((wavenumber * length) ** 2, [k for k in range(len(shape)) if k != axis])
    amplitude = (1 + squared) ** (-(hurst + len(shape) / 2) / 2)
    amplitude.flat[0] = 0.0
    noise = np.random.default_rng(seed).standard_normal(shape)
    values = fft.ifftn(fft.fftn(noise) * amplitude).real
    return RandomField((values / values.std()).astype(np.float32), tuple(spacing))
