"""``quakeview train run.toml``: the run as a process, watched through stdout and stopped through stdin."""

import json
import signal
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tqdm import tqdm

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.progressbar import terminal_progress
from quakeview.training.runs.recording import is_main_process, recorded
from quakeview.training.runs.run_state import Status
from quakeview.training.runs.waiting import turn

if TYPE_CHECKING:
    from quakeview.training.config import RunConfig
    from quakeview.training.engine import RunResult

EVERY, EVERY_IN_A_LOG = 0.5, 5.0
"""Seconds between two lines of progress: for somebody who listens, and for a file that grows."""


class JsonLines(Progress):
    """One JSON object per line; ``event`` is progress, train, validation, finished, log or error."""

    def __init__(self, out: TextIO, every: float = EVERY) -> None:
        super().__init__()
        self._out, self._every = out, every
        self._told = 0.0

    def on_advance(self, done: float, total: float, message: str) -> None:
        """At most one line in ``every`` seconds."""
        if time.monotonic() - self._told < self._every:
            return
        self._told = time.monotonic()
        self._write({"event": "progress", "done": round(done, 6), "total": total, "message": message})

    def on_publish(self, partial: Any) -> None:
        self._write(partial)

    def on_log(self, text: str) -> None:
        self._write({"event": "log", "message": text})

    def error(self, sentence: str) -> None:
        self._write({"event": "error", "message": sentence})

    def _write(self, line: dict[str, Any]) -> None:
        try:
            print(json.dumps(line), file=self._out, flush=True)
        except OSError:  # nobody listens any more, or the disk is full: the run is worth more than its progress
            self._out = open("/dev/null", "w")  # noqa: SIM115


def main(run_toml: Path, resume: bool = False, json_lines: bool = False, queued: bool = False) -> int:
    """Train as the run file says; the exit code is 0 if a run ended or was stopped, 1 after an error in JSON lines.

    A line ``stop`` on stdin, an interrupt (Ctrl+C), a termination signal or a request in the run folder ends the run
    after the step at hand and keeps what was reached; a closed stdin does not.

    Args:
        queued: wait until the runs before it on this machine have trained.

    Raises:
        QuakeViewError: for what cannot be read, trained or written, without ``json_lines``.
    """
    if not is_main_process():  # of several, which speaks for all
        _train(run_toml, Progress(), resume, queued=False)
        return 0
    if not json_lines:
        with terminal_progress(_say_validation) as bar:
            _train(run_toml, bar, resume, queued)
        return 0
    lines = JsonLines(sys.stdout, EVERY_IN_A_LOG if queued else EVERY)
    threading.Thread(target=_stop_on_request, args=(sys.stdin, lines), daemon=True).start()
    try:
        _train(run_toml, lines, resume, queued)
    except QuakeViewError as error:
        lines.error(str(error))
        return 1
    return 0


def _train(run_toml: Path, progress: Progress, resume: bool, queued: bool) -> None:
    """Train; both signals stop it after the step at hand, however often they come: the weights are still to be kept."""
    before = {number: signal.signal(number, lambda *_: progress.cancel()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        from quakeview.registry import why_unused
        from quakeview.training.config import read_run

        run = read_run(run_toml)
        if caution := why_unused(run.task):
            progress.log(caution)
        if is_main_process():
            _train_recorded(run, run_toml, progress, resume, queued)
        else:
            _train_now(run, progress, resume)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _train_recorded(run: "RunConfig", run_toml: Path, progress: Progress, resume: bool, queued: bool) -> None:
    with (
        recorded(run.folder, run_toml, progress) as record,
        turn(run.folder, progress) if queued else nullcontext(),
    ):
        record.says(Status.RUNNING)
        record.ends(_train_now(run, progress, resume).reason)


def _train_now(run: "RunConfig", progress: Progress, resume: bool) -> "RunResult":
    """The engine brings PyTorch: a run that waits does without."""
    from quakeview.training.engine import train

    return train(run, progress, resume)


def _say_validation(line: dict[str, Any]) -> None:
    if line["event"] == "validation":
        scores = {name: value for name, value in line.items() if name not in ("event", "step")}
        tqdm.write(f"step {line['step']}: {scores}", file=sys.stderr)


def _stop_on_request(lines: TextIO, progress: Progress) -> None:
    for line in lines:
        if line.strip() == "stop":
            progress.cancel()
