"""The Training workspace in the window."""

from typing import TYPE_CHECKING

from quakeview.app.shell.plug import WorkspacePlug
from quakeview.app.training.actions import ACTIONS

if TYPE_CHECKING:
    from quakeview.app.training.workspace import TrainingWorkspace


class TrainingPlug(WorkspacePlug):
    """Made when it is first wanted; runs go on without it."""

    actions = ACTIONS
    guide = "train-runs.md"
    workspace: "TrainingWorkspace | None" = None
    _ready = False

    def bind(self) -> None:
        for action_id, do in (
            ("training.new", lambda: self._in_front().new_run()),
            ("training.sample", lambda: self._in_front().plan_sample()),
            ("training.open", lambda: self._in_front().ask_for_run()),
            ("training.folder", lambda: self._in_front().open_folder()),
        ):
            self.registry.bind(action_id, do, lambda: self._ready)

    def start(self, restore: bool) -> None:
        self._ready = True

    def page(self) -> "TrainingWorkspace":
        if self.workspace is None:
            from quakeview.app.reports.evaluations import Evaluations
            from quakeview.app.training.workspace import TrainingWorkspace

            window = self.window
            self.workspace = TrainingWorkspace(window.runner, self.registry, self.preferences, window.models)
            window.theme.changed.connect(self.workspace.set_colors)
            self.evaluations = Evaluations(window, window.models, window.runner, self.openRequested.emit)
            self.workspace.evaluateRequested.connect(self.evaluations.ask_about_run)
        return self.workspace

    def _in_front(self) -> "TrainingWorkspace":
        self.frontRequested.emit()
        return self.page()

    def shut_down(self) -> None:
        if self.workspace is not None:
            self.workspace.shut_down()
