"""Opens catalogues in the background, and remembers which were open. No widgets."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.seismicity.state import OpenCatalogue, SeismicityState
from quakeview.app.shell.preferences import Preferences
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.reading import ColumnMap, ReadCatalogue, UnknownColumns, read_catalogue, table_of
from quakeview.seismicity.reading.columns import guess_columns
from quakeview.seismicity.reading.tables import Table
from quakeview.texts import counted

_STATE = "seismicity-state"


class SeismicitySession(QObject):
    """Reads catalogues into the state.

    Signals:
        noticed: a sentence, further sentences.
        read: the paths of a catalogue that was read because a person wanted it.
        columnsWanted: the ``Table`` of which a person has to say which column is what, and what is known of them.
        workChanged: reading began or ended.
    """

    noticed = Signal(str, list)
    read = Signal(list)
    columnsWanted = Signal(object, object)
    workChanged = Signal()

    def __init__(self, state: SeismicityState, runner: JobRunner, preferences: Preferences) -> None:
        super().__init__()
        self.state = state
        self._runner, self._preferences = runner, preferences
        self._reading: list[RunningJob] = []
        self._unread: list[dict[str, Any]] = []  # of the last session, and not read again yet
        self._latest: RunningJob | None = None  # what a person asked for last

    @property
    def is_reading(self) -> bool:
        """Whether a catalogue is being read."""
        return any(job.active for job in self._reading)

    def open(self, paths: Sequence[Path], columns: ColumnMap | None = None, about: Sequence[str] = ()) -> None:
        """Read files as one catalogue and show it; if they cannot be read, what was shown still is.

        Args:
            columns: which column is what, as a person said it; None: it is guessed.
            about: what is known of the files already, in sentences.
        """
        paths = [path.absolute() for path in paths]
        job = self._latest = self._read(paths, columns)
        job.finished.connect(lambda read: self._show(read, paths, columns, about, show=job is self._latest))

    def ask_for_columns(self) -> None:
        """Have a person say which column of the file that is shown is what."""
        current = self.state.current
        assert current is not None
        job = self._start(Job(f"Reading {current.name}", lambda _: table_of(current.paths[0])), announced=False)
        job.finished.connect(lambda table: self._want_columns(table, current.columns))

    def _want_columns(self, table: Table | None, columns: ColumnMap | None) -> None:
        if table is None:
            self.noticed.emit("This is a file of a format with columns of its own; they need not be said.", [])
        else:
            self.columnsWanted.emit(table, columns or guess_columns(table.names, table.sample, table.decimal_comma))

    def _read(self, paths: Sequence[Path], columns: ColumnMap | None, announced: bool = True) -> RunningJob:
        what = paths[0].name if len(paths) == 1 else counted(len(paths), "file")
        return self._start(Job(f"Reading {what}", partial(_read, list(paths), columns)), announced)

    def _start(self, work: Job, announced: bool = True) -> RunningJob:
        job = self._runner.start(work, announced)
        self._reading = [*(each for each in self._reading if each.active), job]
        job.ended.connect(self.workChanged)
        self.workChanged.emit()
        return job

    def _show(
        self,
        read: "_Found | Table",
        paths: Sequence[Path],
        columns: ColumnMap | None,
        about: Sequence[str],
        show: bool,
    ) -> None:
        """Put it into the list; in front only what was asked for last."""
        if isinstance(read, Table):
            self._want_columns(read, columns)
            return
        before = next((each for each in self.state.opened if list(each.paths) == list(paths)), None)
        opened = read.opened(paths, columns, None if before is None else before.choices)
        opened.about = about or (() if before is None else before.about)
        self.state.add(opened, show)
        if show:
            self.read.emit(list(paths))

    # --- from one start to the next ------------------------------------------------------------------------------

    def restore(self) -> None:
        """Read what was open at the end of the last session; what is gone is worth a note only."""
        saved = self._saved()
        self._unread = [each for each in saved.get("opened", []) if each.get("paths")]
        for place, entry in enumerate(list(self._unread)):
            columns = ColumnMap.from_dict(entry["columns"]) if entry.get("columns") else None
            job = self._read([Path(text) for text in entry["paths"]], columns, announced=False)
            job.finished.connect(partial(self._take_back, entry, columns, place == saved.get("shown")))
            job.failed.connect(partial(self._give_up, entry))

    def _take_back(self, entry: dict[str, Any], columns: ColumnMap | None, shown: bool, read: "_Found | Table") -> None:
        paths = tuple(Path(text) for text in entry["paths"])
        if isinstance(read, Table):
            self._give_up(entry, f"{paths[0].name} has other columns than before; open it again to say what they are.")
            return
        self._unread.remove(entry)
        opened = read.opened(paths, columns, Choices.from_dict(entry.get("choices", {})))
        opened.about = tuple(entry.get("about", ()))
        self.state.add(opened, show=shown and self._latest is None)
        self._show_any()

    def _give_up(self, entry: dict[str, Any], sentence: str, _: str = "") -> None:
        self._unread.remove(entry)
        self.noticed.emit(sentence, [])
        self._show_any()

    def _show_any(self) -> None:
        """Show one of those that are there, if the one that was shown is gone."""
        if not self._unread and self.state.current is None and self.state.opened and self._latest is None:
            self.state.show(self.state.opened[0])

    def _saved(self) -> dict[str, Any]:
        try:
            saved = json.loads(self._preferences.layout(_STATE) or "{}")
        except (TypeError, ValueError):
            return {}
        return saved if isinstance(saved, dict) else {}

    def save(self) -> None:
        """Remember what is open, and what was to be."""
        opened = [each for each in self.state.opened if each.paths]
        entries = [
            {
                "paths": [str(path) for path in each.paths],
                "about": list(each.about),
                "columns": each.columns.to_dict() if each.columns is not None else None,
                "choices": each.choices.to_dict(),
            }
            for each in opened
        ]
        current = self.state.current
        shown = opened.index(current) if current in opened else 0
        self._preferences.save_layout(_STATE, json.dumps({"opened": [*entries, *self._unread], "shown": shown}))


@dataclass(frozen=True)
class _Found:
    """A catalogue as it was read, and what is chosen of it at first."""

    read: ReadCatalogue
    first: Choices

    def opened(self, paths: Sequence[Path], columns: ColumnMap | None, choices: Choices | None) -> OpenCatalogue:
        """For the list; with the choices that it had before, if it had any."""
        read = self.read
        return OpenCatalogue(read.catalogue, read.name, read.notes, tuple(paths), columns, choices or self.first)


def _read(paths: Sequence[Path], columns: ColumnMap | None, progress: Progress) -> "_Found | Table":
    """The catalogue; or the table of which it is not known which column is what."""
    try:
        read = read_catalogue(paths, columns, progress)
    except UnknownColumns:
        if len(paths) > 1 or (table := table_of(paths[0])) is None:
            raise
        return table
    return _Found(read, Choices.first_of(read.catalogue))
