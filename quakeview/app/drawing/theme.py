"""Light and dark: palette, style sheet and icons, following the system unless the user chose one."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from quakeview.colours import DARK, LIGHT, Colours
from quakeview.paths import resources_dir

CHOICES = ("auto", "light", "dark")


class Theme(QObject):
    """Keeps the application's look equal to the user's choice, and to the system's when that is ``auto``."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "auto") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def colors(self) -> Colours[str]:
        return DARK if self.is_dark else LIGHT

    @property
    def is_dark(self) -> bool:
        if self._choice != "auto":
            return self._choice == "dark"
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def choose(self, choice: str) -> None:
        """``auto``, ``light`` or ``dark``."""
        self._choice = choice
        self._apply()

    def _system_changed(self) -> None:
        if self._choice == "auto":
            self._apply()

    def _apply(self) -> None:
        self._app.setPalette(palette(self.colors))
        self._app.setStyleSheet(style_sheet(self.colors))
        self.changed.emit()


def current() -> Colours[str]:
    """The colours now on screen, for code that paints by itself."""
    return LIGHT if QApplication.palette().base().color().lightnessF() > 0.5 else DARK


def palette(colors: Colours[str]) -> QPalette:
    """The Qt palette of ``colors``."""
    result = QPalette()
    role = QPalette.ColorRole
    for which, value in {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.base,
        role.AlternateBase: colors.window,
        role.Text: colors.text,
        role.PlaceholderText: colors.muted,
        role.Button: colors.raised,
        role.ButtonText: colors.text,
        role.BrightText: colors.error,
        role.ToolTipBase: colors.raised,
        role.ToolTipText: colors.text,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.on_accent,
        role.Link: colors.accent,
        role.Accent: colors.accent,
        role.Light: colors.hover,
        role.Midlight: colors.border,
        role.Mid: colors.border,
        role.Dark: colors.border,
        role.Shadow: colors.border,
    }.items():
        result.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, which, QColor(colors.disabled))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colors.border))
    return result


def style_sheet(colors: Colours[str]) -> str:
    """What Fusion does not do by palette alone."""
    text = (Path(__file__).parent / "style.qss").read_text(encoding="utf-8")
    return text % {**vars(colors), "icons": resources_dir().as_posix()}


@cache
def _icon_font() -> object:
    """Material Design Icons alone: ``qtawesome.icon`` would load twelve fonts at start-up."""
    import qtawesome
    from qtawesome.iconic_font import IconicFont

    folder = Path(qtawesome.__file__).parent / "fonts"
    font, charmap = (next(folder.glob(f"materialdesignicons6*.{ending}")).name for ending in ("ttf", "json"))
    return IconicFont(("mdi", font, charmap))


def icon(name: str, color: str | None = None) -> QIcon:
    """A Material Design icon, for example ``folder-open-outline``, in the colours now on screen."""
    colors = current()
    return _icon_font().icon(  # type: ignore[attr-defined]
        f"mdi.{name}", color=color or colors.text, color_disabled=colors.disabled, color_active=color or colors.text
    )
