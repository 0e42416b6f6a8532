"""Theoretical arrivals: dotted lines through the bands of their stations, with the name of the phase at the foot."""

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from quakeview.app.drawing.shades import faded
from quakeview.app.traces.frame import Frame
from quakeview.app.traces.layout import Band
from quakeview.app.traces.picks_layer import pick_pen
from quakeview.app.traces.scene import TraceScene

_LABEL_FROM_LINES = 1.5
"""Lines of text that a band is high in which there is room for the names."""
_GAP = 2.0


def paint_theory(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """Draw what the scene has, on every station on screen."""
    if scene.theory:
        painter.setFont(frame.fonts.small)
        for band in frame.bands:
            _paint_band(painter, scene, frame.of(band.row.station), band)


def _paint_band(painter: QPainter, scene: TraceScene, frame: Frame, band: Band) -> None:
    metrics = QFontMetricsF(frame.fonts.small)
    for mark in scene.theory.get(band.row.station, ()):
        x = round(frame.x_at(mark.time)) + 0.5
        if not frame.plot.left() <= x <= frame.plot.right():
            continue
        pen = pick_pen(mark, frame.colors)
        painter.setPen(pen)
        painter.drawLine(QLineF(x, band.rect.top() + 1, x, band.rect.bottom() - 1))
        if band.rect.height() > _LABEL_FROM_LINES * frame.fonts.line:
            size = metrics.size(0, mark.phase)
            chip = QRectF(x + _GAP, band.rect.bottom() - size.height() - 1, size.width() + 2 * _GAP, size.height())
            painter.fillRect(chip, faded(frame.colors.base, 0.8))
            painter.setPen(pen.color())
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, mark.phase)
