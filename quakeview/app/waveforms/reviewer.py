"""Who is at the screen: the name that goes with what is reviewed."""

import getpass
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QWidget

from quakeview.app.shell.preferences import Preferences


def reviewer_name(preferences: Preferences) -> str:
    """As the preferences say, else the login name; empty where a computer knows none."""
    if name := preferences[preferences.REVIEWER]:
        return str(name)
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return ""


class Reviewer(QObject):
    """Asks for the name before the first review, and never again."""

    def __init__(self, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._preferences, self._window = preferences, window
        self.dialog: QInputDialog | None = None

    def known(self, then: Callable[[], None]) -> None:
        """Do ``then`` once the name is known; the login name is offered, and taken if nothing is said."""
        if self._preferences[self._preferences.REVIEWER]:
            then()
        elif self.dialog is None:
            self._ask(then)

    def _ask(self, then: Callable[[], None]) -> None:
        self.dialog = dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Your name")
        dialog.setLabelText("Reviewed events carry your name; it can be changed in the preferences.")
        dialog.setTextValue(reviewer_name(self._preferences))

        def take(_: int) -> None:
            name = dialog.textValue().strip() or reviewer_name(self._preferences)
            self._preferences[self._preferences.REVIEWER] = name or "unknown"
            self.dialog = None
            dialog.deleteLater()
            then()

        dialog.finished.connect(take)
        dialog.open()
