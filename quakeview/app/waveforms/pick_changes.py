"""When the views hear of what happens to the picks."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.project import PickBook, PicksChanged

_EVERY = 150
"""Milliseconds between two looks at the picks while the model makes them."""
_NOTHING = PicksChanged(frozenset(), ())


class PickChanges(QObject):
    """Hands on what a book tells: an edit by hand at once; while the model picks, what came in a short time as one.

    Signals:
        told: a ``PicksChanged``.

    Args:
        busy: whether the model picks.
    """

    told = Signal(object)

    def __init__(self, busy: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._busy = busy
        self._waiting = _NOTHING
        self._timer = QTimer(self, singleShot=True, interval=_EVERY)
        self._timer.timeout.connect(self.tell)
        self._unsubscribe: Callable[[], None] = lambda: None

    def follow(self, book: PickBook) -> None:
        """Listen to this book from now on, and to no other."""
        self._unsubscribe()
        self._waiting = _NOTHING
        self._unsubscribe = book.subscribe(self._hear)

    def tell(self) -> None:
        """Hand on what is waiting."""
        self._timer.stop()
        change, self._waiting = self._waiting, _NOTHING
        if change:
            self.told.emit(change)

    def _hear(self, change: PicksChanged) -> None:
        self._waiting = self._waiting.then(change) if self._waiting else change
        if not self._busy():
            self.tell()
        elif not self._timer.isActive():
            self._timer.start()
