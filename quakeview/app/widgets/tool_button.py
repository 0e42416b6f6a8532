"""Small buttons with an icon in the colours of the theme."""

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QToolButton

from quakeview.app.drawing import theme


class ToolButton(QToolButton):
    """``text`` is its tip and its accessible name."""

    def __init__(self, icon: str, text: str) -> None:
        super().__init__()
        self._icon_name = icon
        self.setIcon(theme.icon(icon))
        self.setToolTip(text)
        self.setAccessibleName(text.rstrip("…"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.setIcon(theme.icon(self._icon_name))
        super().changeEvent(event)


def tool_button(icon: str, text: str, pressed: Callable[[], object]) -> ToolButton:
    """A button that does something."""
    button = ToolButton(icon, text)
    button.clicked.connect(lambda: pressed())
    return button
