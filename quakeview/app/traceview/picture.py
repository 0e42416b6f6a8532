"""Pictures of a scene as files."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from quakeview.app.traceview.frame import Frame
from quakeview.app.traceview.painter import paint_scene
from quakeview.app.traceview.scene import TraceScene
from quakeview.errors import QuakeViewError

SUFFIXES = (".png", ".svg")
PNG_RATIO = 2.0


def save_picture(path: Path, scene: TraceScene, frame: Frame, size: QSize) -> None:
    """Write ``scene`` as PNG (two pixels per unit) or SVG (lines and text).

    Args:
        frame: with ``pixel_ratio`` 2 and, for SVG, ``vector``.

    Raises:
        QuakeViewError: another suffix, or the file cannot be written.
    """
    if path.suffix.lower() == ".png":
        image = QImage(size * PNG_RATIO, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(PNG_RATIO)
        image.fill(frame.colors.background)
        painter = QPainter(image)
        paint_scene(painter, scene, frame)
        painter.end()
        written = image.save(str(path))
    elif path.suffix.lower() == ".svg":
        drawing = QSvgGenerator()
        drawing.setFileName(str(path))
        drawing.setSize(size)
        drawing.setViewBox(QRectF(0, 0, size.width(), size.height()))
        drawing.setTitle("QuakeView seismograms")
        painter = QPainter()
        if written := painter.begin(drawing):
            paint_scene(painter, scene, frame)
            painter.end()
    else:
        raise QuakeViewError(f"{path.name} cannot be written: end its name in {' or '.join(SUFFIXES)}.")
    if not written:
        raise QuakeViewError(f"{path} cannot be written: choose a folder that exists and that you may write to.")
