"""Paths that can be typed or chosen."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

ARRAYS = "NumPy arrays (*.npy)"


class _PathField(QWidget):
    """A line to type a path into, and a button to look for it.

    Signals:
        changed: another path stands there.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        browse = QPushButton("Browse…", autoDefault=False)
        browse.setAccessibleName(f"Browse for {name.lower()}")
        browse.clicked.connect(self._browse)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(browse)

    @property
    def text(self) -> str:
        """The path as it stands there; empty if there is none."""
        return self.line.text().strip()

    def _browse(self) -> None:
        if name := self._asked():
            self._take(name)

    def _take(self, name: str) -> None:
        self.line.setText(name)

    def _asked(self) -> str:
        """Let the person choose; empty if they do not."""
        raise NotImplementedError


class FileField(_PathField):
    """The path of a file that exists, or nothing; ``changed`` whoever wrote it."""

    def __init__(self, name: str, kinds: str = ARRAYS) -> None:
        super().__init__(name)
        self._kinds = kinds
        self.line.textChanged.connect(self.changed)

    @property
    def path(self) -> Path | None:
        return Path(self.text) if self.text else None

    def _asked(self) -> str:
        return QFileDialog.getOpenFileName(self, self._name, self.text, self._kinds)[0]


class FolderField(_PathField):
    """The path of a folder; ``changed`` only by the person."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.line.textEdited.connect(self.changed)

    def show_text(self, text: str) -> None:
        """Show a path; nothing is emitted."""
        if text != self.text:
            self.line.setText(text)

    def _take(self, name: str) -> None:
        super()._take(name)
        self.changed.emit()

    def _asked(self) -> str:
        return QFileDialog.getExistingDirectory(self, self._name, self.text)
