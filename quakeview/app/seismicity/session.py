"""Opens catalogues in the background, and remembers which were open. No widgets."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.seismicity.state import OpenCatalogue, SeismicityState
from quakeview.app.shell.preferences import Preferences
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.reading import ReadCatalogue, read_catalogue

_STATE = "seismicity-state"


class SeismicitySession(QObject):
    """Reads catalogues into the state.

    Signals:
        noticed: a sentence, further sentences.
        read: the paths of a catalogue that was read because a person wanted it.
        workChanged: reading began or ended.
    """

    noticed = Signal(str, list)
    read = Signal(list)
    workChanged = Signal()

    def __init__(self, state: SeismicityState, runner: JobRunner, preferences: Preferences) -> None:
        super().__init__()
        self.state = state
        self._runner, self._preferences = runner, preferences
        self._reading: list[RunningJob] = []

    @property
    def is_reading(self) -> bool:
        """Whether a catalogue is being read."""
        return any(job.active for job in self._reading)

    def open(self, paths: Sequence[Path], columns: Any = None) -> None:
        """Read files as one catalogue and show it; if they cannot be read, what was shown still is."""
        paths = [path.absolute() for path in paths]
        job = self._read(paths, columns)
        job.finished.connect(lambda read: self._show(read, paths, columns))

    def _read(self, paths: Sequence[Path], columns: Any, announced: bool = True) -> RunningJob:
        what = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
        job = self._runner.start(Job(f"Reading {what}", partial(_read, list(paths), columns)), announced)
        self._reading = [*(each for each in self._reading if each.active), job]
        job.ended.connect(self.workChanged)
        self.workChanged.emit()
        return job

    def _show(self, read: ReadCatalogue, paths: Sequence[Path], columns: Any) -> None:
        known = next((each.choices for each in self.state.opened if list(each.paths) == list(paths)), Choices())
        self.state.add(OpenCatalogue(read.catalogue, read.name, read.notes, tuple(paths), columns, known))
        self.read.emit(list(paths))

    # --- from one start to the next ------------------------------------------------------------------------------

    def restore(self) -> None:
        """Read what was open at the end of the last session; what is gone is worth a note only."""
        saved = self._saved()
        entries = [each for each in saved.get("opened", []) if each.get("paths")]
        for place, entry in enumerate(entries):
            job = self._read([Path(text) for text in entry["paths"]], None, announced=False)
            job.finished.connect(partial(self._take_back, entry, place == saved.get("shown")))
            job.failed.connect(lambda sentence, _: self.noticed.emit(sentence, []))

    def _take_back(self, entry: dict[str, Any], shown: bool, read: ReadCatalogue) -> None:
        choices = Choices.from_dict(entry.get("choices", {}))
        paths = tuple(Path(text) for text in entry["paths"])
        self.state.add(OpenCatalogue(read.catalogue, read.name, read.notes, paths, None, choices), show=shown)

    def _saved(self) -> dict[str, Any]:
        try:
            saved = json.loads(self._preferences.layout(_STATE) or "{}")
        except (TypeError, ValueError):
            return {}
        return saved if isinstance(saved, dict) else {}

    def save(self) -> None:
        """Remember what is open."""
        opened = [each for each in self.state.opened if each.paths]
        entries = [{"paths": [str(path) for path in each.paths], "choices": each.choices.to_dict()} for each in opened]
        current = self.state.current
        shown = opened.index(current) if current in opened else 0
        self._preferences.save_layout(_STATE, json.dumps({"opened": entries, "shown": shown}))


def _read(paths: Sequence[Path], columns: Any, progress: Progress) -> ReadCatalogue:
    return read_catalogue(paths, columns, progress)
