"""Where the hypocentre is probable, as a shade."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.drawing.shades import Shades
from quakeview.events.marginal import Marginal, marginal

STRONGEST = 0.75
"""Opacity of the most probable cell."""

Floats = NDArray[np.float64]


class PosteriorShade:
    """Of points (n,) with their probability; x and y on the map, m, and depth, m."""

    def __init__(self, x: Floats, y: Floats, depth: Floats, probability: Floats) -> None:
        self._x, self._y, self._depth, self._probability = x, y, depth, probability

    @cached_property
    def from_above(self) -> Marginal | None:
        """East and north."""
        return marginal(self._x, self._y, self._probability)

    @cached_property
    def from_south(self) -> Marginal | None:
        """East and depth."""
        return marginal(self._x, self._depth, self._probability)

    @cached_property
    def from_east(self) -> Marginal | None:
        """Depth and north."""
        return marginal(self._depth, self._y, self._probability)


def paint_shade(painter: QPainter, frame: PlaneFrame, shade: Marginal | None, colors: Shades) -> None:
    """On a plane that has its axes."""
    if shade is None:
        return
    part = shade.probability / max(float(shade.probability.max()), 1e-300)
    rows = part.T if frame.downward else part.T[::-1]
    accent = colors.accent
    rgba = np.empty((*rows.shape, 4), np.uint8)
    rgba[..., :3] = accent.red(), accent.green(), accent.blue()
    rgba[..., 3] = 255 * STRONGEST * np.sqrt(rows)
    image = QImage(rgba.data, rgba.shape[1], rgba.shape[0], 4 * rgba.shape[1], QImage.Format.Format_RGBA8888)
    (left, right), (bottom, top) = _edges(shade.x), _edges(shade.y)
    area = QRectF(frame.at(left, top), frame.at(right, bottom)).normalized()
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(area, image, QRectF(QPointF(0, 0), QSizeF(image.size())))
    painter.restore()


def _edges(centres: Floats) -> tuple[float, float]:
    half = (centres[1] - centres[0]) / 2
    return float(centres[0] - half), float(centres[-1] + half)
