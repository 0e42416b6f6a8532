"""Symbols and words over values of any colour."""

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from quakeview.app.drawing.shades import Shades

STAR_RADIUS = 9.0
HALO = 3.0
EDGE = QColor("#10161c")


def paint_star(painter: QPainter, at: QPointF, colors: Shades) -> None:
    """Where an earthquake began."""
    corners = []
    for i in range(10):
        radius, angle = STAR_RADIUS * (1 if i % 2 == 0 else 0.42), math.pi * i / 5
        corners.append(at + QPointF(radius * math.sin(angle), -radius * math.cos(angle)))
    painter.setPen(QPen(EDGE, 1.1))
    painter.setBrush(colors.star)
    painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def write_with_halo(painter: QPainter, base: QPointF, text: str, font: QFont, colour: QColor, halo: QColor) -> None:
    """Text that can be read on any colour."""
    path = QPainterPath()
    path.addText(base, font, text)
    painter.strokePath(path, round_pen(halo, HALO))
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(base, text)


def round_pen(colour: QColor, width: float) -> QPen:
    """Without corners at ends and bends."""
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
