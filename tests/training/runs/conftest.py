"""Runs of a test have a folder of their own, one thread, and end with it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quakeview.training.runs import starting
from quakeview.training.runs.run_folder import RunFolder
from quakeview.training.runs.run_state import Status
from quakeview.training.runs.summary import AllRuns
from tests.conftest import PATIENCE


@pytest.fixture(autouse=True)
def runs_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    yield tmp_path / "data" / "quakeview" / "runs"
    for summary in AllRuns().look():
        run = RunFolder(summary.path)
        if summary.status is not None and summary.status.lives:
            starting.stop(run)
            until(lambda run=run: not run.state.status.lives)


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def trains(run: RunFolder) -> bool:
    """Whether it has validated and kept a checkpoint, and goes on."""
    run.metrics.refresh()
    return run.state.status is Status.RUNNING and bool(run.metrics.validation) and run.has_checkpoint
