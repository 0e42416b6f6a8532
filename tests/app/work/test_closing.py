"""A file is closed after those who read it."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from quakeview.app.work.background import Background
from quakeview.app.work.closing import close_after
from quakeview.app.work.running import JobRunner
from quakeview.jobs import Job
from tests.conftest import PATIENCE


@pytest.mark.parametrize("kind", ["job", "computation"])
def test_a_file_is_closed_after_its_last_reader(runner: JobRunner, kind: str) -> None:
    begun, go, happened = threading.Event(), threading.Event(), []

    def read(_: object) -> None:
        begun.set()
        assert go.wait(PATIENCE / 1000)
        happened.append("read")

    background = Background("Reading")
    jobs = [runner.start(Job("Read", read))] if kind == "job" else []
    if kind == "computation":
        background.ask(read)
    assert begun.wait(PATIENCE / 1000)
    closing = close_after(jobs, lambda: happened.append("closed"))
    closing.join(0.05)
    assert happened == []
    go.set()
    closing.join(PATIENCE / 1000)
    assert happened == ["read", "closed"]


def test_a_reader_that_never_began_holds_nothing_up() -> None:
    runner = JobRunner()
    go = threading.Event()
    jobs = [runner.start(Job("Read", lambda _: go.wait(PATIENCE / 1000))) for _ in range(runner.THREADS + 1)]
    runner.shutdown(0)
    closed = threading.Event()
    closing = close_after(jobs[-1:], closed.set)
    closing.join(PATIENCE / 1000)
    assert closed.is_set()
    go.set()
    assert runner.shutdown(PATIENCE)


def test_what_is_computed_later_does_not_keep_a_file_open(runner: JobRunner, qtbot: QtBot) -> None:
    reading, first, later = threading.Event(), threading.Event(), threading.Event()
    job = runner.start(Job("Read", lambda _: reading.wait(PATIENCE / 1000)))
    background = Background("Computing")
    background.ask(lambda _: first.wait(PATIENCE / 1000))
    closing = close_after([job], lambda: None)
    first.set()
    qtbot.waitUntil(lambda: not background.busy)
    background.ask(lambda _: later.wait(PATIENCE / 1000))
    reading.set()
    closing.join(PATIENCE / 2000)
    assert not closing.is_alive()
    later.set()
    qtbot.waitUntil(lambda: not background.busy)
