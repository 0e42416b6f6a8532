"""What a training process keeps of itself: while it works, when it fails, and on a full disk."""

import errno
import os
from collections import namedtuple
from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.training.runs import run_state
from quakeview.training.runs.recording import failure, recorded
from quakeview.training.runs.requests import Request, ask
from quakeview.training.runs.run_state import Status, held, read_state
from tests.training.runs.conftest import until


def test_the_state_follows_the_work(tmp_path: Path) -> None:
    with recorded(tmp_path, tmp_path / "run.toml", Progress()) as record:
        assert read_state(tmp_path).status is Status.QUEUED
        record.says(Status.RUNNING)
        state = read_state(tmp_path)
        assert (state.status, state.pid, state.run_file) == (Status.RUNNING, os.getpid(), str(tmp_path / "run.toml"))
        record.ends("early")
    assert read_state(tmp_path).status is Status.FINISHED
    assert read_state(tmp_path).message == "Its score did not get better any more."


@pytest.mark.parametrize(("request_", "status"), [(Request.STOP, Status.STOPPED), (Request.PAUSE, Status.PAUSED)])
def test_what_is_asked_cancels_the_work(tmp_path: Path, request_: Request, status: Status) -> None:
    progress = Progress()
    with recorded(tmp_path, tmp_path / "run.toml", progress):
        ask(tmp_path, request_)
        until(lambda: progress.cancelled)
        progress.advance(0, 1)
    assert read_state(tmp_path).status is status
    progress = Progress()
    with recorded(tmp_path, tmp_path / "run.toml", progress) as record:
        record.ends("stopped")
    assert not progress.cancelled
    assert read_state(tmp_path).status is Status.STOPPED


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (QuakeViewError("The data set is gone; choose another."), "The data set is gone; choose another."),
        (OSError(errno.ENOSPC, "No space left on device"), "could not be read or written (No space left on device)"),
        (RuntimeError("CUDA out of memory. Tried to allocate"), "make batch_size in [training] smaller"),
        (ValueError("7"), "It failed unexpectedly: 7. The log says more."),
    ],
)
def test_a_failure_is_a_sentence(tmp_path: Path, error: Exception, sentence: str) -> None:
    assert sentence in failure(error)
    with pytest.raises(type(error)), recorded(tmp_path, tmp_path / "run.toml", Progress()):
        raise error
    assert read_state(tmp_path).status is Status.FAILED
    assert sentence in read_state(tmp_path).message


def test_on_a_full_disk_the_error_itself_is_told_and_the_run_is_not_said_to_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def train() -> None:
        with recorded(tmp_path, tmp_path / "run.toml", Progress()) as record:
            record.says(Status.RUNNING)
            monkeypatch.setattr(os, "fsync", full)
            raise QuakeViewError("The checkpoint cannot be written.")

    with pytest.raises(QuakeViewError, match="checkpoint"):
        train()
    Usage = namedtuple("Usage", "free")
    monkeypatch.setattr(run_state.shutil, "disk_usage", lambda _: Usage(0))
    state = read_state(tmp_path)
    assert state.status is Status.LOST
    assert state.message == "Its process could not write any more: the disk is full. Make room, and resume it."


def test_two_processes_cannot_train_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_state, "_PATIENCE", 0.1)
    with held(tmp_path), pytest.raises(QuakeViewError, match="Another process trains in"), held(tmp_path):
        pass


def test_work_that_is_cancelled_before_it_trains_is_stopped(tmp_path: Path) -> None:
    with recorded(tmp_path, tmp_path / "run.toml", Progress()):
        raise Cancelled
    assert read_state(tmp_path).status is Status.STOPPED
