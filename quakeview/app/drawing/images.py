"""Arrays and pictures: values in the colours of a scale, and the pictures of films."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from quakeview.app.drawing.picture import Paint, painted
from quakeview.scales import Scale


def values_image(rows: NDArray[np.floating], scale: Scale, dark: bool = False) -> QImage:
    """One pixel for each of ``rows`` (height, width), the first at the top; transparent where there is no number."""
    height, width = rows.shape
    colours = scale.rgba(np.ascontiguousarray(rows), dark)
    image = QImage(colours.data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def ramp(scale: Scale, dark: bool = False) -> QImage:
    """All colours of a scale, one pixel wide, the highest value at the top."""
    colours = scale.colours(dark)[::-1].copy()
    image = QImage(colours.data, 1, len(colours), 4, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def film_picture(size: QSize, paint: Paint) -> NDArray[np.uint8]:
    """(height, width, 3) RGB of what ``paint`` paints into ``size``; on any thread."""
    image = painted(size, paint, 1.0).convertToFormat(QImage.Format.Format_RGBX8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].copy()
