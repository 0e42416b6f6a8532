"""Which earthquakes belong together, and which of each cluster is its mainshock, by a choice of three methods."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.statistics.gardner_knopoff import gardner_knopoff
from quakeview.seismicity.statistics.methods import Method
from quakeview.seismicity.statistics.nearest_neighbour import Proximities, linked, proximities
from quakeview.seismicity.statistics.reasenberg import reasenberg


@dataclass(frozen=True, eq=False)
class Declustering:
    """The clusters of a catalogue.

    Attributes:
        method: by which they were found.
        cluster: (n,) number of the earthquake that is the mainshock of each; its own if it is one or is alone.
        unknown: (n,) where the magnitude is unknown; such earthquakes stand alone and are no mainshocks.
        proximities: of the earthquakes of known magnitude, if they were found by their nearest neighbours.
    """

    method: Method
    cluster: NDArray[np.int64]
    unknown: NDArray[np.bool_]
    proximities: Proximities | None = None

    @property
    def mainshocks(self) -> NDArray[np.bool_]:
        """(n,) the largest of each cluster, and those that are alone: the declustered catalogue."""
        return (self.cluster == np.arange(len(self.cluster))) & ~self.unknown

    @property
    def clusters(self) -> int:
        """How many there are of more than one earthquake."""
        return int((np.bincount(self.cluster, minlength=1) > 1).sum())

    @property
    def caution(self) -> tuple[str, ...]:
        """What to beware of, in sentences."""
        if self.proximities is None or self.proximities.separated:
            return ()
        return (
            "Nearest neighbours do not fall into two groups, clusters and background, so that the threshold between "
            "them says little.",
        )


def decluster(catalogue: Catalogue, method: Method, completeness: float, b: float = 1.0) -> Declustering:
    """Find the clusters of a catalogue by their epicentres, times and magnitudes.

    Args:
        catalogue: earthquakes of unknown magnitude stand alone.
        method: by which clusters are found.
        completeness: from which magnitude the catalogue is complete (Reasenberg's alone uses it).
        b: of the law of Gutenberg and Richter (the nearest neighbour's alone uses it).
    """
    known = np.flatnonzero(np.isfinite(catalogue.magnitude))
    part = catalogue.where(known)
    nearest = proximities(part, b) if method is Method.NEAREST_NEIGHBOUR else None
    if nearest is not None:
        largest = linked(part, nearest)
    elif method is Method.REASENBERG:
        largest = reasenberg(part, completeness)
    else:
        largest = gardner_knopoff(part)
    cluster = np.arange(len(catalogue))
    cluster[known] = known[largest]
    return Declustering(method, cluster, ~np.isfinite(catalogue.magnitude), nearest)
