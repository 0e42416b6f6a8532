"""The Models workspace in the window."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from quakeview.app.models.actions import ACTIONS
from quakeview.app.shell.plug import WorkspacePlug

if TYPE_CHECKING:
    pass


class ModelsPlug(WorkspacePlug):
    """Made with the first session: its actions import checkpoints from wherever the user is."""

    actions = ACTIONS
    guide = "models.md"

    def start(self, restore: bool) -> None:
        from quakeview.app.models.workspace import ModelsWorkspace

        self.workspace: ModelsWorkspace = ModelsWorkspace(
            self.window.models, self.registry, self.window.runner, self.preferences
        )

    def page(self) -> QWidget:
        return self.workspace
