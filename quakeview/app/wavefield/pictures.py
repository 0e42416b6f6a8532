"""What a panel shows, as a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from quakeview.app.wavefield.mapview import MapView
from quakeview.errors import QuakeViewError

PICTURE_RATIO = 2.0
MARGIN = 12


class Painted(Protocol):
    """A widget that can be painted elsewhere."""

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint what the widget shows into ``area``."""
        ...


def save_picture(path: Path, parts: Sequence[QWidget], page: str) -> None:
    """Write widgets as they lie beside one another: PNG (two pixels per unit) or SVG (lines and text).

    Args:
        parts: ``MapView`` or ``Painted`` widgets of one window; those that are hidden are left out.
        page: colour of the page.

    Raises:
        QuakeViewError: another suffix, or the file cannot be written.
    """
    shown = [part for part in parts if part.isVisible()]
    places = [QRect(part.mapTo(part.window(), QPoint(0, 0)), part.size()) for part in shown]
    bounds = QRect()
    for place in places:
        bounds = bounds.united(place)
    size = bounds.size() + QSize(2 * MARGIN, 2 * MARGIN)
    areas = [QRectF(place.translated(QPoint(MARGIN, MARGIN) - bounds.topLeft())) for place in places]
    if path.suffix.lower() == ".png":
        written = _save_png(path, size, shown, areas, page)
    elif path.suffix.lower() == ".svg":
        written = _save_svg(path, size, shown, areas, page)
    else:
        raise QuakeViewError(f"{path.name} cannot be written: end its name in .png or .svg.")
    if not written:
        raise QuakeViewError(f"{path} cannot be written: choose a folder that exists and that you may write to.")


def _save_png(path: Path, size: QSize, parts: Sequence[QWidget], areas: Sequence[QRectF], page: str) -> bool:
    image = QImage(size * PICTURE_RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_RATIO)
    painter = QPainter(image)
    _paint(painter, size, parts, areas, page)
    painter.end()
    return image.save(str(path))


def _save_svg(path: Path, size: QSize, parts: Sequence[QWidget], areas: Sequence[QRectF], page: str) -> bool:
    drawing = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    drawing.setFileName(str(path))
    drawing.setSize(size)
    drawing.setResolution(round(QGuiApplication.primaryScreen().logicalDotsPerInch()))
    drawing.setViewBox(QRectF(QRect(QPoint(0, 0), size)))
    drawing.setTitle("QuakeView")
    painter = QPainter()
    if written := painter.begin(drawing):
        _paint(painter, size, parts, areas, page)
        painter.end()
    return written


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
