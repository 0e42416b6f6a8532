"""The Wavefield workspace in the window."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.app.shell.plug import WorkspacePlug
from quakeview.app.wavefield.actions import ACTIONS

if TYPE_CHECKING:
    from quakeview.app.wavefield.workspace import WavefieldWorkspace

_SCENARIOS, _ARRAYS = (".h5", ".hdf5"), (".npy",)


class WavefieldPlug(WorkspacePlug):
    """Opens scenarios and official arrays: no waveforms come as HDF5 or NumPy arrays."""

    actions = ACTIONS
    guide = "replay.md"
    workspace: "WavefieldWorkspace | None" = None
    _ready = False

    def bind(self) -> None:
        for action_id, do in (
            ("wavefield.new", lambda: self._in_front().ask_for_scenario()),
            ("wavefield.sample", lambda: self._in_front().open_sample()),
            ("wavefield.import", lambda: self._in_front().ask_for_arrays()),
        ):
            self.registry.bind(action_id, do, lambda: self._ready)

    def start(self, restore: bool) -> None:
        self._ready = True

    def page(self) -> "WavefieldWorkspace":
        if self.workspace is None:
            from quakeview.app.wavefield.workspace import WavefieldWorkspace

            window = self.window
            self.workspace = WavefieldWorkspace(window.runner, self.registry, self.preferences, window.models)
            self.workspace.statusChanged.connect(self.statusChanged)
            self.workspace.waveformsWritten.connect(self.openRequested)
            self.workspace.opened.connect(lambda path: self.preferences.remember_file(str(path)))
            window.theme.changed.connect(self.workspace.set_colors)
            self.workspace.start()
        return self.workspace

    def _in_front(self) -> "WavefieldWorkspace":
        self.frontRequested.emit()
        return self.page()

    def files(self, paths: Sequence[Path]) -> list[Path]:
        return [path for path in paths if path.suffix.lower() in (*_SCENARIOS, *_ARRAYS)]

    def open(self, paths: Sequence[Path]) -> None:
        """Show the first scenario, or make one of the first array."""
        if scenarios := [path for path in paths if path.suffix.lower() in _SCENARIOS]:
            self.page().open(scenarios)
        else:
            self.page().import_arrays(paths[0])

    def drop(self, paths: Sequence[Path]) -> bool:
        """Waveforms and station metadata are to be forecast from."""
        from quakeview.project import EXTENSION

        if self.workspace is None or self.files(paths) or any(path.suffix.lower() == EXTENSION for path in paths):
            return False
        self.workspace.forecasts.ask_for_stations(paths)
        return True

    @property
    def has_picture(self) -> bool:
        return self.workspace is not None and self.workspace.has_wavefield

    def picture(self, suffix: str) -> bytes:
        return self.page().picture(suffix)

    def shut_down(self) -> None:
        if self.workspace is not None:
            self.workspace.shut_down()
