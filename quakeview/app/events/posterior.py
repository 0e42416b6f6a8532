"""Where the hypocentre is probable, as a shade."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.drawing.shades import Shades

STRONGEST = 0.75
"""Opacity of the most probable cell."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PosteriorShade:
    """Of cells of equal size.

    Attributes:
        x, y: (n,) and (m,) centres on the map, m, increasing.
        depth: (k,) centres, m, increasing.
        probability: (k, n, m).
    """

    x: Floats
    y: Floats
    depth: Floats
    probability: Floats

    def paint_map(self, painter: QPainter, frame: PlaneFrame, colors: Shades) -> None:
        """Of all depths together."""
        _paint(painter, frame, self.x, self.y, self.probability.sum(0), colors)

    def paint_section(self, painter: QPainter, frame: PlaneFrame, colors: Shades, east: bool) -> None:
        """East and depth, or depth and north."""
        if len(self.depth) > 1:
            if east:
                _paint(painter, frame, self.x, self.depth, self.probability.sum(2).T, colors)
            else:
                _paint(painter, frame, self.depth, self.y, self.probability.sum(1), colors)


def _paint(painter: QPainter, frame: PlaneFrame, x: Floats, y: Floats, probability: Floats, colors: Shades) -> None:
    """``probability`` (n, m) over ``x`` (n,) and ``y`` (m,) of the plane."""
    part = probability / max(float(probability.max()), 1e-300)
    rows = part.T if frame.downward else part.T[::-1]
    accent = colors.accent
    rgba = np.empty((*rows.shape, 4), np.uint8)
    rgba[..., :3] = accent.red(), accent.green(), accent.blue()
    rgba[..., 3] = 255 * STRONGEST * np.sqrt(rows)
    image = QImage(rgba.data, rgba.shape[1], rgba.shape[0], 4 * rgba.shape[1], QImage.Format.Format_RGBA8888)
    (left, right), (bottom, top) = _edges(x), _edges(y)
    area = QRectF(frame.at(left, top), frame.at(right, bottom)).normalized()
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(area, image, QRectF(QPointF(0, 0), image.size()))
    painter.restore()


def _edges(centres: Floats) -> tuple[float, float]:
    half = (centres[-1] - centres[0]) / max(len(centres) - 1, 1) / 2
    return float(centres[0] - half), float(centres[-1] + half)
