"""Events of a data set on many computers: ``quakeview simulate dataset.toml --cluster tcp://...`` (Dask distributed).

A worker simulates an event into a file of its own and hands over its bytes; this process writes them, whole and once,
so workers need no common disk. What a worker was making when it was lost, another one makes again.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from quakeview import __version__
from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.texts import counted
from quakeview.wavefield.scenarios.datasets import Dataset, DatasetEvent, request_of
from quakeview.wavefield.scenarios.making import ScenarioRequest, make_scenario

if TYPE_CHECKING:
    from distributed import Client, Future

KEPT = "the finished events are kept, and the same command continues"
_AHEAD = 2
"""Events that are handed out, to a thread of a worker: one is made, one waits."""
_CONNECT = 10.0
"""Seconds until a scheduler that does not answer is said to be none."""
_PATIENCE = 20.0
"""Seconds without a worker until it is said that there is none."""
_LOOK_EVERY = 2.0
"""Seconds between looks of a worker whether it is to stop."""


def on_cluster(
    dataset: Dataset, left: Sequence[DatasetEvent], device: str, progress: Progress, address: str
) -> Iterator[DatasetEvent]:
    """Make events on the workers of a Dask scheduler; yields each when its file is written.

    Args:
        device: what each worker computes on.
        address: of the scheduler, such as ``tcp://host:8786``.

    Raises:
        QuakeViewError: without Dask, if the scheduler or all workers are gone, or a worker cannot make an event.
        Cancelled: through ``progress``; then the workers stop too.
    """
    client = _connected(address)
    flag = _Stop(f"quakeview-{uuid.uuid4().hex}")
    try:
        yield from _handed_out(client, dataset, left, device, progress, flag)
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
    dataset: Dataset,
    left: Sequence[DatasetEvent],
    device: str,
    progress: Progress,
    flag: _Stop,
) -> Iterator[DatasetEvent]:
    """Hand out a few events at a time, so that results do not pile up on the workers."""
    todo, out, alone_since = list(reversed(left)), dict[Any, DatasetEvent](), None
    done = 0
    while todo or out:
        progress.advance(done, len(left), f"{done} of {counted(len(left), 'event')}")
        threads = _threads(client)
        alone_since = None if threads else alone_since or time.monotonic()
        if alone_since and time.monotonic() - alone_since > _PATIENCE:
            raise QuakeViewError(f"The cluster has no worker; start one with 'dask worker'. Then {KEPT}.")
        while todo and len(out) < _AHEAD * threads:
            event = todo.pop()
            out[client.submit(_made, request_of(dataset, event), device, __version__, flag, pure=False)] = event
        for future in _finished(out):
            event = out.pop(future)
            write_atomically(dataset.output / event.file, _bytes_of(future, event))
            done += 1
            yield event


def _threads(client: "Client") -> int:
    """Count those of all workers.

    Raises:
        OSError: if the scheduler is gone.
    """
    if client.status != "running":
        raise OSError("the scheduler is gone")
    return sum(client.nthreads().values())


def _finished(out: "dict[Future, DatasetEvent]") -> "list[Future]":
    """Wait for half a second at most, and return those that are ready."""
    until = time.monotonic() + 0.5
    while not (found := [future for future in out if future.status != "pending"]) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _bytes_of(future: "Future", event: DatasetEvent) -> bytes:
    from distributed import KilledWorker

    if future.status in ("cancelled", "lost"):
        raise OSError("the scheduler is gone")
    try:
        made: bytes = future.result()
        return made
    except KilledWorker as error:
        raise QuakeViewError(
            f"Every worker that made {event.file} was lost, perhaps for want of memory; {KEPT} with smaller or fewer "
            "workers on each computer."
        ) from error
    except (ImportError, AttributeError) as error:
        raise QuakeViewError(f"A worker cannot use QuakeView ({error}); install {__version__} there.") from error


def _made(request: ScenarioRequest, device: str, version: str, flag: _Stop) -> bytes:
    """Return the file of an event; runs on a worker."""
    if version != __version__:
        raise QuakeViewError(f"A worker has QuakeView {__version__}; install {version} there, as on this computer.")
    with TemporaryDirectory() as folder:
        try:
            return make_scenario(request, Path(folder) / "event.h5", device, Progress(flag)).read_bytes()
        except Cancelled:
            return b""
