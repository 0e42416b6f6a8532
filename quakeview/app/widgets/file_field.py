"""A path that can be typed or chosen."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

ARRAYS = "NumPy arrays (*.npy)"


class FileField(QWidget):
    """The path of a file that exists, or nothing."""

    changed = Signal()

    def __init__(self, name: str, kinds: str = ARRAYS) -> None:
        super().__init__()
        self._name, self._kinds = name, kinds
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.textChanged.connect(self.changed)
        browse = QPushButton("Browse…", autoDefault=False)
        browse.setAccessibleName(f"Browse for {name.lower()}")
        browse.clicked.connect(self._ask)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(browse)

    @property
    def path(self) -> Path | None:
        text = self.line.text().strip()
        return Path(text) if text else None

    def _ask(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self._name, str(self.path or ""), self._kinds)
        if name:
            self.line.setText(name)
