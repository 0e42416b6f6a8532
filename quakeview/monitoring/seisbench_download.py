"""Weights of SeisBench on their way: a process of its own, which ends at once when the work is cancelled.

SeisBench downloads in one call that cannot be stopped, and what it had begun would be in the way the next time.
"""

import multiprocessing
from importlib import import_module
from multiprocessing.connection import Connection

from quakeview.jobs import Progress

_WAIT = 0.2
"""s between two looks at the process."""
_PATIENCE = 5.0
"""s that a process may take to end."""


def fetch(picker: str, weights: str, progress: Progress) -> None:
    """Fill SeisBench's cache with the files of a picker.

    Raises:
        OSError, SyntaxError, ValueError, RuntimeError: what SeisBench raised; ``OSError`` also if its process died.
        Cancelled: through ``progress``.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=fill_cache, args=(picker, weights, there), daemon=True)
    process.start()
    there.close()
    try:
        while not here.poll(_WAIT):
            progress.advance(0, 1, f"Downloading {picker}/{weights}")
        answer = here.recv()
    except EOFError:
        raise OSError("the download ended before it was done") from None
    finally:
        process.terminate()
        process.join(_PATIENCE)
        here.close()
    if answer is not None:
        kind, said = answer
        raise _KINDS[kind](said)


_KINDS: dict[str, type[Exception]] = {each.__name__: each for each in (OSError, SyntaxError, ValueError, RuntimeError)}


def fill_cache(picker: str, weights: str, answer: "Connection") -> None:
    """Download the files of a picker, whatever a broken download left behind; the process's own part."""
    try:
        getattr(import_module("seisbench.models"), picker).from_pretrained(weights, force=True)
    except tuple(_KINDS.values()) as error:
        name = next(name for name, kind in _KINDS.items() if isinstance(error, kind))
        answer.send((name, str(error)))
    else:
        answer.send(None)
