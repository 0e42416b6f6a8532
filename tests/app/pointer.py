"""The pointer as a user moves it. Where the test before left it decides nothing here."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def double_click(widget: QWidget, at: QPoint) -> None:
    """Qt's own leaves the button pressed, and no later test enters a widget while it is."""
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=at)


def enter(widget: QWidget) -> None:
    """Come into a widget from elsewhere."""
    at = QPointF(widget.rect().center())
    QApplication.sendEvent(widget, QEnterEvent(at, at, widget.mapToGlobal(at)))


def move(
    widget: QWidget,
    to: QPoint,
    button: Qt.MouseButton = Qt.MouseButton.NoButton,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """To a place in a widget, with a button held down or without."""
    at = QPointF(to)
    moved = QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), Qt.MouseButton.NoButton, button, modifiers)
    QApplication.sendEvent(widget, moved)


def drag(widget: QWidget, start: QPointF, end: QPointF) -> None:
    """From one place to another, with the left button held down."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for part in (0.5, 1.0):
        move(widget, (start + (end - start) * part).toPoint(), Qt.MouseButton.LeftButton)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end.toPoint())


def leave(widget: QWidget) -> None:
    """Go elsewhere."""
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
