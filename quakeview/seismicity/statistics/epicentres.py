"""Epicentres in space, so that distances are chords and need no trigonometry."""

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import Catalogue
from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]

EARTH_RADIUS = 6371e3
"""m."""


def epicentres(catalogue: Catalogue) -> Floats:
    """Return places on the sphere, (n, 3) m; chords are shorter than arcs by 1 part in 1000 at 1000 km."""
    latitude, longitude = np.radians(catalogue.latitude), np.radians(catalogue.longitude)
    return EARTH_RADIUS * np.column_stack(
        (np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude))
    )


@kernel
def squared_distance(place: Floats, one: int, other: int) -> float:
    """Square of the chord between two of the places (n, 3), m²; compiled, for loops over pairs."""
    total = 0.0
    for axis in range(3):
        total += (place[one, axis] - place[other, axis]) ** 2
    return total
