"""Labels and layouts."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLayout


def captioned(text: str, role: str) -> QLabel:
    """A label in one of the style sheet's roles: title, heading, value, caption, warning or error."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def literal(text: str) -> str:
    """A name as the text of a button, a menu entry or a tab: an ampersand in it is shown, not a shortcut."""
    return text.replace("&", "&&")


def clear(layout: QLayout) -> None:
    """Remove and delete every widget of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
