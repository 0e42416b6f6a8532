"""Tasks done side by side; a process that is lost costs its task only."""

import os
import time
from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Flag, Progress
from quakeview.workers.processes import on_processes

pytestmark = pytest.mark.timeout(300)


def square(number: int, stop: Flag) -> int:
    return number**2


def refuse_odd(number: int, stop: Flag) -> int:
    if number % 2:
        raise QuakeViewError(f"{number} is odd.")
    return number


def die_at_three(number: int, stop: Flag) -> int:
    if number == 3:
        os._exit(1)
    time.sleep(0.05)
    return number


def die_once(mark: Path, stop: Flag) -> str:
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return mark.name


def wait_for_the_flag(mark: Path, stop: Flag) -> None:
    mark.touch()
    while not stop.is_set():
        time.sleep(0.01)
    mark.unlink()


def said(done: int) -> str:
    return f"{done} done"


def test_each_task_has_its_result() -> None:
    assert dict(on_processes(square, range(20), 2, Progress(), said)) == {n: n**2 for n in range(20)}


def test_a_task_that_cannot_be_done_says_why() -> None:
    results = dict(on_processes(refuse_odd, range(4), 2, Progress(), said))
    assert {n: str(made) for n, made in results.items()} == {0: "0", 1: "1 is odd.", 2: "2", 3: "3 is odd."}


def test_a_process_that_ends_costs_its_task_only() -> None:
    results = dict(on_processes(die_at_three, range(12), 1, Progress(), said))
    assert isinstance(results.pop(3), QuakeViewError)
    failed = [n for n, made in results.items() if isinstance(made, QuakeViewError)]
    assert len(failed) <= 1  # what waited in the same process twice
    assert {n: made for n, made in results.items() if n not in failed} == {n: n for n in results if n not in failed}
    assert len(results) == 11


def test_a_task_is_tried_again(tmp_path: Path) -> None:
    assert dict(on_processes(die_once, [tmp_path / "a"], 1, Progress(), said)) == {tmp_path / "a": "a"}


def test_the_processes_stop_when_it_is_cancelled(tmp_path: Path) -> None:
    mark = tmp_path / "at work"

    class UntilItWorks(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            if mark.exists():
                self.cancel()

    with pytest.raises(Cancelled):
        list(on_processes(wait_for_the_flag, [mark], 1, UntilItWorks(), said))
    assert not mark.exists()
