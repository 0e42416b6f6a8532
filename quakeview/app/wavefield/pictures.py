"""What a panel shows, as a file."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from quakeview.app.drawing.picture import draw_picture
from quakeview.app.maps.mapview import MapView

MARGIN = 12


class Painted(Protocol):
    """A widget that can be painted elsewhere."""

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint what the widget shows into ``area``."""
        ...


def picture_of(suffix: str, parts: Sequence[QWidget], page: str) -> bytes:
    """Widgets as they lie beside one another: the content of a PNG or SVG.

    Args:
        parts: ``MapView`` or ``Painted`` widgets of one window; those that are hidden are left out.
        page: colour of the page.

    Raises:
        QuakeViewError: for another suffix.
    """
    shown = [part for part in parts if part.isVisible()]
    places = [QRect(part.mapTo(part.window(), QPoint(0, 0)), part.size()) for part in shown]
    bounds = QRect()
    for place in places:
        bounds = bounds.united(place)
    size = bounds.size() + QSize(2 * MARGIN, 2 * MARGIN)
    areas = [QRectF(place.translated(QPoint(MARGIN, MARGIN) - bounds.topLeft())) for place in places]
    return draw_picture(suffix, size, lambda painter: _paint(painter, size, shown, areas, page))


def _paint(painter: QPainter, size: QSize, parts: Sequence[QWidget], areas: Sequence[QRectF], page: str) -> None:
    painter.fillRect(QRectF(QRect(QPoint(0, 0), size)), QColor(page))
    for part, area in zip(parts, areas, strict=True):
        if isinstance(part, MapView):
            painter.save()
            painter.translate(area.topLeft())
            part.scene.paint(painter, QSizeF(area.size()), part.view, part.font())
            painter.restore()
        else:
            part.paint_picture(painter, area)  # type: ignore[attr-defined]
