"""Declustering by nearest neighbours in space, time and magnitude (Zaliapin and Ben-Zion 2013).

Of all earlier earthquakes the parent of one is that with the least proximity t r^D 10^(-b m): a large one, near and
not long ago. Proximities of aftershocks and of background are two hills of a histogram, and the threshold is between.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.statistics.epicentres import epicentres
from quakeview.seismicity.statistics.groups import largest_of_each
from quakeview.seismicity.statistics.proximity import nearest_parents

Floats = NDArray[np.float64]

DIMENSION = 1.6
"""Of epicentres, a fractal."""
YEAR = 365.25 * 86400.0
_ROUNDS = 300
_FARTHER_APART = 1.0
"""Standard deviations (their mean) by which two hills are apart if there are two."""


@dataclass(frozen=True, eq=False)
class Proximities:
    """How near in space, time and magnitude each earthquake is to its parent.

    Attributes:
        parent: (n,) its number; -1 for the first earthquake.
        proximity: (n,) log10 of it, years and km; NaN for the first.
        threshold: below which an earthquake belongs to its parent's cluster.
        means, widths, parts: (2,) of the two Gaussians, clustered and background, whose sum the proximities follow.
    """

    parent: NDArray[np.int64]
    proximity: Floats
    threshold: float
    means: Floats
    widths: Floats
    parts: Floats

    @property
    def separated(self) -> bool:
        """Whether there are two hills; if not, the threshold says little."""
        return bool(self.means[1] - self.means[0] > _FARTHER_APART * self.widths.sum())

    def density(self, proximity: Floats) -> Floats:
        """Return the fitted density of each of the Gaussians, (2, ...)."""
        return self.parts[:, None] * _gaussians(proximity, self.means, self.widths)


def proximities(catalogue: Catalogue, b: float = 1.0) -> Proximities:
    """Find the parent of each earthquake, and the threshold between clusters and background.

    Args:
        catalogue: of known magnitudes.
        b: of the law of Gutenberg and Richter.
    """
    parent, nearest = nearest_parents(
        catalogue.time / YEAR, epicentres(catalogue) / 1e3, 10 ** (-b * catalogue.magnitude), DIMENSION
    )
    proximity = np.where(parent >= 0, np.log10(np.where(parent >= 0, nearest, 1.0)), np.nan)
    means, widths, parts = two_gaussians(proximity[parent >= 0])
    return Proximities(parent, proximity, _crossing(means, widths, parts), means, widths, parts)


def linked(catalogue: Catalogue, found: Proximities) -> NDArray[np.int64]:
    """Return the number of the largest earthquake of the cluster of each, (n,); its own if it is that or alone."""
    root = np.arange(len(catalogue))
    for number in np.flatnonzero(found.proximity < found.threshold):  # a parent is earlier: its own root is known
        root[number] = root[found.parent[number]]
    return largest_of_each(root, catalogue.magnitude)


def two_gaussians(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return means, standard deviations and parts, (2,) each, that make values (n,) likeliest; the lower mean first."""
    if len(values) < 4:
        middle = float(values.mean()) if len(values) else 0.0
        return np.array([middle, middle]), np.ones(2), np.full(2, 0.5)
    means = np.percentile(values, [20.0, 80.0])
    widths = np.full(2, max(float(values.std()) / 2, 1e-3))
    parts = np.full(2, 0.5)
    for _ in range(_ROUNDS):
        densities = parts[:, None] * _gaussians(values, means, widths)
        belongs = densities / np.maximum(densities.sum(axis=0), 1e-300)
        weights = np.maximum(belongs.sum(axis=1), 1e-9)
        before, means = means, belongs @ values / weights
        widths = np.maximum(np.sqrt((belongs * (values - means[:, None]) ** 2).sum(axis=1) / weights), 1e-3)
        parts = weights / weights.sum()
        if np.abs(means - before).max() < 1e-4:
            break
    order = np.argsort(means)
    return means[order], widths[order], parts[order]


def _gaussians(values: Floats, means: Floats, widths: Floats) -> Floats:
    scaled = (values - means[:, None]) / widths[:, None]
    densities: Floats = np.exp(-0.5 * scaled**2) / (np.sqrt(2 * np.pi) * widths[:, None])
    return densities


def _crossing(means: Floats, widths: Floats, parts: Floats) -> float:
    """Where, between the means, an earthquake is as likely of the one as of the other Gaussian."""
    between = np.linspace(means[0], means[1], 1001)
    clustered, background = parts[:, None] * _gaussians(between, means, widths)
    return float(between[np.argmax(background >= clustered)])
