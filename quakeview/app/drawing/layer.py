"""What a widget paints once and shows until it changes."""

from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QWidget


def blank_layer(widget: QWidget, background: QColor) -> QPixmap:
    """A picture of the widget's size, at the resolution of its screen."""
    ratio = widget.devicePixelRatioF()
    layer = QPixmap(widget.size() * ratio)
    layer.setDevicePixelRatio(ratio)
    layer.fill(background)
    return layer
