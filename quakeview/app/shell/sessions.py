"""Which session is open: the last one, a new one, a project; saving it and closing it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from quakeview.app.shell.window import MainWindow
from quakeview.app.widgets.saving import ask_for_path
from quakeview.app.work.running import RunningJob
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from quakeview.project import EXTENSION, OpenElsewhere, PickBook, Project, is_untitled
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
        """Open what was open last, if the preferences say so; False if there is nothing."""
        path = self._preferences.session
        if not path or not self._preferences[self._preferences.REOPEN]:
            return False
        self.open_project(Path(path), at_start=True)
        return True

    def begin(self) -> None:
        """Put what is open aside and go on with a new, empty session."""
        if not self._session.is_empty:
            note = self._aside()
            self._session.use_book(PickBook(Project.untitled()))
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
        self, job: RunningJob, found: "PickBook | _Refused", then: Callable[[], None] | None, at_start: bool
    ) -> None:
        """At the start, a session that was discarded or that another window has open is nothing to talk about."""
        if isinstance(found, _Refused):
            if at_start:
                self._workspace.start_fresh()
            if not (at_start and found.is_usual):
                self.failed.emit(found.sentence)
        elif job is not self._opening or (at_start and not self._session.is_empty):
            # something else was asked for meanwhile
            found.project.close()
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

    def _use(self, book: PickBook) -> None:
        self._session.use_book(book)
        self._workspace.restore()
        self._remember()
        if not book.project.is_untitled:
            self._preferences.remember_file(str(book.project.path))
        self.shown.emit()

    def _aside(self) -> str:
        """What to say about the session that is left; nothing if it is saved under a name or holds nothing."""
        project, picks = self._session.project, len(self._session.book)
        if not project.is_untitled or not picks:
            return ""
        return f"{project.title} with its {counted(picks, 'pick')} was put aside; File > Open Recent has it."

    def _say(self, note: str) -> None:
        if note:
            self._session.noticed.emit(note, [])

    def close(self) -> bool:
        """Close all files. Picks of a session without a name are saved somewhere or given up, as the user says."""
        project = self._session.project
        if project.is_untitled and len(self._session.book):
            answer = self._ask_to_save()
            if answer == QMessageBox.StandardButton.Cancel:
                return False
            if answer == QMessageBox.StandardButton.Save and not self.save_as():
                return False
        self._preferences.session = ""
        self._session.use_book(PickBook(Project.untitled()), discard=project.is_untitled)
        self._workspace.start_fresh()
        self.shown.emit()
        return True

    def _ask_to_save(self) -> QMessageBox.StandardButton:
        buttons = QMessageBox.StandardButton
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Close session",
            f"Save the {counted(len(self._session.book), 'pick')} of this session in a project?",
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


@dataclass(frozen=True)
class _Refused:
    """Why a project could not be opened; ``is_usual``: as it happens to the session that was open last."""

    sentence: str
    is_usual: bool


def _opened(path: Path, _: object) -> PickBook | _Refused:
    """The project with its picks, or why not: nothing unexpected happened, so nothing goes to the log."""
    try:
        return PickBook(Project.open(path))
    except QuakeViewError as error:
        return _Refused(str(error), is_untitled(path) or isinstance(error, OpenElsewhere))
