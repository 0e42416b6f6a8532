"""One of the things that come with QuakeView, or one that is read from a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QWidget

from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError


class PublishedOrFile(QWidget):
    """A choice is a text: the name of what is published, or the path of a file, which is read on a worker thread.

    Signals:
        changed: another one is chosen, or its file has been read or cannot be.
    """

    changed = Signal()

    def __init__(self, name: str, kinds: str, read: Callable[[Path], Any]) -> None:
        """``kinds`` of files as ``QFileDialog`` has them; what ``read`` makes of one has a ``name``."""
        super().__init__()
        self._name, self._kinds, self._read = name, kinds, read
        self._things: dict[str, Any] = {}
        self._files: set[str] = set()
        self._problems: dict[str, str] = {}
        self._reading = Background(f"Reading the {name.lower()}")
        self._reading.ready.connect(self._take)
        self._reading.failed.connect(lambda sentence: self._take((self.choice, None, sentence)))
        self.box = QComboBox()
        self.box.setAccessibleName(name)
        self.box.currentIndexChanged.connect(self._ask_for)
        self.browse = QPushButton("From a File…", autoDefault=False)
        self.browse.setAccessibleName(f"{name} from a file")
        self.browse.clicked.connect(self._browse)
        self.setFocusProxy(self.box)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.addWidget(self.box, 1)
        self.row.addWidget(self.browse)

    def offer(self, choice: str, label: str, thing: Any, tip: str) -> None:
        """Offer what needs no reading."""
        self._things[choice] = thing
        self.box.addItem(label, choice)
        self.box.setItemData(self.box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def choose(self, choice: str) -> None:
        """Choose what is offered, or a file by its path, which is read even if it was before."""
        if self.box.findData(choice) < 0:
            self._files.add(choice)
            self.offer(choice, Path(choice).name, None, choice)
        if choice in self._files:
            self._things[choice] = None
            self._problems.pop(choice, None)
        index = self.box.findData(choice)
        if index == self.box.currentIndex():
            self._ask_for()
        self.box.setCurrentIndex(index)

    @property
    def choice(self) -> str:
        """What is chosen, as the preferences keep it."""
        return str(self.box.currentData())

    @property
    def thing(self) -> Any:
        """What is chosen; None while its file is read, or if that cannot be."""
        return self._things[self.choice]

    @property
    def problem(self) -> str:
        """Why the file cannot be used, a sentence."""
        return self._problems.get(self.choice, "")

    def forget(self) -> None:
        """What is being read is no longer wanted."""
        self._reading.forget()

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._name, self.choice, self._kinds)
        if path:
            self.choose(path)

    def _ask_for(self) -> None:
        choice = self.choice
        if choice in self._files and self.thing is None and not self.problem:
            self._reading.ask(lambda _: self._try(choice))
        self.changed.emit()

    def _try(self, choice: str) -> tuple[str, Any, str]:
        """On the worker thread: the choice, what it is, and what is wrong with it."""
        try:
            return choice, self._read(Path(choice)), ""
        except QuakeViewError as error:
            return choice, None, str(error)

    def _take(self, found: tuple[str, Any, str]) -> None:
        choice, thing, problem = found
        self._things[choice], self._problems[choice] = thing, problem
        if thing is not None:
            self.box.setItemText(self.box.findData(choice), thing.name)
        self.changed.emit()
