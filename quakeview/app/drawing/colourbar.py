"""The thin bar that says what the colours of a plane mean."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from quakeview.app.drawing.images import ramp
from quakeview.app.drawing.plane import BAR_GAP, BAR_WIDTH, GAP, PlaneFrame
from quakeview.app.drawing.shades import Shades
from quakeview.scales import Scale

PIXELS_PER_TICK = 34.0
MOST_TICKS = 7


def paint_colour_bar(painter: QPainter, frame: PlaneFrame, scale: Scale, colors: Shades) -> None:
    """Beside the plot and as high: the unit above it, few round numbers to its right."""
    plot, font = frame.plot, frame.fonts.small
    bar = QRectF(plot.right() + BAR_GAP, plot.top(), BAR_WIDTH, plot.height())
    painter.drawImage(bar, ramp(scale, colors.is_dark))
    painter.setPen(QPen(colors.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(colors.muted)
    painter.drawText(QPointF(bar.left(), bar.top() - GAP - metrics.descent()), scale.unit)
    most = min(MOST_TICKS, max(2, int(plot.height() / PIXELS_PER_TICK)))
    if plot.height() > len(scale.names) * metrics.height():
        most = max(most, len(scale.names))
    for value, label in scale.ticks(most):
        y = bar.bottom() - scale.fraction(value) * bar.height()
        painter.setPen(QPen(colors.line, 1))
        painter.drawLine(QPointF(bar.right() + 1, round(y) + 0.5), QPointF(bar.right() + 3, round(y) + 0.5))
        painter.setPen(colors.muted)
        half = metrics.height() / 2
        top = min(max(y - half, bar.top() - half / 2), bar.bottom() - 1.5 * half)
        place = QRectF(bar.right() + GAP, top, 80, metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)
