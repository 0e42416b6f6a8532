"""A runner of jobs that ends with the test, and work that goes on until it is cancelled."""

import itertools
import time
from collections.abc import Callable, Iterator

import pytest

from quakeview.app.work.running import JobRunner
from quakeview.jobs import Progress
from tests.conftest import PATIENCE


@pytest.fixture
def runner(qtbot: object) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    assert runner.shutdown(PATIENCE)


@pytest.fixture
def sleeper() -> Callable[[Progress], None]:
    def work(progress: Progress) -> None:
        for step in itertools.count():
            progress.advance(step, step + 1000, f"step {step}")
            progress.publish(step)
            time.sleep(0.01)

    return work
