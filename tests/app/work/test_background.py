"""Small computations on a thread: the newest counts, what is forgotten is never heard of, errors are sentences."""

import threading

import pytest

from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError


@pytest.fixture
def background(qtbot):
    background = Background("Counting")
    background.heard = []
    background.ready.connect(background.heard.append)
    background.failed.connect(background.heard.append)
    yield background
    background.wait(5)


def test_of_those_that_wait_only_the_last_runs(background, qtbot):
    go = threading.Event()
    background.ask(lambda progress: go.wait(5) and "first")
    for number in range(5):
        background.ask(lambda progress, number=number: number)
    go.set()
    qtbot.waitUntil(lambda: len(background.heard) == 2)
    assert background.heard == ["first", 4]
    assert not background.busy


def test_what_is_forgotten_is_cancelled_and_not_heard_of(background, qtbot):
    begun, cancelled = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        try:
            while True:
                progress.advance(0, 1)
        finally:
            cancelled.set()

    background.ask(work)
    assert begun.wait(5)
    background.forget()
    background.ask(lambda progress: "next")
    qtbot.waitUntil(lambda: background.heard == ["next"])
    assert cancelled.is_set()


def test_errors_are_sentences(background, qtbot):
    def refuse(progress):
        raise QuakeViewError("Choose another file.")

    background.ask(refuse)
    qtbot.waitUntil(lambda: background.heard == ["Choose another file."])
    background.ask(lambda progress: 1 / 0)
    qtbot.waitUntil(lambda: len(background.heard) == 2)
    assert background.heard[1] == "Counting failed unexpectedly: division by zero."
