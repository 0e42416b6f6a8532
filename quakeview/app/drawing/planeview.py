"""A quantity on a plane, horizontal or upright: colours, axes in km, a bar, lines and a star."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from quakeview.app.drawing import shades, theme
from quakeview.app.drawing.axes import paint_plane_axes, paint_title
from quakeview.app.drawing.colourbar import paint_colour_bar
from quakeview.app.drawing.images import values_image
from quakeview.app.drawing.plane import GAP, Bounds, PlaneFrame
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.drawing.symbols import paint_star
from quakeview.scales import Scale

RING_RADIUS = 5.5


@dataclass(frozen=True)
class PlaneScene:
    """What is shown.

    Attributes:
        values: (nx, ny) cells that fill ``area``; NaN is left empty.
        area: in the units of the axes.
        downward: whether y grows downwards on screen.
        lines: (n, 2) each; ``guides`` are drawn dashed.
        star: the hypocentre; ``ring`` is a chosen point.
        stretched: whether the plot fills the room, so that lengths differ in the two directions.
    """

    title: str
    values: NDArray[np.floating]
    scale: Scale
    area: Bounds
    x_title: str
    y_title: str
    subtitle: str = ""
    downward: bool = True
    lines: Sequence[NDArray[np.floating]] = ()
    guides: Sequence[NDArray[np.floating]] = ()
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
        if scene is None or not scene.area.contains(x, y):
            return None
        nx, ny = scene.values.shape
        column = min(int((x - scene.area.left) / scene.area.width * nx), nx - 1)
        row = min(int((y - scene.area.bottom) / scene.area.height * ny), ny - 1)
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
        paint_plane_axes(painter, frame, colors, [scene.x_title], [scene.y_title])
        paint_colour_bar(painter, frame, scene.scale, colors)
        paint_title(painter, frame, scene.title, scene.subtitle, frame.plot.right() + GAP, colors)

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
        return frame.position(event.position()) if frame.plot.contains(event.position()) else None

    def _frame(self, scene: PlaneScene, area: QRectF) -> PlaneFrame:
        downward, stretched = scene.downward, scene.stretched
        return PlaneFrame.fitted(area, scene.area, self.font(), downward=downward, stretched=stretched)

    def _colours(self, scene: PlaneScene) -> QImage:
        if self._image is None:
            rows = scene.values.T if scene.downward else scene.values.T[::-1]
            self._image = values_image(rows, scene.scale, theme.current().is_dark)
        return self._image

    def _paint_lines(self, painter: QPainter, scene: PlaneScene, frame: PlaneFrame, colors: Shades) -> None:
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lines, style in ((scene.lines, Qt.PenStyle.SolidLine), (scene.guides, Qt.PenStyle.DashLine)):
            for halo, pen in ((True, QPen(faded(QColor("#000000"), 0.35), 2.4)), (False, QPen(QColor("#ffffff"), 1.2))):
                pen.setStyle(Qt.PenStyle.SolidLine if halo else style)
                painter.setPen(pen)
                for line in lines:
                    painter.drawPolyline(QPolygonF([frame.at(x, y) for x, y in line]))
        if scene.ring is not None:
            at = frame.at(*scene.ring)
            for colour, width in ((QColor("#000000"), 4.0), (QColor("#ffffff"), 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(at, RING_RADIUS, RING_RADIUS)
        if scene.star is not None:
            paint_star(painter, frame.at(*scene.star), colors)
        painter.restore()
