"""A quantity on a plane, horizontal or upright: colours, axes in km, a bar, lines and a star."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from quakeview.app.drawing import shades, theme
from quakeview.app.drawing.colourbar import paint_colour_bar
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.images import values_image
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.maps.mapframe import BAR_GAP, BAR_WIDTH, GAP, TICK, WIDEST_TICK, Bounds, MapFrame
from quakeview.scales import Scale, number, round_ticks

PIXELS_PER_TICK = 46.0
STAR_RADIUS, STAR_POINTS, RING_RADIUS = 9.0, 5, 5.5
CENTRE = Qt.AlignmentFlag.AlignCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class PlaneScene:
    """What is shown.

    Attributes:
        values: (nx, ny) cells that fill ``area``; NaN is left empty.
        area: in the units of the axes; its top is the smallest y.
        downward: whether y grows downwards on screen.
        lines: (n, 2) each; ``guides`` are drawn dashed.
        star: the hypocentre; ``ring`` is a chosen point.
        stretched: whether the plot fills the room, so that lengths differ in the two directions.
    """

    title: str
    values: NDArray
    scale: Scale
    area: QRectF
    x_title: str
    y_title: str
    subtitle: str = ""
    downward: bool = True
    lines: Sequence[NDArray] = ()
    guides: Sequence[NDArray] = ()
    star: tuple[float, float] | None = None
    ring: tuple[float, float] | None = None
    stretched: bool = False


class PlaneView(QWidget):
    """Signals: x, y in the units of the axes."""

    clicked = Signal(float, float)
    hovered = Signal(float, float)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._scene: PlaneScene | None = None
        self._image: QImage | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setMinimumSize(150, 76)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def scene(self) -> PlaneScene | None:
        return self._scene

    def show_scene(self, scene: PlaneScene | None) -> None:
        """Draw it, or nothing."""
        self._scene, self._image = scene, None
        self.update()

    def restyle(self) -> None:
        """Take the colours now on screen."""
        self._image = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 220)

    def value_at(self, x: float, y: float) -> float | None:
        """In the units of the values; None outside."""
        scene = self._scene
        if scene is None or not scene.area.contains(QPointF(x, y)):
            return None
        nx, ny = scene.values.shape
        column = min(int((x - scene.area.left()) / scene.area.width() * nx), nx - 1)
        row = min(int((y - scene.area.top()) / scene.area.height() * ny), ny - 1)
        return float(scene.values[column, row])

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint what is shown into ``area``."""
        scene = self._scene
        if scene is None:
            return
        colors = shades.current()
        frame = self._frame(scene, area)
        painter.drawImage(frame.plot, self._colours(scene))
        self._paint_lines(painter, scene, frame, colors)
        paint_plane_axes(painter, scene, frame, colors)
        paint_colour_bar(painter, frame, scene.scale, colors.is_dark, colors.muted, colors.line)
        _paint_title(painter, scene, frame, colors)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().base))
        self.paint_picture(painter, QRectF(self.rect()))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if (place := self._place(event)) is not None:
            self.hovered.emit(*place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (place := self._place(event)) is not None:
            self.clicked.emit(*place)

    def _place(self, event: QMouseEvent) -> tuple[float, float] | None:
        """In the units of the axes; None beside the plot."""
        if self._scene is None:
            return None
        frame = self._frame(self._scene, QRectF(self.rect()))
        if not frame.plot.contains(event.position()):
            return None
        x, y = frame.position(event.position())
        return x, _flip(y, self._scene)

    def _frame(self, scene: PlaneScene, area: QRectF) -> MapFrame:
        fonts = Fonts.of(self.font())
        small = QFontMetricsF(fonts.small)
        line = small.height()
        left = line + small.horizontalAdvance("100") + TICK + 3 * GAP
        right = BAR_GAP + BAR_WIDTH + GAP + small.horizontalAdvance(WIDEST_TICK) + 2
        top, bottom = QFontMetricsF(fonts.bold).height() + 2 * GAP, TICK + 2 + 2 * line + GAP
        room = area.adjusted(left, top, -right, -bottom)
        width, height = max(room.width(), 20.0), max(room.height(), 20.0)
        if not scene.stretched:
            scale = min(width / scene.area.width(), height / scene.area.height())
            width, height = round(scene.area.width() * scale), round(scene.area.height() * scale)
        plot = QRectF(0, 0, width, height)
        plot.moveTo(round(room.left() + max(room.width() - width, 0) / 2), round(room.top()))
        if not scene.stretched:
            plot.moveTop(round(room.top() + max(room.height() - height, 0) / 2))
        bounds = scene.area
        return MapFrame(plot, Bounds(bounds.left(), bounds.top(), bounds.right(), bounds.bottom()), fonts)

    def _colours(self, scene: PlaneScene) -> QImage:
        if self._image is None:
            rows = scene.values.T if scene.downward else scene.values.T[::-1]
            self._image = values_image(rows, scene.scale, theme.current().is_dark)
        return self._image

    def _paint_lines(self, painter: QPainter, scene: PlaneScene, frame: MapFrame, colors: Shades) -> None:
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lines, style in ((scene.lines, Qt.PenStyle.SolidLine), (scene.guides, Qt.PenStyle.DashLine)):
            for halo, pen in ((True, QPen(faded(QColor("#000000"), 0.35), 2.4)), (False, QPen(QColor("#ffffff"), 1.2))):
                pen.setStyle(Qt.PenStyle.SolidLine if halo else style)
                painter.setPen(pen)
                for line in lines:
                    painter.drawPolyline(QPolygonF([frame.at(x, _flip(y, scene)) for x, y in line]))
        if scene.ring is not None:
            at = frame.at(scene.ring[0], _flip(scene.ring[1], scene))
            for colour, width in ((QColor("#000000"), 4.0), (QColor("#ffffff"), 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(at, RING_RADIUS, RING_RADIUS)
        if scene.star is not None:
            _paint_star(painter, frame.at(scene.star[0], _flip(scene.star[1], scene)), colors)
        painter.restore()


def _flip(y: float, scene: PlaneScene) -> float:
    """Between y of the axis and the upward y of the frame."""
    return scene.area.top() + scene.area.bottom() - y if scene.downward else y


def paint_plane_axes(painter: QPainter, scene: PlaneScene, frame: MapFrame, colors: Shades) -> None:
    """The border, ticks outside it, and what runs along which axis."""
    plot, small = frame.plot, QFontMetricsF(frame.fonts.small)
    line, area = small.height(), scene.area
    painter.setFont(frame.fonts.small)
    painter.setPen(QPen(colors.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5))
    for value in round_ticks(area.left(), area.right(), max(2, int(plot.width() / PIXELS_PER_TICK))):
        x = round(frame.at(value, area.top()).x()) + 0.5
        painter.setPen(QPen(colors.line, 1))
        painter.drawLine(QLineF(x, plot.bottom() + 1, x, plot.bottom() + 1 + TICK))
        painter.setPen(colors.muted)
        painter.drawText(QRectF(x - 40, plot.bottom() + TICK + 2, 80, line), CENTRE, number(value))
    for value in round_ticks(area.top(), area.bottom(), max(2, int(plot.height() / (0.6 * PIXELS_PER_TICK)))):
        y = round(frame.at(area.left(), _flip(value, scene)).y()) + 0.5
        painter.setPen(QPen(colors.line, 1))
        painter.drawLine(QLineF(plot.left() - 1 - TICK, y, plot.left() - 1, y))
        painter.setPen(colors.muted)
        painter.drawText(QRectF(plot.left() - TICK - GAP - 80, y - line / 2, 80, line), RIGHT, number(value))
    painter.drawText(
        QRectF(plot.left() - 40, plot.bottom() + TICK + 3 + line, plot.width() + 80, line), CENTRE, scene.x_title
    )
    painter.save()
    painter.translate(plot.left() - TICK - 2 * GAP - small.horizontalAdvance("100"), plot.center().y())
    painter.rotate(-90)
    painter.drawText(QRectF(-120, -line, 240, line), CENTRE, scene.y_title)
    painter.restore()


def _paint_title(painter: QPainter, scene: PlaneScene, frame: MapFrame, colors: Shades) -> None:
    bold, small = QFontMetricsF(frame.fonts.bold), QFontMetricsF(frame.fonts.small)
    left, base = frame.plot.left(), frame.plot.top() - GAP - bold.descent()
    painter.setFont(frame.fonts.bold)
    painter.setPen(colors.text)
    painter.drawText(QPointF(left, base), scene.title)
    left += bold.horizontalAdvance(scene.title) + 2 * GAP
    room = max(frame.plot.right() - left, 0.0)
    painter.setFont(frame.fonts.small)
    painter.setPen(colors.muted)
    painter.drawText(QPointF(left, base), small.elidedText(scene.subtitle, Qt.TextElideMode.ElideRight, room))


def _paint_star(painter: QPainter, at: QPointF, colors: Shades) -> None:
    angles = np.pi * np.arange(2 * STAR_POINTS) / STAR_POINTS
    radii = np.where(np.arange(2 * STAR_POINTS) % 2, 0.42 * STAR_RADIUS, STAR_RADIUS)
    painter.setPen(QPen(QColor("#2a3644"), 1.2))
    painter.setBrush(colors.star)
    corners = zip(radii * np.sin(angles), -radii * np.cos(angles), strict=True)
    painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
