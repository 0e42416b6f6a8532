"""The Models workspace in the window."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from quakeview.app.models.actions import ACTIONS
from quakeview.app.reports.evaluations import Evaluations
from quakeview.app.shell.plug import WorkspacePlug
from quakeview.registry import SEISMICITY

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
        self.evaluations = Evaluations(self.window, self.window.models, self.window.runner, self.openRequested.emit)
        self.registry.bind("models.evaluate", self._evaluate, self._can_evaluate)

    def _evaluate(self) -> None:
        if (chosen := self.workspace.chosen) is not None:
            self.evaluations.ask(chosen)

    def _can_evaluate(self) -> bool | str:
        chosen = self.workspace.chosen
        if chosen is None:
            return "Choose a model first."
        if chosen.task == SEISMICITY:
            return "Forecasts of seismicity are scored on a catalogue, in the Seismicity workspace."
        return not chosen.unusable or chosen.unusable

    def page(self) -> QWidget:
        return self.workspace
