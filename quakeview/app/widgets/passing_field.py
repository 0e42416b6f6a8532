"""A field that lies over something while one thing is typed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_PLACE = 8
"""Pixels from the corner of what it lies over."""


class PassingField(QLineEdit):
    """Comes with ``begin``; goes with Escape, ``leave``, or when another widget is used."""

    def __init__(self, over: QWidget, name: str, hint: str, width: int) -> None:
        """Lie over ``over``, which has the keyboard again in the end; ``hint`` is shown while nothing is typed."""
        super().__init__(over)
        self._over = over
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setGeometry(_PLACE, _PLACE, width, self.sizeHint().height())
        self.hide()

    def begin(self) -> None:
        """Let the user type."""
        self.show()
        self.raise_()
        self.setFocus()
        self.selectAll()

    def leave(self) -> None:
        """Give the keyboard back."""
        self.hide()
        self._over.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.hide()
