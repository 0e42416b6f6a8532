"""A run that is killed anywhere goes on as if it had not been, whatever it learns; a full disk costs no more."""

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
import torch
from accelerate.state import AcceleratorState

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.picker import load_picker
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.registry import read_card
from quakeview.training.checkpoints import find_checkpoint, load_checkpoint, save_checkpoint
from quakeview.training.config import read_run
from quakeview.training.engine import RunResult, train
from quakeview.training.picking import probability_curves
from quakeview.training.record_config import SourceConfig
from quakeview.training.sources import open_records
from tests.single_station.test_network import TINY
from tests.training.test_forecasting import PLACES, write_set
from tests.training.test_processes import RECORDS, WAVES
from tests.training.waveform_files import write_seisbench

STATION = RECORDS[: RECORDS.index("[model]")] + (
    '[model]\ntrunk = "picker"\nrecord = 8\nonset = 8\n' + RECORDS[RECORDS.index("[[data.sources]]") :]
)
TABLES = {"picking": RECORDS, "polarity": RECORDS, "characterisation": STATION, "forecasting": WAVES}
TIMES = ("seconds", "examples_per_second", "data_wait")


class Killed(BaseException):
    """What is written at that moment is all there is, as after kill -9."""


class KilledAt(Progress):
    """Ends everything at a message, the second time it comes if ``twice``."""

    def __init__(self, message: str, twice: bool = False) -> None:
        super().__init__()
        self.message, self.left = message, 1 + twice

    def on_advance(self, done: float, total: float, message: str) -> None:
        self.left -= message == self.message
        if not self.left:
            raise Killed


class StoppedAt(Progress):
    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message

    def on_advance(self, done: float, total: float, message: str) -> None:
        if message == self.message:
            self.cancel()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resuming")
    write_seisbench(folder / "records")
    write_set(folder / "library", "train", PLACES[:1])
    write_set(folder / "validation", "validation", PLACES[1:2])
    save_model(folder / "picker", SeisMoLLM(TINY), {"name": "picker"})
    return folder


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Callable[..., RunResult]:
    """Train a task in a folder of that name; every step has its checkpoint."""

    def made(
        task: str, name: str, progress: Progress | None = None, resume: bool = False, **training: Any
    ) -> RunResult:
        AcceleratorState._reset_state(reset_partial_state=True)
        options = {"max_steps": 6, "validate_every": 3, "log_every": 2, "workers": 0, "checkpoint_minutes": 0.0}
        table = (
            TABLES[task]
            .format(task=task, batch_size=2)
            .replace(f'folder = "{task}-2"', f'folder = "{tmp_path / name}"')
        )
        lines = [f"{key} = {value}" for key, value in {**options, **training}.items()]
        path = data / f"{task}-{name}.toml"
        path.write_text("\n".join([table, '[training]\nbatch_size = 2\ndevice = "cpu"\nthreads = 1', *lines]))
        return train(read_run(path), progress, resume)

    return made


def told(folder: Path) -> list[dict[str, Any]]:
    """The metrics of a run without its times and paths."""
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in (*TIMES, "model_folder")} for line in lines]


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("task", ["picking", "characterisation", "forecasting"])
def test_killed_twice_and_resumed_is_the_same_run(
    run: Callable[..., RunResult], tmp_path: Path, task: str, workers: int
) -> None:
    run(task, "whole", workers=workers)
    with pytest.raises(Killed):
        run(task, "killed", KilledAt("step 2"), workers=workers)
    last, _ = find_checkpoint(tmp_path / "killed" / "checkpoints", "last") or pytest.fail("no checkpoint")
    assert last >= 1
    with pytest.raises(Killed):
        run(task, "killed", KilledAt("validating", twice=True), resume=True, workers=workers)
    run(task, "killed", resume=True, workers=workers)
    assert told(tmp_path / "killed") == told(tmp_path / "whole")
    ends = [find_checkpoint(tmp_path / name / "checkpoints", "last") for name in ("whole", "killed")]
    one, other = (load_checkpoint(end[1])[0] for end in ends if end)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_stopped_in_a_validation_it_picks_and_goes_on(
    run: Callable[..., RunResult], data: Path, tmp_path: Path
) -> None:
    run("picking", "whole")
    result = run("picking", "stopped", StoppedAt("step 4"))
    assert (result.reason, result.step, result.best_step) == ("stopped", 4, 3)
    picker = load_picker(read_card(tmp_path / "stopped" / "model"), "cpu")
    record = open_records(SourceConfig("seisbench", data / "records"), 50.0)[0]
    assert probability_curves(picker, record).shape == (2, record.data.shape[1])
    result = run("picking", "stopped", StoppedAt("validating"), resume=True)
    assert (result.reason, result.step) == ("stopped", 6)
    run("picking", "stopped", resume=True)
    assert told(tmp_path / "stopped") == told(tmp_path / "whole")


WRITES: dict[str, Callable[[Path], bool]] = {
    "run file": lambda path: path.suffix == ".toml",
    "metrics": lambda path: path.suffix == ".jsonl" and path.name != "metrics.jsonl",
    "a line of the metrics": lambda path: path.name == "metrics.jsonl",
    "last checkpoint": lambda path: path.parent.name.startswith("last-"),
    "best checkpoint": lambda path: path.parent.name.startswith("best-"),
    "model": lambda path: path.parent.name == "model",
}


@pytest.mark.parametrize("write", WRITES)
def test_a_disk_that_fills_is_a_sentence_and_the_run_goes_on_with_room(
    run: Callable[..., RunResult], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    opened = Path.open

    def full(self: Path, mode: str = "r", *arguments: Any, **options: Any) -> IO[Any]:
        if set(mode) & set("wax") and WRITES[write](self) and tmp_path in self.parents:
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(self, mode, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(QuakeViewError, match="No space left on device"):
            run("picking", "run", max_steps=2, validate_every=1)
    begun = find_checkpoint(tmp_path / "run" / "checkpoints", "last") is not None
    result = run("picking", "run", resume=begun, max_steps=2, validate_every=1)
    assert (result.step, result.model_folder) == (2, tmp_path / "run" / "model")
    assert [line["step"] for line in told(tmp_path / "run") if line["event"] == "validation"] == [1, 2]


def test_a_run_of_a_newer_version_is_refused(run: Callable[..., RunResult], tmp_path: Path) -> None:
    run("picking", "run", max_steps=1)
    step, path = find_checkpoint(tmp_path / "run" / "checkpoints", "last") or pytest.fail("no checkpoint")
    weights, state = load_checkpoint(path)
    save_checkpoint(path.parent, "last", step, weights, {**state, "format": 99})
    with pytest.raises(QuakeViewError, match="made by a newer version of QuakeView; update"):
        run("picking", "run", resume=True, max_steps=2)


def test_a_data_set_that_moved_meanwhile_is_a_sentence(run: Callable[..., RunResult], data: Path) -> None:
    run("polarity", "run", max_steps=1)
    (data / "records").rename(data / "elsewhere")
    try:
        with pytest.raises(QuakeViewError, match=r"records.* cannot be read; check the path in the run file"):
            run("polarity", "run", resume=True, max_steps=2)
    finally:
        (data / "elsewhere").rename(data / "records")
