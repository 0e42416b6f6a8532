"""The keys in force: those of the preset that the preferences name, with one's own over them."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from quakeview.app.keys.key_file import key_file_text, read_keys
from quakeview.app.keys.scheme import KeyScheme
from quakeview.app.shell.action_spec import ActionSpec
from quakeview.app.shell.actions import ACTIONS, ActionRegistry
from quakeview.app.shell.preferences import Preferences
from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError


class OwnKeys(QObject):
    """Gives the registry its keys, and keeps those that were chosen by hand in a file beside the preferences.

    Attributes:
        problem: why the file could not be read, a sentence; empty if it could.

    Signals:
        failed: a sentence: they are in force, but could not be kept.
    """

    failed = Signal(str)

    def __init__(self, registry: ActionRegistry, preferences: Preferences) -> None:
        super().__init__(registry)
        self._registry = registry
        self._preferences = preferences
        self._file = preferences.folder / "keys.toml"
        self.problem = ""
        preferences.changed.connect(self._follow)
        self._show(self._own())

    def _own(self) -> KeyScheme:
        if not self._file.exists():
            return KeyScheme()
        try:
            return read_keys(self._file, ACTIONS)
        except QuakeViewError as error:
            self.problem = (
                f"{error} The keys of the preset are in force; the file is left as it is until you change a key."
            )
            return KeyScheme()

    @property
    def scheme(self) -> KeyScheme:
        """What is in force."""
        return self._registry.scheme

    @property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """Those in force, by the id of the action."""
        return self._registry.keys

    @property
    def user_folder(self) -> Path:
        """Where the user keeps files."""
        return Path(self._preferences[self._preferences.FOLDER])

    @property
    def specs(self) -> list[ActionSpec]:
        """The actions as they are called now."""
        return [spec for spec, _ in self._registry]

    def use(self, scheme: KeyScheme) -> None:
        """Have these keys from now on."""
        changed = scheme.own != self.scheme.own
        self._registry.set_scheme(scheme)
        self._preferences[self._preferences.KEYS] = scheme.preset
        if changed:
            self._write()

    def _write(self) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file, key_file_text(self.scheme).encode())
        except (OSError, QuakeViewError) as error:
            self.failed.emit(f"The keys are in force, but will not be there at the next start: {error}")

    def _follow(self, key: str) -> None:
        if key == self._preferences.KEYS.key:
            self._show(self.scheme)

    def _show(self, scheme: KeyScheme) -> None:
        """The keys of ``scheme`` over those of the preset that the preferences name."""
        self._registry.set_scheme(KeyScheme(self._preferences[self._preferences.KEYS], scheme.own))
