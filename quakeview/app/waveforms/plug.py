"""The Waveforms workspace in the window: its session, and the welcome screen while there is nothing in it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from quakeview.app.shell.plug import WorkspacePlug
from quakeview.app.waveforms.actions import ACTIONS
from quakeview.app.work.background import wait_for_all
from quakeview.app.work.running import RunningJob
from quakeview.atomic import make_folder
from quakeview.jobs import Job
from quakeview.paths import user_catalogues_dir
from quakeview.texts import counted
from quakeview.waveforms.sample_data import SAMPLES

if TYPE_CHECKING:
    from quakeview.app.shell.sessions import Sessions
    from quakeview.app.waveforms.opening import Opened
    from quakeview.app.waveforms.session import WaveformsSession
    from quakeview.app.waveforms.workspace import WaveformsWorkspace
    from quakeview.events.event import Event
    from quakeview.training.building.building import BuiltDataset

_PICK_FORMATS = "QuakeML (*.quakeml *.xml);;CSV (*.csv);;NonLinLoc obs (*.obs)"
_PICK_FILES = "Picks (*.quakeml *.xml *.csv *.obs *.qml);;All files (*)"
_LONGEST_WAIT = 2.0


class WaveformsPlug(WorkspacePlug):
    """Opens waveforms, folders, picks, catalogues, station metadata and projects: whatever no other one takes."""

    actions = ACTIONS
    guide = "open-waveforms.md"
    workspace: "WaveformsWorkspace | None" = None
    session: "WaveformsSession"
    sessions: "Sessions"

    def bind(self) -> None:
        bind, ready = self.registry.bind, self._ready
        bind("file.sample", self._open_sample, ready)
        bind("file.download_stations", self._ask_for_stations, self._has_stations)
        bind("file.save_project", lambda: self.sessions.save_as(), lambda: ready() and not self.session.is_empty)
        bind("file.import_picks", self._import_picks, ready)
        bind("file.export_picks", self._export_picks, lambda: ready() and (len(self.session.book) > 0 or "No picks."))
        bind("file.export_events", self._export_events, self._has_events)
        bind("file.export_cuts", self._export_cuts, self._has_events)
        bind("events.seismicity", self._show_in_seismicity, self._has_events)
        bind("training.dataset", self._make_dataset, self._has_picks)
        bind("file.close", lambda: self.sessions.close(), lambda: ready() and not self.session.is_empty)

    def _ready(self) -> bool:
        return self.workspace is not None

    def start(self, restore: bool) -> None:
        from quakeview.app.shell.sessions import Sessions
        from quakeview.app.waveforms.session import WaveformsSession
        from quakeview.app.waveforms.workspace import WaveformsWorkspace
        from quakeview.project import PickBook, Project

        window = self.window
        self.session = WaveformsSession(window.runner, self.preferences, window.models, PickBook(Project.untitled()))
        self.workspace = WaveformsWorkspace(self.session, self.registry, self.preferences)
        self.sessions = Sessions(window, self.session, self.workspace)
        self.workspace.statusChanged.connect(self.statusChanged)
        window.theme.changed.connect(self.workspace.set_colors)
        self.session.opened.connect(self._remember)
        self.session.removalEnded.connect(self.pageChanged)
        self.sessions.shown.connect(self.pageChanged)
        self.sessions.failed.connect(lambda sentence: self.failed.emit(sentence, ""))
        state = self.preferences.layout("waveforms")
        if state is not None:
            self.workspace.restoreState(state)
            self.workspace.panels.follow()
        if not (restore and self.sessions.restore()):
            self.workspace.start_fresh()

    def page(self) -> QWidget:
        """The waveforms if something is open or being opened, else the welcome screen."""
        if self.workspace is None:
            return self.window.welcome
        self.window.recent.look()
        busy = self.session.is_opening or self.sessions.is_opening
        return self.window.welcome if self.session.is_empty and not busy else self.workspace

    # --- opening -----------------------------------------------------------------------------------------------

    def files(self, paths: Sequence[Path]) -> list[Path]:
        return list(paths)

    def open(self, paths: Sequence[Path]) -> None:
        """Go on with a project, and add the rest to the session that is open then."""
        from quakeview.app.waveforms.opening import projects_in

        projects = projects_in(paths)
        others = [path for path in paths if path not in projects]
        if not projects:
            self._add(others)
            return
        self.sessions.open_project(projects[0], lambda: self._add(others))
        if len(projects) > 1:
            self.failed.emit(
                f"One project can be open at a time: {projects[0].name} is opened, the others are not.", ""
            )

    def _add(self, paths: Sequence[Path]) -> None:
        if paths and self.workspace is not None:
            self.session.open(paths)
            self.workspace.refresh()

    def _open_sample(self) -> None:
        """In a session of its own: it was recorded in another year than anybody's data."""
        self.sessions.begin()
        self.openRequested.emit(SAMPLES[0].paths())

    def _has_stations(self) -> bool | str:
        return self._ready() and (bool(self.session.stations) or "Open waveforms first.")

    def _ask_for_stations(self) -> None:
        from quakeview.app.waveforms.station_download import StationDownload

        folder = Path(self.preferences[self.preferences.FOLDER])
        download = StationDownload(self.session, self.window.runner, folder, self.window)
        download.saved.connect(lambda path: self.openRequested.emit([path]))
        download.ask()

    def _remember(self, opened: "Opened") -> None:
        for path in opened.waveforms[:3]:
            self.preferences.remember_file(str(path))
        if not (opened.waveforms or opened.picks) and self.session.is_empty and opened.problems:
            self.failed.emit("\n".join(opened.problems[:3]), "\n".join(opened.problems))
            self.pageChanged.emit()
        self.registry.refresh()

    # --- picks -------------------------------------------------------------------------------------------------

    def _import_picks(self) -> None:
        folder = self.preferences[self.preferences.FOLDER]
        names, _ = QFileDialog.getOpenFileNames(self.window, "Import picks", folder, _PICK_FILES)
        if names:
            self.openRequested.emit([Path(name) for name in names])

    def _export_picks(self) -> None:
        from quakeview.app.widgets.saving import ask_for_path

        folder = self.preferences[self.preferences.FOLDER]
        if path := ask_for_path(self.window, "Export picks", folder, _PICK_FORMATS):
            self.export_picks(path)

    def export_picks(self, path: Path) -> RunningJob:
        """Write all picks but the rejected ones, in the format of the suffix."""
        from quakeview.monitoring.exchange import write_picks
        from quakeview.monitoring.picks import PickStatus

        every, documents = self.session.book.picks(), self.session.project.documents()
        keeps_rejected = path.suffix.lower() in (".quakeml", ".xml")
        picks = [pick for pick in every if keeps_rejected or pick.status is not PickStatus.REJECTED]
        job = self.window.runner.start(Job(f"Writing {path.name}", lambda _: write_picks(picks, path, documents)))
        job.finished.connect(self._told(len(picks), len(every) - len(picks), path))
        return job

    def _told(self, written: int, left_out: int, path: Path) -> Callable[[list[str]], None]:
        """What is said when they are written, with what the format lost."""
        said = f"{counted(written, 'pick was', 'picks were')} written to {path}."
        if left_out:
            said += f" {counted(left_out, 'rejected pick was', 'rejected picks were')} left out."

        return lambda losses: self._tell(said, losses)

    # --- events ------------------------------------------------------------------------------------------------

    def _has_picks(self) -> bool | str:
        return self._ready() and (len(self.session.book) > 0 or "No picks.")

    def _make_dataset(self) -> None:
        from quakeview.app.training.dataset_dialog import DatasetDialog, Reviewed

        session = self.session
        reviewed = Reviewed(session.book.picks(), list(session.book.events), session.archive, dict(session.coordinates))
        folder = Path(self.preferences[self.preferences.FOLDER]) / "data set"
        dialog = DatasetDialog(reviewed, self.window.runner, folder, self.window)
        dialog.built.connect(self._tell_of_dataset)
        dialog.open()

    def _tell_of_dataset(self, built: "BuiltDataset") -> None:
        records = counted(sum(built.records.values()), "record is", "records are")
        self._tell(f"{records} in {built.folder}; Training > Train a Model… learns from them.", built.sentences)

    def _has_events(self) -> bool | str:
        return self._ready() and (len(self.session.book.events) > 0 or "No events.")

    def _chosen_events(self) -> list["Event"]:
        """The selected events, or all that are not rejected."""
        from quakeview.events.event import EventStatus

        assert self.workspace is not None
        every = [event for event in self.session.book.events if event.status is not EventStatus.REJECTED]
        return self.workspace.events.review.selected or every

    def _export_events(self) -> None:
        from quakeview.app.widgets.saving import ask_for_path
        from quakeview.events.exchange import FORMATS, suggested_name

        events, folder = self._chosen_events(), self.preferences[self.preferences.FOLDER]
        kinds = ";;".join(f"{kind.name} (*{suffix})" for suffix, kind in FORMATS.items())
        name = str(Path(folder) / suggested_name(events, ".quakeml"))
        if path := ask_for_path(self.window, f"Export {counted(len(events), 'event')}", name, kinds):
            self.export_events(events, path)

    def export_events(self, events: Sequence["Event"], path: Path) -> RunningJob:
        """Write events with their picks, in the format of the suffix; a QuakeML file of all has the other picks too."""
        from quakeview.events.exchange import picks_of, write_events

        session = self.session
        every = len(events) == len(session.book.events)
        picks = list(session.book) if every else picks_of(events, session.book)
        documents, stations = session.project.documents(), dict(session.coordinates)
        job = self.window.runner.start(
            Job(
                f"Writing {path.name}",
                lambda _: write_events(events, picks, path, documents, stations, whole=every),
            )
        )
        job.finished.connect(lambda losses: self._tell(f"{_were(len(events))} written to {path}.", losses))
        return job

    def _show_in_seismicity(self) -> None:
        """Write the events to a catalogue of the user's, which the workspace of those takes."""
        path = user_catalogues_dir() / f"Located events of {self.session.project.title}.quakeml"
        events = self._chosen_events()
        job = self.window.runner.start(Job(f"Writing {path.name}", lambda _: _write_catalogue(events, path)))
        job.finished.connect(lambda _: self.openRequested.emit([path]))

    def _export_cuts(self) -> None:
        folder = self.preferences[self.preferences.FOLDER]
        if chosen := QFileDialog.getExistingDirectory(self.window, "Folder for the waveforms of events", folder):
            self.export_cuts(self._chosen_events(), Path(chosen))

    def export_cuts(self, events: Sequence["Event"], folder: Path) -> RunningJob:
        """Write what was recorded of each event."""
        from quakeview.events.exchange.waveform_cuts import write_waveform_cuts

        archive = self.session.archive
        job = self.window.runner.start(
            Job("Writing waveforms", lambda progress: write_waveform_cuts(events, archive, folder, progress=progress))
        )
        job.finished.connect(
            lambda found: self._tell(
                f"{counted(len(found[0]), 'file was', 'files were')} written to {folder}.", found[1]
            )
        )
        return job

    def _tell(self, said: str, losses: list[str]) -> None:
        assert self.workspace is not None
        (self.workspace.notice.say if losses else self.workspace.notice.confirm)(said, losses)

    # --- the rest ----------------------------------------------------------------------------------------------

    @property
    def has_picture(self) -> bool:
        return self._ready() and bool(self.session.stations)

    def picture(self, suffix: str) -> bytes:
        assert self.workspace is not None
        return self.workspace.sections.picture(suffix) or self.workspace.trace_actions.view.picture(suffix)

    def preference_changed(self, key: str) -> None:
        if self.workspace is not None and key.startswith("picking/"):
            self.workspace.refresh()

    def shut_down(self) -> None:
        if self.workspace is None:
            return
        self.workspace.spectrogram.clear()
        self.workspace.events.shut_down()
        self.workspace.analysis.forget()
        self.workspace.sections.shut_down()
        wait_for_all(_LONGEST_WAIT)
        QApplication.processEvents()
        self.workspace.centre.show_traces()
        self.preferences.save_layout("waveforms", self.workspace.saveState())
        self.sessions.leave()
        self.session.close()
        self.window.recent.wait(1.0)


def _write_catalogue(events: Sequence["Event"], path: Path) -> None:
    """As QuakeML, without picks."""
    from quakeview.events.exchange import write_events

    make_folder(path.parent)
    write_events(events, [], path, whole=False)


def _were(events: int) -> str:
    return counted(events, "event was", "events were")
