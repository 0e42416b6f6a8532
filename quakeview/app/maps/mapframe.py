"""Where a map lies on the screen: margins, axes that hug the region, and the way from metres to pixels and back."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTransform

from quakeview.app.drawing.fonts import Fonts
from quakeview.scales import number, round_ticks
from quakeview.simulation.region import HAYWARD

TICK = 4.0
GAP = 5.0
BAR_GAP, BAR_WIDTH = 10.0, 9.0
WIDEST_TICK = "−0.005"
PIXELS_PER_X_TICK, PIXELS_PER_Y_TICK = 52.0, 36.0
SMALLEST_WITH_AXES = 300.0
"""Width, pixels, below which a map gives the room of its axes to the plot; a larger map beside it has them."""


@dataclass(frozen=True)
class Bounds:
    """A rectangle of the map, m."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def zoomed(self, factor: float, x: float, y: float) -> "Bounds":
        """Smaller by ``factor``; the point (x, y) keeps its place."""
        return Bounds(
            x + (self.left - x) / factor,
            y + (self.bottom - y) / factor,
            x + (self.right - x) / factor,
            y + (self.top - y) / factor,
        )

    def moved(self, dx: float, dy: float) -> "Bounds":
        return Bounds(self.left + dx, self.bottom + dy, self.right + dx, self.top + dy)

    def within(self, outer: "Bounds") -> "Bounds":
        """Moved into ``outer``; ``outer`` itself where it does not fit."""
        if self.width >= outer.width or self.height >= outer.height:
            return outer
        dx = max(outer.left - self.left, 0) + min(outer.right - self.right, 0)
        dy = max(outer.bottom - self.bottom, 0) + min(outer.top - self.top, 0)
        return self.moved(dx, dy)


REGION = Bounds(0.0, 0.0, HAYWARD.length, HAYWARD.width)


@dataclass(frozen=True)
class Furniture:
    """What of it a map has around its plot; maps in a row share theirs."""

    x_axis: bool = True
    y_axis: bool = True
    bar: bool = True
    north: bool = True

    @classmethod
    def for_width(cls, width: float) -> "Furniture":
        """Of a map alone: one below ``SMALLEST_WITH_AXES`` has no axes."""
        axes = width >= SMALLEST_WITH_AXES
        return cls(x_axis=axes, y_axis=axes)


