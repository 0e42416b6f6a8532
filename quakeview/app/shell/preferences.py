"""What the user prefers, remembered between sessions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal


@dataclass(frozen=True)
class Option:
    """One preference: its key in the settings file and its first value, whose type it keeps."""

    key: str
    default: Any


class Preferences(QObject):
    """Typed access to ``QSettings``. Every change is written at once and announced by ``changed(key)``."""

    changed = Signal(str)

    THEME = Option("theme", "auto")
    DEVICE = Option("device", "auto")
    P_THRESHOLD = Option("picking/p_threshold", 0.3)
    S_THRESHOLD = Option("picking/s_threshold", 0.3)
    PHASES = Option("picking/phases", "Pn Pg Sn Sg PmP Lg Rg")
    UNCERTAINTIES = Option("picking/uncertainties", "0.02 0.05 0.1 0.2")
    NEW_PICKS = Option("picking/new_picks", 2)
    VELOCITY_MODEL = Option("events/velocity_model", "")
    ATTENUATION_LAW = Option("events/attenuation_law", "")
    EVENT_PICKS = Option("events/picks", 6)
    EVENT_STATIONS = Option("events/stations", 4)
    REVIEWER = Option("events/reviewer", "")
    KEYS = Option("keys", "QuakeView")
    FILTER = Option("waveforms/filter", "")
    OVERVIEW = Option("waveforms/overview", True)
    ZERO_PHASE = Option("waveforms/zero_phase", False)
    DETREND = Option("waveforms/detrend", True)
    SPECTROGRAM = Option("waveforms/spectrogram", [])
    REOPEN = Option("reopen", True)
    RECENT = Option("recent", [])
    FOLDER = Option("folder", "")

    MAX_RECENT = 12

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "quakeview", "quakeview")

    @property
    def folder(self) -> Path:
        """Where the file of the preferences is."""
        return Path(self._settings.fileName()).parent

    def __getitem__(self, option: Option) -> Any:
        value = self._settings.value(option.key, option.default)
        kind = type(option.default)
        if kind is bool and isinstance(value, str):
            return value == "true"
        if kind is list:
            return [value] if isinstance(value, str) else value if isinstance(value, list) else []
        try:
            return kind(value)
        except (TypeError, ValueError):
            return option.default

    def __setitem__(self, option: Option, value: Any) -> None:
        if value != self[option]:
            self._settings.setValue(option.key, value)
            self.changed.emit(option.key)

    def remember_file(self, path: str) -> None:
        """Put ``path`` first among the recent files."""
        others = [known for known in self[self.RECENT] if known != path]
        self[self.RECENT] = [path, *others][: self.MAX_RECENT]

    @property
    def session(self) -> str:
        """Path of the project that was open last; empty if its session was closed."""
        return str(self.layout("project") or "")

    @session.setter
    def session(self, path: str) -> None:
        if path != self.session:
            self.save_layout("project", path)
            self._settings.sync()  # at once: the next start needs it even after a crash

    def save_layout(self, name: str, state: Any) -> None:
        """Keep the ``QByteArray`` a window's ``saveState`` or ``saveGeometry`` returned."""
        self._settings.setValue(f"layout/{name}", state)

    def layout(self, name: str) -> Any:
        """What ``save_layout`` kept, or None."""
        return self._settings.value(f"layout/{name}")
