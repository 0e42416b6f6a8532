"""What is asked of a training process: a file in its run folder, which it looks for.

A file works from every window, from another machine that shares the folder and on every system; a signal goes to a
number, which another process may have by then.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from quakeview.atomic import remove_file, write_atomically
from quakeview.jobs import Progress

REQUEST = "request"
_EVERY = 0.5


class Request(StrEnum):
    """Both end the process after the step at hand and keep what was reached; they differ in what is said of it."""

    STOP = "stop"
    PAUSE = "pause"


def ask(folder: Path, request: Request) -> None:
    """Ask the process of a run.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    write_atomically(folder / REQUEST, request.encode())


def asked(folder: Path) -> Request | None:
    """What is asked of the process of a run."""
    with suppress(OSError, ValueError):
        return Request((folder / REQUEST).read_text("utf-8").strip())
    return None


@contextmanager
def obeyed(folder: Path, progress: Progress) -> Iterator[None]:
    """Cancel the work of the block as soon as the folder asks for it; what was asked before is forgotten."""
    remove_file(folder / REQUEST)
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_EVERY):
            if asked(folder) is not None:
                progress.cancel()
                return

    looking = threading.Thread(target=look, name="requests", daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()
