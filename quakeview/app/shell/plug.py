"""What the window asks of a workspace. The window goes through the list of ``workspaces`` and names none."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quakeview.app.shell.action_spec import WorkspaceActions

if TYPE_CHECKING:
    from quakeview.app.shell.window import MainWindow


class WorkspacePlug(QObject):
    """Connects a workspace with the window. It is made with the window and cheap; its page is made when it is wanted.

    A workspace overrides what it has something to say to.

    Attributes:
        actions: what it can do.
        guide: the page of the user's guide about it.

    Signals:
        statusChanged: what is under the mouse.
        frontRequested: it wants to be seen.
        pageChanged: another page is to be seen if it is in front.
        openRequested: paths for whichever workspace takes them.
        failed: a sentence for the user, and details.
    """

    actions: ClassVar[WorkspaceActions]
    guide: ClassVar[str] = "README.md"

    statusChanged = Signal(str)
    frontRequested = Signal()
    pageChanged = Signal()
    openRequested = Signal(list)
    failed = Signal(str, str)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.window = window
        self.registry = window.registry
        self.preferences = window.preferences
        self.bind()

    @property
    def id(self) -> str:
        """The action that brings it to the front."""
        return self.actions.show.id

    def bind(self) -> None:
        """Bind those of its actions that work before there is a page."""

    def start(self, restore: bool) -> None:
        """The window is on the screen. ``restore``: go on where the last session ended; else begin a new one."""

    def page(self) -> QWidget:
        """What is seen when it is in front, made if need be."""
        raise NotImplementedError

    def files(self, paths: Sequence[Path]) -> list[Path]:
        """Those of the paths that it opens, by their names: this runs on the window's thread."""
        return []

    def open(self, paths: Sequence[Path]) -> None:
        """Open such files."""

    def drop(self, paths: Sequence[Path]) -> bool:
        """Take what was dropped on it in a way of its own; False: it is opened like any other file."""
        return False

    @property
    def has_picture(self) -> bool:
        """Whether there is something to export as a picture."""
        return False

    def picture(self, suffix: str) -> bytes:
        """The content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        raise NotImplementedError

    def preference_changed(self, key: str) -> None:
        """Follow a preference."""

    def shut_down(self) -> None:
        """Save what is to come back, and let go of files and threads. The jobs have ended."""
