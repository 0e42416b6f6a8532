"""How a plot looks in this house: axes with units and words, quiet grid, the fonts and colours of the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QGraphicsTextItem, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.fonts import Fonts
from quakeview.scales import log_ticks, number

GRID_ALPHA = 0.22
LABEL_INSET = 4
MARGINS = (8, 6, 12, 6)
LOG_TICK_PIXELS = 28
DATE_PIXELS, MONTH = 76, 30.4375
DATE_STEPS = (1, 2, 5, 10, *(MONTH * months for months in (1, 2, 3, 6, 12, 24, 60, 120)))
"""Pixels of a date, days of a month in the mean, and days between dates on an axis."""
DOT = 8
"""Pixels of the dots of a curve."""
ZOOM_STEP, PAN_STEP = 1.25, 0.1
WIDEST_TICK = "−0.005"


@dataclass(frozen=True)
class Entry:
    """Of a legend: a symbol in a colour, and what it stands for; without a symbol the words have the colour."""

    words: str
    colour: str = ""
    symbol: str = ""

    @property
    def html(self) -> str:
        """Rich text that is not broken into lines."""
        words = self.words.replace(" ", "&nbsp;")
        symbol = f'<b style="color:{self.colour}">{self.symbol or words}</b>' if self.colour else words
        return f"{symbol}&nbsp;{words}" if self.symbol else symbol


class HouseView(pg.ViewBox):
    """A double-click shows everything again."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.home = QRectF(0, 0, 1, 1)

    def set_home(self, left: float, right: float, low: float, high: float) -> None:
        """What is shown at first and after a double-click; a horizontal range that was chosen inside it is kept."""
        chosen = self.viewRect()
        kept = (self.home.left(), self.home.right()) == (left, right) and chosen.width() < self.home.width()
        self.home = QRectF(left, low, right - left, high - low)
        self.setLimits(xMin=left, xMax=right, yMin=low, yMax=high)
        if kept:
            self.setYRange(low, high, padding=0)
        else:
            self.go_home()

    def go_home(self) -> None:
        self.setRange(self.home, padding=0)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.go_home()


class LinearAxis(pg.AxisItem):
    """Numbers with a true minus sign."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]


class LogAxis(pg.AxisItem):
    """Ticks at 1, 2 and 5 times powers of ten, as many as there is room for."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        per_tick = LOG_TICK_PIXELS if self.orientation in ("bottom", "top") else LOG_TICK_PIXELS * 0.6
        ticks = log_ticks(10.0**low, 10.0**high, max(2, int(size / per_tick)))
        return [(None, [float(np.log10(tick)) for tick in ticks])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        return [number(10.0**value) for value in values]


class DayAxis(pg.AxisItem):
    """Days since 1 January 1970, written as dates; years where they are all that is told apart."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        most = max(2, int(size / DATE_PIXELS))
        step = next((step for step in DATE_STEPS if (high - low) / step <= most), DATE_STEPS[-1])
        first, last = (np.datetime64(int(day), "D") for day in (np.floor(low), np.ceil(high)))
        if step < 28:
            days = np.arange(np.ceil(low / step) * step, high + 1e-9, step)
        else:
            months = np.arange(first.astype("M8[M]"), last.astype("M8[M]") + 1)
            chosen = months[months.astype(np.int64) % round(step / MONTH) == 0]
            days = chosen.astype("M8[D]").astype(np.float64)
        return [(None, [float(day) for day in days if low <= day <= high])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        dates = [str(np.datetime64(round(value), "D")) for value in values]
        for length, rest in ((4, "-01-01"), (7, "-01")):
            if dates and all(date[length:] == rest for date in dates):
                return [date[:length] for date in dates]
        return dates


class Curves:
    """What is drawn into one plot, by name: kept and given new data, above what was drawn before it.

    ``begin``, then ``line`` and ``band`` for what there is now, then ``end``, which takes out what was not drawn again.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._items: dict[Any, pg.PlotDataItem | pg.PlotCurveItem] = {}
        self._drawn: list[Any] = []

    def begin(self) -> None:
        self._drawn = []

    def line(self, name: Any, x: NDArray[np.floating], y: NDArray[np.floating], pen: Any, dots: bool = False) -> None:
        """A curve; it is broken where ``y`` is NaN. ``dots`` are where the values are."""
        if name not in self._items:
            self._add(name, pg.PlotDataItem(antialias=True))
        broken = "all" if np.isfinite(y).all() else "finite"
        marks = {"symbol": "o", "symbolSize": DOT, "symbolPen": None, "symbolBrush": pen.color()} if dots else {}
        self._items[name].setData(x, y, pen=pen, connect=broken, **marks)
        self._raise(name)

    def band(
        self, name: Any, x: NDArray[np.floating], low: NDArray[np.floating], high: NDArray[np.floating], colour: QColor
    ) -> None:
        """The area between two curves over the same ``x``."""
        if name not in self._items:
            self._add(name, pg.PlotCurveItem(fillLevel="enclosed", pen=None))
        round_it = np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])
        self._items[name].setData(*round_it, brush=pg.mkBrush(colour))
        self._raise(name)

    def points(self, name: Any, x: NDArray[np.floating], y: NDArray[np.floating], colour: str, size: int = DOT) -> None:
        """Dots without a line, of ``size`` pixels."""
        if name not in self._items:
            self._add(name, pg.PlotDataItem(pen=None, symbol="o", symbolSize=size, symbolPen=None))
        self._items[name].setData(x, y, symbolBrush=QColor(colour))
        self._raise(name)

    def end(self) -> None:
        for name in self._items.keys() - set(self._drawn):
            self._plot.removeItem(self._items.pop(name))

    def _add(self, name: Any, item: pg.PlotDataItem | pg.PlotCurveItem) -> None:
        self._items[name] = item
        self._plot.addItem(item)

    def _raise(self, name: Any) -> None:
        self._items[name].setZValue(len(self._drawn))
        self._drawn.append(name)


