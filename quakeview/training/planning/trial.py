"""A run on trial: some seconds of the real thing, which say what the whole will cost."""

import tempfile
import time
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import torch
from torch import nn

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.training.config import RunConfig
from quakeview.training.engine import train
from quakeview.training.tasks import Task, make_task

_NEVER = 10**9
_SHARE_FOR_VALIDATION = 0.4
"""Of the seconds of the trial."""


@dataclass(frozen=True)
class Trial:
    """What some seconds of a run have shown.

    Attributes:
        steps: that were made.
        seconds_per_step: median.
        data_wait: part of a step in which the network waits for data.
        seconds_to_begin: until the first step: programs and data are read.
        seconds_per_validation: of all records that are kept aside, as far as they were looked at.
        memory: bytes at their highest, of the process and those that make its data.
        checkpoint, model: bytes on disk.
    """

    steps: int
    seconds_per_step: float
    data_wait: float
    seconds_to_begin: float
    seconds_per_validation: float
    memory: int
    checkpoint: int
    model: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def try_run(config: RunConfig, seconds: float, progress: Progress = Progress()) -> Trial:
    """Train for some seconds in a folder that is deleted again, and score what can be scored in a part of them.

    Raises:
        QuakeViewError: for all that would end the run itself, or if no step is made.
        Cancelled: through ``progress``.
    """
    begun = time.monotonic()
    watch = _Watch(progress)
    task = _OnTrial(make_task(config), seconds * _SHARE_FOR_VALIDATION, watch)
    with tempfile.TemporaryDirectory(prefix="quakeview-trial-") as name:
        folder = Path(name)
        settings = replace(
            config.training,
            max_steps=None,
            max_minutes=seconds * (1 - _SHARE_FOR_VALIDATION) / 60,
            validate_every=_NEVER,
            checkpoint_minutes=_NEVER,
            log_every=1,
            patience=None,
        )
        short = replace(config, folder=folder, model_folder=None, training=settings)
        result = train(short, watch, task=task)
        if progress.cancelled:
            raise Cancelled
        if not watch.lines:
            raise QuakeViewError("No step was made in the time of the trial; give it more, or smaller batches.")
        per_step = watch.seconds_per_step()
        return Trial(
            steps=result.step,
            seconds_per_step=per_step,
            data_wait=median(float(line["data_wait"]) for line in watch.lines[1:] or watch.lines),
            seconds_to_begin=max(watch.times[0] - begun - per_step, 0.0),
            seconds_per_validation=task.seconds,
            memory=watch.memory,
            checkpoint=_size(folder / "checkpoints"),
            model=_size(folder / "model"),
        )


class _Watch(Progress):
    """Keeps the numbers of each step and the most memory, and lets the trial be cancelled."""

    def __init__(self, whole: Progress) -> None:
        super().__init__(whole._cancelled)
        self._whole = whole
        self._process = psutil.Process()
        self.lines: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.memory = 0

    def seconds_per_step(self) -> float:
        """The median; of a single step what its own line says."""
        if len(self.times) > 1:
            return median(after - before for before, after in pairwise(self.times))
        return float(self.lines[0]["seconds"])

    def on_advance(self, done: float, total: float, message: str) -> None:
        self.memory = max(self.memory, _memory(self._process))
        self._whole.on_advance(done, total, message)

    def on_publish(self, partial: dict[str, Any]) -> None:
        if partial["event"] == "train":
            self.times.append(time.monotonic())
            self.lines.append(partial)

    def on_log(self, text: str) -> None:
        self._whole.log(text)


class _OnTrial:
    """A task whose validation ends after some seconds and says how long the whole would have taken."""

    def __init__(self, task: Task, longest: float, watch: _Watch) -> None:
        self._task, self._longest, self._watch = task, longest, watch
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """Score as many records as there is time for, once steps were made; what was not reached is no score."""
        if not self._watch.lines:
            return {self._task.selecting: 0.0}
        clock = _Clock(progress, self._longest)
        try:
            scores = self._task.validate(model, device, clock)
        except Cancelled:
            if progress.cancelled:
                raise
            scores = {self._task.selecting: 0.0}
        self.seconds = clock.spent() / max(clock.share, 1e-3)
        return scores


class _Clock(Progress):
    """Ends a validation after some seconds, and knows what part of it was done."""

    def __init__(self, whole: Progress, longest: float) -> None:
        super().__init__()
        self._whole, self._longest = whole, longest
        self._begun = time.monotonic()
        self.share = 0.0

    def spent(self) -> float:
        return time.monotonic() - self._begun

    def on_advance(self, done: float, total: float, message: str) -> None:
        self.share = done / total if total else 1.0
        self._whole.advance(done, total, message)
        if self.spent() > self._longest and self.share < 1:
            raise Cancelled


def _memory(process: psutil.Process) -> int:
    """Bytes that a process and those it has started hold now."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
