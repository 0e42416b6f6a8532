"""The focal mechanism as seismologists draw it: first motions of P on the lower hemisphere."""

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from quakeview.app.drawing import shades
from quakeview.app.drawing.fonts import Fonts
from quakeview.simulation.sources.first_motions import Floats, first_motion, lower_hemisphere, projected, tensor_matrix

PIXELS = 400
MARGIN = 18
SIZE = 144


class FocalMechanism(QWidget):
    """Compressional quadrants are filled; T and P mark the axes; north is up."""

    def __init__(self) -> None:
        super().__init__()
        self._matrix: Floats | None = None
        self._azimuth = 0.0
        self.setFixedSize(SIZE, SIZE)

    def show_tensor(self, components: ArrayLike | None, x_azimuth: float = 0.0, words: str = "") -> None:
        """Draw Mxx, Myy, Mzz, Mxy, Mxz, Myz in axes X (azimuth in degrees), Y to its left, down; ``words`` say it."""
        self._matrix = None if components is None else tensor_matrix(components)
        self._azimuth = x_azimuth
        self.setAccessibleName(f"Focal mechanism, {words}" if words else "Focal mechanism")
        self.update()

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint the ball into the middle of ``area``."""
        if self._matrix is None:
            return
        side = min(area.width(), area.height()) - 2 * MARGIN
        ball = QRectF(area.center() - QPointF(side / 2, side / 2), area.center() + QPointF(side / 2, side / 2))
        colors, fonts = shades.current(), Fonts.of(self.font())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(ball, quadrants(self._matrix, colors.accent, colors.base, self._azimuth))
        painter.setPen(QPen(colors.text, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ball)
        top = QPointF(ball.center().x(), ball.top())
        painter.drawLine(top, top - QPointF(0, 4))
        painter.setFont(fonts.small)
        line = QFontMetricsF(fonts.small).height()
        painter.drawText(QRectF(top.x() - 20, top.y() - 5 - line, 40, line), Qt.AlignmentFlag.AlignCenter, "N")
        painter.setFont(fonts.bold)
        _, axes = np.linalg.eigh(self._matrix)
        for letter, axis, colour in (("P", axes[:, 0], colors.text), ("T", axes[:, 2], colors.on_accent)):
            east, north = projected(axis, self._azimuth)
            at = ball.center() + QPointF(east, -north) * (side / 2) * 0.92
            painter.setPen(colour)
            painter.drawText(QRectF(at.x() - 10, at.y() - 10, 20, 20), Qt.AlignmentFlag.AlignCenter, letter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_picture(painter, QRectF(self.rect()))
        painter.end()


def quadrants(matrix: Floats, up: QColor, down: QColor, x_azimuth: float = 0.0, pixels: int = PIXELS) -> QImage:
    """A disc coloured by whether P moves the ground away from the source first, or towards it.

    Args:
        matrix: (3, 3) moment tensor in axes X (azimuth in degrees), Y to its left, down.
    """
    along = (np.arange(pixels) + 0.5) / pixels * 2 - 1
    motion = first_motion(matrix, lower_hemisphere(along, -along[:, None], x_azimuth))
    rgba = np.zeros((pixels, pixels, 4), np.uint8)
    for where, colour in ((motion > 0, up), (motion <= 0, down)):
        rgba[where] = colour.red(), colour.green(), colour.blue(), colour.alpha()
    return QImage(rgba.data, pixels, pixels, 4 * pixels, QImage.Format.Format_RGBA8888).copy()
