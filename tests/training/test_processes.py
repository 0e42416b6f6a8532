"""Several processes train as one, stop together and fail with one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate.state import AcceleratorState

from quakeview.training.checkpoints import find_checkpoint, load_checkpoint
from quakeview.training.config import read_run
from quakeview.training.engine import train
from tests.training.test_forecasting import PLACES, write_set
from tests.training.waveform_files import write_seisbench

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(900)  # half a minute on two free cores, minutes on a busy machine
TRAINING = """
[training]
max_steps = 4
batch_size = {batch_size}
validate_every = 2
log_every = 2
workers = 0
device = "cpu"
"""
RECORDS = """
name = "tiny"
task = "{task}"
folder = "{task}-{batch_size}"
[model]
conv_channels = [4, 4, 4, 4]
head_channels = [4, 4, 4, 4]
n_layers = 1
n_heads = 2
n_positions = 32
window_samples = 1024
[[data.sources]]
kind = "seisbench"
path = "records"
split = "train"
[data.validation]
kind = "seisbench"
path = "records"
split = "dev"
"""
WAVES = """
name = "little"
task = "forecasting"
folder = "{task}-{batch_size}"
[model]
channels = 8
[data]
library = "library"
validation = "validation"
[data.pool]
file = "pool.npy"
points = 6
ruptures = 0
[data.windows]
input_frames = 10
steps = 2
stations = [5, 20]
"""
TABLES = {"picking": RECORDS, "forecasting": WAVES}


def run_file(folder: Path, task: str, batch_size: int) -> Path:
    path = folder / f"{task}-{batch_size}.toml"
    path.write_text((TABLES[task] + TRAINING).format(task=task, batch_size=batch_size))
    return path


def launched(script: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Two processes as the guide starts them, on any free port."""
    script.write_text(text)
    options = ["--multi_gpu", "--num_processes", "2", "--main_process_port", "0"]
    command = [sys.executable, "-m", "accelerate.commands.launch", *options]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, str(script), *arguments], env=environment, cwd=script.parent, capture_output=True, text=True
    )


def numbers(folder: Path) -> dict[str, float]:
    """What a run has measured, but for its times."""
    found = {}
    for line in map(json.loads, (folder / "metrics.jsonl").read_text().splitlines()):
        for name, value in line.items():
            if isinstance(value, float) and name not in ("seconds", "examples_per_second", "data_wait"):
                found[f"{line['event']} {line['step']} {name}"] = value
    return found


def weights(folder: Path) -> dict[str, torch.Tensor]:
    _, last = find_checkpoint(folder / "checkpoints", "last") or pytest.fail("no checkpoint")
    return load_checkpoint(last)[0]


def test_two_processes_train_as_one_with_the_doubled_batch(tmp_path: Path) -> None:
    write_seisbench(tmp_path / "records")
    write_set(tmp_path / "library", "train", PLACES[:1])
    write_set(tmp_path / "validation", "validation", PLACES[1:2])
    command = "import sys; from quakeview.cli import main\nfor run in sys.argv[1:]: assert main(['train', run]) == 0\n"
    pairs = [str(run_file(tmp_path, task, 2)) for task in TABLES]
    done = launched(tmp_path / "train.py", command, *pairs)
    assert done.returncode == 0, done.stderr
    AcceleratorState._reset_state(reset_partial_state=True)
    for task in TABLES:
        result = train(read_run(run_file(tmp_path, task, 4)))
        together, alone = numbers(tmp_path / f"{task}-2"), numbers(result.folder)
        assert len(alone) > 10
        assert together == pytest.approx(alone, rel=1e-3, abs=1e-6), task
        for name, value in weights(tmp_path / f"{task}-2").items():
            torch.testing.assert_close(value, weights(result.folder)[name], rtol=1e-3, atol=1e-5, msg=f"{task} {name}")


LINES = """
import os, sys
from pathlib import Path
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.training.engine import train
from tests.training.test_engine import LineTask, line_run

rank = int(os.environ["RANK"])

class Broken(LineTask):
    def batches(self, *arguments):
        for number, batch in enumerate(super().batches(*arguments)):
            if rank == 1 and number == 3:
                batch["y"][5] = float("inf")
            yield batch

class StopSecond(Progress):
    def on_advance(self, done, total, message):
        if rank == 1 and message == "step 7":
            self.cancel()

try:
    train(line_run(Path("broken")), task=Broken())
except QuakeViewError as error:
    Path(f"sentence-{rank}").write_text(str(error))
result = train(line_run(Path("stopped")), StopSecond(), task=LineTask())
Path(f"reason-{rank}").write_text(f"{result.reason} {result.step}")
"""


def test_what_one_process_meets_holds_for_all(tmp_path: Path) -> None:
    done = launched(tmp_path / "lines.py", LINES)
    assert done.returncode == 0, done.stderr
    sentences: list[Any] = [(tmp_path / f"sentence-{rank}").read_text() for rank in (0, 1)]
    assert all("loss of step 3 is not a number, because of 1 example (number 101)" in said for said in sentences)
    assert all((tmp_path / "broken" / f"bad-batch-00000003-{rank}.npz").exists() for rank in (0, 1))
    assert [(tmp_path / f"reason-{rank}").read_text() for rank in (0, 1)] == ["stopped 7"] * 2
