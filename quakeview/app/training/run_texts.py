"""What the window says of a run in words."""

import time

from quakeview.texts import counted, duration
from quakeview.training.runs.run_state import Status
from quakeview.training.runs.summary import RunSummary

_STATUS = {
    Status.READY: "not started",
    Status.QUEUED: "waiting",
    Status.RUNNING: "running",
    Status.PAUSED: "paused",
    Status.STOPPED: "stopped",
    Status.FINISHED: "finished",
    Status.FAILED: "failed",
    Status.LOST: "interrupted",
    None: "cannot be read",
}


def status_text(run: RunSummary) -> str:
    """``running, 42 %, 3 min 20 s left``; ``waiting, second in line``; ``finished 2 h 05 min ago``."""
    said = _STATUS[run.status]
    if run.status is Status.RUNNING:
        left = f", {duration(run.seconds_left)} left" if run.seconds_left else ""
        return f"{said}, {100 * run.spent:.0f} %{left}"
    if run.status is Status.QUEUED:
        return said if run.place <= 1 else f"{said}, {counted(run.place - 1, 'run')} before it"
    if run.changed and run.status is not None:
        return f"{said} {duration(max(time.time() - run.changed, 1))} ago"
    return said


def score_text(run: RunSummary) -> str:
    """The first scores of the best weights; empty before there are any."""
    return "  ".join(f"{name} {value:.3g}" for name, value in list(run.scores.items())[:2])
