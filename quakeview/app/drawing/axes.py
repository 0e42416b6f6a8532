"""Axes along the edges of a plot: ticks outside it, labels that stay inside their room, and what runs along them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from quakeview.app.drawing.plane import GAP, TICK, WIDEST_COORDINATE, PlaneFrame
from quakeview.app.drawing.shades import Shades
from quakeview.scales import number, round_ticks

MINOR_TICK = 3.0
OVERHANG = 40.0
"""Pixels by which the labels of an axis may reach beyond the plot, where nothing else is said."""
PIXELS_PER_X_TICK, PIXELS_PER_Y_TICK = 52.0, 36.0
CENTRE = Qt.AlignmentFlag.AlignCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Tick:
    """A mark at a pixel along an axis; a ``minor`` one is small, the label of a ``strong`` one is dark."""

    at: float
    label: str = ""
    minor: bool = False
    strong: bool = False


def paint_x_axis(
    painter: QPainter, plot: QRectF, ticks: Sequence[Tick], font: QFont, colors: Shades, overhang: float = OVERHANG
) -> None:
    """Below ``plot``."""
    metrics, top = QFontMetricsF(font), plot.bottom()
    _paint_ticks(painter, ticks, colors, lambda at, length: QLineF(at, top, at, top + length))
    painter.setFont(font)
    for tick in (tick for tick in ticks if tick.label):
        width = metrics.horizontalAdvance(tick.label) + 2
        left = _kept(tick.at - width / 2, width, plot.left() - overhang, plot.right() + overhang)
        _write(painter, QRectF(left, top + TICK + 2, width, metrics.height()), CENTRE, tick, colors)


def paint_y_axis(
    painter: QPainter, plot: QRectF, ticks: Sequence[Tick], font: QFont, colors: Shades, overhang: float = OVERHANG
) -> None:
    """Left of ``plot``."""
    metrics, right = QFontMetricsF(font), plot.left()
    _paint_ticks(painter, ticks, colors, lambda at, length: QLineF(right - length, at, right, at))
    painter.setFont(font)
    for tick in (tick for tick in ticks if tick.label):
        height = metrics.height()
        top = _kept(tick.at - height / 2, height, plot.top() - overhang, plot.bottom() + overhang)
        _write(painter, QRectF(right - TICK - GAP - 80, top, 80, height), RIGHT, tick, colors)


def paint_plane_axes(
    painter: QPainter,
    frame: PlaneFrame,
    colors: Shades,
    x_titles: Sequence[str],
    y_titles: Sequence[str],
    unit: float = 1.0,
) -> None:
    """The border with round numbers outside it, and the longest titles that there is room for.

    ``unit`` of the plane is 1 on the axes.
    """
    plot, view, font = frame.plot, frame.view, frame.fonts.small
    border = plot.adjusted(-0.5, -0.5, 0.5, 0.5)
    painter.setPen(QPen(colors.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(border)
    if frame.decorations.x_axis:
        most = max(2, int(plot.width() / PIXELS_PER_X_TICK)) + 1
        values = round_ticks(view.left / unit, view.right / unit, most)
        ticks = [Tick(round(frame.at(value * unit, view.bottom).x()) + 0.5, number(value)) for value in values]
        paint_x_axis(painter, border, ticks, font, colors)
        _paint_x_title(painter, plot, x_titles, font, colors)
    if frame.decorations.y_axis:
        most = max(2, int(plot.height() / PIXELS_PER_Y_TICK)) + 1
        values = round_ticks(view.bottom / unit, view.top / unit, most)
        ticks = [Tick(round(frame.at(view.left, value * unit).y()) + 0.5, number(value)) for value in values]
        paint_y_axis(painter, border, ticks, font, colors)
        _paint_y_title(painter, plot, y_titles, font, colors)


def paint_title(
    painter: QPainter, frame: PlaneFrame, title: str, subtitle: str, right: float, colors: Shades, narrowest: float = 0
) -> None:
    """Above the plot and up to ``right``, from the left edge of the plot or, where it is too long, of its axis.

    There is no subtitle where there are fewer than ``narrowest`` pixels for it.
    """
    bold, small = QFontMetricsF(frame.fonts.bold), QFontMetricsF(frame.fonts.small)
    left, base = frame.plot.left(), frame.plot.top() - GAP - bold.descent()
    if frame.decorations.y_axis:
        leftmost = left - TICK - GAP - small.horizontalAdvance(WIDEST_COORDINATE)
        left = max(min(left, right - bold.horizontalAdvance(title)), leftmost)
    title = bold.elidedText(title, Qt.TextElideMode.ElideRight, max(right - left, 0.0))
    painter.setFont(frame.fonts.bold)
    painter.setPen(colors.text)
    painter.drawText(QPointF(left, base), title)
    left += bold.horizontalAdvance(title) + 2 * GAP if title else 0
    if right - left >= narrowest:
        elided = small.elidedText(subtitle, Qt.TextElideMode.ElideRight, max(right - left, 0.0))
        painter.setFont(frame.fonts.small)
        painter.setPen(colors.muted)
        painter.drawText(QPointF(left, base), elided)


def _paint_ticks(
    painter: QPainter, ticks: Sequence[Tick], colors: Shades, line: Callable[[float, float], QLineF]
) -> None:
    for colour, length, of_kind in (
        (colors.border, MINOR_TICK, [tick for tick in ticks if tick.minor]),
        (colors.line, TICK, [tick for tick in ticks if not tick.minor]),
    ):
        painter.setPen(QPen(colour, 1))
        painter.drawLines([line(tick.at, length) for tick in of_kind])


def _write(painter: QPainter, place: QRectF, alignment: Qt.AlignmentFlag, tick: Tick, colors: Shades) -> None:
    painter.setPen(colors.text if tick.strong else colors.muted)
    painter.drawText(place, alignment | Qt.TextFlag.TextDontClip, tick.label)


def _kept(start: float, length: float, first: float, last: float) -> float:
    """``start`` of something of a length, moved between ``first`` and ``last``."""
    return min(max(start, first), last - length)


def _paint_x_title(painter: QPainter, plot: QRectF, titles: Sequence[str], font: QFont, colors: Shades) -> None:
    metrics = QFontMetricsF(font)
    below = QRectF(plot.left(), plot.bottom() + TICK + 3 + metrics.height(), plot.width(), metrics.height())
    _paint_fitting(painter, below, titles, metrics, colors)


def _paint_y_title(painter: QPainter, plot: QRectF, titles: Sequence[str], font: QFont, colors: Shades) -> None:
    metrics = QFontMetricsF(font)
    painter.save()
    painter.translate(plot.left() - TICK - 2 * GAP - metrics.horizontalAdvance(WIDEST_COORDINATE), plot.center().y())
    painter.rotate(-90)
    beside = QRectF(-plot.height() / 2, -metrics.height(), plot.height(), metrics.height())
    _paint_fitting(painter, beside, titles, metrics, colors)
    painter.restore()


def _paint_fitting(
    painter: QPainter, place: QRectF, titles: Sequence[str], metrics: QFontMetricsF, colors: Shades
) -> None:
    """The first of ``titles``, which get shorter, that fits, or the last."""
    fitting = (title for title in titles if metrics.horizontalAdvance(title) <= place.width())
    painter.setPen(colors.muted)
    painter.drawText(place, CENTRE | Qt.TextFlag.TextDontClip, next(fitting, titles[-1]))
