"""The command palette: every action, found by typing a part of its name."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from quakeview.app.shell.actions import ActionRegistry


def match_score(query: str, text: str) -> int | None:
    """How well ``query`` fits: 0 is best, None not at all. Words may be parts of words, in any order."""
    text = text.lower()
    words = query.lower().split()
    if not all(word in text for word in words):
        return None
    return sum(text.index(word) if f" {word}" not in f" {text}" else 0 for word in words)


class CommandPalette(QDialog):
    """Type, choose with Up and Down, do it with Return."""

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._actions = [(f"{spec.category}: {spec.text.rstrip('…')}", action) for spec, action in registry]
        self.query = QLineEdit(placeholderText="What do you want to do?")
        self.query.setAccessibleName("Command")
        self.query.textChanged.connect(self._search)
        self.query.returnPressed.connect(self._run)
        self.query.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Matching actions")
        self.list.itemActivated.connect(self._run)
        self.list.itemClicked.connect(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.query)
        layout.addWidget(self.list)
        self.resize(560, 420)
        self._search("")
        if parent is not None:
            corner = parent.mapToGlobal(parent.rect().topLeft())
            self.move(corner.x() + (parent.width() - self.width()) // 2, corner.y() + 90)
        self.query.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        arrows = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in arrows:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        scored = [(match_score(text, name), name, action) for name, action in self._actions]
        found = [(score, not action.isEnabled(), name, action) for score, name, action in scored if score is not None]
        self.list.clear()
        for _, disabled, name, action in sorted(found, key=lambda row: row[:2]):
            self.list.addItem(self._item(name, action, disabled))
        self.list.setCurrentRow(0)

    def _item(self, name: str, action: QAction, disabled: bool) -> QListWidgetItem:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        item = QListWidgetItem(action.icon(), f"{name}    {keys}" if keys else name)
        item.setToolTip(action.toolTip())
        item.setData(Qt.ItemDataRole.UserRole, action)
        if disabled:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        return item

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            action: QAction = item.data(Qt.ItemDataRole.UserRole)
            self.accept()
            action.trigger()
