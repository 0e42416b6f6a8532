"""Values as pictures in the colours of a scale."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

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
