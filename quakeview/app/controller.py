"""What the window does: opening, saving, sessions, preferences. Made before the window is shown, filled after."""

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from quakeview.app.picture import PICTURES
from quakeview.app.running import RunningJob
from quakeview.app.saving import ask_for_path, save_as
from quakeview.app.wavefield.actions import WAVEFIELD
from quakeview.app.waveforms.actions import WAVEFORMS
from quakeview.app.window import MainWindow
from quakeview.atomic import make_folder
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from quakeview.paths import user_state_dir
from quakeview.texts import counted
from quakeview.waveforms.samples import SAMPLES

if TYPE_CHECKING:
    from quakeview.app.wavefield.workspace import WavefieldWorkspace

_PICK_FORMATS = "QuakeML (*.quakeml *.xml);;CSV (*.csv);;NonLinLoc obs (*.obs)"


class Controller(QObject):
    """Binds the actions of the window. ``start`` makes the workspaces: they need ObsPy, the first picture does not."""

    def __init__(self, window: MainWindow, pick: Callable | None = None) -> None:
        super().__init__(window)
        self.window = window
        self.registry = window.registry
        self.preferences = window.preferences
        self._pick = pick
        self._waiting: list[list[Path]] = []
        self._dialogs: list[Any] = []
        self.workspace: Any = None
        self.wavefield: WavefieldWorkspace | None = None
        window.on_close = self._close
        window.on_drop = self.drop
        window.welcome.openRequested.connect(self.open)
        self.preferences.changed.connect(self._preference_changed)
        self._bind()

    def start(self, files: Sequence[Path] = ()) -> None:
        """Make the workspaces, then begin a session with the files, else go on with what was open last."""
        from quakeview.app.models.workspace import ModelsWorkspace
        from quakeview.app.sessions import Sessions
        from quakeview.app.waveforms.session import WaveformsSession, pick_archive
        from quakeview.app.waveforms.workspace import WaveformsWorkspace
        from quakeview.project import Project

        window = self.window
        self.session = WaveformsSession(
            window.runner, self.preferences, window.models, Project.untitled(), self._pick or pick_archive
        )
        self.workspace = WaveformsWorkspace(self.session, self.registry, self.preferences)
        self.sessions = Sessions(window, self.session, self.workspace)
        self.models_workspace = ModelsWorkspace(window.models, self.registry, window.runner)
        self.workspace.statusChanged.connect(window.cursor_label.setText)
        window.theme.changed.connect(self.workspace.set_colors)
        window.stack.addWidget(self.workspace)
        window.add_workspace("view.models", self.models_workspace)
        window.runner.failed.connect(self._job_failed)
        self.session.opened.connect(lambda opened: self._remember(opened))
        self.session.removalEnded.connect(self._session_shown)
        self.sessions.shown.connect(self._session_shown)
        self.sessions.failed.connect(self.show_error)
        window.models.refresh()
        self._restore_layout()
        self._begin([*files, *(path for paths in self._waiting for path in paths)])
        self._waiting.clear()
        self.registry.refresh()

    def _begin(self, files: Sequence[Path]) -> None:
        """Files from the command line or the welcome screen make a session of their own."""
        restored = not files and self.sessions.restore()
        if not restored:
            self.workspace.start_fresh()
        if files:
            self.open(files)
        elif self.preferences[self.preferences.REOPEN] and self.preferences.layout("front") == WAVEFIELD:
            self.show_wavefield()
        else:
            self.show_waveforms()

    def _session_shown(self) -> None:
        if self._in_front() is None:
            self.show_waveforms()
        self.registry.refresh()

    def _bind(self) -> None:
        bind = self.registry.bind
        ready = self._ready
        bind("file.open", self._ask_for_files)
        bind("file.open_folder", self._ask_for_folder)
        bind("file.sample", self._open_sample, ready)
        bind("file.save_project", lambda: self.sessions.save_as(), lambda: ready() and not self.session.is_empty)
        bind("file.import_picks", self._import_picks, ready)
        bind(
            "file.export_picks", self._export_picks, lambda: ready() and (len(self.session.project) > 0 or "No picks.")
        )
        bind("file.picture", self._export_picture, self._has_picture)
        bind("file.close", self.close_session, lambda: ready() and not self.session.is_empty)
        bind("file.quit", self.window.close)
        bind("edit.preferences", self._show_preferences)
        bind("view.waveforms", lambda _: self.show_waveforms())
        bind(WAVEFIELD, lambda _: self.show_wavefield(), ready)
        bind("wavefield.new", lambda: self.show_wavefield().ask_for_scenario(), ready)
        bind("wavefield.sample", lambda: self.show_wavefield().open_sample(), ready)
        bind("wavefield.import", lambda: self.show_wavefield().ask_for_arrays(), ready)
        bind("view.full_screen", lambda on: self.window.showFullScreen() if on else self.window.showNormal())
        bind("help.palette", self._show_palette)
        bind("help.shortcuts", self._show_shortcuts)
        bind("help.log", self._open_log_folder)
        bind("help.about", self._show_about)

    def _ready(self) -> bool:
        return self.workspace is not None

    # --- opening -----------------------------------------------------------------------------------------------

    def open(self, paths: Sequence[Path]) -> None:
        """Open waveforms, folders, picks, catalogues, station metadata, a project or a scenario."""
        if not paths:
            self.show_error("This ObsPy came without its sample data; open a file of your own instead.")
            return
        if self.workspace is None:
            self._waiting.append(list(paths))
            return
        from quakeview.app.waveforms.opening import arrays_in, projects_in, scenarios_in

        projects, scenarios, arrays = projects_in(paths), scenarios_in(paths), arrays_in(paths)
        others = [path for path in paths if path not in (*projects, *scenarios, *arrays)]
        if projects:
            self.sessions.open_project(projects[0], lambda: self._add(others))
            if len(projects) > 1:
                self.show_error(f"One project can be open at a time: {projects[0].name} is opened, the others are not.")
        else:
            self._add(others)
        if scenarios:
            self.show_wavefield().open(scenarios)
        elif arrays:
            self.show_wavefield().import_arrays(arrays[0])
        else:
            self.show_waveforms(force=True)

    def _add(self, paths: Sequence[Path]) -> None:
        """To the session that is open."""
        if paths:
            self.session.open(paths)
            self.workspace.refresh()

    def _open_sample(self) -> None:
        """In a session of its own: it was recorded in another year than anybody's data."""
        self.sessions.begin()
        self.open(SAMPLES[0].paths())

    def drop(self, paths: Sequence[Path]) -> None:
        """Open what was dropped; on the Wavefield workspace, waveforms and station metadata are to be forecast from."""
        from quakeview.app.waveforms.opening import arrays_in, projects_in, scenarios_in

        wavefield = self._in_front()
        if wavefield is not None and not (projects_in(paths) or scenarios_in(paths) or arrays_in(paths)):
            wavefield.desk.ask_for_stations(paths)
        else:
            self.open(paths)

    def show_waveforms(self, force: bool = False) -> None:
        """The waveforms if something is open or being opened, else the welcome screen."""
        busy = force or (self._ready() and (self.session.is_opening or self.sessions.is_opening))
        empty = self.workspace is None or (self.session.is_empty and not busy)
        if self._ready():
            self.window.recent.look()
        self.window.show_workspace(WAVEFORMS, self.window.welcome if empty else self.workspace)

    def show_wavefield(self) -> "WavefieldWorkspace":
        """Bring the Wavefield workspace to the front; it is made when it is first wanted."""
        if self.wavefield is None:
            from quakeview.app.wavefield.workspace import WavefieldWorkspace

            window = self.window
            self.wavefield = WavefieldWorkspace(window.runner, self.registry, self.preferences, window.models)
            self.wavefield.statusChanged.connect(window.cursor_label.setText)
            self.wavefield.waveformsWritten.connect(self.open)
            self.wavefield.opened.connect(lambda path: self.preferences.remember_file(str(path)))
            window.theme.changed.connect(self.wavefield.set_colors)
            window.stack.addWidget(self.wavefield)
            self.wavefield.start()
        self.window.show_workspace(WAVEFIELD, self.wavefield)
        return self.wavefield

    def close_session(self) -> None:
        """Close all files; the welcome screen comes, unless the user would rather not."""
        self.sessions.close()

    def _remember(self, opened: Any) -> None:
        for path in opened.waveforms[:3]:
            self.preferences.remember_file(str(path))
        if not (opened.waveforms or opened.picks) and self.session.is_empty and opened.problems:
            self.show_error("\n".join(opened.problems[:3]), "\n".join(opened.problems))
            self.show_waveforms()
        self.registry.refresh()

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

    def _import_picks(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self.window, "Import picks", self._folder(), "Picks (*.quakeml *.xml *.csv *.obs *.qml);;All files (*)"
        )
        if names:
            self.open([Path(name) for name in names])

    def _export_picks(self) -> None:
        if path := ask_for_path(self.window, "Export picks", self._folder(), _PICK_FORMATS):
            self.export_picks(path)

    def export_picks(self, path: Path) -> RunningJob:
        """Write all picks but the rejected ones, in the format of the suffix."""
        from quakeview.monitoring.exchange import write_picks
        from quakeview.monitoring.picks import PickStatus

        project = self.session.project
        picks, documents = project.picks(), project.documents()
        rejected = sum(pick.status is PickStatus.REJECTED for pick in picks)
        if path.suffix.lower() not in (".quakeml", ".xml"):
            picks = [pick for pick in picks if pick.status is not PickStatus.REJECTED]
        job = self.window.runner.start(Job(f"Writing {path.name}", lambda _: write_picks(picks, path, documents)))

        def done(losses: list[str]) -> None:
            written = f"{counted(len(picks), 'pick was', 'picks were')} written to {path}."
            if left_out := rejected if len(picks) < len(project) else 0:
                written += f" {counted(left_out, 'rejected pick was', 'rejected picks were')} left out."
            tell = self.workspace.notice.say if losses else self.workspace.notice.confirm
            tell(written, losses)

        job.finished.connect(done)
        return job

    def _in_front(self) -> "WavefieldWorkspace | None":
        """The Wavefield workspace, if it is the one that is seen."""
        return self.wavefield if self.window.stack.currentWidget() is self.wavefield else None

    def _has_picture(self) -> bool:
        if wavefield := self._in_front():
            return wavefield.has_wavefield
        return self._ready() and bool(self.session.stations)

    def _export_picture(self) -> None:
        wavefield = self._in_front()
        draw = wavefield.picture if wavefield else self.workspace.view.picture
        save_as(self.window, "Export picture", self._folder(), PICTURES, draw)

    # --- dialogs -----------------------------------------------------------------------------------------------

    def _show(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialogs = [dialog]
        dialog.open()

    def _show_preferences(self) -> None:
        from quakeview.app.dialogs import PreferencesDialog

        names = [card.name for card in self.window.models.pickers]
        self._show(PreferencesDialog(self.preferences, names, self.window))

    def _show_about(self) -> None:
        from quakeview.app.dialogs import AboutDialog

        self._show(AboutDialog(self.window))

    def _show_shortcuts(self) -> None:
        from quakeview.app.dialogs import ShortcutSheet

        self._show(ShortcutSheet(self.registry, self.window))

    def _show_palette(self) -> None:
        from quakeview.app.palette import CommandPalette

        palette = CommandPalette(self.registry, self.window)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.show()
        palette.query.setFocus()

    def show_error(self, sentence: str, details: str = "") -> None:
        """A dialog that does not stop anything else."""
        from quakeview.app.dialogs import ErrorDialog

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
        elif key == options.KEYS.key:
            self.registry.set_preset(options[options.KEYS])
        elif self.workspace is not None and key.startswith("picking/"):
            self.workspace.refresh()

    def _restore_layout(self) -> None:
        state = self.preferences.layout("waveforms")
        if state is not None:
            self.workspace.restoreState(state)

    def _close(self) -> bool:
        """Hide, let the jobs end (each stops at its next report of progress), keep what they found, save."""
        self.window.hide()
        self.window.runner.shutdown()
        if self.workspace is not None:
            if self.wavefield is not None:
                self.wavefield.shut_down()
            self.workspace.spectrogram.set_source(None)
            QThreadPool.globalInstance().waitForDone(2000)
            QApplication.processEvents()
            self.preferences.save_layout("waveforms", self.workspace.saveState())
            self.preferences.save_layout("front", WAVEFIELD if self._in_front() else WAVEFORMS)
            self.sessions.leave()
            self.session.close()
            self.window.recent.wait(1.0)
        QTimer.singleShot(0, QApplication.quit)
        return True
