"""The program as tests speak of it."""

from typing import Any

from quakeview.app.controller import Controller
from quakeview.app.models.actions import MODELS
from quakeview.app.wavefield.actions import WAVEFIELD
from quakeview.app.waveforms.actions import WAVEFORMS


class Program:
    """A controller whose workspaces have names."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller

    def __getattr__(self, name: str) -> Any:
        return getattr(self.controller, name)

    @property
    def waveforms(self) -> Any:
        return self.workspaces[WAVEFORMS]

    @property
    def workspace(self) -> Any:
        return self.waveforms.workspace

    @property
    def session(self) -> Any:
        return self.waveforms.session

    @property
    def sessions(self) -> Any:
        return self.waveforms.sessions

    @property
    def wavefield(self) -> Any:
        return self.workspaces[WAVEFIELD].workspace

    @property
    def models_workspace(self) -> Any:
        return self.workspaces[MODELS].workspace
