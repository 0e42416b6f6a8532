"""The keys of the traces, wherever the focus is: one looks at the traces, whatever was clicked last."""

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from quakeview.app.traces import TraceView

PICKING = ("P", "1", "S", "2")
_STEPS = ("Left", "Right", "Up", "Down")
NAVIGATION = (
    "Space",
    "PgUp",
    "PgDown",
    "Home",
    "End",
    *(f"{modifier}{arrow}" for modifier in ("", "Shift+") for arrow in _STEPS),
    *(f"{modifier}{arrow}" for modifier in ("Ctrl+", "Ctrl+Shift+", "Alt+", "Alt+Shift+") for arrow in _STEPS[:2]),
)
"""Keys that other widgets use as well: who went to one with Tab wants to use it."""
_TEXT_FIELDS = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)


class TraceKeys(QObject):
    """Hands keys to the trace view while its workspace is in front.

    A text field keeps all of its keys. A table or a button that was reached with Tab keeps those that mean something
    there (``NAVIGATION``, and those of ``judge``), unless the pointer is over the traces.

    Args:
        judge: an action whose keys are to work in the same way.
    """

    def __init__(self, view: TraceView, judge: QAction, workspace: QWidget) -> None:
        super().__init__(workspace)
        self._view = view
        self._judge = judge
        self._workspace = workspace
        self._picking = [self._shortcut(key) for key in PICKING]
        self._navigation = [self._shortcut(key) for key in NAVIGATION]
        self._judging: list[QShortcut] = []
        judge.changed.connect(self._follow_judge)
        self._follow_judge()
        view.pointerInside.connect(self._update)
        QApplication.instance().focusChanged.connect(self._update)  # type: ignore[union-attr]

    def _shortcut(self, text: str) -> QShortcut:
        sequence = QKeySequence(text)
        shortcut = QShortcut(sequence, self._workspace)
        keys = QKeyCombination.fromCombined(sequence[0].toCombined())  # type: ignore[index]
        shortcut.activated.connect(lambda: self._press(keys.key(), keys.keyboardModifiers()))
        return shortcut

    def _press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        self._view.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, modifiers))

    def _follow_judge(self) -> None:
        """The keys of the action may have changed with the preferences."""
        if [shortcut.key() for shortcut in self._judging] == self._judge.shortcuts():
            return
        for shortcut in self._judging:
            shortcut.deleteLater()
        self._judging = [QShortcut(key, self._workspace) for key in self._judge.shortcuts()]
        for shortcut in self._judging:
            shortcut.activated.connect(self._judge.trigger)

    def _update(self) -> None:
        focus = QApplication.focusWidget()
        typing = isinstance(focus, _TEXT_FIELDS) or (isinstance(focus, QComboBox) and focus.isEditable())
        tabbed = focus is not None and focus.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        elsewhere = tabbed and focus is not self._view and not self._view.underMouse()
        for shortcut in self._picking:
            shortcut.setEnabled(not typing)
        for shortcut in (*self._navigation, *self._judging):
            shortcut.setEnabled(not typing and not elsewhere)
