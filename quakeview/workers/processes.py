"""Work side by side: processes of this computer, each with cores of its own."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.queues import Queue
from typing import Any, TypeVar

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Flag, Progress

Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 2
"""Tasks that are handed out to a process: one is worked on, one waits."""
_TRIES = 2
"""How often a task is begun whose process ends unexpectedly."""


def on_processes(
    work: Callable[[Task, Flag], Result],
    tasks: Sequence[Task],
    workers: int,
    progress: Progress,
    said: Callable[[int], str],
) -> Iterator[tuple[Task, Result | QuakeViewError]]:
    """Have tasks done by processes; yields each with what came of it. A process that is lost costs its task only.

    Args:
        work: ends early, with anything, where its flag is set.
        said: what progress says when so many tasks are done.

    Raises:
        Cancelled: through ``progress``; then the processes stop too.
    """
    todo, begun = list(reversed(tasks)), Counter[int]()
    done = 0
    while todo:
        with _Pool(workers) as pool:
            out: dict[Future[Result], Task] = {}
            try:
                while todo or out:
                    progress.advance(done, len(tasks), said(done))
                    while todo and len(out) < _AHEAD * workers:
                        future = pool.submit(work, todo[-1])
                        out[future] = todo.pop()
                    for future in wait(out, timeout=0.2, return_when=FIRST_COMPLETED).done:
                        result = _result(future)
                        task = out.pop(future)
                        done += 1
                        yield task, result
            except BrokenProcessPool:
                lost = list(out.values())
                begun.update(id(task) for task in lost)
                todo += [task for task in reversed(lost) if begun[id(task)] < _TRIES]
                for task in lost:
                    if begun[id(task)] >= _TRIES:
                        done += 1
                        yield task, QuakeViewError("Its process ended unexpectedly, perhaps for want of memory.")


class _Pool:
    """Processes that stop when the block is left."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop, shares = context.Event(), context.Queue()
        for worker in range(workers):
            shares.put(worker)
        self._pool = ProcessPoolExecutor(workers, context, _begin, (self._stop, shares, workers))

    def __enter__(self) -> "_Pool":
        return self

    def submit(self, work: Callable[[Task, Flag], Result], task: Task) -> "Future[Result]":
        return self._pool.submit(_done, work, task)

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)


_stop: Flag
"""Set in the processes when they are to end."""


def _begin(stop: Flag, shares: "Queue[int]", workers: int) -> None:
    """Ctrl-C is for the parent, which then sets ``stop``."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        share = shares.get()
        os.sched_setaffinity(0, cores[share % len(cores) :: workers] or {cores[share % len(cores)]})


def _done(work: Callable[[Task, Flag], Any], task: Task) -> Any:
    return work(task, _stop)


def unexpected(error: Exception) -> QuakeViewError:
    """Say of a task that it failed in a way that nobody thought of; the others go on."""
    sentence = QuakeViewError(f"It failed unexpectedly ({type(error).__name__}: {str(error).rstrip('.')}).")
    sentence.__cause__ = error
    return sentence


def _result(future: "Future[Result]") -> Result | QuakeViewError:
    try:
        return future.result()
    except (BrokenProcessPool, Cancelled):
        raise
    except QuakeViewError as error:
        return error
    except Exception as error:
        return unexpected(error)
