"""A download that is cancelled, fails or dies, with a process that stands in for SeisBench."""

import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import pytest

from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring import seisbench_download
from quakeview.monitoring.seisbench_download import fetch


def never_done(picker: str, weights: str, answer: Connection) -> None:
    time.sleep(3600)


def refused(picker: str, weights: str, answer: Connection) -> None:
    answer.send(("OSError", f"no route to {picker}/{weights}"))


def done(picker: str, weights: str, answer: Connection) -> None:
    answer.send(None)


def dies(picker: str, weights: str, answer: Connection) -> None:
    raise SystemExit(1)


class CancelledLater(Progress):
    """The person cancels while the file is on its way."""

    def on_advance(self, done: float, total: float, message: str) -> None:
        assert message == "Downloading PhaseNet/stead"
        self.cancel()


def stand_in(monkeypatch: pytest.MonkeyPatch, process: Callable[..., Any]) -> None:
    monkeypatch.setattr(seisbench_download, "fill_cache", process)


def test_a_download_is_cancelled_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, never_done)
    with pytest.raises(Cancelled):
        fetch("PhaseNet", "stead", CancelledLater())


@pytest.mark.parametrize(
    ("process", "sentence"), [(refused, "no route to PhaseNet/stead"), (dies, "ended before it was done")]
)
def test_what_went_wrong_is_said(monkeypatch: pytest.MonkeyPatch, process: Any, sentence: str) -> None:
    stand_in(monkeypatch, process)
    with pytest.raises(OSError, match=sentence):
        fetch("PhaseNet", "stead", Progress())


def test_a_download_that_is_done_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, done)
    fetch("PhaseNet", "stead", Progress())
