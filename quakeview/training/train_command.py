"""``quakeview train run.toml``: the run as a process, watched through stdout and stopped through stdin."""

import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.progressbar import terminal_progress

EVERY = 0.5


class JsonLines(Progress):
    """One JSON object per line; ``event`` is progress, train, validation, finished, log or error."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out
        self._told = 0.0

    def on_advance(self, done: float, total: float, message: str) -> None:
        """At most one line in ``EVERY`` seconds."""
        if time.monotonic() - self._told < EVERY:
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


def main(run_toml: Path, resume: bool = False, json_lines: bool = False) -> int:
    """Train as the run file says; the exit code is 0 if a run ended or was stopped, 1 after an error in JSON lines.

    A line ``stop`` on stdin, an interrupt (Ctrl+C) or a termination signal ends the run after the step at hand
    and keeps what was reached; a closed stdin does not.

    Raises:
        QuakeViewError: for what cannot be read, trained or written, without ``json_lines``.
    """
    if not json_lines:
        with terminal_progress(_say_validation) as bar:
            _train(run_toml, bar, resume)
        return 0
    lines = JsonLines(sys.stdout)
    threading.Thread(target=_stop_on_request, args=(sys.stdin, lines), daemon=True).start()
    try:
        _train(run_toml, lines, resume)
    except QuakeViewError as error:
        lines.error(str(error))
        return 1
    return 0


def _train(run_toml: Path, progress: Progress, resume: bool) -> None:
    """Train; both signals stop it after the step at hand, however often they come: the weights are still to be kept."""
    before = {number: signal.signal(number, lambda *_: progress.cancel()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        from quakeview.registry import why_unused
        from quakeview.training.config import read_run
        from quakeview.training.engine import train

        run = read_run(run_toml)
        if caution := why_unused(run.task):
            progress.log(caution)
        train(run, progress, resume)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_validation(line: dict[str, Any]) -> None:
    if line["event"] == "validation":
        scores = {name: value for name, value in line.items() if name not in ("event", "step")}
        tqdm.write(f"step {line['step']}: {scores}", file=sys.stderr)


def _stop_on_request(lines: TextIO, progress: Progress) -> None:
    for line in lines:
        if line.strip() == "stop":
            progress.cancel()
