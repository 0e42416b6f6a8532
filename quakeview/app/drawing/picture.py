"""What is painted, as the content of a picture file."""

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from quakeview.errors import QuakeViewError

PICTURE_RATIO = 2.0
"""Pixels of a PNG per unit on screen."""
PICTURES = "PNG (*.png);;SVG (*.svg)"


def draw_picture(suffix: str, size: QSize, paint: Callable[[QPainter], None], title: str = "QuakeView") -> bytes:
    """PNG (two pixels per unit) or SVG (lines and text) of what ``paint`` paints into ``size``.

    Raises:
        QuakeViewError: for another suffix.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if suffix == ".png":
        QImageWriter(buffer, b"png").write(_raster(size, paint))
    elif suffix == ".svg":
        _draw_svg(buffer, size, paint, title)
    else:
        raise QuakeViewError(f"A picture cannot end in “{suffix}”; end its name in .png or .svg.")
    return bytes(buffer.data().data())


def _raster(size: QSize, paint: Callable[[QPainter], None]) -> QImage:
    image = QImage(size * PICTURE_RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_RATIO)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def _draw_svg(buffer: QBuffer, size: QSize, paint: Callable[[QPainter], None], title: str) -> None:
    drawing = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    drawing.setOutputDevice(buffer)
    drawing.setSize(size)
    drawing.setViewBox(QRectF(0, 0, size.width(), size.height()))
    drawing.setResolution(round(QGuiApplication.primaryScreen().logicalDotsPerInch()))
    drawing.setTitle(title)
    painter = QPainter(drawing)
    paint(painter)
    painter.end()
