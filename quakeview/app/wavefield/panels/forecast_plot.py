"""Peak velocity of a forecast against that of the truth, and its error by intensity."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Plots, curve_pen, density_image
from quakeview.wavefield.forecasting.peaks import PeakPairs
from quakeview.wavefield.ground_motion.intensity import roman

CELLS = (64, 64)
MOST_DOTS = 2000
"""Nodes that are drawn one by one; more are a density."""
DECADES = 2.6
WIDEST_ERROR = 100.0
"""Percent on screen, at least 20."""


class ForecastPlot(Plots):
    """Left PGV, both axes logarithmic, with the line of equality and a factor of two; right errors by intensity."""

    def __init__(self) -> None:
        super().__init__("Forecast against truth")
        self._pairs = self.add(0, 0, "True PGV (cm/s)", "Forecast PGV (cm/s)", log=True)
        self._errors = self.add(0, 1, "True intensity (MMI)", "Error of PGV (%)")
        self._errors.setMouseEnabled(False, False)
        self.shown: PeakPairs | None = None
        self.restyled.connect(lambda: self.show_pairs(self.shown))

    def show_pairs(self, shown: PeakPairs | None) -> None:
        """Draw them, or nothing."""
        self.shown = shown
        for plot in self.plots:
            plot.clear()
        if shown is None or not shown.truth.size:
            self.write(self._pairs, "No frame is both forecast and known yet.", theme.current().muted, (0.0, 0.0))
            return
        self._draw_pairs(shown)
        self._draw_errors(shown)

    def _draw_pairs(self, shown: PeakPairs) -> None:
        colors, plot = theme.current(), self._pairs
        truth, forecast = (np.log10(np.maximum(100 * pgv, 1e-9)) for pgv in (shown.truth, shown.forecast))
        high = float(max(truth.max(), forecast.max())) + 0.08
        low = max(float(min(truth.min(), forecast.min())) - 0.08, high - DECADES)
        plot.vb.set_home(low, high, low, high)
        if truth.size > MOST_DOTS:
            plot.addItem(density_image(truth, forecast, QRectF(low, low, high - low, high - low), CELLS))
        else:
            dots = pg.ScatterPlotItem(truth, forecast, size=5, pen=None, brush=pg.mkBrush(colors.muted))
            plot.addItem(dots)
        ends = 10.0 ** np.array([low, high])
        plot.plot(ends, ends, pen=curve_pen(colors.accent, 1.6), antialias=True)
        for factor in (0.5, 2.0):
            plot.plot(ends, factor * ends, pen=curve_pen(colors.accent, 1.0, 0.8, dotted=True), antialias=True)
        median, bias = float(np.median(np.abs(shown.error))), float(np.log(shown.forecast / shown.truth).mean())
        said = f"{shown.since}: median error {median:.0f} %, bias {100 * np.expm1(bias):+.0f} %".replace("-", "−")
        self.write(plot, said, colors.text, (0.0, 0.0))
        self.write(plot, "solid: equal, dotted: factor 2", colors.muted, (1.0, 1.0))

    def _draw_errors(self, shown: PeakPairs) -> None:
        colors, plot = theme.current(), self._errors
        groups = shown.by_intensity()
        if not groups:
            self.write(plot, "There are too few nodes.", colors.muted, (0.0, 0.0))
            return
        levels = np.array([level for level, _ in groups], float)
        low, middle, high = np.array([errors for _, errors in groups]).T
        reach = float(np.clip(1.15 * np.abs([low, high]).max(), 20.0, WIDEST_ERROR))
        plot.vb.set_home(float(levels[0]) - 0.6, float(levels[-1]) + 0.6, -reach, reach)
        plot.getAxis("bottom").setTicks([[(level, roman(level)) for level in levels.tolist()]])
        plot.addItem(pg.InfiniteLine(0, angle=0, pen=pg.mkPen(colors.muted, width=1)), ignoreBounds=True)
        bars = pg.ErrorBarItem(x=levels, y=middle, top=high - middle, bottom=middle - low, beam=0.16)
        bars.setData(pen=pg.mkPen(colors.accent, width=1.6))
        plot.addItem(bars)
        dots = pg.ScatterPlotItem(levels, middle, size=9, pen=pg.mkPen(colors.base), brush=pg.mkBrush(colors.accent))
        plot.addItem(dots)
        self.write(plot, "median, and 16 to 84 % of the nodes", colors.muted, (0.0, 0.0))
