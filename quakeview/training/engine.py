"""The training engine: one loop for every task, checkpointed, resumable bit by bit, on any device.

The randomness of step k depends on (seed, k, process) alone, and so does its data; a resumed run therefore repeats
exactly what an uninterrupted one does (on a CPU; GPU kernels may add in another order), as long as its budget is
counted in steps.

Several processes, started by ``accelerate launch``, train as one with all their batches: the main one validates, writes
and keeps the time; what ends the run ends it for all.
"""

import copy
import json
import math
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from torch import nn

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.training.bad_batch import save_batch, told, wrong_examples
from quakeview.training.checkpoints import (
    checkpoint_path,
    find_checkpoint,
    load_checkpoint,
    prune,
    save_checkpoint,
)
from quakeview.training.clock import TrainingClock
from quakeview.training.config import RunConfig
from quakeview.training.event_files import EventFiles
from quakeview.training.optimising import make_accelerator, make_optimiser, step_seed, update_average
from quakeview.training.runs.examples import write_examples
from quakeview.training.runs.run_folder import EXAMPLES
from quakeview.training.schedules import learning_rate
from quakeview.training.splits import copy_splits
from quakeview.training.tasks import Batch, ShowsExamples, Task, make_task
from quakeview.training.together import joined, largest, lost_another, mean_values, with_joint_norms

