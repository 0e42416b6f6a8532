"""Simulated PGV against rupture distance, beside what recorded earthquakes of the same magnitude did."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.wavefield.ground_motion.attenuation_relation import distances_beside, gmpe_pgv, plane_distances
from quakeview.wavefield.scenarios.header import Wavefield

NEAREST = 1000.0
"""m; curves begin at half of it."""
CURVE_POINTS = 36


@dataclass(frozen=True)
class Attenuation:
    """PGV against distance, in SI units: ``distance`` and ``pgv`` (n,) of the nodes, the curve (m,), or the ``problem``
    why there is none.

    Attributes:
        since: words for the frames of a forecast, ``from 15.6 s on``; empty without one.
        forecast, later: PGV (n,) of the forecast, and of what happened over the same frames.
    """

    relation: str
    distance: NDArray[np.floating]
    pgv: NDArray[np.floating]
    curve_distance: NDArray[np.floating]
    median: NDArray[np.floating]
    sigma: NDArray[np.floating]
    problem: str = ""
    since: str = ""
    forecast: NDArray[np.floating] | None = None
    later: NDArray[np.floating] | None = None


def source_plane(wavefield: Wavefield) -> FaultPlane:
    """Find the plane of the rupture, or of a point source, which has no size.

    Raises:
        QuakeViewError: if it is not known where the source was.
    """
    if wavefield.rupture is not None:
        return wavefield.rupture.plane
    if wavefield.hypocentre is None:
        raise QuakeViewError("The file does not say where the source was, so that there are no distances.")
    x, y, depth = wavefield.hypocentre
    source = wavefield.source
    strike, dip = float(source.get("strike", wavefield.region.x_azimuth)), float(source.get("dip", 90.0))
    return FaultPlane(x, y, strike, dip, depth, 0.0, 0.0, wavefield.region.x_azimuth)


def attenuation(wavefield: Wavefield, relation: str, progress: Progress = Progress()) -> Attenuation:
    """Collect PGV and distance of all nodes that have moved, and the relation's curve over the same distances.

    Raises:
        QuakeViewError: if it is not known where the source was.
    """
    plane = source_plane(wavefield)
    distance = plane_distances(plane, wavefield.x[:, None], wavefield.y[None, :] + 0 * wavefield.x[:, None]).rupture
    progress.advance(1, 2)
    pgv = wavefield.pgv
    moved = pgv > 0
    nothing = np.zeros(0)
    if wavefield.magnitude is None:
        problem = "The file does not say the magnitude; without it there is no curve."
        return Attenuation(relation, distance[moved], pgv[moved], nothing, nothing, nothing, problem)
    beside = distances_beside(plane, np.geomspace(NEAREST / 2, max(float(distance.max()), 2 * NEAREST), CURVE_POINTS))
    try:
        rake = float(wavefield.source.get("rake", 180.0))
        median, sigma = gmpe_pgv(relation, wavefield.magnitude, plane, beside, rake)
    except QuakeViewError as error:
        return Attenuation(relation, distance[moved], pgv[moved], nothing, nothing, nothing, str(error))
    return Attenuation(relation, distance[moved], pgv[moved], beside.rupture, median, sigma)
