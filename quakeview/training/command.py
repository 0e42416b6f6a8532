"""``quakeview train run.toml``: the run as a process, watched through stdout and stopped through stdin."""

import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress

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


class Bar(Progress):
    """A progress bar and a line per validation, on stderr."""

    def __init__(self) -> None:
        super().__init__()
        from tqdm import tqdm

        self._bar = tqdm(
            total=1.0, bar_format="{l_bar}{bar}| {elapsed}<{remaining} {postfix}", file=sys.stderr, disable=None
        )

    def on_advance(self, done: float, total: float, message: str) -> None:
        if message.startswith("step"):
            self._bar.update(done / total - self._bar.n)
        self._bar.set_postfix_str(message)

    def on_publish(self, partial: Any) -> None:
        if partial["event"] == "validation":
            shown = {k: v for k, v in partial.items() if k not in ("event", "step")}
            self._bar.write(f"step {partial['step']}: {shown}", file=sys.stderr)

    def on_log(self, text: str) -> None:
        self._bar.write(text, file=sys.stderr)

    def error(self, sentence: str) -> None:
        self._bar.close()
        print(f"quakeview: {sentence}", file=sys.stderr)


def main(run_toml: Path, resume: bool = False, json_lines: bool = False) -> int:
    """Train as the run file says; the exit code is 0 if a run ended or was stopped, 1 after an error.

    A line ``stop`` on stdin, an interrupt (Ctrl+C) or a termination signal ends the run after the step at hand
    and keeps what was reached; a closed stdin does not.
    """
    progress = JsonLines(sys.stdout) if json_lines else Bar()
    if json_lines:
        threading.Thread(target=_stop_on_request, args=(sys.stdin, progress), daemon=True).start()
    before = {number: signal.signal(number, lambda *_: progress.cancel()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        from quakeview.training.config import read_run
        from quakeview.training.engine import train

        train(read_run(run_toml), progress, resume)
    except QuakeViewError as error:
        progress.error(str(error))
        return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _stop_on_request(lines: TextIO, progress: Progress) -> None:
    for line in lines:
        if line.strip() == "stop":
            progress.cancel()
