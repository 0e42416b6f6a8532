"""A run is made, killed, resumed, stopped and refused as it should be."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from accelerate.state import AcceleratorState
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.training.checkpoints import find_checkpoint, load_checkpoint, save_checkpoint
from quakeview.training.config import RunConfig, TrainingConfig
from quakeview.training.engine import train
from quakeview.training.optimising import update_average
from quakeview.training.tasks import Batch


@pytest.fixture(autouse=True)
def fresh_accelerator() -> None:
    """Accelerate keeps the precision of the first run in a process."""
    AcceleratorState._reset_state(reset_partial_state=True)


class LineTask:
    """Learn y = 2 x - 1 through a network with dropout and batch normalisation."""

    selecting = "score"

    def __init__(self, seconds_per_step: float = 0.0, scores: list[float] | None = None) -> None:
        self.seconds_per_step, self.scores = seconds_per_step, scores
        self.saved_cards: list[dict[str, Any]] = []

    def build_model(self) -> nn.Module:
        return nn.Sequential(nn.Linear(1, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 1))

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        step = first_step
        while True:
            x = torch.rand(batch_size, 1, generator=torch.Generator().manual_seed(step))
            time.sleep(self.seconds_per_step)
            yield {"x": x, "y": 2 * x - 1}
            step += 1

    def cautions(self) -> list[str]:
        return []

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        return [f"number {step * batch_size + i}" for i in range(batch_size)]

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        loss = nn.functional.mse_loss(model(batch["x"]), batch["y"])
        return loss, {"root": loss.sqrt()}

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        if self.scores:
            return {"score": self.scores.pop(0)}
        x = torch.linspace(0, 1, 50)[:, None]
        return {"score": -float(nn.functional.mse_loss(model(x), 2 * x - 1))}

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        safetensors.torch.save_file(model.state_dict(), folder / "model.safetensors")
        self.saved_cards.append(card)


def line_run(folder: Path, **training: Any) -> RunConfig:
    options = {"max_steps": 60, "validate_every": 20, "log_every": 5, "warmup_steps": 5, "device": "cpu"} | training
    return RunConfig("line", "line", folder, TrainingConfig(**options), text="name = 'line'\n")


def metrics(folder: Path, event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [line for line in lines if line["event"] == event]


def same_weights(one: Path, other: Path) -> bool:
    (_, a), (_, b) = find_checkpoint(one / "checkpoints", "last"), find_checkpoint(other / "checkpoints", "last")
    (first, state), (second, other_state) = load_checkpoint(a), load_checkpoint(b)
    moments = [s["optimiser"]["state"][0]["exp_avg_sq"] for s in (state, other_state)]
    return torch.equal(*moments) and all(torch.equal(first[name], second[name]) for name in first)


def test_a_step_counts_only_if_it_beats_the_model_that_the_run_began_with(tmp_path: Path) -> None:
    config = replace(line_run(tmp_path, max_steps=40), model={"init": "trained"})
    progress = Progress()
    said: list[str] = []
    progress.on_log = said.append
    result = train(config, progress, task=LineTask(scores=[0.9, 0.5, 0.8]))
    assert [line["step"] for line in metrics(tmp_path, "validation")] == [0, 20, 40]
    assert result.best_step == 0
    assert result.scores == {"score": 0.9}
    assert any("began with, which is kept" in sentence for sentence in said)


def test_a_run_learns_and_leaves_its_folder(tmp_path: Path) -> None:
    task = LineTask()
    result = train(line_run(tmp_path, max_steps=300, learning_rate=0.03, ema_decay=0.9), task=task)
    assert result.reason == "finished"
    assert result.step == 300
    assert result.scores["score"] > -0.02
    assert result.model_folder == tmp_path / "model"
    assert (tmp_path / "run.toml").read_text() == "name = 'line'\n"
    assert task.saved_cards[0]["scores"] == result.scores
    assert [line["step"] for line in metrics(tmp_path, "validation")] == list(range(20, 301, 20))
    assert {path.name for path in (tmp_path / "checkpoints").iterdir()} == {
        "last-00000300",
        f"best-{result.best_step:08d}",
    }


def test_the_shipped_weights_are_the_best_averaged_ones(tmp_path: Path) -> None:
    result = train(line_run(tmp_path), task=LineTask(scores=[0.1, 0.9, 0.2]))
    assert result.best_step == 40
    (_, best) = find_checkpoint(tmp_path / "checkpoints", "best")
    shipped = safetensors.torch.load_file(tmp_path / "model" / "model.safetensors")
    kept, _ = load_checkpoint(best)
    assert all(torch.equal(shipped[name], kept[name]) for name in kept)


def test_resume_after_kill_repeats_the_uninterrupted_run(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    train(line_run(whole), task=LineTask())
    code = (
        "from pathlib import Path; from tests.training.test_engine import *; import sys;"
        "train(line_run(Path(sys.argv[1]), checkpoint_minutes=0.001), task=LineTask(0.03))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(killed)], cwd=Path(__file__).parents[2])
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = find_checkpoint(killed / "checkpoints", "last")
        if found and found[0] > 23:
            break
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    step, _ = find_checkpoint(killed / "checkpoints", "last")
    assert 23 < step < 60
    train(line_run(killed), resume=True, task=LineTask())
    assert same_weights(whole, killed)
    timeless = ("event", "step", "loss", "root", "learning_rate", "score", "best", "gradient_norm")
    for event in ("train", "validation"):
        one, other = (
            [{k: v for k, v in line.items() if k in timeless} for line in metrics(f, event)] for f in (whole, killed)
        )
        assert one == other


def test_stop_keeps_and_resume_goes_on(tmp_path: Path) -> None:
    class StopAtStep(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            if message == "step 30":
                self.cancel()

    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    train(line_run(whole), task=LineTask())
    result = train(line_run(stopped), StopAtStep(), task=LineTask())
    assert (result.reason, result.step, result.best_step) == ("stopped", 30, 20)
    assert result.model_folder is not None
    train(line_run(stopped), resume=True, task=LineTask())
    assert same_weights(whole, stopped)


def test_early_stopping_waits_for_patience(tmp_path: Path) -> None:
    result = train(line_run(tmp_path, max_steps=500, patience=2), task=LineTask(scores=[0.5, 0.6, 0.4, 0.6, 0.9]))
    assert (result.reason, result.step, result.best_step) == ("early", 80, 40)


def test_a_budget_in_minutes_ends_the_run(tmp_path: Path) -> None:
    config = line_run(tmp_path, max_steps=None, max_minutes=0.01)
    result = train(config, task=LineTask(0.02))
    assert 1 <= result.step <= 40
    assert metrics(tmp_path, "validation")


def test_a_full_disk_is_a_sentence_and_the_last_checkpoint_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_checkpoint(tmp_path, "last", 1, {"w": torch.ones(2)}, {"step": 1})

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(QuakeViewError, match="make room and resume"):
        save_checkpoint(tmp_path, "last", 2, {"w": torch.zeros(2)}, {"step": 2})
    step, path = find_checkpoint(tmp_path, "last")
    assert step == 1
    assert load_checkpoint(path)[1] == {"step": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["last-00000001"]


def test_a_half_written_checkpoint_is_not_seen(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, "last", 1, {"w": torch.ones(2)})
    (tmp_path / "last-00000002.partial").mkdir()
    assert find_checkpoint(tmp_path, "last")[0] == 1


def test_a_damaged_checkpoint_is_a_sentence(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path, "last", 1, {"w": torch.ones(2)}, {})
    (path / "weights.safetensors").write_bytes(b"not weights")
    with pytest.raises(QuakeViewError, match="damaged"):
        load_checkpoint(path)


def test_folders_in_use_and_folders_without_a_run_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="no checkpoint"):
        train(line_run(tmp_path), resume=True, task=LineTask())
    train(line_run(tmp_path, max_steps=5), task=LineTask())
    with pytest.raises(QuakeViewError, match="already holds a run"):
        train(line_run(tmp_path), task=LineTask())


def test_another_model_is_not_loaded(tmp_path: Path) -> None:
    class Wider(LineTask):
        def build_model(self) -> nn.Module:
            return nn.Linear(1, 1)

    train(line_run(tmp_path, max_steps=5), task=LineTask())
    with pytest.raises(QuakeViewError, match="another model"):
        train(line_run(tmp_path), resume=True, task=Wider())


def test_a_loss_that_is_not_a_number_ends_the_run(tmp_path: Path) -> None:
    class Broken(LineTask):
        def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
            loss, log = super().loss(model, batch)
            return loss * float("nan"), log

    with pytest.raises(QuakeViewError, match="not a number"):
        train(line_run(tmp_path), task=Broken())


def test_mixed_precision_and_the_cyclic_schedule_run(tmp_path: Path) -> None:
    config = line_run(tmp_path, precision="bf16", optimiser="adam", schedule="triangular", triangle_steps=10)
    assert train(config, task=LineTask()).step == 60
    rates = {line["step"]: line["learning_rate"] for line in metrics(tmp_path, "train")}
    assert rates[10] > 1.5 * rates[20]
    assert max(rates.values()) <= 1e-3


def test_event_files_have_what_the_metrics_have(tmp_path: Path) -> None:
    events = pytest.importorskip("tensorboardX.proto.event_pb2", reason="tensorboardX is not installed")
    train(line_run(tmp_path, max_steps=20, tensorboard=True), task=LineTask())
    (path,) = (tmp_path / "tensorboard").iterdir()
    content, found = path.read_bytes(), {}
    while content:  # records of length, its checksum, content, its checksum
        length = int.from_bytes(content[:8], "little")
        event = events.Event.FromString(content[12 : 12 + length])
        found |= {(value.tag, event.step): value.simple_value for value in event.summary.value}
        content = content[16 + length :]
    loss = {line["step"]: line["loss"] for line in metrics(tmp_path, "train")}
    assert {step: found["train/loss", step] for step in loss} == pytest.approx(loss)
    assert ("validation/score", 20) in found


def test_event_files_need_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(QuakeViewError, match=r"pip install 'quakeview\[tensorboard\]'"):
        train(line_run(tmp_path, tensorboard=True), task=LineTask())


def test_the_average_moves_towards_the_model() -> None:
    average, model = nn.Linear(1, 1), nn.Linear(1, 1)
    nn.init.constant_(average.weight, 0.0)
    nn.init.constant_(model.weight, 1.0)
    update_average(average, model, decay=0.75)
    assert average.weight.item() == pytest.approx(0.25)
