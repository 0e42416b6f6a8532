"""Drawing a region on a map: a box from corner to corner, or a polygon corner by corner."""

from enum import Enum

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.drawing.symbols import round_pen
from quakeview.app.events.shown import EventsShown
from quakeview.seismicity.region import Region

_LINE, _CORNER, _FILL = 1.6, 3.5, 0.10
_SMALLEST = 4.0
"""Pixels of the sides of a box."""
_BETWEEN = 24
"""Points along an edge of a region: lines of latitude and longitude are straight on the map, other edges are not."""


class Tool(Enum):
    """What the mouse draws."""

    BOX = "box"
    POLYGON = "polygon"


class RegionDrawing:
    """Corners so far, in pixels of a frame that does not move meanwhile.

    Attributes:
        tool: what is drawn.
        points: the corners; the last one follows the mouse.
    """

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self.points: list[QPointF] = []

    def press(self, at: QPointF) -> None:
        """A corner of a box, or the next one of a polygon."""
        if self.tool is Tool.BOX:
            self.points = [at, at]
        else:
            self.points = [*self.points[:-1], at, at]

    def move(self, at: QPointF) -> None:
        """The mouse is there."""
        if self.points:
            self.points[-1] = at

    @property
    def corners(self) -> list[QPointF]:
        """Of what is drawn, without the one that follows the mouse."""
        if self.tool is Tool.POLYGON:
            return self.points[:-1]
        if len(self.points) < 2:
            return []
        box = QRectF(*self.points).normalized()
        return [box.bottomLeft(), box.bottomRight(), box.topRight(), box.topLeft()]

    @property
    def is_a_click(self) -> bool:
        """Whether the corners of a box are in one place."""
        if self.tool is not Tool.BOX or len(self.points) < 2:
            return False
        box = QRectF(*self.points).normalized()
        return min(box.width(), box.height()) < _SMALLEST

    def region(self, frame: PlaneFrame, shown: EventsShown) -> Region:
        """Return what was drawn.

        Raises:
            QuakeViewError: if it has no area.
        """
        places = [frame.position(each) for each in self.corners]
        longitude, latitude = shown.projection.to_geographic(*np.array(places, float).reshape(-1, 2).T)
        if self.tool is Tool.BOX and len(places) == 4:
            return Region.box(*np.round([latitude.min(), longitude.min(), latitude.max(), longitude.max()], 3).tolist())
        longitude = (longitude + 180) % 360 - 180
        return Region(tuple(zip(np.round(latitude, 3).tolist(), np.round(longitude, 3).tolist(), strict=True)))

    def paint(self, painter: QPainter, frame: PlaneFrame, colors: Shades) -> None:
        """What is drawn so far."""
        path = QPainterPath()
        path.addPolygon(QPolygonF(self.points if self.tool is Tool.POLYGON else [*self.corners, *self.corners[:1]]))
        _paint(painter, frame, path, colors, Qt.PenStyle.DashLine)
        painter.save()
        painter.setBrush(colors.accent)
        painter.setPen(round_pen(colors.base, 1.0))
        for corner in self.corners:
            painter.drawEllipse(corner, _CORNER, _CORNER)
        painter.restore()


def paint_region(
    painter: QPainter,
    frame: PlaneFrame,
    shown: EventsShown,
    region: Region,
    colors: Shades,
    dashed: bool = False,
    shaded: bool = True,
) -> None:
    """Its edges, and, ``shaded``, what is inside faintly; ``dashed``: the edges alone."""
    latitude, longitude = np.array((*region.corners, region.corners[0]), np.float64).T
    longitude = np.unwrap(shown.projection.near(longitude), period=360)
    part = np.linspace(0, len(latitude) - 1, _BETWEEN * (len(latitude) - 1) + 1)
    x, y = shown.projection.to_map(*(np.interp(part, np.arange(len(latitude)), each) for each in (longitude, latitude)))
    path = QPainterPath()
    path.addPolygon(QPolygonF([frame.at(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]))
    _paint(
        painter,
        frame,
        path,
        colors,
        Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine,
        0.0 if dashed or not shaded else _FILL,
    )


def _paint(
    painter: QPainter,
    frame: PlaneFrame,
    path: QPainterPath,
    colors: Shades,
    style: Qt.PenStyle,
    fill: float = _FILL,
) -> None:
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if fill:
        painter.fillPath(path, faded(colors.accent, fill))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((colors.base, _LINE + 2), (colors.accent, _LINE)):
        pen = round_pen(colour, width)
        if colour is colors.accent:
            pen.setStyle(style)
        painter.setPen(pen)
        painter.drawPath(path)
    painter.restore()
