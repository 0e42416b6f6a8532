"""The numbers of a run, ``metrics.jsonl``, read as they come: what was read once is not read again."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

METRICS = "metrics.jsonl"
Line = dict[str, Any]


@dataclass
class Metrics:
    """The lines of ``path`` so far.

    Attributes:
        train, validation: lines of these events, by rising step; ``None`` in one is no number.
    """

    path: Path
    train: list[Line] = field(default_factory=list)
    validation: list[Line] = field(default_factory=list)
    _file: int = 0
    _offset: int = 0

    def refresh(self) -> bool:
        """Read the whole lines that have come; a file that was written anew, as on resuming, is read from its start.

        Returns:
            Whether anything changed.
        """
        try:
            with self.path.open("rb") as file:
                self._start_anew_if_replaced(file.fileno())
                file.seek(self._offset)
                content = file.read()
        except OSError:
            return False
        whole = content[: content.rfind(b"\n") + 1]
        self._offset += len(whole)
        for text in whole.splitlines():
            self._keep(text)
        return bool(whole)

    def best(self) -> Line | None:
        """The validation whose weights are kept; None before there is one."""
        return next((line for line in reversed(self.validation) if line.get("best")), None)

    @property
    def seconds(self) -> float:
        """Trained so far, as of the last line."""
        return float(self.train[-1]["seconds"]) if self.train else 0.0

    @property
    def step(self) -> int:
        """Of the last line."""
        return max((int(lines[-1]["step"]) for lines in (self.train, self.validation) if lines), default=0)

    def _start_anew_if_replaced(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if status.st_ino != self._file or status.st_size < self._offset:
            self._file, self._offset = status.st_ino, 0
            self.train, self.validation = [], []

    def _keep(self, text: bytes) -> None:
        with suppress(ValueError, KeyError, TypeError):
            line = json.loads(text)
            kept = {"train": self.train, "validation": self.validation}.get(line["event"])
            if kept is not None:
                kept.append(line)


def numbers(line: Line) -> dict[str, float]:
    """The numbers of a line, by name, without its step and time."""
    left_out = ("step", "seconds", "best")
    return {
        name: float(value)
        for name, value in line.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool) and name not in left_out
    }
