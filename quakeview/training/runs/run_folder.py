"""A run folder: the run file, the state, the numbers, the log, the examples and the model of one run."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from quakeview.errors import QuakeViewError
from quakeview.toml_files import read_toml
from quakeview.training.config import RunConfig, read_run
from quakeview.training.runs.metrics import METRICS, Line, Metrics
from quakeview.training.runs.run_state import RunState, read_state

RUN_FILE = "run.toml"
LOG = "log.jsonl"
CHECKPOINTS = "checkpoints"
EXAMPLES = "examples"
MODEL = "model"
_TAIL = 200_000
"""Bytes at the end of a log that are read."""


class RunFolder:
    """One run, seen from outside; nothing is read before it is asked for.

    Attributes:
        metrics: its numbers; ``metrics.refresh()`` reads what has come.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.metrics = Metrics(self.path / METRICS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunFolder) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    @property
    def text(self) -> str:
        """The run file as it was read; empty if it is not there."""
        with suppress(OSError, ValueError):
            return (self.path / RUN_FILE).read_text("utf-8")
        return ""

    @property
    def name(self) -> str:
        """That of the run file, or else of the folder."""
        with suppress(QuakeViewError):
            return str(read_toml(self.path / RUN_FILE)[0].get("name", self.path.name))
        return self.path.name

    @property
    def state(self) -> RunState:
        """Where it stands.

        Raises:
            QuakeViewError: if a newer QuakeView wrote it, it is damaged, or the folder is gone.
        """
        if not self.path.is_dir():
            raise QuakeViewError(f"There is no folder {self.path}; if the run was moved, open it at its new place.")
        return read_state(self.path)

    @property
    def run_file(self) -> Path:
        """The file to start or resume it with; its paths are meant from there.

        Raises:
            QuakeViewError: if there is none any more.
        """
        own, first = self.path / RUN_FILE, Path(self.state.run_file)
        for path in (own, first):
            with suppress(QuakeViewError):
                if path.is_file() and read_run(path).folder == self.path:
                    return path
        if own.is_file() and not self.state.run_file:
            read_run(own)  # says what is wrong in it
        raise QuakeViewError(
            f"The run file {first if self.state.run_file else own} with which {self.name} began does not lead to this "
            "folder any more; put file and folder back to where they were."
        )

    @property
    def config(self) -> RunConfig:
        """What it was asked to do.

        Raises:
            QuakeViewError: as ``run_file``.
        """
        return read_run(self.run_file)

    @property
    def has_checkpoint(self) -> bool:
        """Whether it can be resumed."""
        return any(path.suffix != ".partial" for path in (self.path / CHECKPOINTS).glob("last-*"))

    @property
    def model_folder(self) -> Path | None:
        """Where its finished model is; None if there is none."""
        with suppress(QuakeViewError):
            chosen = self.config.model_folder
            if chosen is not None:
                return chosen if chosen.is_dir() else None
        folder = self.path / MODEL
        return folder if folder.is_dir() else None

    @property
    def examples(self) -> list[Path]:
        """Files of example predictions, one a validation, by rising step."""
        return sorted((self.path / EXAMPLES).glob("*.npz"))

    def spent(self) -> float:
        """The part of its budget that is used up, 0 to 1."""
        with suppress(QuakeViewError):
            budget = self.config.training
            steps = self.metrics.step / budget.max_steps if budget.max_steps else 0.0
            minutes = self.metrics.seconds / 60 / budget.max_minutes if budget.max_minutes else 0.0
            return min(1.0, max(steps, minutes))
        return 0.0

    def seconds_left(self) -> float | None:
        """Until its budget is used up, at the pace so far; None while there is no pace."""
        spent, seconds = self.spent(), self.metrics.seconds
        return seconds * (1 - spent) / spent if spent > 0 and seconds > 0 else None

    def log_lines(self) -> list[Line]:
        """The last lines of its log; a line that is no JSON, such as of a traceback, is a ``log`` event."""
        return list(_lines(self.path / LOG))

    def log_tail(self, number: int = 200) -> list[str]:
        """The last things its log says, in words, without the progress in between."""
        said = [text for line in self.log_lines() if (text := _in_words(line))]
        return said[-number:]

    def doing(self) -> str:
        """What its process said last that it does; empty if nothing."""
        said = (str(line.get("message", "")) for line in reversed(self.log_lines()) if line.get("event") == "progress")
        return next(said, "")

    def disk_use(self) -> int:
        """Bytes of all its files."""
        total = 0
        for path in self.path.rglob("*"):
            with suppress(OSError):  # a checkpoint that is replaced meanwhile
                if path.is_file() and not path.is_symlink():
                    total += path.stat().st_size
        return total


def is_run(path: Path) -> bool:
    """Whether there is a run in a folder."""
    return any((path / name).exists() for name in (RUN_FILE, METRICS))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            content = file.read()
    except OSError:
        return
    texts = content.decode("utf-8", "replace").splitlines()
    for text in texts[1:] if size > _TAIL else texts:
        try:
            line = json.loads(text)
            yield line if isinstance(line, dict) else {"event": "log", "message": text}
        except ValueError:
            yield {"event": "log", "message": text}


def _in_words(line: Line) -> str:
    """A line of the log as a person reads it; empty for progress and numbers, which have their own place."""
    match line.get("event"):
        case "log" | "error":
            return str(line.get("message", ""))
        case "finished":
            return f"step {line.get('step')}: {line.get('reason')}"
    return ""