class Plots(pg.GraphicsLayoutWidget):
    """Plots in a grid. Wheel, + and - zoom, dragging and arrows pan, double-click and Home show everything.

    Signals:
        restyled: the theme has changed; curves are drawn anew by whoever drew them.
    """

    restyled = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.ci.layout.setSpacing(4)
        self.ci.layout.setContentsMargins(*MARGINS)
        self._heading = QGraphicsTextItem()
        self.scene().addItem(self._heading)
        self._plots: list[pg.PlotItem] = []
        self._labels: dict[tuple[pg.PlotItem, tuple[float, float]], pg.LabelItem] = {}
        self._restyling = QTimer(self, singleShot=True, interval=0)
        self._restyling.timeout.connect(self._restyle)
        self._restyle()

    @property
    def plots(self) -> list[pg.PlotItem]:
        """In the order in which they were added."""
        return list(self._plots)

    def add(
        self,
        row: int,
        column: int,
        x: str = "",
        y: str = "",
        title: str = "",
        log: bool = False,
        rowspan: int = 1,
        log_y: bool | None = None,
        days: bool = False,
    ) -> pg.PlotItem:
        """A plot with axis titles ``x`` and ``y`` (with units); without a title the axis has no numbers.

        ``log_y``: of the y axis alone; None: as ``log`` says. ``days``: x is days since 1970, and written as dates.
        """
        log_y = log if log_y is None else log_y
        axes = {
            "left": (LogAxis if log_y else LinearAxis)("left"),
            "bottom": (DayAxis if days else LogAxis if log else LinearAxis)("bottom"),
        }
        plot = pg.PlotItem(viewBox=HouseView(), axisItems=axes)
        self.addItem(plot, row, column, rowspan=rowspan)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setLogMode(log, log_y)
        plot.showAxes((True, False, False, True), showValues=(True, False, False, bool(x)))
        for side, words in (("bottom", x), ("left", y)):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=4, hideOverlappingLabels=True)
            axis.setLabel(words)
            axis.showLabel(bool(words))
        self.set_title(plot, title)
        self._plots.append(plot)
        self._restyle_plot(plot)
        return plot

    def set_axis_title(self, plot: pg.PlotItem, side: str, words: str) -> None:
        """What runs along an axis, with its unit."""
        plot.getAxis(side).setLabel(words)
        plot.getAxis(side).resizeEvent()

    def set_title(self, plot: pg.PlotItem, title: str) -> None:
        """Above ``plot``, at its left."""
        size = f"{self._fonts.plain.pointSizeF():.1f}pt"
        plot.setTitle(title or None, justify="left", color=theme.current().text, size=size, bold=True)

    def set_heading(self, words: str) -> None:
        """Small words, rich text, above all plots; without words they take no room."""
        style = f"color: {theme.current().muted}; font-size: {self.small_size:.1f}pt"
        self._heading.setHtml(f'<span style="{style}">{words}</span>')
        self._place_heading()

    def set_legend(self, entries: Sequence[Entry]) -> None:
        """What the curves are, above all plots; entries that find no room go into another line."""
        self.set_heading("&nbsp;&nbsp; ".join(entry.html for entry in entries))

    @property
    def heading(self) -> str:
        """What is written above the plots."""
        return self._heading.toPlainText()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_heading"):
            self._place_heading()

    def _place_heading(self) -> None:
        left, top, right, bottom = MARGINS
        self._heading.setPos(left, 0)
        self._heading.setTextWidth(max(self.width() - left - right, 1))
        height = self._heading.boundingRect().height() if self.heading else 0.0
        self.ci.layout.setContentsMargins(left, max(top, height), right, bottom)

    def write(
        self, plot: pg.PlotItem, words: str, colour: str, corner: tuple[float, float], bold: bool = False
    ) -> None:
        """Words inside a corner of ``plot``: (0, 0) is at the top left, (1, 1) at the bottom right."""
        label = self._labels.get((plot, corner))
        if label is None:
            label = self._labels[plot, corner] = pg.LabelItem()
            label.setParentItem(plot.vb)
            label.anchor(corner, corner, offset=(LABEL_INSET * (1 - 2 * corner[0]), 0))
        label.setText(words, color=colour, size=f"{self._fonts.small.pointSizeF():.1f}pt", bold=bold)
        label.resize(label.itemRect().size())

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint what is shown into ``area``."""
        self.render(painter, area, self.viewport().rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        zooms = {Qt.Key.Key_Plus: 1 / ZOOM_STEP, Qt.Key.Key_Equal: 1 / ZOOM_STEP, Qt.Key.Key_Minus: ZOOM_STEP}
        views = [plot.vb for plot in self._plots]
        key = Qt.Key(event.key())
        for view in views:
            if key in steps:
                view.translateBy(x=steps[key] * PAN_STEP * view.viewRect().width())
            elif key in zooms:
                view.scaleBy(x=zooms[key])
            elif key == Qt.Key.Key_Home:
                view.go_home()
        if key not in (*steps, *zooms, Qt.Key.Key_Home):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_restyling"):
            self._restyling.start()
        super().changeEvent(event)

    @property
    def small_font(self) -> QFont:
        """Of what stands back."""
        return self._fonts.small

    @property
    def small_size(self) -> float:
        """Of the smaller letters, points."""
        return self._fonts.small.pointSizeF()

    @property
    def _fonts(self) -> Fonts:
        return Fonts.of(self.font())

    def _restyle(self) -> None:
        self.setBackground(theme.current().base)
        for plot in self._plots:
            self._restyle_plot(plot)
        self.restyled.emit()

    def _restyle_plot(self, plot: pg.PlotItem) -> None:
        colors, fonts = theme.current(), self._fonts
        metrics = QFontMetricsF(fonts.small)
        for side in ("left", "bottom", "top", "right"):
            axis = plot.getAxis(side)
            axis.setPen(pg.mkPen(colors.border))
            axis.setTextPen(pg.mkPen(colors.muted))
            axis.setTickFont(fonts.small)
            axis.label.setFont(fonts.small)
            axis.label.setDefaultTextColor(QColor(colors.muted))
            axis.labelStyle = {"color": colors.muted, "font-size": f"{fonts.small.pointSizeF():.1f}pt"}
            axis.setLabel(axis.labelText)
        plot.getAxis("left").setWidth(metrics.horizontalAdvance(WIDEST_TICK) + metrics.height() + 12)
        plot.showGrid(True, True, GRID_ALPHA)
        self.set_title(plot, plot.titleLabel.text if plot.titleLabel.isVisible() else "")


def curve_pen(colour: QColor | str, width: float = 1.2, alpha: float = 1.0, dotted: bool = False) -> object:
    """A pen of constant width on screen."""
    shade = QColor(colour)
    shade.setAlphaF(alpha)
    return pg.mkPen(shade, width=width, style=Qt.PenStyle.DotLine if dotted else Qt.PenStyle.SolidLine)


def density_image(
    x: NDArray[np.floating], y: NDArray[np.floating], area: QRectF, cells: tuple[int, int]
) -> pg.ImageItem:
    """Shades of how many points (n,) are where in ``area``."""
    count, _, _ = np.histogram2d(x, y, bins=cells, range=((area.left(), area.right()), (area.top(), area.bottom())))
    shade = np.log1p(count) / np.log1p(max(count.max(), 1.0))
    rgba = np.empty((*count.shape, 4), np.uint8)
    muted = QColor(theme.current().muted)
    rgba[..., :3] = muted.red(), muted.green(), muted.blue()
    rgba[..., 3] = 190 * shade
    image = pg.ImageItem(rgba, levels=None, axisOrder="col-major")
    image.setRect(area)
    image.setZValue(-10)
    return image
