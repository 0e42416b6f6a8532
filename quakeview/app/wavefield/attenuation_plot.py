"""Simulated PGV against rupture distance, beside what recorded earthquakes of the same magnitude did."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from quakeview.app import theme
from quakeview.app.wavefield.plots import Plots, curve_pen
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.wavefield.attenuation_relation import RELATIONS, distances_beside, gmpe_pgv, plane_distances
from quakeview.wavefield.header import Wavefield

NEAREST = 1000.0
CELLS = (72, 48)
DECADES = 3.2
CURVE_POINTS = 36
BAND_ALPHA = 0.16
MEDIAN_BINS = 24
FEWEST = 4
"""Nodes in a bin before its median is drawn."""
CAVEAT = (
    "Recorded PGV has all frequencies, and simulated PGV should lie below it. The curves are for rock, Vs30 760 m/s."
)


@dataclass(frozen=True)
class Attenuation:
    """SI units. ``distance`` and ``pgv`` (n,) of the nodes; ``curve`` and so on (m,); ``problem`` if there is none."""

    relation: str
    distance: NDArray
    pgv: NDArray
    curve_distance: NDArray
    median: NDArray
    sigma: NDArray
    problem: str = ""


def source_plane(wavefield: Wavefield) -> FaultPlane:
    """The plane of the rupture, or of a point source, which has no size.

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
    """PGV and distance of all nodes that have moved, and the relation's curve over the same distances.

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


class AttenuationPlot(Plots):
    """Both axes are logarithmic; the shade is how many nodes are there."""

    def __init__(self) -> None:
        super().__init__("PGV against distance")
        self._plot = self.add(0, 0, "Distance from the rupture (km)", "PGV (cm/s)", log=True)
        self._plot.addLegend(offset=(-12, 8))
        self.shown: Attenuation | None = None
        self.restyled.connect(lambda: self.show_attenuation(self.shown))

    def show_attenuation(self, shown: Attenuation | None) -> None:
        """Draw it, or nothing."""
        self.shown = shown
        self._plot.clear()
        if shown is None or not shown.pgv.size:
            return
        colors = theme.current()
        distance = np.log10(np.maximum(shown.distance, NEAREST) / 1000)
        pgv = np.log10(100 * shown.pgv)
        curve = np.log10(100 * np.concatenate([shown.median * np.exp(sign * shown.sigma) for sign in (-1, 1)]))
        high = max(float(pgv.max()), float(curve.max(initial=-9.0))) + 0.1
        low = max(min(float(pgv.min()), float(curve.min(initial=9.0))) - 0.1, high - DECADES)
        left, right = float(distance.min()) - 0.03, float(distance.max()) + 0.03
        area = QRectF(left, low, right - left, high - low)
        self._plot.vb.set_home(left, right, low, high)
        self._style_legend()
        if shown.median.size:
            self._add_curve(shown)
        self._add_density(distance, pgv, area)
        self._add_median(distance, pgv)
        self.write(self._plot, shown.problem, colors.warning, (0.0, 1.0))

    def _add_density(self, distance: NDArray, pgv: NDArray, area: QRectF) -> None:
        count, _, _ = np.histogram2d(
            distance, pgv, bins=CELLS, range=((area.left(), area.right()), (area.top(), area.bottom()))
        )
        shade = np.log1p(count) / np.log1p(max(count.max(), 1.0))
        rgba = np.empty((*count.shape, 4), np.uint8)
        muted = QColor(theme.current().muted)
        rgba[..., :3] = muted.red(), muted.green(), muted.blue()
        rgba[..., 3] = 190 * shade
        image = pg.ImageItem(rgba, levels=None, axisOrder="col-major")
        image.setRect(area)
        image.setZValue(-10)
        self._plot.addItem(image)

    def _add_median(self, distance: NDArray, pgv: NDArray) -> None:
        edges = np.linspace(distance.min(), distance.max() + 1e-9, MEDIAN_BINS + 1)
        which = np.digitize(distance, edges) - 1
        full = [i for i in range(MEDIAN_BINS) if np.count_nonzero(which == i) >= FEWEST]
        medians = [float(np.median(pgv[which == i])) for i in full]
        middle = (edges[:-1] + edges[1:])[full] / 2
        pen = curve_pen(theme.current().text, 1.6)
        self._plot.plot(10**middle, 10 ** np.array(medians), pen=pen, name="simulated, median", antialias=True)

    def _add_curve(self, shown: Attenuation) -> None:
        colour = theme.current().p
        distance, median = shown.curve_distance / 1000, 100 * shown.median
        band = QColor(colour)
        band.setAlphaF(BAND_ALPHA)
        edges: list[Any] = [
            self._plot.plot(distance, median * np.exp(sign * shown.sigma), pen=curve_pen(colour, 0.8, 0.6))
            for sign in (-1, 1)
        ]
        self._plot.addItem(pg.FillBetweenItem(*edges, brush=band))
        name = f"{RELATIONS[shown.relation][1]}, ±1 σ"
        self._plot.plot(distance, median, pen=curve_pen(colour, 1.6), name=name, antialias=True)

    def _style_legend(self) -> None:
        self._plot.legend.setLabelTextColor(theme.current().text)
        self._plot.legend.setLabelTextSize(f"{self.small_size:.1f}pt")
