"""A region of the map in which an epicentre lies, drawn."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.drawing.symbols import round_pen
from quakeview.app.events.shown import EventsShown

_LINE, _CROSS = 1.6, 6.0
_FILL = 0.16


def paint_region(painter: QPainter, frame: PlaneFrame, shown: EventsShown, colors: Shades) -> None:
    """Its lines, what is inside them shaded, and a cross at its middle; nothing if there is none."""
    if shown.region is None:
        return
    path = QPainterPath()
    for line in shown.region.outline:
        x, y = shown.on_map(*line.T)
        path.addPolygon(QPolygonF([frame.at(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]))
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, faded(colors.accent, _FILL))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((colors.base, _LINE + 2), (colors.accent, _LINE)):
        painter.setPen(round_pen(colour, width))
        painter.drawPath(path)
    if shown.region.middle is not None:
        longitude, latitude = shown.region.middle
        x, y = shown.on_map([longitude], [latitude])
        middle = frame.at(float(x[0]), float(y[0]))
        painter.drawLine(middle - QPointF(_CROSS, 0), middle + QPointF(_CROSS, 0))
        painter.drawLine(middle - QPointF(0, _CROSS), middle + QPointF(0, _CROSS))
    painter.restore()
