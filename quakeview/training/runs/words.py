"""What is said of a run in words, on screen and on the command line."""

import time

from quakeview.texts import counted, duration, file_size
from quakeview.training.runs.curves import SCORE
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


_WORDS = {
    "p": "P",
    "s": "S",
    "f1": "F1",
    "acc": "ACC",
    "rfne": "RFNE",
    "r2": "R²",
    "mae": "mean absolute error",
    "std": "standard deviation",
}
"""Parts of the names of scores that are no words."""


def score_title(name: str) -> str:
    """``P F1 ±0.1 s`` for the score ``p_f1@0.1``."""
    name, _, tolerance = name.partition("@")
    said = " ".join(_WORDS.get(part, part) for part in name.split("_"))
    return said[:1].upper() + said[1:] + (f" ±{tolerance} s" if tolerance else "")


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
    """The score of the best weights; empty before there is one."""
    return f"score {run.scores[SCORE]:.3g}" if SCORE in run.scores else ""


def facts_text(run: RunSummary, disk: int | None) -> str:
    """``step 1,200 · trained 12 min 05 s · 34 MB · /home/ana/runs/geysers``."""
    parts = [
        f"step {run.step:,}" if run.step else "",
        f"trained {duration(run.seconds)}" if run.seconds else "",
        file_size(disk) if disk is not None else "",
        str(run.path),
    ]
    return " · ".join(filter(None, parts))
