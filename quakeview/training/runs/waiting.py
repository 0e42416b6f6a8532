"""One run trains at a time on a machine; the others wait in a line, and have not even imported PyTorch.

The line is a list of run folders in a file. Whoever trains holds the lock of the machine, which a killed process
frees; of those that wait and live, the first takes it. Runs that were not started for the line do not wait.
"""

import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from quakeview.atomic import make_folder, write_atomically
from quakeview.jobs import Progress
from quakeview.paths import user_runs_dir
from quakeview.training.runs.run_state import LOCK, is_held

_EVERY = 0.5


@contextmanager
def turn(folder: Path, progress: Progress) -> Iterator[None]:
    """Wait until it is the turn of a run, whose folder is held, and keep the turn as long as the block trains.

    Raises:
        Cancelled: if it is taken out of the line.
        QuakeViewError: if the line cannot be written.
    """
    machine = FileLock(_path("machine.lock"))
    with _changed() as line:
        line.append(folder)
    try:
        while not (waiting()[:1] in ([folder], []) and _taken(machine)):
            progress.advance(0, 1, "waiting for the runs before it")
            time.sleep(_EVERY)
    finally:
        with _changed() as line:
            line[:] = [each for each in line if each != folder]  # a line that was deleted meanwhile has it no more
    try:
        yield
    finally:
        machine.release()


def waiting() -> list[Path]:
    """The folders of the runs that wait on this machine, the next one first."""
    return [folder for folder in _read() if is_held(folder / LOCK)]


def move(folder: Path, place: int) -> None:
    """Give a waiting run another place in the line, 0 is the next one; nothing happens to one that does not wait.

    Raises:
        QuakeViewError: if the line cannot be written.
    """
    with _changed() as line:
        if folder in line:
            line.remove(folder)
            line.insert(place, folder)


@contextmanager
def _changed() -> Iterator[list[Path]]:
    """The line, to be changed by the block and by nobody else meanwhile; the dead are no longer in it."""
    with FileLock(_path("line.lock")):
        line = waiting()
        yield line
        write_atomically(_path("line.json"), json.dumps([str(folder) for folder in line]).encode())


def _read() -> list[Path]:
    with suppress(OSError, ValueError):
        return [Path(name) for name in json.loads(_path("line.json").read_text("utf-8"))]
    return []


def _path(name: str) -> Path:
    """A file about this machine: home folders may be shared by several."""
    return make_folder(user_runs_dir() / ".queue" / platform.node()) / name


def _taken(machine: FileLock) -> bool:
    try:
        machine.acquire(timeout=0)
    except Timeout:
        return False
    return True
