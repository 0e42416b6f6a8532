"""A folder that can be typed or chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget


class FolderField(QWidget):
    """The path of a folder as it is typed.

    Signals:
        changed: the person typed or chose another one.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.textEdited.connect(lambda _: self.changed.emit())
        browse = QPushButton("Browse…", autoDefault=False)
        browse.setAccessibleName(f"Browse for {name.lower()}")
        browse.clicked.connect(self._ask)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(browse)

    @property
    def text(self) -> str:
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        """Show a path; nothing is emitted."""
        if text != self.text:
            self.line.setText(text)

    def _ask(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self._name, self.text)
        if name:
            self.line.setText(name)
            self.changed.emit()
