"""Simulated PGV against rupture distance, beside what recorded earthquakes of the same magnitude did."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Entry, Plots, curve_pen, density_image
from quakeview.wavefield.forecasting.peaks import FEWEST
from quakeview.wavefield.ground_motion.attenuation import NEAREST, Attenuation

CELLS = (72, 48)
DECADES = 3.2
BAND_ALPHA = 0.16
MEDIAN_BINS = 24
CAVEAT = (
    "Recorded PGV has all frequencies, and simulated PGV should lie below it. The curves are for rock, Vs30 760 m/s."
)


class AttenuationPlot(Plots):
    """Both axes are logarithmic; the shade is how many nodes are there."""

    def __init__(self) -> None:
        super().__init__("PGV against distance")
        self._plot = self.add(0, 0, "Distance from the rupture (km)", "PGV (cm/s)", log=True)
        self.shown: Attenuation | None = None
        self.restyled.connect(lambda: self.show_attenuation(self.shown))

    def show_attenuation(self, shown: Attenuation | None) -> None:
        """Draw it, or nothing."""
        self.shown = shown
        self._plot.clear()
        colors = theme.current()
        if shown is None or not shown.pgv.size:
            self.set_heading("Computing…" if shown is None else "Nothing has moved yet.")
            return
        distance = np.log10(np.maximum(shown.distance, NEAREST) / 1000)
        pgv = np.log10(100 * shown.pgv)
        curve = np.log10(100 * np.concatenate([shown.median * np.exp(sign * shown.sigma) for sign in (-1, 1)]))
        high = max(float(pgv.max()), float(curve.max(initial=-9.0))) + 0.1
        low = max(min(float(pgv.min()), float(curve.min(initial=9.0))) - 0.1, high - DECADES)
        left, right = float(distance.min()) - 0.03, float(distance.max()) + 0.03
        self._plot.vb.set_home(left, right, low, high)
        if shown.median.size:
            self._add_curve(shown)
        self._plot.addItem(density_image(distance, pgv, QRectF(left, low, right - left, high - low), CELLS))
        self._add_median(distance, shown.pgv, curve_pen(colors.text, 1.6))
        if shown.forecast is not None and shown.later is not None:
            self._add_median(distance, shown.later, curve_pen(colors.text, 1.6, dotted=True))
            self._add_median(distance, shown.forecast, curve_pen(colors.accent, 2.2))
        self.set_legend(self.key)
        self.write(self._plot, shown.problem, colors.warning, (0.0, 1.0))

    @property
    def key(self) -> list[Entry]:
        """What the curves are."""
        shown, colors = self.shown, theme.current()
        if shown is None:
            return []
        key = [Entry(f"{shown.relation} ± σ", colors.p, "━")] if shown.median.size else []
        key.append(Entry("simulated, median", colors.text, "━"))
        if shown.since:
            key += [Entry(shown.since, colors.text, "┅"), Entry("forecast", colors.accent, "━")]
        return key

    def _add_median(self, distance: NDArray[np.floating], pgv: NDArray[np.floating], pen: object) -> None:
        """Of PGV, m/s, in bins of the logarithm of distance."""
        edges = np.linspace(distance.min(), distance.max() + 1e-9, MEDIAN_BINS + 1)
        which = np.where(pgv > 0, np.digitize(distance, edges) - 1, -1)
        full = [i for i in range(MEDIAN_BINS) if np.count_nonzero(which == i) >= FEWEST]
        medians = [100 * float(np.median(pgv[which == i])) for i in full]
        middle = (edges[:-1] + edges[1:])[full] / 2
        self._plot.plot(10**middle, np.array(medians), pen=pen, antialias=True)

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
        self._plot.plot(distance, median, pen=curve_pen(colour, 1.6), antialias=True)
