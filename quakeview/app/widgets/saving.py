"""Files that the person at the screen chooses to write: where to, and one sentence if that cannot be."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from quakeview.app.shell.dialogs import ErrorDialog
from quakeview.app.work.background import Background
from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError


def ask_for_path(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Let the user choose a file; a name that ends in none of the kinds' suffixes gets that of the chosen kind.

    Args:
        name: suggested, with or without its folder.
        kinds: as ``QFileDialog`` has them, ``"PNG (*.png);;SVG (*.svg)"``.
    """
    text, chosen = QFileDialog.getSaveFileName(parent, title, name, kinds)
    if not text:
        return None
    path, suffixes = Path(text), _suffixes(kinds)
    if path.name.lower().endswith(tuple(suffixes)):
        return path
    path = path.with_name(path.name + (_suffixes(chosen) or suffixes)[0])
    return path if not path.exists() or _may_replace(parent, title, path) else None


def _suffixes(kinds: str) -> list[str]:
    return re.findall(r"\*((?:\.\w+)+)", kinds)


def _may_replace(parent: QWidget, title: str, path: Path) -> bool:
    """The file dialog asked about the name as it was typed, without the suffix."""
    answer = QMessageBox.question(parent, title, f"{path.name} exists already. Replace it?")
    return answer == QMessageBox.StandardButton.Yes


def save_as(parent: QWidget, title: str, name: str, kinds: str, content: Callable[[str], bytes]) -> None:
    """Let the user choose a file and write what ``content`` makes for its suffix, on a worker thread.

    If it cannot be made or written the user is told so in a sentence; whatever was at that place is intact.
    """
    path = ask_for_path(parent, title, name, kinds)
    if path is None:
        return
    try:
        data = content(path.suffix.lower())
    except QuakeViewError as error:
        show_problem(parent, str(error))
        return
    writing = Background(title)
    writing.failed.connect(lambda sentence: show_problem(parent, sentence))
    writing.ask(lambda _: write_atomically(path, data))


def show_problem(parent: QWidget, sentence: str) -> None:
    """A dialog that does not stop anything else."""
    dialog = ErrorDialog(sentence, "", parent.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
