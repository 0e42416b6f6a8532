"""What a training process says about itself in its run folder, and whether it still lives.

It holds a lock in the folder as long as it lives. The system frees the lock of a process that was killed, so neither
a kill nor a reboot leaves a run that looks alive, and no other process that later gets its number is taken for it.
"""

import json
import os
import platform
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError

STATE = "state.json"
LOCK = ".training.lock"
VERSION = 1
_FULL = 1_000_000
"""Bytes; with less, a disk is full."""
_PATIENCE = 10.0
"""Seconds in which whoever only looks has let go of a lock."""


class Status(StrEnum):
    """Where a run stands; ``READY`` was never started, the process of a ``LOST`` one ended without a word."""

    READY = "ready"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    LOST = "lost"

    @property
    def lives(self) -> bool:
        """Whether there is a process that trains or waits to."""
        return self in (Status.QUEUED, Status.RUNNING)


@dataclass(frozen=True)
class RunState:
    """The content of ``state.json``.

    Attributes:
        message: why it failed, or how it ended, in a sentence.
        run_file: that it was started with; empty if it never was.
        host, pid: the machine and number of its process.
        changed: when the status became what it is, s since 1970 UTC.
    """

    status: Status
    message: str = ""
    run_file: str = ""
    host: str = field(default_factory=platform.node)
    pid: int = field(default_factory=os.getpid)
    changed: float = field(default_factory=time.time)


def write_state(folder: Path, state: RunState) -> None:
    """Write the state of a run, whole or not at all.

    Raises:
        QuakeViewError: if it cannot be written.
    """
    write_atomically(folder / STATE, json.dumps({"version": VERSION, **asdict(state)}, indent=1).encode())


def read_state(folder: Path) -> RunState:
    """Read the state of a run; one that says it lives, but has no process, is ``LOST``.

    Raises:
        QuakeViewError: if a newer QuakeView wrote it, or it is damaged.
    """
    path = folder / STATE
    try:
        content = json.loads(path.read_text("utf-8"))
        version = content.pop("version")
        if version > VERSION:
            raise QuakeViewError(f"The run {folder.name} was made by a newer QuakeView; update QuakeView to open it.")
        state = RunState(**content | {"status": Status(content["status"])})
    except FileNotFoundError:
        return RunState(Status.READY, host="", pid=0, changed=0.0)
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read ({error.strerror}); look whether the disk is there.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise QuakeViewError(f"{path} is damaged; delete this file, and the run can be resumed.") from error
    if state.status.lives and not is_held(folder / LOCK):
        return replace(state, status=Status.LOST, message=_why_lost(folder))
    return state


def _why_lost(folder: Path) -> str:
    """A process that finds the disk full cannot even write that."""
    if shutil.disk_usage(folder).free < _FULL:
        return "Its process could not write any more: the disk is full. Make room, and resume it."
    return "Its process ended without a word: it was killed, or the machine was switched off."


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the run folder, made if need be, as the one process that trains in it.

    Raises:
        QuakeViewError: if another process does, or the folder cannot be written.
    """
    make_folder(folder)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout as error:
        raise QuakeViewError(
            f"Another process trains in {folder}; stop that one first, or choose another folder."
        ) from error
    except OSError as error:
        raise QuakeViewError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    try:
        yield
    finally:
        lock.release()


def is_held(lock: Path) -> bool:
    """Whether a living process holds a lock. To look disturbs nobody else who looks."""
    try:
        import fcntl
    except ImportError:  # Windows
        return _is_held_there(lock)
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _is_held_there(lock: Path) -> bool:
    if not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