@dataclass(frozen=True)
class Margins:
    """Room around the plot, pixels. The same for every map in the same font, so that equal panes hold equal plots."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, font: QFont, furniture: Furniture = Furniture()) -> "Margins":
        small = QFontMetricsF(Fonts.of(font).small)
        line = small.height()
        bar = BAR_GAP + BAR_WIDTH + GAP + small.horizontalAdvance(WIDEST_TICK)
        return cls(
            left=line + 2 * GAP + small.horizontalAdvance("120") + GAP + TICK if furniture.y_axis else 2 * GAP,
            top=QFontMetricsF(Fonts.of(font).bold).height() + 2 * GAP,
            right=bar + 2 if furniture.bar else 2 * GAP,
            bottom=TICK + 2 + 2 * line + GAP if furniture.x_axis else 2 * GAP,
        )


@dataclass(frozen=True)
class MapFrame:
    """One picture of a map: the plot in pixels, what part of the region it shows, the fonts, and what is around it."""

    plot: QRectF
    view: Bounds
    fonts: Fonts
    furniture: Furniture = Furniture()

    @classmethod
    def fitted(cls, size: QSizeF, view: Bounds, font: QFont, furniture: Furniture | None = None) -> "MapFrame":
        """The largest plot with the proportions of ``view`` that leaves room for the margins, in the middle."""
        furniture = furniture or Furniture.for_width(size.width())
        margins = Margins.of(font, furniture)
        width = max(size.width() - margins.left - margins.right, 20.0)
        height = max(size.height() - margins.top - margins.bottom, 20.0)
        scale = min(width / view.width, height / view.height)
        drawn = QSizeF(round(view.width * scale), round(view.height * scale))
        left = margins.left + (width - drawn.width()) / 2
        top = margins.top + (height - drawn.height()) / 2
        return cls(QRectF(QPointF(round(left), round(top)), drawn), view, Fonts.of(font), furniture)

    @property
    def transform(self) -> QTransform:
        """From metres to pixels."""
        sx, sy = self.plot.width() / self.view.width, -self.plot.height() / self.view.height
        return QTransform(sx, 0, 0, sy, self.plot.left() - sx * self.view.left, self.plot.top() - sy * self.view.top)

    @property
    def pixels_per_metre(self) -> float:
        return self.plot.width() / self.view.width

    def at(self, x: float, y: float) -> QPointF:
        """The pixel of a point in metres."""
        return self.transform.map(QPointF(x, y))

    def position(self, point: QPointF) -> tuple[float, float]:
        """The metres of a pixel."""
        place = self.transform.inverted()[0].map(point)
        return place.x(), place.y()


def paint_axes(painter: QPainter, frame: MapFrame, text: QColor, line: QColor) -> None:
    """The border with ticks outside it, kilometres along it, and what runs along which axis."""
    painter.setFont(frame.fonts.small)
    painter.setPen(QPen(line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame.plot.adjusted(-0.5, -0.5, 0.5, 0.5))
    if frame.furniture.x_axis:
        _paint_x_axis(painter, frame, text, line)
    if frame.furniture.y_axis:
        _paint_y_axis(painter, frame, text, line)


def _paint_x_axis(painter: QPainter, frame: MapFrame, text: QColor, line: QColor) -> None:
    plot, view, metrics = frame.plot, frame.view, QFontMetricsF(frame.fonts.small)
    most = max(2, int(plot.width() / PIXELS_PER_X_TICK)) + 1
    step_pixels = plot.width() / most
    for km in round_ticks(view.left / 1000, view.right / 1000, most):
        at = round(frame.at(km * 1000, view.bottom).x()) + 0.5
        _tick(painter, QPointF(at, plot.bottom() + 1), QPointF(at, plot.bottom() + 1 + TICK), line)
        label = QRectF(at - step_pixels, plot.bottom() + TICK + 2, 2 * step_pixels, metrics.height())
        _label(painter, label, number(km), Qt.AlignmentFlag.AlignCenter, text)
    below = QRectF(plot.left(), plot.bottom() + TICK + 3 + metrics.height(), plot.width(), metrics.height())
    _label(painter, below, _fitting("X, along the fault (km)", "X (km)", plot.width(), metrics), CENTRE, text)


def _paint_y_axis(painter: QPainter, frame: MapFrame, text: QColor, line: QColor) -> None:
    plot, view, metrics = frame.plot, frame.view, QFontMetricsF(frame.fonts.small)
    most = max(2, int(plot.height() / PIXELS_PER_Y_TICK)) + 1
    for km in round_ticks(view.bottom / 1000, view.top / 1000, most):
        at = round(frame.at(view.left, km * 1000).y()) + 0.5
        _tick(painter, QPointF(plot.left() - 1 - TICK, at), QPointF(plot.left() - 1, at), line)
        right = plot.left() - TICK - GAP
        label = QRectF(right - 80, at - metrics.height() / 2, 80, metrics.height())
        _label(painter, label, number(km), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    painter.save()
    painter.translate(plot.left() - TICK - 2 * GAP - metrics.horizontalAdvance("120"), plot.center().y())
    painter.rotate(-90)
    beside = QRectF(-plot.height() / 2, -metrics.height(), plot.height(), metrics.height())
    _label(painter, beside, _fitting("Y, across the fault (km)", "Y (km)", plot.height(), metrics), CENTRE, text)
    painter.restore()


CENTRE = Qt.AlignmentFlag.AlignCenter


def _fitting(long: str, short: str, room: float, metrics: QFontMetricsF) -> str:
    return long if metrics.horizontalAdvance(long) <= room else short


def _tick(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1))
    painter.drawLine(start, end)


def _label(painter: QPainter, rect: QRectF, text: str, alignment: Qt.AlignmentFlag, colour: QColor) -> None:
    painter.setPen(colour)
    painter.drawText(rect, alignment | Qt.TextFlag.TextDontClip, text)
