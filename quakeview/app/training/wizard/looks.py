"""Looks at data sets in the background, kept for all pages of the wizard."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.training.planning.looking import Look, look_at
from quakeview.training.planning.on_the_map import Places, places_of
from quakeview.training.planning.recognising import key_of
from quakeview.training.planning.record_table import name_of
from quakeview.training.planning.splitting import find_earthquakes
from quakeview.training.record_config import SourceConfig

Key = tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What a look found: ``places`` for its map; or the sentence why it found nothing."""

    look: Look | None = None
    places: Places | None = None
    problem: str = ""


class Looks(QObject):
    """One job for each data set that is wanted; what is no longer wanted is cancelled and forgotten.

    Signals:
        changed: something was seen, or is looked at.
    """

    changed = Signal()

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self._seen: dict[Key, Seen] = {}
        self._jobs: dict[Key, RunningJob] = {}

    def want(self, sources: Sequence[SourceConfig]) -> None:
        """Look at these and at no others."""
        wanted = {key_of(source): source for source in sources}
        for key in self._jobs.keys() - wanted.keys():
            self._jobs.pop(key).cancel()
        self._seen = {key: seen for key, seen in self._seen.items() if key in wanted}
        for key, source in wanted.items():
            if key not in self._seen and key not in self._jobs:
                self._start(key, source)

    def again(self, source: SourceConfig) -> None:
        """Look at one anew: its files have changed, or the look was cancelled."""
        self._seen.pop(key_of(source), None)
        if key_of(source) not in self._jobs:
            self._start(key_of(source), source)
        self.changed.emit()

    def of(self, source: SourceConfig) -> Seen | None:
        """What was seen; None while it is looked at."""
        return self._seen.get(key_of(source))

    def doing(self, source: SourceConfig) -> str:
        """What the look at a source does at the moment, in words."""
        job = self._jobs.get(key_of(source))
        return (job.message or "waiting") if job else ""

    def shut_down(self) -> None:
        """End what is under way."""
        self.want([])

    def _start(self, key: Key, source: SourceConfig) -> None:
        running = self._runner.start(
            Job(f"Looking at {name_of(source)}", lambda progress: _see(source, progress)), False
        )
        self._jobs[key] = running
        running.advanced.connect(self.changed)
        running.finished.connect(lambda seen: self._take(key, running, seen))
        running.failed.connect(lambda sentence, _: self._take(key, running, Seen(problem=sentence)))
        running.cancelled.connect(
            lambda: self._take(key, running, Seen(problem="The look was cancelled; press Look Again."))
        )

    def _take(self, key: Key, job: RunningJob, seen: Seen) -> None:
        if self._jobs.get(key) is job:
            del self._jobs[key]
            self._seen[key] = seen
            self.changed.emit()


def _see(source: SourceConfig, progress: Progress) -> Seen:
    look = look_at(source, progress.part(0, 0.98))
    return Seen(look, places_of(find_earthquakes([look.table]), [look.table]))
