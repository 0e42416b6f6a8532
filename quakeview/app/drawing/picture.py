"""What widgets show, as the content of a picture file."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from quakeview.errors import QuakeViewError

PICTURE_RATIO = 2.0
"""Pixels of a PNG per unit on screen."""
PICTURES = "PNG (*.png);;SVG (*.svg)"
MARGIN = 12
"""Units around widgets in a picture."""

Paint = Callable[[QPainter], None]


class Painted(Protocol):
    """A widget that can be painted elsewhere."""

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint what the widget shows into ``area``."""
        ...


def draw_picture(suffix: str, size: QSize, paint: Paint, title: str = "QuakeView") -> bytes:
    """PNG (two pixels per unit) or SVG (lines and text) of what ``paint`` paints into ``size``.

    Raises:
        QuakeViewError: for another suffix.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if suffix == ".png":
        QImageWriter(buffer, b"png").write(painted(size, paint, PICTURE_RATIO))
    elif suffix == ".svg":
        _draw_svg(buffer, size, paint, title)
    else:
        raise QuakeViewError(f"A picture cannot end in “{suffix}”; end its name in .png or .svg.")
    return bytes(buffer.data().data())


def picture_of(suffix: str, parts: Sequence[QWidget], page: str) -> bytes:
    """Widgets as they lie beside one another: the content of a PNG or SVG.

    Args:
        parts: ``Painted`` widgets of one window; those that are hidden are left out.
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

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRect(QPoint(0, 0), size), QColor(page))
        for part, place in zip(shown, places, strict=True):
            area = QRectF(place.translated(QPoint(MARGIN, MARGIN) - bounds.topLeft()))
            part.paint_picture(painter, area)  # type: ignore[attr-defined]

    return draw_picture(suffix, size, paint)


def painted(size: QSize, paint: Paint, ratio: float) -> QImage:
    """What ``paint`` paints into ``size``, with ``ratio`` pixels per unit; on any thread."""
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def _draw_svg(buffer: QBuffer, size: QSize, paint: Paint, title: str) -> None:
    drawing = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    drawing.setOutputDevice(buffer)
    drawing.setSize(size)
    drawing.setViewBox(QRectF(0, 0, size.width(), size.height()))
    drawing.setResolution(round(QGuiApplication.primaryScreen().logicalDotsPerInch()))
    drawing.setTitle(title)
    painter = QPainter(drawing)
    paint(painter)
    painter.end()
