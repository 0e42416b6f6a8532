"""The Seismicity workspace in the window."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.app.seismicity.actions import ACTIONS
from quakeview.app.shell.plug import WorkspacePlug
from quakeview.paths import user_catalogues_dir

if TYPE_CHECKING:
    from quakeview.app.seismicity.workspace import SeismicityWorkspace

_CATALOGUES = (".zmap", ".reloc")
"""Endings that nothing but a catalogue has; CSV and QuakeML may hold picks, and are opened or dropped here."""

_KNOWN, _MOST_KNOWN = "seismicity-files", 100


class SeismicityPlug(WorkspacePlug):
    """Opens catalogues of earthquakes."""

    actions = ACTIONS
    guide = "catalogues.md"
    workspace: "SeismicityWorkspace | None" = None
    _ready = False

    def bind(self) -> None:
        for action_id, do in (
            ("seismicity.open", lambda: self._in_front().ask_for_catalogue()),
            ("seismicity.download", lambda: self._in_front().ask_for_download()),
            ("seismicity.sample", lambda: self._in_front().open_sample()),
        ):
            self.registry.bind(action_id, do, lambda: self._ready)

    def start(self, restore: bool) -> None:
        self._ready = True

    def page(self) -> "SeismicityWorkspace":
        if self.workspace is None:
            from quakeview.app.seismicity.workspace import SeismicityWorkspace

            self.workspace = SeismicityWorkspace(self.window.runner, self.registry, self.preferences)
            self.workspace.statusChanged.connect(self.statusChanged)
            self.workspace.opened.connect(self._remember)
            self.workspace.start()
        return self.workspace

    def _in_front(self) -> "SeismicityWorkspace":
        self.frontRequested.emit()
        return self.page()

    def _remember(self, paths: Sequence[Path]) -> None:
        """Among the recent files, and as files that are catalogues."""
        known = list(self.preferences.layout(_KNOWN) or [])
        self.preferences.save_layout(_KNOWN, [*dict.fromkeys([*map(str, paths), *known])][:_MOST_KNOWN])
        for path in reversed(paths):
            self.preferences.remember_file(str(path))

    def files(self, paths: Sequence[Path]) -> list[Path]:
        return [path for path in paths if path.suffix.lower() in _CATALOGUES or self._knows(path)]

    def _knows(self, path: Path) -> bool:
        """Whether it is among the user's catalogues, or was opened as one before."""
        whole = path.absolute()
        return whole.parent == user_catalogues_dir() or str(whole) in (self.preferences.layout(_KNOWN) or [])

    def open(self, paths: Sequence[Path]) -> None:
        """Read files as one catalogue, and show it."""
        self.page().open(paths)

    def drop(self, paths: Sequence[Path]) -> bool:
        """Whatever is dropped on a catalogue is another one, but for projects."""
        from quakeview.project import EXTENSION

        if any(path.suffix.lower() == EXTENSION for path in paths):
            return False
        self.page().open(paths)
        return True

    @property
    def has_picture(self) -> bool:
        return self.workspace is not None and self.workspace.has_catalogue

    def picture(self, suffix: str) -> bytes:
        return self.page().picture(suffix)

    def shut_down(self) -> None:
        if self.workspace is not None:
            self.workspace.shut_down()
