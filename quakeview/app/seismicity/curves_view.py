"""Curves of a catalogue's statistics, drawn."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.drawing.shades import faded, line_colour
from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.statistics.curves import Axis, Curve, CurvePlot, Kind

Floats = NDArray[np.float64]

_ROOM = 0.04
_BAND = 0.18
"""Opacity of where values probably are."""
_AT_TOP = {"position": 0.94, "anchors": [(0, 0.5), (1, 0.5)]}
_SYMBOLS = {Kind.LINE: "━", Kind.DOTTED: "┅", Kind.POINTS: "●", Kind.STEPS: "▅"}


class CurvesView(Plots):
    """Draws plots whose axes are of one kind."""

    def __init__(self, x_axis: Axis, y_axis: Axis) -> None:
        super().__init__("Plot of the statistics")
        self._axes = x_axis, y_axis
        self.plot = self.add(
            *(0, 0, " ", " "), log=x_axis is Axis.LOG, log_y=y_axis is Axis.LOG, days=x_axis is Axis.TIME
        )
        self._curves = Curves(self.plot)
        self._marks: list[pg.InfiniteLine] = []
        self.shown: CurvePlot | None = None
        self.restyled.connect(self._draw)

    def show_plot(self, shown: CurvePlot) -> None:
        """Draw it in place of what was drawn."""
        self.shown = shown
        self.setAccessibleName(shown.view)
        self.set_axis_title(self.plot, "bottom", shown.x_title)
        self.set_axis_title(self.plot, "left", shown.y_title)
        self._draw()
        self._set_range(shown)

    def _draw(self) -> None:
        if self.shown is None:
            return
        self._curves.begin()
        for number, curve in enumerate(self.shown.curves):
            self._draw_curve(number, curve)
        self._curves.end()
        self._draw_marks(self.shown)
        self.set_legend([Entry(each.name, _colour(each), _SYMBOLS[each.kind]) for each in self.shown.curves])

    def _draw_curve(self, number: int, curve: Curve) -> None:
        x, colour = self._along(curve.x), _colour(curve)
        if curve.low is not None and curve.high is not None:
            self._curves.band((number, "band"), x, curve.low, curve.high, faded(QColor(colour), _BAND))
        if curve.kind is Kind.POINTS:
            self._curves.points(number, x, curve.y, colour)
        elif curve.kind is Kind.STEPS:
            tops = np.concatenate(([0.0], np.repeat(curve.y, 2), [0.0]))
            self._curves.line(number, np.repeat(x, 2), tops, curve_pen(colour))
        else:
            self._curves.line(number, x, curve.y, curve_pen(colour, 1.6, dotted=curve.kind is Kind.DOTTED))

    def _draw_marks(self, shown: CurvePlot) -> None:
        for mark in self._marks:
            self.plot.removeItem(mark)
        colors = theme.current()
        self._marks = [
            pg.InfiniteLine(
                float(self._along(np.array([place]))[0]),
                pen=pg.mkPen(colors.muted, style=Qt.PenStyle.DashLine),
                label=words,
                labelOpts={**_AT_TOP, "color": colors.text},
            )
            for place, words in shown.marks
        ]
        for mark in self._marks:
            self.plot.addItem(mark, ignoreBounds=True)

    def _along(self, x: Floats) -> Floats:
        """Where places lie on the axis: times in days."""
        return x / DAY if self._axes[0] is Axis.TIME else x

    def _set_range(self, shown: CurvePlot) -> None:
        """Room for all that is drawn."""
        across = np.concatenate([self._along(curve.x) for curve in shown.curves])
        up = np.concatenate(
            [each for curve in shown.curves for each in (curve.y, curve.low, curve.high) if each is not None]
        )
        left, right = _limits(across, self._axes[0] is Axis.LOG)
        low, high = _limits(up, self._axes[1] is Axis.LOG)
        if any(curve.kind is Kind.STEPS for curve in shown.curves):
            low = 0.0
        self.plot.vb.set_home(left, right, low, high)


def _limits(values: Floats, log: bool) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    known = np.log10(known) if log else known
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = _ROOM * (high - low) or 0.5
    return low - room, high + room


def _colour(curve: Curve) -> str:
    return theme.current().muted if curve.colour < 0 else line_colour(curve.colour).name()
