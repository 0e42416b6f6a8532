"""What the window does: opening, dialogs, preferences. Made before the window is shown, filled after."""

import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from quakeview.app.drawing.picture import PICTURES
from quakeview.app.shell.own_keys import OwnKeys
from quakeview.app.shell.plug import WorkspacePlug
from quakeview.app.shell.window import MainWindow
from quakeview.app.widgets.saving import save_as
from quakeview.app.work.running import RunningJob
from quakeview.app.workspaces import PLUGS
from quakeview.atomic import make_folder
from quakeview.errors import QuakeViewError
from quakeview.paths import user_state_dir

if TYPE_CHECKING:
    from quakeview.app.guide.window import GuideWindow


class Controller(QObject):
    """Binds the actions of the window and leads files to the workspaces. ``start`` gives them the word: the first
    picture comes before ObsPy is loaded."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.registry = window.registry
        self.preferences = window.preferences
        self.workspaces: dict[str, WorkspacePlug] = {}
        self._front: WorkspacePlug | None = None
        self._started = False
        self._waiting: list[Path] = []
        self._dialogs: list[Any] = []
        self._guide: GuideWindow | None = None
        self.keys = OwnKeys(self.registry, self.preferences)
        self.keys.failed.connect(self.show_error)
        for plug in (make(window) for make in PLUGS):
            self._plug_in(plug)
        window.on_close = self._close
        window.on_drop = self.drop
        window.welcome.openRequested.connect(self.open)
        window.runner.failed.connect(self._job_failed)
        self.preferences.changed.connect(self._preference_changed)
        self._bind()

    def _plug_in(self, plug: WorkspacePlug) -> None:
        self.workspaces[plug.id] = plug
        self.registry.bind(plug.id, lambda _: self.show_workspace(plug), lambda: self._started)
        plug.statusChanged.connect(self.window.cursor_label.setText)
        plug.frontRequested.connect(lambda: self.show_workspace(plug))
        plug.pageChanged.connect(lambda: self._show_page(plug))
        plug.openRequested.connect(self.open)
        plug.failed.connect(self.show_error)

    def start(self, files: Sequence[Path] = ()) -> None:
        """Begin a session with the files, else go on with what was open last."""
        self.window.models.refresh()
        wanted = [*files, *self._waiting]
        for plug in self.workspaces.values():
            plug.start(restore=not wanted)
        self._started = True
        self._waiting.clear()
        if self.keys.problem:
            self.show_error(self.keys.problem)
        if wanted:
            self.open(wanted)
        else:
            self.show_workspace(self._last_in_front())
        self.registry.refresh()

    def _last_in_front(self) -> WorkspacePlug:
        """The workspace that was seen at the end of the last session, or the first."""
        first, *_ = self.workspaces.values()
        if not self.preferences[self.preferences.REOPEN]:
            return first
        return self.workspaces.get(str(self.preferences.layout("front")), first)

    def _bind(self) -> None:
        bind = self.registry.bind
        bind("file.open", self._ask_for_files)
        bind("file.open_folder", self._ask_for_folder)
        bind("file.picture", self._export_picture, lambda: self._front is not None and self._front.has_picture)
        bind("file.quit", self.window.close)
        bind("edit.preferences", self._show_preferences)
        bind("edit.keys", self._show_keys)
        bind("view.full_screen", lambda on: self.window.showFullScreen() if on else self.window.showNormal())
        bind("help.guide", self._show_guide)
        bind("help.palette", self._show_palette)
        bind("help.shortcuts", self._show_shortcuts)
        bind("help.log", self._open_log_folder)
        bind("help.about", self._show_about)

    # --- workspaces --------------------------------------------------------------------------------------------

    def show_workspace(self, plug: WorkspacePlug) -> None:
        """Bring a workspace to the front."""
        self._front = plug
        self.window.show_workspace(plug.id, plug.page())

    def _show_page(self, plug: WorkspacePlug) -> None:
        """A workspace has another page to show."""
        if self._front in (None, plug):
            self.show_workspace(plug)
        self.registry.refresh()

    def open(self, paths: Sequence[Path]) -> None:
        """Give every file to the workspace that takes it, and show that; the first workspace takes the rest."""
        if not paths:
            self.show_error("This ObsPy came without its sample data; open a file of your own instead.")
            return
        if not self._started:
            self._waiting.extend(paths)
            return
        rest, takers = list(paths), []
        for plug in reversed(self.workspaces.values()):
            if mine := plug.files(rest):
                rest = [path for path in rest if path not in mine]
                takers.append((plug, mine))
        for plug, mine in reversed(takers):
            plug.open(mine)
        self.show_workspace(takers[0][0])

    def drop(self, paths: Sequence[Path]) -> None:
        """Open what was dropped, unless the workspace in front does something else with it."""
        if self._front is None or not self._front.drop(paths):
            self.open(paths)

    # --- files -------------------------------------------------------------------------------------------------

    def _folder(self) -> str:
        return self.preferences[self.preferences.FOLDER]

    def _ask_for_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self.window, "Open", self._folder())
        if names:
            self.preferences[self.preferences.FOLDER] = str(Path(names[0]).parent)
            self.open([Path(name) for name in names])

    def _ask_for_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self.window, "Open folder", self._folder())
        if name:
            self.preferences[self.preferences.FOLDER] = name
            self.open([Path(name)])

    def _export_picture(self) -> None:
        assert self._front is not None
        save_as(self.window, "Export picture", self._folder(), PICTURES, self._front.picture)

    # --- dialogs -----------------------------------------------------------------------------------------------

    def _show(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialogs = [dialog]
        dialog.open()

    def _show_preferences(self) -> None:
        from quakeview.app.shell.dialogs import PreferencesDialog

        dialog = PreferencesDialog(self.preferences, self.window.models, self.window)
        dialog.keysRequested.connect(self.registry["edit.keys"].trigger)
        self._show(dialog)

    def _show_keys(self) -> None:
        from quakeview.app.shell.keys_dialog import KeysDialog

        self._show(KeysDialog(self.keys, self.window))

    def _show_about(self) -> None:
        from quakeview.app.shell.dialogs import AboutDialog

        self._show(AboutDialog(self.window))

    def _show_shortcuts(self) -> None:
        from quakeview.app.shell.shortcut_sheet import ShortcutSheet

        self._show(ShortcutSheet(self.registry, self.window))

    def _show_guide(self) -> None:
        from quakeview.app.guide.window import CONTENTS, GuideWindow

        if self._guide is None:
            self._guide = GuideWindow(self.window.theme, self.preferences, self.window)
            self._guide.destroyed.connect(self._forget_guide)
        self._guide.open(CONTENTS if self._front is None else self._front.guide)

    def _forget_guide(self) -> None:
        self._guide = None

    def _show_palette(self) -> None:
        from quakeview.app.shell.palette import CommandPalette

        palette = CommandPalette(self.registry, self.window)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.show()
        palette.query.setFocus()

    def show_error(self, sentence: str, details: str = "") -> None:
        """A dialog that does not stop anything else."""
        from quakeview.app.shell.dialogs import ErrorDialog

        self._show(ErrorDialog(sentence, details, self.window))

    def unexpected(self, error: BaseException) -> None:
        """An error nobody expected: our mistake."""
        details = "".join(traceback.format_exception(error))
        self.show_error(f"Something went wrong inside QuakeView: {error}. Your picks are saved.", details)

    def _job_failed(self, job: RunningJob) -> None:
        self.show_error(job.error, job.details)

    def _open_log_folder(self) -> None:
        try:
            folder = make_folder(user_state_dir())
        except QuakeViewError as error:
            self.show_error(str(error))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # --- the rest ----------------------------------------------------------------------------------------------

    def _preference_changed(self, key: str) -> None:
        options = self.preferences
        if key == options.THEME.key:
            self.window.theme.choose(options[options.THEME])
        for plug in self.workspaces.values():
            plug.preference_changed(key)

    def _close(self) -> bool:
        """Hide, let the jobs end (each stops at its next report of progress), keep what they found, save."""
        self.window.hide()
        self.window.runner.shutdown()
        if self._front is not None:
            self.preferences.save_layout("front", self._front.id)
        if self._started:
            for plug in reversed(self.workspaces.values()):
                plug.shut_down()
        QTimer.singleShot(0, QApplication.quit)
        return True