FORMAT = 1
"""Of run folders: a checkpoint with a larger number is from a newer version."""
REASONS = ("", "finished", "early", "stopped")
"""Why a run ends, the weightiest last."""


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    Attributes:
        reason: ``finished`` (budget used up), ``early`` (no better score any more) or ``stopped`` (by the user).
        step: steps made.
        minutes: training time, over all resumptions.
        best_step, scores: of the best weights; None and empty if none was validated.
        model_folder: where the best model was written; None if there is none.
    """

    folder: Path
    reason: str
    step: int
    minutes: float
    best_step: int | None
    scores: dict[str, float]
    model_folder: Path | None


@dataclass
class _Position:
    """Where a run stands, apart from the weights: all that a checkpoint keeps as plain values.

    A run that begins with a trained model scores it first (``validated_step`` is -1 until then): a step counts as an
    improvement only beside it.
    """

    step: int = 0
    seconds: float = 0.0
    validated_step: int = 0
    best_step: int | None = None
    best_scores: dict[str, float] = field(default_factory=dict)
    validations_since_best: int = 0
    sums: dict[str, float] = field(default_factory=dict)


def train(
    config: RunConfig, progress: Progress | None = None, resume: bool = False, task: Task | None = None
) -> RunResult:
    """Train until the budget is used up, the score stops improving, or ``progress`` is cancelled.

    Cancelling finishes the step, writes a checkpoint and keeps the best model so far; it does not raise. Metrics go
    to ``metrics.jsonl`` in the run folder and, as dictionaries, to ``progress.publish``.

    Args:
        resume: go on from the last checkpoint of the run folder.
        task: instead of the one the configuration names.

    Raises:
        QuakeViewError: if the folder already holds a run (or none, when resuming), the data cannot be read, the loss
            is not a number, or a checkpoint cannot be written.
        Cancelled: through ``progress``, before the data are ready.
    """
    try:
        return _Run(config, progress or Progress(), task, resume).train()
    except RuntimeError as error:
        if not lost_another(error):
            raise
        raise QuakeViewError("Another process of this run has ended; what it said tells why.") from error


class _Run:
    def __init__(self, config: RunConfig, progress: Progress, task: Task | None, resume: bool) -> None:
        self.config, self.options, self.progress = config, config.training, progress
        if self.options.threads is not None:
            torch.set_num_threads(self.options.threads)
        self.accelerator = make_accelerator(self.options)
        with self.accelerator.main_process_first():  # it may have data to make
            self.task = task or make_task(config, progress)
        self.position = _Position(validated_step=-1 if "init" in config.model else 0)
        torch.manual_seed(config.seed)
        model = self.task.build_model()
        self.average = copy.deepcopy(model).to(self.accelerator.device).eval()
        self.optimiser = make_optimiser(self.options, model)
        self.model, self.optimiser = self.accelerator.prepare(with_joint_norms(model), self.optimiser)
        self._open_folder(resume)
        wanted = self.options.tensorboard and self._main
        self.events = EventFiles(config.folder, self.position.step) if wanted else None
        self.clock = TrainingClock(self.position.seconds)
        self.saved_at = time.monotonic()
        self.saved = (self.position.step, self.position.validated_step) if resume else None
        self.logged_at = time.monotonic()
        self.waited = 0.0

    def train(self) -> RunResult:
        for caution in self.task.cautions():
            self.progress.log(caution)
        batches = self._batches()
        while True:
            if self.position.step % self.options.validate_every == 0:
                self._validate()
            if time.monotonic() - self.saved_at > 60 * self.options.checkpoint_minutes:
                self._checkpoint()
            if reason := self._reason_for_all():
                break
            self._make_step(next(batches))
            with suppress(Cancelled):  # all processes stop together, before the next step
                self.progress.advance(self._spent(), 1.0, f"step {self.position.step}")
        if reason != "stopped":
            self._validate()
            reason = self._reason_for_all()
        self._checkpoint()
        return self._finish(reason)

    # -- the step

    def _batches(self) -> Iterator[Batch]:
        stream = self.task.batches(
            self.position.step,
            self.options.batch_size,
            self.accelerator.process_index,
            self.accelerator.num_processes,
            self.options.workers,
        )
        while True:
            begun = time.monotonic()
            batch = next(stream)
            self.waited += time.monotonic() - begun
            yield {name: value.to(self.accelerator.device, non_blocking=True) for name, value in batch.items()}

    def _make_step(self, batch: Batch) -> None:
        step = self.position.step
        torch.manual_seed(step_seed(self.config.seed, step, self.accelerator.process_index))
        rate = learning_rate(self.options, step, self._spent())
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.model.train()
        loss, log = self.task.loss(self.model, batch)
        self.accelerator.backward(loss)
        norm = self.accelerator.clip_grad_norm_(self.model.parameters(), self.options.clip_norm)
        values = mean_values({"loss": loss, "gradient_norm": norm, **log})
        self._check(values, batch)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        update_average(self.average, self._raw_model, self._decay())
        self.position.step += 1
        self._log(rate, values)

    def _check(self, values: dict[str, float], batch: Batch) -> None:
        """Refuse a step whose loss or gradient is no finite number; of half precision the scaler skips the latter.

        Raises:
            QuakeViewError: that names the examples which are to blame; the batch is kept in the run folder.
        """
        step, rank = self.position.step, self.accelerator.process_index
        scaled = self.accelerator.scaler is not None and self.accelerator.scaler.get_scale() > 1
        if math.isfinite(values["loss"]) and (scaled or math.isfinite(values["gradient_norm"])):
            return
        wrong = "gradient" if math.isfinite(values["loss"]) else "loss"
        names = self.task.names(step, self.options.batch_size, rank, self.accelerator.num_processes)
        kept = save_batch(self.config.folder / f"bad-batch-{step:08d}-{rank}.npz", batch, names)
        blamed = joined([names[number] for number in wrong_examples(self.task, self.average, batch)])
        examples = self.options.batch_size * self.accelerator.num_processes
        raise told(f"The {wrong} of step {step} is not a number", blamed, examples, kept)

    def _decay(self) -> float:
        """Of the running mean of the weights: short at first, so that the random start is forgotten."""
        return min(self.options.ema_decay, (1 + self.position.step) / (10 + self.position.step))

    def _log(self, rate: float, values: dict[str, float]) -> None:
        sums, every = self.position.sums, self.options.log_every
        for name, value in values.items():
            sums[name] = sums.get(name, 0.0) + value
        if self.position.step % every:
            return
        now = time.monotonic()
        elapsed = max(now - self.logged_at, 1e-9)
        self._record(
            "train",
            {name: float(value) / every for name, value in sums.items()} | {"learning_rate": rate},
            seconds=round(self.clock.seconds, 1),
            examples_per_second=round(every * self.options.batch_size * self.accelerator.num_processes / elapsed, 1),
            data_wait=round(self.waited / elapsed, 3),
        )
        sums.clear()
        self.logged_at, self.waited = now, 0.0

    # -- budget

    def _spent(self) -> float:
        """Fraction of the budget that is used up."""
        by_steps = self.position.step / self.options.max_steps if self.options.max_steps else 0.0
        by_time = self.position.seconds / (60 * self.options.max_minutes) if self.options.max_minutes else 0.0
        return min(1.0, max(by_steps, by_time))

    def _reason_to_end(self) -> str:
        if self.progress.cancelled:
            return "stopped"
        if self._spent() >= 1:
            return "finished"
        patience = self.options.patience
        return "early" if patience is not None and self.position.validations_since_best >= patience else ""

    def _reason_for_all(self) -> str:
        """Why the run ends now, if it does: the main process has the time and the scores, any may have been stopped."""
        if self._main:
            self.position.seconds = self.clock.seconds
        own = self._reason_to_end() if self._main or self.progress.cancelled else ""
        self.position.seconds, heaviest = largest([self.position.seconds, REASONS.index(own)], self.accelerator.device)
        return REASONS[int(heaviest)]

    # -- validation

    def _validate(self) -> None:
        """Score the averaged weights unless that was done at this step; keep them if they are the best."""
        position = self.position
        if position.validated_step == position.step:
            return
        self.accelerator.wait_for_everyone()
        with suppress(Cancelled):  # it is made when the run is resumed
            if self._main:
                self._score()
            position.validated_step = position.step
            self._checkpoint()
        self.accelerator.wait_for_everyone()

    def _score(self) -> None:
        position, selecting = self.position, self.task.selecting
        spent = self._spent()
        with torch.inference_mode():
            scores = self.task.validate(self.average, self.accelerator.device, self.progress.part(spent, spent))
        scores = {name: float(value) for name, value in scores.items()}
        if math.isnan(scores[selecting]):
            raise QuakeViewError(
                f"The validation gives no {selecting}, by which the best weights are chosen; "
                "choose validation records that have labels of every kind."
            )
        best = scores[selecting] > position.best_scores.get(selecting, -math.inf)
        position.validations_since_best += 1
        if best:
            position.best_step, position.best_scores, position.validations_since_best = position.step, scores, 0
            save_checkpoint(self._checkpoints, "best", position.step, self.average.state_dict())
        self._record("validation", scores, best=best)
        self._keep_examples()

    def _keep_examples(self) -> None:
        """Write what the averaged weights make of a few examples, which are worth less than the run."""
        if not isinstance(self.task, ShowsExamples):
            return
        with torch.inference_mode():
            examples = self.task.examples(self.average, self.accelerator.device)
        try:
            if examples is not None:
                write_examples(self.config.folder / EXAMPLES, self.position.step, examples)
        except QuakeViewError as error:
            self.progress.log(str(error))

    # -- the run folder

    @property
    def _main(self) -> bool:
        return self.accelerator.is_main_process

    @property
    def _raw_model(self) -> nn.Module:
        return self.accelerator.unwrap_model(self.model)

    @property
    def _checkpoints(self) -> Path:
        return self.config.folder / "checkpoints"

    @property
    def _metrics(self) -> Path:
        return self.config.folder / "metrics.jsonl"

    def _open_folder(self, resume: bool) -> None:
        found = find_checkpoint(self._checkpoints, "last")
        if found and not resume:
            raise QuakeViewError(f"{self.config.folder} already holds a run; resume it or choose another folder.")
        if resume and not found:
            raise QuakeViewError(f"{self.config.folder} holds no checkpoint to resume from; start the run anew.")
        if found:
            self._load(found[1])
        if not self._main:
            return
        make_folder(self._checkpoints)
        write_atomically(self.config.folder / "run.toml", self.config.text.encode())
        copy_splits(self.config.data, self.config.base, self.config.folder)
        write_atomically(self._metrics, b"".join(self._metrics_so_far()))

    def _metrics_so_far(self) -> list[bytes]:
        """The lines up to the step we stand at; later ones will be made again, and the torn end of a killed run too."""
        last = {"validation": self.position.validated_step, "finished": -1}
        kept = []
        for line in self._metrics.read_bytes().splitlines(keepends=True) if self._metrics.exists() else []:
            with suppress(ValueError):
                told = json.loads(line)
                if line.endswith(b"\n") and told["step"] <= last.get(told["event"], self.position.step):
                    kept.append(line)
        return kept

    def _load(self, path: Path) -> None:
        weights, state = load_checkpoint(path)
        if state.get("format", FORMAT) > FORMAT:
            raise QuakeViewError(
                f"The run in {self.config.folder} was made by a newer version of QuakeView; "
                "update QuakeView, or choose another folder."
            )
        try:
            self._raw_model.load_state_dict({k[6:]: v for k, v in weights.items() if k.startswith("model.")})
            self.average.load_state_dict({k[8:]: v for k, v in weights.items() if k.startswith("average.")})
            self.optimiser.load_state_dict(state["optimiser"])
        except (RuntimeError, ValueError, KeyError) as error:
            raise QuakeViewError(
                f"The checkpoint {path} was made by another model; restore the run file or choose another folder."
            ) from error
        if self.accelerator.scaler is not None and state["scaler"] is not None:
            self.accelerator.scaler.load_state_dict(state["scaler"])
        self.position = _Position(**state["position"])

    def _checkpoint(self) -> None:
        """Write ``last`` unless it is there already; only then drop the older ones."""
        position = self.position
        if not self._main or (position.step, position.validated_step) == self.saved:
            return
        position.seconds = self.clock.seconds
        weights = {f"model.{k}": v for k, v in self._raw_model.state_dict().items()}
        weights |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        scaler = self.accelerator.scaler
        state = {
            "format": FORMAT,
            "optimiser": self.optimiser.state_dict(),
            "scaler": scaler.state_dict() if scaler is not None else None,
            "position": dict(vars(position)),
        }
        save_checkpoint(self._checkpoints, "last", position.step, weights, state)
        self.saved_at, self.saved = time.monotonic(), (position.step, position.validated_step)
        prune(self._checkpoints, "last", position.step)
        if position.best_step is not None:
            prune(self._checkpoints, "best", position.best_step)

    def _record(self, event: str, values: dict[str, float], **more: Any) -> None:
        if not self._main:
            return
        numbers = {name: value if math.isfinite(value) else None for name, value in values.items()}
        line = {"event": event, "step": self.position.step, **numbers, **more}
        try:
            with self._metrics.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise QuakeViewError(
                f"{self._metrics} cannot be written ({error.strerror}); make room and resume the run."
            ) from error
        if self.events is not None:
            self.events.write(event, self.position.step, {k: v for k, v in numbers.items() if v is not None})
        self.progress.publish(line)

    def _finish(self, reason: str) -> RunResult:
        position = self.position
        model_folder = None
        if position.best_step is not None and self._main:
            model_folder = self.config.model_folder or self.config.folder / "model"
            best = checkpoint_path(self._checkpoints, "best", position.best_step)
            self.average.load_state_dict(load_checkpoint(best)[0])
            self.task.save(self.average, model_folder, self._card())
            copy_splits(self.config.data, self.config.base, model_folder)
            if position.best_step == 0:
                self.progress.log("No step scored better than the model that the run began with, which is kept.")
        result = RunResult(
            self.config.folder,
            reason,
            position.step,
            position.seconds / 60,
            position.best_step,
            position.best_scores,
            model_folder,
        )
        self._record("finished", result.scores, reason=reason, model_folder=str(model_folder) if model_folder else None)
        if self.events is not None:
            self.events.close()
        return result

    def _card(self) -> dict[str, Any]:
        return {
            "name": self.config.name,
            "task": self.config.task,
            "scores": {name: value for name, value in self.position.best_scores.items() if math.isfinite(value)},
            "steps": self.position.best_step,
            "minutes": round(self.position.seconds / 60, 1),
            "command": "quakeview train run.toml",
            "run": self.config.text,
            "date": datetime.now(UTC).date().isoformat(),
        }
