"""Focal mechanisms of events on the map: small discs beside them."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from quakeview.app.drawing.focal_mechanism import quadrants
from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.events.dots import Dots, fill_colours
from quakeview.app.events.shown import EventsShown
from quakeview.simulation.sources.first_motions import tensor_matrix
from quakeview.simulation.sources.moment_tensor import double_couple

RADIUS, STEM = 9.0, 4.0
"""Pixels of a disc, and of the line from the event to it."""
MOST = 150
"""Mechanisms that are drawn at once, of the largest events in view: more cover one another."""
_PIXELS = 64


def paint_beach_balls(painter: QPainter, frame: PlaneFrame, shown: EventsShown, dots: Dots, colors: Shades) -> None:
    """Above each event that has one; quadrants in which P moves the ground up first have the colour of the event."""
    columns, fills = shown.columns, fill_colours(shown.scale, colors.is_dark)
    visible = dots.visible(frame)
    chosen = visible[columns.solved[visible] & ~dots.faint[visible]][:MOST]
    x, y = dots.pixels(frame)
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(faded(colors.text, 0.8), 1.0))
    for index in chosen[::-1].tolist():
        mechanism = shown.events[columns.ids[index]].mechanism
        assert mechanism is not None
        foot = QPointF(x[index], y[index] - dots.radius[index])
        centre = foot - QPointF(0, STEM + RADIUS)
        painter.drawLine(foot, foot - QPointF(0, STEM))
        fill = fills[dots.level[index]] or colors.text
        ball = _ball(mechanism.strike, mechanism.dip, mechanism.rake, fill.rgb(), colors.base.rgb())
        painter.drawImage(QRectF(centre.x() - RADIUS, centre.y() - RADIUS, 2 * RADIUS, 2 * RADIUS), ball)
        painter.drawEllipse(centre, RADIUS, RADIUS)
    painter.restore()


@lru_cache(maxsize=1024)
def _ball(strike: float, dip: float, rake: float, up: int, down: int) -> QImage:
    matrix = tensor_matrix(double_couple(strike, dip, rake, 1.0, 0.0))
    return quadrants(np.asarray(matrix), QColor(up), QColor(down), pixels=_PIXELS)
