"""Which session is open: the last one, a new one, a project; saving it and closing it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from quakeview.app.saving import ask_for_path
from quakeview.app.window import MainWindow
from quakeview.app.work.running import RunningJob
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from quakeview.project import EXTENSION, OpenElsewhere, Project, is_untitled
from quakeview.texts import counted

if TYPE_CHECKING:
    from quakeview.app.waveforms.session import WaveformsSession
    from quakeview.app.waveforms.workspace import WaveformsWorkspace


class Sessions(QObject):
    """A session is one project file. Going on to another one leaves the first as it is; only closing one without a
    name can discard it, and asks.

    Signals:
        shown: another session is on the screen, or it has become clear that none will be.
        failed: a sentence for the user.
    """

    shown = Signal()
    failed = Signal(str)

    def __init__(self, window: MainWindow, session: "WaveformsSession", workspace: "WaveformsWorkspace") -> None:
        super().__init__(window)
        self._window = window
        self._preferences = window.preferences
        self._session = session
        self._workspace = workspace
        self._opening: RunningJob | None = None
        session.opened.connect(self._remember)
        session.picksChanged.connect(self._show_title)
        session.stationsChanged.connect(self._show_title)
        self.shown.connect(self._show_title)

    @property
    def is_opening(self) -> bool:
        """A project is being opened."""
        return self._opening is not None

    def restore(self) -> bool:
        """Open what was open last, if the preferences say so; False if it is certain that there is nothing.

        A session that was discarded, or that another window has open, is nothing to talk about.
        """
        path = self._preferences.session
        if not path or not self._preferences[self._preferences.REOPEN]:
            return False
        if not is_untitled(Path(path)):
            self.open_project(Path(path), at_start=True)
            return True
        try:
            self._use(Project.open(path))
        except QuakeViewError:
            return False
        return True

    def begin(self) -> None:
        """Put what is open aside and go on with a new, empty session."""
        if not self._session.is_empty:
            note = self._aside()
            self._session.use_project(Project.untitled())
            self._workspace.start_fresh()
            self.shown.emit()
            self._say(note)

    def open_project(self, path: Path, then: Callable[[], None] | None = None, at_start: bool = False) -> None:
        """Put what is open aside and go on with the project at ``path``; ``then`` is done when it is there."""
        path = path.absolute()
        if self._session.project.path == path:
            if then is not None:
                then()
            return
        job = self._window.runner.start(Job(f"Opening {path.name}", partial(_opened, path)), announced=False)
        self._opening = job
        job.finished.connect(lambda found: self._came(job, found, then, at_start))
        job.ended.connect(partial(self._ended, job))

    def _came(
        self, job: RunningJob, found: "Project | QuakeViewError", then: Callable[[], None] | None, at_start: bool
    ) -> None:
        if isinstance(found, QuakeViewError):
            if not (at_start and isinstance(found, OpenElsewhere)):
                self.failed.emit(str(found))
        elif job is not self._opening:  # another one was asked for meanwhile
            found.close()
        else:
            note = self._aside()
            self._use(found)
            self._say(note)
            if then is not None:
                then()

    def _ended(self, job: RunningJob) -> None:
        if job is self._opening:
            self._opening = None
            self.shown.emit()

    def _use(self, project: Project) -> None:
        self._session.use_project(project)
        self._workspace.restore()
        self._remember()
        if not project.is_untitled:
            self._preferences.remember_file(str(project.path))
        self.shown.emit()

    def _aside(self) -> str:
        """What to say about the session that is left; nothing if it is saved under a name or holds nothing."""
        project = self._session.project
        if not project.is_untitled or not len(project):
            return ""
        return f"{project.title} with its {counted(len(project), 'pick')} was put aside; File > Open Recent has it."

    def _say(self, note: str) -> None:
        if note:
            self._session.noticed.emit(note, [])

    def close(self) -> bool:
        """Close all files. Picks of a session without a name are saved somewhere or given up, as the user says."""
        project = self._session.project
        if project.is_untitled and len(project):
            answer = self._ask_to_save()
            if answer == QMessageBox.StandardButton.Cancel:
                return False
            if answer == QMessageBox.StandardButton.Save and not self.save_as():
                return False
        self._preferences.session = ""
        self._session.use_project(Project.untitled(), discard=project.is_untitled)
        self._workspace.start_fresh()
        self.shown.emit()
        return True

    def _ask_to_save(self) -> QMessageBox.StandardButton:
        buttons = QMessageBox.StandardButton
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Close session",
            f"Save the {counted(len(self._session.project), 'pick')} of this session in a project?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            self._window,
        )
        return buttons(box.exec())

    def save_as(self) -> bool:
        """Ask for a name and save there; False if the user would rather not, or it was impossible."""
        folder = self._preferences[self._preferences.FOLDER]
        path = ask_for_path(self._window, "Save project", folder, f"QuakeView project (*{EXTENSION})")
        if path is None:
            return False
        try:
            self._session.save_state()
            self._session.project.save_as(path)
        except QuakeViewError as error:
            self.failed.emit(str(error))
            return False
        self._remember()
        self._preferences.remember_file(str(path))
        self._show_title()
        return True

    def leave(self) -> None:
        """The window closes: what is open now comes back at the next start."""
        self._remember()

    def _remember(self, *_: object) -> None:
        project = self._session.project
        if not self._session.is_empty:
            self._preferences.session = str(project.path or "")

    def _show_title(self, *_: object) -> None:
        name = "" if self._session.is_empty else f"{self._session.project.title} — "
        self._window.setWindowTitle(f"{name}QuakeView")


def _opened(path: Path, _: object) -> "Project | QuakeViewError":
    """The project, or why not: nothing unexpected happened, so nothing goes to the log."""
    try:
        return Project.open(path)
    except QuakeViewError as error:
        return error
