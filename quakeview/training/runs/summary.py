"""One look at all runs: what a list of them shows."""

from dataclasses import dataclass, field
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.metrics import METRICS, numbers
from quakeview.training.runs.run_folder import RUN_FILE, RunFolder
from quakeview.training.runs.run_state import STATE, Status
from quakeview.training.runs.waiting import waiting


@dataclass(frozen=True)
class RunSummary:
    """What is known of a run at a glance.

    Attributes:
        status: None if it cannot be told.
        message: how it ended or failed, or why nothing can be told of it, in a sentence.
        doing: what its process says that it does.
        place: in the line of those that wait, 1 is the next one; 0 if it does not wait.
        seconds: trained so far.
        step, spent, seconds_left, scores: as ``RunFolder`` has them.
        changed: when its status became what it is, s since 1970 UTC; 0 if it was never started.
        resumable: whether it has a checkpoint to go on from.
        has_model: whether there is a model of it to use.
    """

    path: Path
    name: str
    status: Status | None = None
    message: str = ""
    doing: str = ""
    place: int = 0
    step: int = 0
    seconds: float = 0.0
    spent: float = 0.0
    seconds_left: float | None = None
    scores: dict[str, float] = field(default_factory=dict)
    changed: float = 0.0
    resumable: bool = False
    has_model: bool = False


class AllRuns:
    """Looks at all runs again and again; of those at rest that did not change, nothing is read twice."""

    def __init__(self) -> None:
        self._runs: dict[Path, RunFolder] = {}
        self._at_rest: dict[Path, tuple[tuple[int, ...], RunSummary]] = {}

    def look(self) -> list[RunSummary]:
        """All runs as they are now, the one that was made last first."""
        line = waiting()
        self._runs = {run.path: self._runs.get(run.path, run) for run in known_runs()}
        return [self._of(run, line) for run in self._runs.values()]

    def run(self, path: Path) -> RunFolder:
        """The run of the folder that a summary has; the same object as at the last look."""
        return self._runs.get(path) or RunFolder(path)

    def _of(self, run: RunFolder, line: list[Path]) -> RunSummary:
        stamp = _stamp(run.path)
        known = self._at_rest.get(run.path)
        if known is not None and known[0] == stamp:
            return known[1]
        summary = summarise(run, line)
        if summary.status is not None and not summary.status.lives:
            self._at_rest[run.path] = stamp, summary
        return summary


def summarise(run: RunFolder, line: list[Path]) -> RunSummary:
    """What is known of a run; ``line`` are the runs that wait."""
    try:
        state = run.state
    except QuakeViewError as error:
        return RunSummary(run.path, run.name, message=str(error))
    run.metrics.refresh()
    best = run.metrics.best()
    return RunSummary(
        run.path,
        run.name,
        state.status,
        state.message,
        run.doing() if state.status.lives else "",
        line.index(run.path) + 1 if run.path in line else 0,
        run.metrics.step,
        run.metrics.seconds,
        run.spent(),
        run.seconds_left() if state.status is Status.RUNNING else None,
        {} if best is None else numbers(best),
        state.changed,
        run.has_checkpoint,
        run.model_folder is not None,
    )


def _stamp(path: Path) -> tuple[int, ...]:
    """What differs as soon as anything was written to a run folder."""
    return tuple(_modified(path / name) for name in (STATE, METRICS, RUN_FILE, "."))


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
