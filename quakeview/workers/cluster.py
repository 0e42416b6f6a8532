"""Work on many computers: the workers of a Dask scheduler.

Workers hand over what they made, and this process writes it, whole and once, so workers need no common disk. What a
worker was making when it was lost, another one makes again.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from quakeview import __version__
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Flag, Progress
from quakeview.workers.processes import unexpected

if TYPE_CHECKING:
    from distributed import Client, Future

Task = TypeVar("Task")
Result = TypeVar("Result")

KEPT = "what is finished is kept, and the same command continues"
_AHEAD = 2
"""Tasks that are handed out, to a thread of a worker: one is worked on, one waits."""
_CONNECT = 10.0
"""Seconds until a scheduler that does not answer is said to be none."""
_PATIENCE = 20.0
"""Seconds without a worker until it is said that there is none."""
_LOOK_EVERY = 2.0
"""Seconds between looks of a worker whether it is to stop."""


def on_cluster(
    work: Callable[[Task, Flag], Result],
    tasks: Sequence[Task],
    address: str,
    progress: Progress,
    said: Callable[[int], str],
) -> Iterator[tuple[Task, Result | QuakeViewError]]:
    """Have tasks done by the workers of a Dask scheduler; yields each with what came of it.

    Args:
        work: runs on a worker; ends early, with anything, where its flag is set.
        address: of the scheduler, such as ``tcp://host:8786``.
        said: what progress says when so many tasks are done.

    Raises:
        QuakeViewError: without Dask, if the scheduler or all workers are gone, or workers have another QuakeView.
        Cancelled: through ``progress``; then the workers stop too.
    """
    client = _connected(address)
    flag = _Stop(f"quakeview-{uuid.uuid4().hex}")
    try:
        yield from _handed_out(client, work, tasks, flag, progress, said)
    except OSError as error:
        raise QuakeViewError(f"The scheduler {address} no longer answers; {KEPT} when it is there again.") from error
    finally:
        if client.status == "running":
            flag.set()
        client.close(timeout=2)


class _Stop:
    """A flag that workers see: where the scheduler is gone, it is set."""

    def __init__(self, name: str) -> None:
        self._name, self._looked, self._set = name, 0.0, False

    def set(self) -> None:
        from distributed import Event

        Event(self._name).set()

    def is_set(self) -> bool:
        from distributed import Event

        if not self._set and time.monotonic() - self._looked > _LOOK_EVERY:
            self._looked = time.monotonic()
            try:
                self._set = Event(self._name).is_set()
            except (OSError, ValueError):
                self._set = True
        return self._set


def _connected(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError as error:
        raise QuakeViewError("--cluster needs Dask: install it with pip install 'quakeview[cluster]'.") from error
    try:
        return Client(address, timeout=_CONNECT)
    except (OSError, ValueError, TypeError) as error:
        raise QuakeViewError(
            f"There is no Dask scheduler at {address}; start one with 'dask scheduler' and give the address it prints."
        ) from error


def _handed_out(
    client: "Client",
    work: Callable[[Task, Flag], Result],
    tasks: Sequence[Task],
    flag: Flag,
    progress: Progress,
    said: Callable[[int], str],
) -> Iterator[tuple[Task, Result | QuakeViewError]]:
    """Hand out a few tasks at a time, so that results do not pile up on the workers."""
    todo, out, alone_since = list(reversed(tasks)), dict[Any, Task](), None
    done = 0
    while todo or out:
        progress.advance(done, len(tasks), said(done))
        threads = _threads(client)
        alone_since = None if threads else alone_since or time.monotonic()
        if alone_since and time.monotonic() - alone_since > _PATIENCE:
            raise QuakeViewError(f"The cluster has no worker; start one with 'dask worker'. Then {KEPT}.")
        while todo and len(out) < _AHEAD * threads:
            task = todo.pop()
            out[client.submit(_done, work, task, __version__, flag, pure=False)] = task
        for future in _finished(out):
            task = out.pop(future)
            done += 1
            yield task, _result(future)


def _threads(client: "Client") -> int:
    """Count those of all workers.

    Raises:
        OSError: if the scheduler is gone.
    """
    if client.status != "running":
        raise OSError("the scheduler is gone")
    return sum(client.nthreads().values())


def _finished(out: "dict[Future, Any]") -> "list[Future]":
    """Wait for half a second at most, and return those that are ready."""
    until = time.monotonic() + 0.5
    while not (found := [future for future in out if future.status != "pending"]) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _result(future: "Future") -> Any:
    """What a worker made, or why it could not.

    Raises:
        OSError: if the scheduler is gone.
        QuakeViewError: if no worker can do any task.
    """
    from distributed import KilledWorker

    if future.status in ("cancelled", "lost"):
        raise OSError("the scheduler is gone")
    try:
        same_version, made = future.result()
    except KilledWorker:
        return QuakeViewError(
            f"Every worker that tried it was lost, perhaps for want of memory; {KEPT} with smaller or fewer workers on "
            "each computer."
        )
    except QuakeViewError as error:
        return error
    except (ImportError, AttributeError) as error:
        raise QuakeViewError(f"A worker cannot use QuakeView ({error}); install {__version__} there.") from error
    except Cancelled:
        raise
    except Exception as error:
        return unexpected(error)
    if not same_version:
        raise QuakeViewError(f"A worker has QuakeView {made}; install {__version__} there, as on this computer.")
    return made


def _done(work: Callable[[Task, Flag], Result], task: Task, version: str, flag: Flag) -> tuple[bool, Result | str]:
    """Runs on a worker; says its version if that is another one."""
    return (True, work(task, flag)) if version == __version__ else (False, __version__)
