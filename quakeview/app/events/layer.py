"""What is slow to paint is painted once, and moved with the map while the map is dragged."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap

from quakeview.app.drawing.plane import Bounds, PlaneFrame

REACH = 0.4
"""How far a layer goes beyond the plot while the map is dragged, as a part of the plot."""

Draw = Callable[[QPainter, PlaneFrame], None]


class Layer:
    """A picture of a part of the plane."""

    def __init__(self) -> None:
        self._pixmap: QPixmap | None = None
        self._frame: PlaneFrame | None = None

    def forget(self) -> None:
        """It must be painted anew."""
        self._pixmap = self._frame = None

    def paint(self, painter: QPainter, frame: PlaneFrame, draw: Draw, moving: bool) -> None:
        """Show the part in ``frame``; while it is ``moving``, what was painted before is good enough."""
        if not self._holds(frame, moving):
            self._paint_anew(frame, draw, painter.device().devicePixelRatioF(), REACH if moving else 0.0)
        assert self._pixmap is not None
        assert self._frame is not None
        corner = frame.at(self._frame.view.left, self._frame.view.top)
        if frame.downward:
            corner = frame.at(self._frame.view.left, self._frame.view.bottom)
        painter.save()
        painter.setClipRect(frame.plot)
        painter.drawPixmap(QPointF(round(corner.x()), round(corner.y())), self._pixmap)
        painter.restore()

    def _holds(self, frame: PlaneFrame, moving: bool) -> bool:
        """Is the part in ``frame`` on the picture, in the same size?"""
        have = self._frame
        if have is None:
            return False
        if not moving:
            return have.view == frame.view and have.plot.size() == frame.plot.size()
        scale, inside = have.transform, have.view
        same = abs(scale.m11() / frame.transform.m11() - 1) + abs(scale.m22() / frame.transform.m22() - 1) < 1e-6
        view = frame.view
        edge = 1e-9 * (abs(view.width) + abs(view.height))
        return same and (
            inside.left - edge <= view.left
            and view.right <= inside.right + edge
            and inside.bottom - edge <= view.bottom
            and view.top <= inside.top + edge
        )

    def _paint_anew(self, frame: PlaneFrame, draw: Draw, ratio: float, reach: float) -> None:
        across, up = round(reach * frame.plot.width()), round(reach * frame.plot.height())
        size = QSizeF(frame.plot.width() + 2 * across, frame.plot.height() + 2 * up)
        dx, dy = across * frame.view.width / frame.plot.width(), up * frame.view.height / frame.plot.height()
        view = frame.view
        larger = Bounds(view.left - dx, view.bottom - dy, view.right + dx, view.top + dy)
        self._frame = replace(frame, plot=QRectF(QPointF(0, 0), size), view=larger)
        self._pixmap = QPixmap((size * ratio).toSize())
        self._pixmap.setDevicePixelRatio(ratio)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._pixmap)
        draw(painter, self._frame)
        painter.end()
