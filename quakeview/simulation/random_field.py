"""Random fields with a von Karman spectrum: heterogeneity of the crust, and of slip on a fault."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import map_coordinates

Floats = NDArray[np.float64]
CORRELATION_LENGTHS_OF_MARGIN = 3.0
"""How far apart the periodic images of the field are kept, so that opposite sides differ."""


def von_karman(
    shape: Sequence[int],
    spacing: Sequence[float],
    correlation: Sequence[float],
    hurst: float,
    random: np.random.Generator,
) -> Floats:
    """White noise filtered to the power spectrum (1 + k²a²)^-(H + d/2) (Goff & Jordan 1988; Sato et al. 2012, 2.3).

    Periodic, of mean 0 and deviation 1.

    Args:
        shape: nodes along each of the d axes.   spacing: of the nodes, m.
        correlation: lengths a along each axis, m.   hurst: exponent H.
    """
    steps = [fft.fftfreq(count, step) for count, step in zip(shape[:-1], spacing[:-1], strict=True)]
    wavenumbers = np.meshgrid(*steps, fft.rfftfreq(shape[-1], spacing[-1]), indexing="ij", sparse=True)
    squared = sum((2 * np.pi * k * length) ** 2 for k, length in zip(wavenumbers, correlation, strict=True))
    amplitude = (1 + squared) ** (-(hurst + len(shape) / 2) / 2)
    noise = fft.rfftn(random.standard_normal(shape))
    return standardised(fft.irfftn(noise * amplitude, shape))


def standardised(field: Floats) -> Floats:
    """The field less its mean, over its standard deviation."""
    return (field - field.mean()) / field.std()


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
    """A field that covers the lengths ``extent`` along each axis, m; the rest as ``von_karman``."""
    covered = np.add(extent, CORRELATION_LENGTHS_OF_MARGIN * np.asarray(correlation))
    shape = [fft.next_fast_len(int(np.ceil(length / step)) + 1) for length, step in zip(covered, spacing, strict=True)]
    values = von_karman(shape, spacing, correlation, hurst, np.random.default_rng(seed))
    return RandomField(values.astype(np.float32), tuple(spacing))
