"""What colours and sizes mean, in a row above the map."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.plane import GAP
from quakeview.app.drawing.shades import Shades
from quakeview.app.events.dots import paint_dot
from quakeview.scales import Scale, number

BAR_HEIGHT, BETWEEN = 7.0, 16.0
NARROWEST_BAR, WIDEST_BAR = 44.0, 130.0
BAR_PART = 0.2
PIXELS_PER_TICK = 36.0
LARGEST_CIRCLE = 10.0
SIZES = 4
"""Circles that tell how large an event of which magnitude is drawn."""


def legend_height(fonts: Fonts) -> float:
    """Pixels."""
    return BAR_HEIGHT + QFontMetricsF(fonts.small).height() + 2 * GAP


def paint_bar(
    painter: QPainter, left: float, top: float, scale: Scale, fonts: Fonts, colors: Shades, room: float
) -> float:
    """A bar of colours with numbers below it and its name before it. Returns where it ends, pixels."""
    metrics = QFontMetricsF(fonts.small)
    name = scale.name if scale.unit in ("M", "UTC", "") else f"{scale.name}, {scale.unit}"
    width = min(max(BAR_PART * room, NARROWEST_BAR), WIDEST_BAR)
    painter.setFont(fonts.small)
    painter.setPen(colors.muted)
    painter.drawText(QPointF(left, top + BAR_HEIGHT), name)
    bar = QRectF(left + metrics.horizontalAdvance(name) + GAP, top, width, BAR_HEIGHT)
    table = np.ascontiguousarray(scale.colours(colors.is_dark))
    painter.drawImage(bar, QImage(table.data, len(table), 1, QImage.Format.Format_RGBA8888))
    painter.setPen(QPen(colors.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
    painter.setPen(colors.muted)
    for value, label in scale.ticks(max(2, int(width / PIXELS_PER_TICK))):
        x = bar.left() + scale.fraction(value) * width
        half = metrics.horizontalAdvance(label) / 2
        painter.drawLine(QPointF(round(x) + 0.5, bar.bottom() + 1), QPointF(round(x) + 0.5, bar.bottom() + 3))
        painter.drawText(QPointF(x - half, bar.bottom() + 3 + metrics.ascent()), label)
    return bar.right() + BETWEEN


def paint_sizes(
    painter: QPainter,
    left: float,
    top: float,
    magnitudes: NDArray[np.float64],
    radii: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    fonts: Fonts,
    colors: Shades,
    right: float,
) -> None:
    """Circles of a few whole magnitudes among those that there are, as far as there is room."""
    known = magnitudes[np.isfinite(magnitudes)]
    if not known.size:
        return
    metrics = QFontMetricsF(fonts.small)
    wanted = np.unique(np.round(np.linspace(known.min(), known.max(), SIZES))).astype(np.float64)
    painter.setFont(fonts.small)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = top + BAR_HEIGHT / 2 + metrics.height() / 2
    for magnitude, radius in zip(wanted.tolist(), radii(wanted).tolist(), strict=True):
        label = f"M {number(magnitude)}"
        width = 2 * radius + 3 + metrics.horizontalAdvance(label)
        if left + width > right or radius > LARGEST_CIRCLE:
            return
        paint_dot(painter, QPointF(left + radius, middle), radius, None, colors)
        painter.setPen(colors.muted)
        painter.drawText(QPointF(left + 2 * radius + 3, middle + metrics.capHeight() / 2), label)
        left += width + 2 * GAP
