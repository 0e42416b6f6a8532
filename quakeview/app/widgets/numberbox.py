"""Boxes for numbers whose text keeps its distance from the frame, and in which Return means the dialog's button.

A style sheet cannot give the text room, and Qt's boxes say that their value changed whenever Return is pressed.
"""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox

INSET = 7
"""Pixels between the frame and the text, as in the other fields."""


class NumberBox(QDoubleSpinBox):
    """For decimal numbers; takes the properties of a ``QDoubleSpinBox``."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _take_return(self, event):
            super().keyPressEvent(event)


class WholeNumberBox(QSpinBox):
    """For whole numbers; takes the properties of a ``QSpinBox``."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _take_return(self, event):
            super().keyPressEvent(event)


def _take_return(box: QAbstractSpinBox, event: QKeyEvent) -> bool:
    """Take the number, which is said only if it changed, and leave the key to whoever holds the box."""
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    box.interpretText()
    event.ignore()
    return True
