"""Runs as processes: started, stopped, paused, killed, resumed, queued."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.training.runs import starting, waiting
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.run_state import Status
from tests.training.run_files import ENDLESS, write_run
from tests.training.runs.conftest import trains, until


def modules_of(pid: int) -> str:
    """Files that a process has mapped: the libraries of PyTorch are among them once it is imported."""
    return Path(f"/proc/{pid}/maps").read_text()


def test_a_run_survives_who_started_it_and_is_paused_and_resumed(tmp_path: Path) -> None:
    path = write_run(tmp_path, ENDLESS)
    code = f"from pathlib import Path; from quakeview.training.runs.starting import start; start(Path({str(path)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
    (run,) = known_runs()
    until(lambda: trains(run))
    with pytest.raises(QuakeViewError, match="tiny is running already"):
        starting.start(path)
    with pytest.raises(QuakeViewError, match="tiny is running; stop it before it is deleted"):
        starting.delete(run)
    starting.pause(run)
    until(lambda: run.state.status is Status.PAUSED)
    assert run.model_folder == tmp_path / "run" / "model"
    reached = run.metrics.step
    with pytest.raises(QuakeViewError, match="tiny is paused; there is nothing to stop"):
        starting.stop(run)
    starting.resume(run)
    until(lambda: trains(run) and run.metrics.step > reached)
    starting.stop(run)
    until(lambda: run.state.status is Status.STOPPED)
    assert "what it had reached is kept" in run.state.message


def test_a_killed_run_is_lost_and_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    run = starting.start(write_run(tmp_path, ENDLESS))
    until(lambda: trains(run))
    os.kill(run.state.pid, signal.SIGKILL)
    until(lambda: run.state.status is Status.LOST)
    assert "killed, or the machine was switched off" in run.state.message
    reached = run.metrics.step
    starting.resume(run)
    until(lambda: trains(run) and run.metrics.step > reached)
    assert run.log_tail(1) == []


def test_one_run_trains_at_a_time_and_the_line_can_be_changed(tmp_path: Path) -> None:
    runs = []
    for name in ("first", "second", "third"):
        (tmp_path / name).mkdir()
        runs.append(starting.start(write_run(tmp_path / name, ENDLESS, old='"tiny"', new=f'"{name}"')))
    first, second, third = runs
    until(lambda: trains(first))
    assert waiting.waiting() == [second.path, third.path]
    assert [run.state.status for run in (second, third)] == [Status.QUEUED] * 2
    assert "libtorch" in modules_of(first.state.pid)
    assert "libtorch" not in modules_of(second.state.pid)
    waiting.move(third.path, 0)
    assert waiting.waiting() == [third.path, second.path]
    os.kill(first.state.pid, signal.SIGKILL)
    until(lambda: trains(third))
    assert second.state.status is Status.QUEUED
    starting.stop(second)
    until(lambda: second.state.status is Status.STOPPED)
    assert waiting.waiting() == []
    assert not second.has_checkpoint


def test_the_reason_of_a_failure_is_kept(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    run = starting.prepare(path)
    (tmp_path / "records").rename(tmp_path / "moved")
    starting.resume(run)
    until(lambda: run.state.status is Status.FAILED)
    assert "records" in run.state.message
    until(lambda: run.log_tail(1) == [run.state.message])
