"""A limit to how long a reader may take: a damaged file sends some of ObsPy's round in circles."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quakeview.errors import QuakeViewError

_SECONDS = 10.0
_BYTES_PER_SECOND = 20_000
_RAISED_WITHIN = 100_000  # rounds of a loop


class _TooLong(BaseException):
    pass


@contextmanager
def deadline(path: Path, name: str) -> Iterator[None]:
    """Stop what runs inside, in Python, after ten seconds and another for every 20 kB of the file.

    Raises:
        QuakeViewError: if it was stopped.
    """
    thread, lock, running = threading.get_ident(), threading.Lock(), True
    stopped = False

    def stop() -> None:
        nonlocal stopped
        with lock:
            if running:
                stopped = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_TooLong))

    timer = threading.Timer(_SECONDS + path.stat().st_size / _BYTES_PER_SECOND, stop)
    timer.daemon = True
    timer.start()
    try:
        try:
            yield
        finally:
            timer.cancel()
            with lock:
                running = False
            if stopped:
                for _ in range(_RAISED_WITHIN):  # it comes between two instructions, here at the latest
                    pass
    except BaseException as error:
        if not stopped:
            raise
        raise QuakeViewError(f"{name} is damaged: reading it does not come to an end.") from error
