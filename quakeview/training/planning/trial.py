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
        QuakeViewError: for all that would end the run itself.
        Cancelled: through ``progress``.
    """
    begun = time.monotonic()
    task, watch = _OnTrial(make_task(config)), _Watch(progress, seconds * (1 - _SHARE_FOR_VALIDATION))
    with tempfile.TemporaryDirectory(prefix="quakeview-trial-") as name:
        folder = Path(name)
        settings = replace(
            config.training,
            max_steps=_NEVER,
            max_minutes=None,
            validate_every=_NEVER,
            checkpoint_minutes=_NEVER,
            log_every=1,
            patience=None,
        )
        short = replace(config, folder=folder, model_folder=None, training=settings)
        result = train(short, watch, task=task)
        if progress.cancelled:
            raise Cancelled
        per_step = watch.seconds_per_step()
        return Trial(
            steps=result.step,
            seconds_per_step=per_step,
            data_wait=median(float(line["data_wait"]) for line in watch.lines[1:] or watch.lines),
            seconds_to_begin=max(watch.times[0] - begun - per_step, 0.0),
            seconds_per_validation=task.seconds_to_validate(seconds * _SHARE_FOR_VALIDATION, progress),
            memory=watch.memory,
            checkpoint=_size(folder / "checkpoints"),
            model=sum(tensor.nbytes for tensor in task.model.state_dict().values()),
        )


class _Watch(Progress):
    """Keeps the numbers of each step and the most memory; ends the run some seconds after its first step."""

    def __init__(self, whole: Progress, seconds: float) -> None:
        super().__init__()
        self._whole, self._seconds = whole, seconds
        self._process = psutil.Process()
        self.lines: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.memory = 0

    def seconds_per_step(self) -> float:
        """The median; of a single step what its own line says."""
        if len(self.times) > 1:
            return median(after - before for before, after in pairwise(self.times))
        return max(float(self.lines[0]["seconds"]), 1e-3)

    def on_advance(self, done: float, total: float, message: str) -> None:
        self.memory = max(self.memory, _memory(self._process))
        over = bool(self.times) and time.monotonic() - self.times[0] >= self._seconds
        if over or self._whole.cancelled:
            self.cancel()
        else:
            self._whole.advance(done, total, message)

    def on_publish(self, partial: dict[str, Any]) -> None:
        if partial["event"] == "train":
            self.times.append(time.monotonic())
            self.lines.append(partial)

    def on_log(self, text: str) -> None:
        self._whole.log(text)


class _OnTrial:
    """A task that keeps its model and is not scored while it is trained.

    Attributes:
        model: that is trained.
    """

    model: nn.Module

    def __init__(self, task: Task) -> None:
        self._task = task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)

    def build_model(self) -> nn.Module:
        """The network, which is kept."""
        self.model = self._task.build_model()
        return self.model

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """No score: a model that a run begins with would be scored before the first step."""
        return {self._task.selecting: 0.0}

    def seconds_to_validate(self, longest: float, progress: Progress) -> float:
        """How long it takes to score all records that are kept aside, from those that there is time for."""
        clock = _Clock(progress, longest)
        device = next(self.model.parameters()).device
        try:
            with torch.inference_mode():
                self._task.validate(self.model.eval(), device, clock)
        except Cancelled:
            if progress.cancelled:
                raise
        return clock.spent() / max(clock.share, 1e-3)


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
