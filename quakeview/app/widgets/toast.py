"""A short confirmation over what one looks at; it goes by itself and takes no room."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

_MILLISECONDS = 5000
_FROM_TOP = 8


class Toast(QLabel):
    """Lies over the upper edge of a widget, in its middle; the mouse goes through it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setProperty("role", "toast")
        self.setAccessibleName("Confirmation")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._timer = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence for a while, in the place of the one before."""
        self.setText(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def _place(self) -> None:
        size, width = self.sizeHint(), self._over.width()
        self.resize(min(size.width(), width - 2 * _FROM_TOP), size.height())
        self.move((width - self.width()) // 2, _FROM_TOP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
