"""Which panels stand around the traces: each can be hidden, and the picking view takes the room of the tables."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDockWidget, QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.preferences import Preferences

_SHOW_TABLES = ("view.spectrogram", "view.particle_motion", "view.spectrum")
"""Actions whose answer is among the tables."""


class Panels(QObject):
    """Shows and hides the inspector, the tables and the overview. The layout of the window remembers the docks."""

    def __init__(
        self,
        inspector: QDockWidget,
        tables: QDockWidget,
        overview: QWidget,
        registry: ActionRegistry,
        preferences: Preferences,
    ) -> None:
        super().__init__(overview)
        self._panels = {"inspector": inspector, "tables": tables, "overview": overview}
        self._registry, self._preferences = registry, preferences
        self._made_room = False
        for name in self._panels:
            registry.bind(f"view.panel_{name}", partial(self.show, name))
        for action_id in _SHOW_TABLES:
            registry[action_id].triggered.connect(lambda: self.show("tables", True))
        overview.setVisible(preferences[preferences.OVERVIEW])
        self.follow()

    def show(self, name: str, on: bool) -> None:
        """Show or hide ``inspector``, ``tables`` or ``overview``."""
        self._panels[name].setVisible(on)
        if name == "overview":
            self._preferences[self._preferences.OVERVIEW] = on
        if name == "tables":
            self._made_room = False
        self.follow()

    def make_room(self, on: bool) -> None:
        """Hide the tables for a while, and show them again if nobody has done so."""
        tables = self._panels["tables"]
        if on and not tables.isHidden():
            self.show("tables", False)
            self._made_room = True
        elif not on and self._made_room:
            self.show("tables", True)

    def follow(self) -> None:
        """Check the actions of what is shown."""
        for name, panel in self._panels.items():
            self._registry[f"view.panel_{name}"].setChecked(not panel.isHidden())
